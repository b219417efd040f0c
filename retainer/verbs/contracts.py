"""`retainer contract …`: retainers, their terms and what happens to them."""

from pathlib import Path
from typing import Any

from messages.dates import date_message
from retainer.agreements import change_in
from retainer.output import json_out, say, show, table
from retainer.verbs.asking import DEFAULT, MONEY_ORDERS, ORDERS, MoneyOrders, Options, Orders
from retainer.words import (
    amount_text,
    date_text,
    hours_text,
    id_of,
    instant_text,
    named,
    parse_date,
    parse_hours,
    parse_timestamp,
)
from wire.retainer.contracts.v1.contract_pb2 import (
    ChangeTermsRequest,
    ContractState,
    EndContractRequest,
    GetContractRequest,
    GiveNoticeRequest,
    ListContractHistoryRequest,
    ListContractsRequest,
    PauseContractRequest,
    PlanHoursRequest,
    Side,
)


def terms(
    contract: str,
    file: Path,
    /,
    *,
    on: str,
    immediately: bool = False,
    client_consents: bool = False,
    orders: MoneyOrders = MONEY_ORDERS,
) -> None:
    """Change terms from a date on: what the file says is merged into them, null takes away.

    Example: retainer contract terms web-2026 change.yaml --on 2026-03-01
    Example: retainer contract terms web-2026 change.yaml --on 2026-03-01 --preview

    Parameters
    ----------
    contract
        Contract id.
    file
        YAML file with the keys of terms that change, like fee: {amount: 3500.00}.
    on
        A boundary; with --immediately any date.
    immediately
        In the middle of a period: fee and allowance of the period are the sum of the parts.
    client_consents
        The client agreed to a price increase.
    """
    with orders.client() as client:
        now = client.ask(GetContractRequest(name=named("contracts", contract)))
    message, mask = change_in(file, now)
    request = ChangeTermsRequest(
        contract=now.name,
        terms=message,
        update_mask=mask,
        effective_on=date_message(parse_date(on, "--on")),
        immediately=immediately,
        client_consents=client_consents,
    )
    orders.obey(request, "Changed the terms of {name}.")


def pause(contract: str, begin: str, end: str, /, *, orders: MoneyOrders = MONEY_ORDERS) -> None:
    """Pause: no work and no fee from a date up to another.

    Example: retainer contract pause web-2026 2026-04-10 2026-04-20

    Parameters
    ----------
    contract
        Contract id.
    begin
        The first paused date.
    end
        The first date no longer paused.
    """
    request = PauseContractRequest(
        contract=named("contracts", contract), to=date_message(parse_date(end, "the end of the pause"))
    )
    getattr(request, "from").CopyFrom(date_message(parse_date(begin, "the beginning of the pause")))
    orders.obey(request, "Paused {name}.")


def plan(contract: str, hours: str, /, *, period: str, task: str = "", orders: Orders = ORDERS) -> None:
    """Plan hours for a period; the budget shows them beside what is used. Nothing is charged by a plan.

    Example: retainer contract plan web-2026 12:00 --period 2026-02-01 --task seo

    Parameters
    ----------
    contract
        Contract id.
    hours
        Like 12:00; 0:00 takes the plan away.
    period
        The first date of the period.
    task
        As entries name it; none in particular otherwise.
    """
    request = PlanHoursRequest(
        contract=named("contracts", contract),
        period=date_message(parse_date(period, "--period")),
        planned=parse_hours(hours),
        task=task,
    )
    orders.obey(request, f"Planned {hours} for {{name}}.")


def end(contract: str, /, *, on: str, orders: MoneyOrders = MONEY_ORDERS) -> None:
    """End a contract early.

    Example: retainer contract end web-2026 --on 2026-06-15

    Parameters
    ----------
    contract
        Contract id.
    on
        The first date no longer covered.
    """
    request = EndContractRequest(contract=named("contracts", contract), ends_on=date_message(parse_date(on, "--on")))
    orders.obey(request, "{name} ends then.")


def notice(contract: str, /, *, by: str = "client", on: str = "", orders: Orders = ORDERS) -> None:
    """Note that one side will not renew.

    Example: retainer contract notice web-2026 --by client --on 2026-05-20

    Parameters
    ----------
    contract
        Contract id.
    by
        client or agency.
    on
        When it was received; today otherwise.
    """
    side = Side.SIDE_AGENCY if by == "agency" else Side.SIDE_CLIENT
    request = GiveNoticeRequest(contract=named("contracts", contract), by=side)
    if on:
        request.received_on.CopyFrom(date_message(parse_date(on, "--on")))
    orders.obey(request, "Noted for {name}.")


