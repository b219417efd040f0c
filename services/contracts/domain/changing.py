"""What changes a contract that binds: new terms, a pause, an early end.

Refused
├── PriceIncreaseUnannounced    dearer terms that were not announced in time and lack the client's consent (R23)
├── EntriesWithoutRate          new terms that need rates, over entries that would have none (R9)
├── DeliveriesWithoutPlace      new terms without units, over deliveries (R20)
├── PauseEmpty, BillableTimeInPause (R24)
├── EndNotEarlier, WorkAfterEnd (R6, R7)
├── EndBeforeStart (vocabulary.agreement), OutsideContract (vocabulary.check_change)
├── ContractUnknown, NotActive, TrialFixed (standing)
└── what vocabulary.check_change refuses
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.contracts.domain.contract_state import Contract
from services.contracts.domain.price import raises_price
from services.contracts.domain.standing import binding, no_trial
from services.contracts.events import ContractPaused, EndAgreed, TermsChanged
from vocabulary.agreement import EndBeforeStart
from vocabulary.calendar import local_date, zone
from vocabulary.check_change import OutsideContract, blamed_in, check_change
from vocabulary.identity import ContractId
from vocabulary.kind import Measure, needs_rates
from vocabulary.rate import rate_of
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Terms, Units, merged
from vocabulary.terms_in_force import Change, terms_at_boundary, terms_on


class PriceIncreaseUnannounced(Refused, kind=Kind.CONFLICT):
    """A price increase is announced `notice_days` ahead, or carries the client's consent (R23)."""


class EntriesWithoutRate(Refused, kind=Kind.CONFLICT):
    """Accepted entries would be left without a rate by terms that need one (R9)."""


class DeliveriesWithoutPlace(Refused, kind=Kind.CONFLICT):
    """Accepted deliveries would have no place in the new terms (R20)."""


class PauseEmpty(Refused, kind=Kind.INVALID):
    """A pause ends after it begins."""


class BillableTimeInPause(Refused, kind=Kind.CONFLICT):
    """A pause may not go over days with billable time (R24)."""


class EndNotEarlier(Refused, kind=Kind.CONFLICT):
    """A contract ends earlier than agreed before, never later (R6)."""


class WorkAfterEnd(Refused, kind=Kind.CONFLICT):
    """An early end may not leave billable time or deliveries behind it (R7)."""


@dataclass(frozen=True, slots=True)
class KnownWork:
    """Accepted work on a contract, as heard from timelog: entries alike in all of this are one."""

    on: date
    delivery: bool = False
    rated: bool = False
    person_id: str = ""
    role: str = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """`now` is when it is announced; `work` is what was accepted from the change's date on; `cap` the measure in which
    the change writes a rollover's cap."""

    contract_id: ContractId
    change: Change
    client_consents: bool
    now: datetime
    work: Sequence[KnownWork] = ()
    cap: Measure | None = None


@dataclass(frozen=True, slots=True)
class PauseContract:
    """`billable_on` is the first date in the pause with billable time, if there is one."""

    contract_id: ContractId
    from_on: date
    to_on: date
    billable_on: date | None = None


@dataclass(frozen=True, slots=True)
class EndContract:
    """`last_work_on` is the last date with billable time or a delivery, if there is one."""

    contract_id: ContractId
    ends_on: date
    last_work_on: date | None = None


def change_terms(command: ChangeTerms, contract: Contract | None) -> Sequence[TermsChanged]:
    known = binding(contract, command.contract_id)
    no_trial(known, command.contract_id)
    check_change(known.agreement, known.changes, command.change, known.ends_on, command.cap)
    _check_announced(command, known)
    _check_work(command, known)
    change = command.change
    return (
        TermsChanged(
            contract_id=known.contract_id,
            client_id=known.client_id,
            patch=change.patch,
            effective_on=change.effective_on,
            immediately=change.immediately,
            client_consents=command.client_consents,
        ),
    )


