"""How a contract goes on at its end, or does not (R25)."""

from datetime import UTC, date, datetime

import pytest

from chassis.testing import Given, given
from services.contracts.deciders import CONTRACT
from services.contracts.domain.changing import WorkAfterEnd
from services.contracts.domain.contract import ContractCommand
from services.contracts.domain.contract_state import Contract
from services.contracts.domain.renewal import (
    DoesNotRenew,
    GiveNotice,
    KeepCalendar,
    NoticeGivenAlready,
    NoticeInFuture,
    next_date,
)
from services.contracts.domain.standing import NotActive
from services.contracts.events import ContractRenewed, EndAgreed, NoticeGiven, RenewalApproaches
from tests.contracts.domain.stories import ACME, WEB, agreed, binding, day, drafted, noon
from vocabulary.terms import Renewal

YEARLY = agreed(starts_on="2026-01-01", ends_on="2027-01-01", renews=Renewal(12))
END = day(1, 1, 2027)
"""The last date for a notice in time is 2026-12-02, thirty days before the end."""
LAST_NOTICE = day(12, 2)


def contract() -> Given[ContractCommand, Contract | None]:
    return given(CONTRACT, binding(YEARLY))


def keep(on: date) -> KeepCalendar:
    return KeepCalendar(WEB, datetime(on.year, on.month, on.day, 11, tzinfo=UTC))


def renewed(year: int) -> ContractRenewed:
    return ContractRenewed(contract_id=WEB, client_id=ACME, ends_on=day(1, 1, year))


def approaches(days_ahead: int, *, renews: bool = True, ends_on: date = END) -> RenewalApproaches:
    return RenewalApproaches(contract_id=WEB, client_id=ACME, ends_on=ends_on, days_ahead=days_ahead, renews=renews)


def noticed(on: date, *, in_time: bool = True, by: str = "client") -> NoticeGiven:
    return NoticeGiven(contract_id=WEB, client_id=ACME, by=by, received_on=on, in_time=in_time)


def test_a_contract_renews_once_no_notice_can_come_in_time() -> None:
    history = (binding(YEARLY), approaches(60), approaches(30))
    given(CONTRACT, *history).when(keep(LAST_NOTICE)).then()
    given(CONTRACT, *history).when(keep(day(12, 3))).then(renewed(2028)).when(keep(day(12, 3))).then()


def test_the_contracts_own_date_counts() -> None:
    history = given(CONTRACT, binding(YEARLY), approaches(60), approaches(30))
    before_midnight = KeepCalendar(WEB, datetime(2026, 12, 2, 22, 59, 58, tzinfo=UTC))
    last_second = KeepCalendar(WEB, datetime(2026, 12, 2, 22, 59, 59, tzinfo=UTC))
    after_midnight = KeepCalendar(WEB, datetime(2026, 12, 2, 23, 0, tzinfo=UTC))  # 00:00 on the 3rd in Berlin
    history.when(before_midnight).then()
    history.when(last_second).then(renewed(2028))
    history.when(after_midnight).then(renewed(2028))


def test_reminders_go_out_ahead_of_the_end() -> None:
    contract().when(keep(day(11, 1))).then()
    contract().when(keep(day(11, 2))).then(approaches(60)).when(keep(day(11, 3))).then().when(keep(LAST_NOTICE)).then(
        approaches(30)
    ).when(keep(day(12, 3))).then(renewed(2028)).when(keep(day(12, 25))).then(approaches(7)).when(
        keep(day(12, 31))
    ).then().when(keep(day(11, 2, 2027))).then(approaches(60, ends_on=day(1, 1, 2028)))


def test_after_a_standstill_only_the_most_pressing_reminder_goes_out() -> None:
    contract().when(keep(day(12, 28))).then(renewed(2028), approaches(7)).when(keep(day(12, 29))).then()


def test_after_a_long_standstill_all_renewals_are_caught_up() -> None:
    contract().when(keep(day(6, 1, 2029))).then(renewed(2028), renewed(2029), renewed(2030))


