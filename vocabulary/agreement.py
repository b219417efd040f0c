"""Whether an agreement can stand, and when it ends by what was agreed.

Refused
├── AgreementFlawed         `field` is a path in the agreement: `ends_on`, `renews.months`
│   ├── CurrencyUnknown         no currency of ISO 4217 with a minor unit (R1)
│   ├── TimeZoneUnknown         no IANA zone (R4)
│   ├── EndBeforeStart          it ends before it covers a day (R6)
│   ├── TrialInvalid            a trial is one period with one fee, no rollover and no renewal (R26)
│   ├── RenewalInvalid          a renewal needs an end and lasts a month or more (R25)
│   └── TakeOverOffBoundary     a running retainer is taken over on a boundary (R38)
├── CapNotMeasurable        a rollover's cap in another measure than the allowance (R15)
└── TermsContradict         as vocabulary.check_terms says, with `field` under `terms.`
"""

from datetime import date, timedelta

from vocabulary.calendar import add_months, zone
from vocabulary.check_terms import MOST_DAYS, TermsContradict, check_terms
from vocabulary.kind import Measure, measure_of
from vocabulary.money import digits
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Agreement, Renewal, Terms, TermsPatch
from vocabulary.terms_in_force import calendar_of

MOST_MONTHS = 1200


class AgreementFlawed(Refused, kind=Kind.INVALID):
    """What was agreed on cannot stand as it is."""


class CurrencyUnknown(AgreementFlawed):
    """No currency of ISO 4217, or one without a minor unit (R1)."""


class TimeZoneUnknown(AgreementFlawed):
    """No IANA time zone (R4)."""


class EndBeforeStart(AgreementFlawed):
    """The first date no longer covered lies on or before the first date covered (R6)."""


class TrialInvalid(AgreementFlawed):
    """A trial is a fixed term of one period with one fee, no rollover and no renewal (R26)."""


class RenewalInvalid(AgreementFlawed):
    """Only what ends can renew, for a month or more (R25)."""


class TakeOverOffBoundary(AgreementFlawed):
    """A running retainer is taken over on a boundary that it covers (R38)."""


class CapNotMeasurable(Refused, kind=Kind.INVALID):
    """A rollover's cap is in the allowance's own measure (R15)."""


def check_agreement(agreement: Agreement, cap: Measure | None = None) -> None:
    """Nothing, or a refusal with its field; `cap` is the measure in which a rollover's cap was written, if known."""
    check_currency(agreement.currency)
    check_time_zone(agreement.time_zone)
    check_whole_terms(agreement.terms, cap)
    starts_on = _date(agreement.starts_on, "starts_on")
    ends_on = None if agreement.ends_on is None else _date(agreement.ends_on, "ends_on")
    if ends_on is not None and ends_on <= starts_on:
        raise EndBeforeStart(
            f"it ends on {ends_on}, before it covers a day: ends_on is the first date no longer covered",
            field="ends_on",
        )
    if not 0 <= agreement.notice_days <= MOST_DAYS:
        raise AgreementFlawed(f"notice_days are days ahead: 0 to {MOST_DAYS} (R23)", field="notice_days")
    if agreement.trial:
        _check_trial(agreement, ends_on)
    if agreement.renews is not None:
        _check_renewal(agreement.renews, ends_on)
    if agreement.taken_over_on is not None:
        _check_take_over(agreement, _date(agreement.taken_over_on, "taken_over_on"), ends_on)


def check_currency(currency: str, field: str = "currency") -> None:
    try:
        digits(currency)
    except ValueError as error:
        raise CurrencyUnknown(str(error), field=field) from None


def check_time_zone(name: str, field: str = "time_zone") -> None:
    try:
        zone(name)
    except ValueError as error:
        raise TimeZoneUnknown(str(error), field=field) from None


def check_whole_terms(terms: Terms, cap: Measure | None = None, patch: TermsPatch | None = None) -> None:
    """`check_terms`, with the field as it stands in an agreement or a change: `terms.overage.rate`."""
    try:
        check_terms(terms, patch)
        check_cap(terms, cap)
    except (TermsContradict, CapNotMeasurable) as refused:
        raise type(refused)(refused.message, field=f"terms.{refused.field}", **refused.facts) from None


def check_cap(terms: Terms, cap: Measure | None) -> None:
    """`CapNotMeasurable` where a rollover's cap was written in minutes and the allowance is of money, and the like."""
    if cap is not None and terms.rollover is not None and cap != measure_of(terms):
        raise CapNotMeasurable(
            f"the cap is written in {cap}, and the allowance is measured in {measure_of(terms)} (R15)",
            field="rollover.cap",
        )


def agreed_end(agreement: Agreement) -> date | None:
    """The first date no longer covered by what was agreed; a trial without one ends with its one period (R26)."""
    if agreement.ends_on is not None:
        return date.fromisoformat(agreement.ends_on)
    return calendar_of(agreement).nominal_start(1) if agreement.trial else None


def renewed_end(agreement: Agreement, renewals: int) -> date:
    """The end after so many renewals: months from the end first agreed, never from the one before, so that a 31st comes
    back after a short month (R25)."""
    first, renews = agreed_end(agreement), agreement.renews
    assert first is not None and renews is not None, "only what ends and renews has renewed ends"
    return add_months(first, renewals * renews.months)


def last_notice_on(ends_on: date, renews: Renewal) -> date:
    """The last date on which notice is received in time: `notice_days` before the end, and before it (R25)."""
    return ends_on - timedelta(days=max(renews.notice_days, 1))


def _check_trial(agreement: Agreement, ends_on: date | None) -> None:
    terms = agreement.terms
    if terms.fee is None or terms.fee.amount <= 0:
        raise TrialInvalid("a trial has one fee and is never free (R26)", field="terms.fee")
    if terms.fee.every not in (None, "once", terms.cycle.value):
        raise TrialInvalid("a trial's fee is charged once, for its one period (R26)", field="terms.fee.every")
    if terms.rollover is not None:
        raise TrialInvalid("nothing rolls over from a trial (R26)", field="terms.rollover")
    if agreement.renews is not None:
        raise TrialInvalid("a trial does not renew (R26)", field="renews")
    if ends_on is not None and ends_on > calendar_of(agreement).nominal_start(1):
        raise TrialInvalid("a trial is one period: let it end with its first (R26)", field="ends_on")


def _check_take_over(agreement: Agreement, on: date, ends_on: date | None) -> None:
    if not calendar_of(agreement).is_start(on) or (ends_on is not None and on >= ends_on):
        raise TakeOverOffBoundary(
            f"a retainer is taken over on a boundary, and {on} is none (R38)", field="taken_over_on"
        )


def _check_renewal(renews: Renewal, ends_on: date | None) -> None:
    if ends_on is None:
        raise RenewalInvalid("what renews must have an end: name ends_on (R25)", field="renews")
    if not 1 <= renews.months <= MOST_MONTHS:
        raise RenewalInvalid(f"a renewal lasts 1 to {MOST_MONTHS} months (R25)", field="renews.months")
    if not 0 <= renews.notice_days <= MOST_DAYS:
        raise RenewalInvalid(f"notice is received days ahead: 0 to {MOST_DAYS} (R25)", field="renews.notice_days")
    if not all(1 <= days <= MOST_DAYS for days in renews.remind_days):
        raise RenewalInvalid(f"reminders go out days ahead: 1 to {MOST_DAYS} (R25)", field="renews.remind_days")


def _date(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AgreementFlawed(f"{text!r} is no date: write it like 2026-01-31", field=field) from None
