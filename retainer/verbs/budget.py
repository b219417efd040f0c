"""`retainer budget`: what is left of each retainer, now or as it changes."""

from typing import Any

from messages.dates import date_message
from retainer.budgets import details, overview
from retainer.client import Client
from retainer.output import console, json_line, json_out, show
from retainer.verbs.asking import DEFAULT, Options
from retainer.words import named, parse_date, parse_timestamp
from wire.retainer.billing.v1.budget_pb2 import (
    GetBudgetRequest,
    ListBudgetsRequest,
    WatchBudgetRequest,
    WatchBudgetsRequest,
)


def budget(
    contract: str = "",
    /,
    *,
    watch: bool = False,
    on: str = "",
    as_of: str = "",
    filter: str = "",
    order_by: str = "",
    options: Options = DEFAULT,
) -> None:
    """Show what is left: of every contract, or of one period by period.

    Example: retainer budget
    Example: retainer budget web-2026 --on 2026-02-28
    Example: retainer budget web-2026 --as-of 2026-02-10T18:00:00+01:00 --on 2026-02-28
    Example: retainer budget --watch --filter 'used_percent >= 75'

    Parameters
    ----------
    contract
        Contract id; all contracts where none is named.
    watch
        Stay, and show each change.
    on
        Date to ask for, like 2026-02-28; today where none is named.
    as_of
        Instant: the budget as it was known then (one contract).
    filter
        For example: client = "clients/acme" AND used_percent >= 75
    order_by
        For example: runs_out_on, or used_percent desc
    """
    with options.client() as client:
        if watch:
            _watch(client, contract, filter, options)
        elif contract:
            request = GetBudgetRequest(contract=named("contracts", contract), with_next_invoice=not as_of)
            if on:
                request.on.CopyFrom(date_message(parse_date(on, "--on")))
            if as_of:
                request.as_of.CopyFrom(parse_timestamp(as_of, "--as-of"))
            found = client.ask(request)
            json_out(found) if options.json else show(*details(found))
        else:
            listing = ListBudgetsRequest(filter=filter, order_by=order_by, page_size=200)
            if on:
                listing.on.CopyFrom(date_message(parse_date(on, "--on")))
            budgets = list(client.pages(listing, "budgets"))
            json_out({"budgets": budgets}) if options.json else show(overview(budgets))


def _watch(client: Client, contract: str, filter: str, options: Options) -> None:
    """Until Ctrl-C: at a terminal one table that changes, for scripts a line of JSON for each change."""
    request: Any = WatchBudgetsRequest(filter=filter)
    if contract:
        request = WatchBudgetRequest(contract=named("contracts", contract))
    changes = (reply.budget for reply in client.watch(request) if reply.HasField("budget"))
    if options.json:
        for changed in changes:
            json_line(changed)
        return
    from rich.live import Live

    latest: dict[str, Any] = {}
    with Live(console=console(), auto_refresh=False) as live:
        for changed in changes:
            latest[changed.contract] = changed
            live.update(overview([latest[name] for name in sorted(latest)]), refresh=True)
