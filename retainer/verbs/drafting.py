"""`retainer contract draft` and `activate`: from words to an agreement that binds."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retainer.agreements import agreement_in
from retainer.failures import ExitStatus, Failure
from retainer.verbs.asking import ORDERS, Orders
from retainer.words import day_of, named, parse_instant
from wire.retainer.contracts.v1.contract_pb2 import ActivateContractRequest, DraftContractRequest, GetContractRequest

LONG_PAST_DAYS = 31


def draft(
    id: str,
    /,
    *,
    client: str,
    terms: Path,
    title: str = "",
    activate: bool = False,
    back_dated: bool = False,
    orders: Orders = ORDERS,
) -> None:
    """Write a contract down; with --activate it binds at once.

    Boundaries that have passed are settled at once then: their invoices get numbers and go to the client.

    Example: retainer contract draft web-2026 --client acme --terms terms.yaml --title 'Website care' --activate

    Parameters
    ----------
    id
        Like web-2026.
    client
        Who buys.
    terms
        YAML file with currency, time_zone and contract, as in a case file.
    title
        Stands on invoices; no personal data.
    activate
        It binds at once.
    back_dated
        It is meant that the past is invoiced at once, where it begins more than a month ago.
    """
    if activate and not back_dated:
        _ask_about_the_past(agreement_in(terms), orders)
    request = DraftContractRequest(
        contract_id=id,
        client=named("clients", client),
        title=title,
        agreement=agreement_in(terms),
        activate=activate,
    )
    orders.obey(request, "{name} binds from now on." if activate else "Drafted {name}.")


def activate(contract: str, /, *, back_dated: bool = False, orders: Orders = ORDERS) -> None:
    """Let a draft bind: billing opens its account, time can be logged, boundaries that have passed are settled.

    Example: retainer contract activate web-2026

    Parameters
    ----------
    contract
        Contract id.
    back_dated
        It is meant that the past is invoiced at once, where it begins more than a month ago.
    """
    if not back_dated:
        with orders.client() as asking:
            found = asking.ask(GetContractRequest(name=named("contracts", contract)))
        _ask_about_the_past(found.agreement, orders)
    orders.obey(ActivateContractRequest(name=named("contracts", contract)), "{name} binds from now on.")


def _ask_about_the_past(agreement: Any, orders: Orders) -> None:
    """Once it binds, every boundary that has passed is invoiced and told: a wrong year would be sent to the client."""
    starts_on = day_of(agreement.starts_on)
    today = (parse_instant(orders.now, "--now") if orders.now else datetime.now(UTC)).date()
    if starts_on is None or agreement.HasField("taken_over_on") or (today - starts_on).days <= LONG_PAST_DAYS:
        return
    raise Failure(
        f"it begins on {starts_on}: all boundaries since are settled at once, and their invoices go to the client."
        " Say --back-dated if that is meant; a retainer that ran elsewhere is taken over (`taken_over: {on: …}` in the"
        " file, or `retainer takeover`), and `invoicing: {release: manual}` keeps invoices as drafts",
        ExitStatus.REFUSED,
    )
