"""Which agreements can stand, and when they end."""

from datetime import date
from typing import Any

import pytest

from vocabulary.agreement import (
    AgreementFlawed,
    CapNotMeasurable,
    CurrencyUnknown,
    EndBeforeStart,
    RenewalInvalid,
    TimeZoneUnknown,
    TrialInvalid,
    agreed_end,
    check_agreement,
    last_notice_on,
    renewed_end,
)
from vocabulary.check_terms import OverageInvalid
from vocabulary.duration import Minutes
from vocabulary.money import Minor
from vocabulary.refusal import Refused
from vocabulary.terms import (
    Agreement,
    Amount,
    Cycle,
    Fee,
    Hours,
    Overage,
    Renewal,
    Rollover,
    Terms,
)

HOURS = Terms(cycle=Cycle.MONTH, fee=Fee(Minor(300000)), allowance=Hours(Minutes(1800)), rate=Minor(12000))
TRIAL = Terms(cycle=Cycle.MONTH, fee=Fee(Minor(50000)))


def agreed(terms: Terms = HOURS, **rest: Any) -> Agreement:
    said = {"currency": "EUR", "time_zone": "Europe/Berlin", "starts_on": "2026-01-15"} | rest
    return Agreement(terms=terms, **said)


@pytest.mark.parametrize(
    "agreement",
    [
        agreed(),
        agreed(ends_on="2026-01-16"),  # one day, the least
        agreed(ends_on="2027-01-01", renews=Renewal(1, notice_days=0, remind_days=())),
        agreed(TRIAL, trial=True),
        agreed(TRIAL, trial=True, ends_on="2026-02-15"),
        agreed(currency="TND", time_zone="Asia/Kathmandu", notice_days=0),
    ],
)
def test_what_can_stand_is_accepted(agreement: Agreement) -> None:
    check_agreement(agreement)


@pytest.mark.parametrize(
    ("agreement", "reason", "field"),
    [
        (agreed(currency="XXQ"), CurrencyUnknown, "currency"),
        (agreed(currency="XAU"), CurrencyUnknown, "currency"),  # gold has no minor unit
        (agreed(time_zone="Europe/Bielefeld"), TimeZoneUnknown, "time_zone"),
        (agreed(time_zone="../etc/passwd"), TimeZoneUnknown, "time_zone"),
        (agreed(starts_on="15.01.2026"), AgreementFlawed, "starts_on"),
        (agreed(ends_on="2026-01-15"), EndBeforeStart, "ends_on"),
        (agreed(notice_days=-1), AgreementFlawed, "notice_days"),
        (agreed(renews=Renewal(12)), RenewalInvalid, "renews"),
        (agreed(ends_on="2027-01-15", renews=Renewal(0)), RenewalInvalid, "renews.months"),
        (agreed(ends_on="2027-01-15", renews=Renewal(1, notice_days=-1)), RenewalInvalid, "renews.notice_days"),
        (agreed(ends_on="2027-01-15", renews=Renewal(1, remind_days=(0,))), RenewalInvalid, "renews.remind_days"),
        (agreed(Terms(cycle=Cycle.MONTH), trial=True), TrialInvalid, "terms.fee"),
        (agreed(Terms(cycle=Cycle.MONTH, fee=Fee(Minor(0))), trial=True), TrialInvalid, "terms.fee"),
        (
            agreed(Terms(cycle=Cycle.MONTH, fee=Fee(Minor(1), every="quarter")), trial=True),
            TrialInvalid,
            "terms.fee.every",
        ),
        (agreed(TRIAL, trial=True, ends_on="2026-02-16"), TrialInvalid, "ends_on"),
        (agreed(TRIAL, trial=True, ends_on="2026-02-15", renews=Renewal(1)), TrialInvalid, "renews"),
        (
            agreed(
                Terms(cycle=Cycle.MONTH, fee=Fee(Minor(1)), allowance=Hours(Minutes(60)), rollover=Rollover()),
                trial=True,
            ),
            TrialInvalid,
            "terms.rollover",
        ),
        (
            agreed(Terms(cycle=Cycle.MONTH, allowance=Amount(Minor(100)), overage=Overage(rate=Minor(1)))),
            OverageInvalid,
            "terms.overage.rate",
        ),
    ],
)
def test_what_cannot_stand_is_refused_with_its_field(agreement: Agreement, reason: type[Refused], field: str) -> None:
    with pytest.raises(reason) as refusal:
        check_agreement(agreement)
    assert refusal.value.field == field


def test_a_cap_is_in_the_allowances_own_measure() -> None:  # R15
    terms = Terms(cycle=Cycle.MONTH, fee=Fee(Minor(1)), allowance=Hours(Minutes(60)), rollover=Rollover(cap=30))
    check_agreement(agreed(terms), "minutes")
    with pytest.raises(CapNotMeasurable) as refusal:
        check_agreement(agreed(terms), "money")
    assert refusal.value.field == "terms.rollover.cap"


def test_a_trial_ends_with_its_one_period() -> None:  # R26
    assert agreed_end(agreed(TRIAL, trial=True)) == date(2026, 2, 15)
    assert agreed_end(agreed(TRIAL, trial=True, ends_on="2026-02-01")) == date(2026, 2, 1)
    assert agreed_end(agreed()) is None


def test_renewed_ends_are_reckoned_from_the_first() -> None:  # R25
    agreement = agreed(starts_on="2025-02-01", ends_on="2026-01-31", renews=Renewal(1))
    ends = [renewed_end(agreement, renewals) for renewals in range(4)]
    assert ends == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_notice_is_received_days_before_the_end() -> None:  # R25
    assert last_notice_on(date(2026, 12, 31), Renewal(12, notice_days=30)) == date(2026, 12, 1)
    assert last_notice_on(date(2026, 12, 31), Renewal(12, notice_days=0)) == date(2026, 12, 30)
