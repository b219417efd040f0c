"""What happened to a contract, in one line for a person."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, assert_never

from services.contracts.domain.contract_state import ContractEvent
from services.contracts.events import (
    ContractActivated,
    ContractDrafted,
    ContractPaused,
    ContractRenewed,
    DraftDiscarded,
    DraftRevised,
    EndAgreed,
    HoursPlanned,
    NoticeGiven,
    RenewalApproaches,
    TermsChanged,
)
from vocabulary.duration import clock
from vocabulary.money import decimal_text

AMOUNTS = frozenset({"amount", "access_fee", "rate", "minimum"})


def effective_on(event: ContractEvent) -> date | None:
    """The date from which it counts, where it has one."""
    match event:
        case ContractDrafted() | DraftRevised() | ContractActivated():
            return date.fromisoformat(event.agreement.starts_on)
        case TermsChanged():
            return event.effective_on
        case ContractPaused():
            return event.from_on
        case EndAgreed() | RenewalApproaches() | ContractRenewed():
            return event.ends_on
        case NoticeGiven():
            return event.received_on
        case HoursPlanned():
            return event.period
        case DraftDiscarded():
            return None
        case _:
            assert_never(event)


def summary(event: ContractEvent, currency: str) -> str:
    """One line; amounts in the contract's currency."""
    match event:
        case ContractDrafted():
            return f"drafted, to begin on {event.agreement.starts_on}"
        case DraftRevised():
            return f"draft revised, to begin on {event.agreement.starts_on}"
        case DraftDiscarded():
            return "draft discarded"
        case ContractActivated():
            return f"activated: it binds from {event.agreement.starts_on} on"
        case TermsChanged():
            how = "immediately " if event.immediately else ""
            consent = ", with the client's consent" if event.client_consents else ""
            return f"new terms {how}from {event.effective_on} on: {', '.join(_said(event.patch, currency))}{consent}"
        case ContractPaused():
            return f"paused from {event.from_on} until {event.to_on}"
        case EndAgreed():
            return f"ends early: {event.ends_on} is the first date no longer covered"
        case NoticeGiven():
            return (
                f"notice by the {event.by}, received on {event.received_on}, {'in time' if event.in_time else 'late'}"
            )
        case RenewalApproaches():
            return f"{event.days_ahead} days to {event.ends_on}, where it {'renews' if event.renews else 'ends'}"
        case ContractRenewed():
            return f"renewed until {event.ends_on}"
        case HoursPlanned():
            on = f" on {event.task}" if event.task else ""
            return f"{clock(event.planned)} hours planned{on} for the period of {event.period}"
        case _:
            assert_never(event)


def _said(patch: Mapping[str, Any], currency: str, path: str = "") -> Iterator[str]:
    for key, value in patch.items():
        here = f"{path}{key}".replace("_", " ")
        if value is None:
            yield f"no {here}"
        elif isinstance(value, Mapping):
            yield from _part(value, currency, here) if value else (f"{here} without limits",)
        elif isinstance(value, int) and not isinstance(value, bool) and _is_amount(key, path):
            yield f"{here} {decimal_text(value, currency)} {currency}"
        else:
            yield f"{here} {value}"


def _part(value: Mapping[str, Any], currency: str, here: str) -> Iterator[str]:
    if value.get("measure") == "hours":
        yield f"{here} {clock(value['minutes'])} hours"
    elif value.get("measure") == "units":
        yield f"{here} {value['units']} {value.get('of') or 'units'}"
    else:
        yield from _said({key: item for key, item in value.items() if key != "measure"}, currency, f"{here} ")


def _is_amount(key: str, path: str) -> bool:
    return key in AMOUNTS or path.startswith("rates ")
