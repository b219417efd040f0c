"""How a contract goes on at its end, or does not (R25).

A renewal is recorded on the first date on which no notice can come in time any more, so that the books know before the
old end that the contract goes on. A notice that was received in time, but comes to be recorded after that, takes the
renewal back.

Refused
├── DoesNotRenew        it ends anyway, or never
├── NoticeGivenAlready  one notice is enough
├── NoticeInFuture      what was received was received by today
└── WorkAfterEnd, ContractUnknown, NotActive
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.contracts.domain.changing import check_nothing_after
from services.contracts.domain.contract_state import Contract, evolve
from services.contracts.domain.standing import binding
from services.contracts.events import ContractRenewed, EndAgreed, NoticeGiven, RenewalApproaches
from vocabulary.agreement import last_notice_on, renewed_end
from vocabulary.calendar import local_date, zone
from vocabulary.identity import ContractId
from vocabulary.refusal import Kind, Refused

LAST_SECOND = timedelta(seconds=1)


class DoesNotRenew(Refused, kind=Kind.CONFLICT):
    """There is no renewal that a notice could prevent (R25)."""


class NoticeGivenAlready(Refused, kind=Kind.CONFLICT):
    """One notice is enough."""


class NoticeInFuture(Refused, kind=Kind.INVALID):
    """A notice is recorded once it was received."""


@dataclass(frozen=True, slots=True)
class GiveNotice:
    """`received_on`: None is today. `last_work_on`: the last date with billable time or a delivery, if there is one."""

    contract_id: ContractId
    by: Literal["agency", "client"]
    received_on: date | None
    now: datetime
    last_work_on: date | None = None


@dataclass(frozen=True, slots=True)
class KeepCalendar:
    """Renew and remind as it is due by `now`; safe to repeat. A day's last second counts as its end, so that what it
    brings is known before the books of the next morning are closed."""

    contract_id: ContractId
    now: datetime


RenewalEvent = RenewalApproaches | ContractRenewed


def give_notice(command: GiveNotice, contract: Contract | None) -> Sequence[NoticeGiven | EndAgreed]:
    known = binding(contract, command.contract_id)
    renews = known.agreement.renews
    if renews is None or known.ended_early:
        raise DoesNotRenew(
            f"{command.contract_id} does not renew: end it early instead (EndContract)", field="contract"
        )
    if known.notice is not None:
        raise NoticeGivenAlready(
            f"notice was given by the {known.notice.by}, received on {known.notice.received_on}", field="contract"
        )
    today = local_date(command.now, zone(known.agreement.time_zone))
    received_on = today if command.received_on is None else command.received_on
    if received_on > today:
        raise NoticeInFuture(f"it is {today} there: a notice is recorded once it was received", field="received_on")
    following = next((end for end in known.ends if end > received_on), known.ends[-1])
    in_time = received_on <= last_notice_on(following, renews)
    given = NoticeGiven(
        contract_id=known.contract_id,
        client_id=known.client_id,
        by=command.by,
        received_on=received_on,
        in_time=in_time,
    )
    if not in_time or following == known.ends_on:
        return (given,)
    check_nothing_after(following, command.last_work_on, field="received_on")
    return given, EndAgreed(contract_id=known.contract_id, client_id=known.client_id, ends_on=following)


def keep_calendar(command: KeepCalendar, contract: Contract | None) -> Sequence[RenewalEvent]:
    known = binding(contract, command.contract_id)
    today = local_date(command.now + LAST_SECOND, zone(known.agreement.time_zone))
    due: list[RenewalEvent] = []
    while (renewed := _renewed(known, today)) is not None:
        due.append(renewed)
        known = evolve(known, renewed)
    if (reminder := _reminder(known, today)) is not None:
        due.append(reminder)
    return due


def next_date(contract: Contract, today: date) -> date | None:
    """The next date after `today` on which `keep_calendar` may have something to do; None where there is none."""
    renews, ends_on = contract.agreement.renews, contract.ends_on
    if contract.stage != "binding" or renews is None or ends_on is None or contract.ended_early:
        return None
    dates = {end - timedelta(days=days) for end in contract.ends for days in renews.remind_days}
    if contract.renews:
        dates.add(last_notice_on(ends_on, renews) + timedelta(days=1))
    return min((day for day in dates if day > today), default=None)


def _renewed(contract: Contract, today: date) -> ContractRenewed | None:
    renews, ends_on = contract.agreement.renews, contract.ends_on
    if not contract.renews or renews is None or ends_on is None or today <= last_notice_on(ends_on, renews):
        return None
    return ContractRenewed(
        contract_id=contract.contract_id,
        client_id=contract.client_id,
        ends_on=renewed_end(contract.agreement, contract.renewals + 1),
    )


def _reminder(contract: Contract, today: date) -> RenewalApproaches | None:
    """The most pressing reminder that is due; those that were due before it and never went out are passed over."""
    renews = contract.agreement.renews
    ahead = next((end for end in contract.ends if end > today), None)
    if renews is None or contract.ended_early or ahead is None:
        return None
    due = [days for days in renews.remind_days if ahead - timedelta(days=days) <= today]
    if not due or any(end == ahead and days <= min(due) for end, days in contract.reminded):
        return None
    return RenewalApproaches(
        contract_id=contract.contract_id,
        client_id=contract.client_id,
        ends_on=ahead,
        days_ahead=min(due),
        renews=contract.renews or ahead != contract.ends_on,
    )