def pause_contract(command: PauseContract, contract: Contract | None) -> Sequence[ContractPaused]:
    """A pause has a day that the contract covers; days of two pauses are paused once (R24)."""
    known = binding(contract, command.contract_id)
    no_trial(known, command.contract_id)
    if command.to_on <= command.from_on:
        raise PauseEmpty("`to` is the first date no longer paused: it lies after `from`", field="to")
    if command.to_on <= known.starts_on:
        raise OutsideContract(f"the contract begins on {known.starts_on}, after the pause", field="to")
    if known.ends_on is not None and command.from_on >= known.ends_on:
        raise OutsideContract(f"the contract ends on {known.ends_on}, before the pause", field="from")
    if command.billable_on is not None:
        raise BillableTimeInPause(
            f"there is billable time on {command.billable_on}: correct it, or pause other days (R24)",
            field="from",
            on=command.billable_on.isoformat(),
        )
    return (
        ContractPaused(
            contract_id=known.contract_id, client_id=known.client_id, from_on=command.from_on, to_on=command.to_on
        ),
    )


def end_contract(command: EndContract, contract: Contract | None) -> Sequence[EndAgreed]:
    known = binding(contract, command.contract_id)
    no_trial(known, command.contract_id)
    if command.ends_on <= known.starts_on:
        raise EndBeforeStart(
            f"the contract begins on {known.starts_on}: ends_on is the first date no longer covered", field="ends_on"
        )
    if known.ends_on is not None and command.ends_on > known.ends_on:
        raise EndNotEarlier(f"it ends on {known.ends_on} already, and can only end earlier (R6)", field="ends_on")
    if command.ends_on == known.ends_on:
        return ()
    check_nothing_after(command.ends_on, command.last_work_on, field="ends_on")
    return (EndAgreed(contract_id=known.contract_id, client_id=known.client_id, ends_on=command.ends_on),)


def check_nothing_after(ends_on: date, last_work_on: date | None, field: str) -> None:
    if last_work_on is not None and last_work_on >= ends_on:
        raise WorkAfterEnd(
            f"there is billable time or a delivery on {last_work_on}: end the contract after it, or correct it (R7)",
            field=field,
            on=last_work_on.isoformat(),
        )


def _check_announced(command: ChangeTerms, contract: Contract) -> None:
    """R23, by the date of the announcement in the contract's zone."""
    change, agreement = command.change, contract.agreement
    before = terms_at_boundary(agreement, contract.changes, change.effective_on)
    if command.client_consents or not raises_price(before, merged(before, change.patch)):
        return
    announced_on = local_date(command.now, zone(agreement.time_zone))
    earliest = announced_on + timedelta(days=agreement.notice_days)
    if change.effective_on < earliest:
        raise PriceIncreaseUnannounced(
            f"a price increase is announced {agreement.notice_days} days ahead: it can take effect from {earliest} on,"
            " or with the client's consent (R23)",
            field="effective_on",
            earliest=earliest.isoformat(),
        )


def _check_work(command: ChangeTerms, contract: Contract) -> None:
    """What was accepted keeps its rate and its place (R9, R20); what had none before is not the change's fault."""
    after = (*contract.changes, command.change)
    for work in command.work:
        old = terms_on(contract.agreement, contract.changes, work.on)
        new = terms_on(contract.agreement, after, work.on)
        if work.delivery:
            if isinstance(old.allowance, Units) and not isinstance(new.allowance, Units):
                raise DeliveriesWithoutPlace(
                    f"there is a delivery on {work.on}, and these terms have no units: withdraw it first (R20)",
                    field=blamed_in(command.change.patch),
                    on=work.on.isoformat(),
                )
        elif _lacks_rate(new, work) and not _lacks_rate(old, work):
            raise EntriesWithoutRate(
                f"time on {work.on} would have no rate under these terms: name a default rate (R9)",
                field=blamed_in(command.change.patch),
                on=work.on.isoformat(),
            )


def _lacks_rate(terms: Terms, work: KnownWork) -> bool:
    if work.rated or not needs_rates(terms):
        return False
    return rate_of(terms, entry_rate=None, task=work.task, person=work.person_id, role=work.role) is None
