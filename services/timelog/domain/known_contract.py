"""What timelog knows of a contract, and whether time or a delivery has a place in it.

Refused
├── ContractUnknown      no such contract, or nothing of it has arrived yet
├── ContractNotActive    a draft takes no time
├── OutsideContract      billable, before its start or after its end (R7)
├── ContractPausedThen   billable, on a paused day (R24)
├── RateMissing          no rate where its terms need one (R9)
├── CurrencyDiffers      a rate in another currency than the contract's (R1)
└── NoUnits              a delivery under terms that have no place for it (R20)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, assert_never
from zoneinfo import ZoneInfo

import msgspec

from services.timelog.events import ContractHeard, Pause, Work
from vocabulary.calendar import zone
from vocabulary.kind import needs_rates
from vocabulary.rate import rate_of
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Agreement, Terms, Units
from vocabulary.terms_in_force import Change, calendar_of, in_order, terms_on


class ContractUnknown(Refused, kind=Kind.NOT_FOUND):
    """No such contract, or nothing of it has arrived yet."""


class ContractNotActive(Refused, kind=Kind.CONFLICT):
    """The contract is a draft: it binds nobody yet."""


class OutsideContract(Refused, kind=Kind.CONFLICT):
    """Billable time, or a delivery, before the contract's start or after its end (R7)."""


class ContractPausedThen(Refused, kind=Kind.CONFLICT):
    """Billable time on a day on which the contract is paused (R24)."""


class RateMissing(Refused, kind=Kind.CONFLICT):
    """Neither the entry nor the terms in force on its date name a rate, and its terms need one (R9)."""


class CurrencyDiffers(Refused, kind=Kind.INVALID):
    """A rate in another currency than the contract's (R1)."""


class NoUnits(Refused, kind=Kind.CONFLICT):
    """The terms on that date have no allowance of units, so that a delivery has no place in them (R14, R20)."""


class Span(NamedTuple):
    """Terms in force from a date on, until the next span."""

    from_on: date
    terms: Terms
    needs_rates: bool
    """Whether an entry without a rate has no place under them (R9)."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownContract:
    """A contract that binds. `timeline` is in order of dates; the first span begins with the contract."""

    heard: ContractHeard
    agreement: Agreement
    zone: ZoneInfo
    starts_on: date
    ends_on: date | None
    timeline: tuple[Span, ...]

    def span_of(self, day: date) -> Span:
        """The terms in force on a date (R22); before the start those of the start."""
        for span in reversed(self.timeline):
            if span.from_on <= day:
                return span
        return self.timeline[0]

    def local_date(self, instant: datetime) -> date:
        """The contract's local date of an instant (R7)."""
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Dormant:
    """A draft, or one that was discarded."""

    heard: ContractHeard


Contract = KnownContract | Dormant | None


@dataclass(frozen=True, slots=True)
class NoteContract:
    """Something of it arrived: what is known of it now."""

    heard: ContractHeard


def decide(command: NoteContract, state: Contract) -> Sequence[ContractHeard]:
    """Noted where it is news."""
    return () if state is not None and state.heard == command.heard else (command.heard,)


def evolve(_: Contract, event: ContractHeard) -> Contract:
    agreement = event.agreement
    match event.stage:
        case "active" if agreement is not None:
            ends_on = event.ends_on or (date.fromisoformat(agreement.ends_on) if agreement.ends_on else None)
            return KnownContract(
                heard=event,
                agreement=agreement,
                zone=zone(agreement.time_zone),
                starts_on=date.fromisoformat(agreement.starts_on),
                ends_on=ends_on,
                timeline=tuple(_timeline(agreement, event.changes)),
            )
        case "active" | "draft" | "discarded":
            return Dormant(event)
        case _:
            assert_never(event.stage)