def contract_show(contract: str, /, *, as_of: str = "", options: Options = DEFAULT) -> None:
    """Show a contract as it is today, or as it was known.

    Example: retainer contract show web-2026
    Example: retainer contract show web-2026 --as-of 2026-03-01T09:00:00+01:00

    Parameters
    ----------
    contract
        Contract id.
    as_of
        Instant: the contract as it was known then.
    """
    request = GetContractRequest(name=named("contracts", contract))
    if as_of:
        request.as_of.CopyFrom(parse_timestamp(as_of, "--as-of"))
    with options.client() as client:
        found = client.ask(request)
    if options.json:
        json_out(found)
        return
    agreement = found.agreement
    heading = " · ".join(part for part in (id_of(found.name), found.title, id_of(found.client)) if part)
    say(f"{heading} ({_state(found)})")
    say(f"from {date_text(agreement.starts_on)} to {date_text(found.ends_on) or 'open end'}, {agreement.time_zone}")
    for line in _terms(found.terms):
        say(f"  {line}")
    for version in found.versions[1:]:
        how = " immediately" if version.immediately else ""
        say(f"new terms from {date_text(version.effective_on)}{how}:")
        for line in _terms(version.terms):
            say(f"  {line}")
    for paused in found.pauses:
        say(f"paused from {date_text(getattr(paused, 'from'))} to {date_text(paused.to)}")


def list_(*, filter: str = "", order_by: str = "", options: Options = DEFAULT) -> None:
    """List contracts.

    Example: retainer contract list --filter 'state = "active"'

    Parameters
    ----------
    filter
        Over name, client, state, currency, time_zone, starts_on and ends_on.
    order_by
        For example: starts_on desc
    """
    with options.client() as client:
        request = ListContractsRequest(filter=filter, order_by=order_by, page_size=200)
        contracts = list(client.pages(request, "contracts"))
    if options.json:
        json_out({"contracts": contracts})
        return
    rows = [
        (
            id_of(one.name),
            id_of(one.client),
            one.title,
            _state(one),
            date_text(one.agreement.starts_on),
            date_text(one.ends_on),
            one.agreement.currency_code,
            one.agreement.time_zone,
        )
        for one in contracts
    ]
    show(table("", ("contract", "client", "title", "state", "from", "to", "", "zone"), rows))


def history(contract: str, /, *, options: Options = DEFAULT) -> None:
    """Show what happened to a contract, oldest first.

    Example: retainer contract history web-2026

    Parameters
    ----------
    contract
        Contract id.
    """
    with options.client() as client:
        request = ListContractHistoryRequest(contract=named("contracts", contract), page_size=200)
        events = list(client.pages(request, "events"))
    if options.json:
        json_out({"events": events})
        return
    rows = [
        (instant_text(one.record_time), one.event, date_text(one.effective_on), one.actor, one.summary)
        for one in events
    ]
    show(table("", ("recorded", "what", "counts from", "by", "in words"), rows))


def _state(contract: Any) -> str:
    return ContractState.Name(contract.state).removeprefix("CONTRACT_STATE_").lower()


def _terms(terms: Any) -> list[str]:
    """The terms as one reads them, a line for each part that there is."""
    lines = []
    if terms.HasField("fee"):
        lines.append(f"fee {amount_text(terms.fee.amount)}")
    if terms.HasField("access_fee"):
        lines.append(f"access fee {amount_text(terms.access_fee)}")
    match terms.allowance.WhichOneof("measure"):
        case "hours":
            lines.append(f"allowance {hours_text(terms.allowance.hours)} hours")
        case "amount":
            lines.append(f"allowance {amount_text(terms.allowance.amount)}")
        case "units":
            lines.append(f"allowance {terms.allowance.units.units} {terms.allowance.units.of}".rstrip())
    if terms.bank:
        lines.append("a bank of hours")
    if terms.HasField("rate"):
        lines.append(f"rate {amount_text(terms.rate)} an hour")
    for kind in ("tasks", "people", "roles"):
        rates = getattr(terms.rates, kind)
        lines.extend(f"rate for {name} {amount_text(rates[name])} an hour" for name in sorted(rates))
    if terms.HasField("minimum"):
        lines.append(f"at least {amount_text(terms.minimum)} a period")
    if terms.HasField("overage") and terms.overage.rate.currency_code:
        lines.append(f"overage {amount_text(terms.overage.rate)}")
    if terms.tax.rate_percent:
        lines.append(f"tax {terms.tax.rate_percent} %")
    return lines