def test_a_notice_in_time_lets_the_contract_end() -> None:
    contract().when(GiveNotice(WEB, "client", LAST_NOTICE, noon(12, 2))).then(noticed(LAST_NOTICE)).when(
        keep(day(12, 3))
    ).then(approaches(30, renews=False)).when(keep(day(2, 1, 2027))).then()


def test_a_notice_is_received_today_where_nothing_is_said() -> None:
    contract().when(GiveNotice(WEB, "agency", None, noon(5, 5))).then(noticed(day(5, 5), by="agency"))


def test_a_late_notice_counts_for_the_end_after() -> None:
    late = day(12, 3)
    contract().when(GiveNotice(WEB, "client", late, noon(12, 3))).then(noticed(late, in_time=False)).when(
        keep(late)
    ).then(renewed(2028), approaches(30)).when(keep(day(1, 1, 2028))).then()


def test_a_notice_in_time_that_is_recorded_late_takes_the_renewal_back() -> None:
    history = given(CONTRACT, binding(YEARLY), renewed(2028))
    recorded_late = GiveNotice(WEB, "client", LAST_NOTICE, noon(12, 10))
    ended = EndAgreed(contract_id=WEB, client_id=ACME, ends_on=END)
    history.when(recorded_late).then(noticed(LAST_NOTICE), ended).when(keep(day(2, 1, 2029))).then()
    over_work = GiveNotice(WEB, "client", LAST_NOTICE, noon(1, 10, 2027), last_work_on=END)
    history.when(over_work).refused(WorkAfterEnd, field="received_on")


def test_a_notice_is_refused_where_it_means_nothing() -> None:
    ends_anyway = given(CONTRACT, binding(agreed(ends_on="2027-01-01")))
    ends_anyway.when(GiveNotice(WEB, "client", None, noon(5, 5))).refused(DoesNotRenew)
    given(CONTRACT, binding(YEARLY), EndAgreed(contract_id=WEB, client_id=ACME, ends_on=day(6, 1))).when(
        GiveNotice(WEB, "client", None, noon(5, 5))
    ).refused(DoesNotRenew)
    contract().when(GiveNotice(WEB, "client", day(5, 6), noon(5, 5))).refused(NoticeInFuture, field="received_on")
    given(CONTRACT, binding(YEARLY), noticed(day(5, 5))).when(GiveNotice(WEB, "agency", None, noon(6, 1))).refused(
        NoticeGivenAlready
    )
    given(CONTRACT, drafted(YEARLY)).when(GiveNotice(WEB, "client", None, noon(5, 5))).refused(NotActive)


def test_an_early_end_stops_renewals_and_reminders() -> None:
    early = EndAgreed(contract_id=WEB, client_id=ACME, ends_on=day(12, 15))
    given(CONTRACT, binding(YEARLY), early).when(keep(day(12, 14))).then()


def test_ends_come_back_to_the_day_first_agreed() -> None:
    monthly = agreed(starts_on="2025-12-31", ends_on="2026-01-31", renews=Renewal(1, notice_days=3, remind_days=()))
    ends = [day(2, 28), day(3, 31), day(4, 30)]
    expected = [ContractRenewed(contract_id=WEB, client_id=ACME, ends_on=end) for end in ends]
    given(CONTRACT, binding(monthly)).when(keep(day(3, 29))).then(*expected)


@pytest.mark.parametrize(
    ("today", "following"),
    [
        (day(6, 1), day(11, 2)),  # 60 days ahead
        (day(11, 2), day(12, 2)),  # 30 days ahead
        (day(12, 2), day(12, 3)),  # it renews
        (day(12, 25), None),  # until it has renewed
    ],
)
def test_the_calendar_knows_when_it_has_to_be_kept_next(today: date, following: date | None) -> None:
    state = contract().state
    assert state is not None
    assert next_date(state, today) == following


def test_what_does_not_renew_has_no_such_date() -> None:
    for event in (drafted(YEARLY), binding(agreed(ends_on="2027-01-01")), binding()):
        state = given(CONTRACT, event).state
        assert state is not None
        assert next_date(state, day(6, 1)) is None