def _timeline(agreement: Agreement, changes: Sequence[Change]) -> Iterator[Span]:
    """The terms from each date on which they can change: a change's own, and after one the next boundary (R22)."""
    calendar = calendar_of(agreement)
    starts_on = date.fromisoformat(agreement.starts_on)
    dates = {starts_on}
    for change in changes:
        dates |= {max(starts_on, change.effective_on), calendar.next_by_anchor(max(starts_on, change.effective_on))}
    for day in sorted(dates):
        terms = terms_on(agreement, changes, day)
        yield Span(day, terms, needs_rates(terms))


def must_be_known(contract: Contract, contract_id: str, field: str = "contract") -> KnownContract:
    """The contract as one that binds; `ContractUnknown` or `ContractNotActive`."""
    match contract:
        case KnownContract():
            return contract
        case Dormant(heard) if heard.stage == "draft":
            raise ContractNotActive(
                f"contract {contract_id} is a draft: activate it before time is logged on it", field=field
            )
        case Dormant() | None:
            raise ContractUnknown(
                f"there is no contract {contract_id} here; where it was made a moment ago, send the consistency token"
                " of that call",
                field=field,
            )
        case _:
            assert_never(contract)


def check_covered(contract: KnownContract, day: date, field: str) -> None:
    """Whether the contract covers a date: `OutsideContract` (R7)."""
    contract_id = contract.heard.contract_id
    if day < contract.starts_on:
        raise OutsideContract(
            f"{day} is before contract {contract_id} starts on {contract.starts_on}", field=field, day=day.isoformat()
        )
    if contract.ends_on is not None and day >= contract.ends_on:
        raise OutsideContract(
            f"{day} is after contract {contract_id}: {contract.ends_on} is the first date no longer covered",
            field=field,
            day=day.isoformat(),
        )


def check_day(contract: KnownContract, day: date, field: str) -> None:
    """Whether billable time may lie on a date: `OutsideContract`, `ContractPausedThen`."""
    check_covered(contract, day, field)
    pause = paused(contract.heard.pauses, day)
    if pause is not None:
        contract_id = contract.heard.contract_id
        raise ContractPausedThen(
            f"contract {contract_id} is paused from {pause.from_on} until {pause.to_on}: no billable work on {day}",
            field=field,
            day=day.isoformat(),
        )


def paused(pauses: Sequence[Pause], day: date) -> Pause | None:
    """The pause in which a date lies."""
    return next((pause for pause in pauses if pause.from_on <= day < pause.to_on), None)


def check_work(contract: KnownContract, work: Work, day: date, field: str) -> None:
    """Whether the contract takes this time on this date; what is not billable it always takes (R7)."""
    if not work.billable:
        return
    check_day(contract, day, field)
    span = contract.span_of(day)
    if not span.needs_rates or work.rate is not None:
        return
    rated = rate_of(span.terms, entry_rate=work.rate, task=work.task, person=work.person_id, role=work.role)
    if rated is None:
        raise RateMissing(
            f"contract {contract.heard.contract_id} needs a rate for this entry on {day}: give the entry one, or the"
            " terms a rate for its task, its person, its role or all",
            field="rate",
        )


def check_delivery(contract: KnownContract, day: date, field: str) -> None:
    """Whether the contract takes a delivery on this date (R14, R20), in a pause too (R24 speaks of time)."""
    check_covered(contract, day, field)
    if not isinstance(contract.span_of(day).terms.allowance, Units):
        raise NoUnits(
            f"the terms of contract {contract.heard.contract_id} on {day} are not of units: a delivery has no place in"
            " them",
            field="units",
        )


def check_currency(contract: KnownContract, currency: str, field: str) -> None:
    if currency != contract.agreement.currency:
        raise CurrencyDiffers(
            f"contract {contract.heard.contract_id} is in {contract.agreement.currency}, not in {currency}",
            field=field,
        )


def with_terms(heard: ContractHeard, change: Change) -> ContractHeard:
    """Changes apply in order of `effective_on`, whatever the order in which they were recorded (R22)."""
    return msgspec.structs.replace(heard, changes=tuple(in_order((*heard.changes, change))))
