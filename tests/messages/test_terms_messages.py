"""Terms between the API and the vocabulary: everything that terms can hold survives the road."""

from typing import Any

import msgspec
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from messages.amounts import AmountTooFine, CurrencyDiffers, money_of
from messages.dates import DateInvalid
from messages.masks import MaskInvalid
from messages.terms import (
    TermsUnreadable,
    agreement_message,
    agreement_of,
    cap_measure_of,
    patch_of,
    percent_of,
    ppm_of,
    terms_message,
)
from vocabulary.agreement import CurrencyUnknown
from vocabulary.duration import Minutes
from vocabulary.money import Minor
from vocabulary.refusal import Refused
from vocabulary.terms import (
    Agreement,
    Amount,
    Billed,
    Cycle,
    Fee,
    Hours,
    Invoicing,
    Overage,
    OveragePolicy,
    Rates,
    Renewal,
    Rollover,
    Rounding,
    RoundingMode,
    Tax,
    TaxCategory,
    Terms,
    Units,
    merged,
)
from wire.retainer.contracts.v1 import terms_pb2 as messages

EVERYTHING = Terms(
    cycle=Cycle.MONTH,
    anchor=31,
    fee=Fee(Minor(300000), billed=Billed.IN_ARREARS, every="quarter"),
    access_fee=Minor(4900),
    allowance=Hours(Minutes(1800)),
    rate=Minor(12000),
    rates=Rates(tasks={"seo": Minor(14000)}, people={"anna": Minor(15000)}, roles={"senior": Minor(13500)}),
    rollover=Rollover(cap=600, expires_after=2),
    overage=Overage(OveragePolicy.APPROVE, Minor(13000)),
    rounding=Rounding(15, RoundingMode.NEAREST, "day"),
    tax=Tax(TaxCategory.STANDARD, 190000),
    net_days=30,
    approval="required",
    invoicing=Invoicing(after_days=5, release="manual"),
)
PLAIN = Terms(cycle=Cycle.WEEK, rate=Minor(12000))


def agreed(terms: Terms, **rest: Any) -> Agreement:
    return Agreement(currency="EUR", time_zone="Europe/Berlin", starts_on="2026-01-15", terms=terms, **rest)


@pytest.mark.parametrize(
    "terms",
    [
        EVERYTHING,
        PLAIN,
        Terms(cycle=Cycle.MONTH, allowance=Amount(Minor(250000)), rollover=Rollover(cap=5000)),
        Terms(cycle=Cycle.YEAR, allowance=Units(4, "blog post"), rollover=Rollover(cap=2, expires_after=1)),
        Terms(cycle=Cycle.QUARTER, bank=True, minimum=Minor(50000), fee=Fee(Minor(1), every="once")),
    ],
)
def test_terms_survive_the_road(terms: Terms) -> None:
    agreement = agreed(terms, ends_on="2027-01-15", region="DE-BE", renews=Renewal(12, 60, (90, 7)), notice_days=14)
    back, cap = agreement_of(agreement_message(agreement))
    shown = msgspec.structs.replace(terms.fee, every=terms.fee.every or terms.cycle.value) if terms.fee else None
    assert back == msgspec.structs.replace(agreement, terms=msgspec.structs.replace(terms, fee=shown))
    assert (cap is None) == (terms.rollover is None or terms.rollover.cap is None)


def test_what_is_absent_has_its_default() -> None:
    message = agreement_message(agreed(PLAIN))
    message.ClearField("notice_days")
    message.terms.Clear()
    message.terms.cycle = messages.CYCLE_MONTH
    back, _ = agreement_of(message)
    assert back == agreed(Terms(cycle=Cycle.MONTH))
    message.renews.months = 6
    assert agreement_of(message)[0].renews == Renewal(6)


def test_a_change_holds_what_is_set() -> None:  # R22
    change = messages.Terms(fee=messages.Fee(amount=money_of(350000, "EUR")), rollover=messages.Rollover())
    patch = patch_of(change, FieldMask(), "EUR")
    assert patch == {"fee": {"amount": 350000}, "rollover": {}}
    after = merged(EVERYTHING, patch)
    assert after.fee == Fee(Minor(350000), billed=Billed.IN_ARREARS, every="quarter")
    assert after.rollover == EVERYTHING.rollover


def test_what_a_mask_names_and_the_message_lacks_is_taken_away() -> None:
    change = messages.Terms(overage=messages.Overage(policy=messages.OVERAGE_POLICY_STOP))
    mask = FieldMask(paths=["overage", "rollover", "rates.tasks.seo", "tax.rate_percent", "tax.category"])
    after = merged(EVERYTHING, patch_of(change, mask, "EUR"))
    assert after.overage == Overage(OveragePolicy.STOP)  # named whole: its rate is gone
    assert after.rollover is None
    assert after.rates == Rates(people=EVERYTHING.rates.people, roles=EVERYTHING.rates.roles)
    assert after.tax == Tax()
    assert after.fee == EVERYTHING.fee


def test_rates_are_merged_key_by_key() -> None:
    change = messages.Terms()
    change.rates.tasks["design"].CopyFrom(money_of(16000, "EUR"))
    for mask in (FieldMask(), FieldMask(paths=["rates"]), FieldMask(paths=["rates.tasks.design"])):
        after = merged(EVERYTHING, patch_of(change, mask, "EUR"))
        assert after.rates.tasks == {"seo": 14000, "design": 16000}
    assert merged(EVERYTHING, patch_of(messages.Terms(), FieldMask(paths=["rates"]), "EUR")).rates == Rates()


def test_an_allowance_is_replaced_whole() -> None:
    change = messages.Terms(allowance=messages.Allowance(units=messages.Units(units=4, of="post")))
    assert patch_of(change, FieldMask(paths=["allowance"]), "EUR") == {
        "allowance": {"measure": "units", "units": 4, "of": "post"}
    }
    assert patch_of(messages.Terms(), FieldMask(paths=["allowance", "bank"]), "EUR") == {
        "allowance": None,
        "bank": None,
    }


@pytest.mark.parametrize(
    "path", ["title", "fee.price", "fee.amount.units", "allowance.hours", "cycle.x", "rates.x", ""]
)
def test_a_mask_that_names_no_part_of_terms_is_refused(path: str) -> None:
    with pytest.raises(MaskInvalid):
        patch_of(messages.Terms(), FieldMask(paths=[path]), "EUR")


def test_the_measure_of_a_cap_is_known() -> None:
    assert cap_measure_of(messages.Terms(rollover=messages.Rollover(units=2))) == "units"
    assert cap_measure_of(messages.Terms(rollover=messages.Rollover())) is None


def _broken(**changes: Any) -> messages.Agreement:
    message = agreement_message(agreed(EVERYTHING))
    for name, value in changes.items():
        part: Any = message
        *steps, last = name.split("__")
        for step in steps:
            part = getattr(part, step)
        if value is None:
            part.ClearField(last)
        elif hasattr(value, "DESCRIPTOR"):
            getattr(part, last).CopyFrom(value)
        else:
            setattr(part, last, value)
    return message


@pytest.mark.parametrize(
    ("message", "reason", "field"),
    [
        (_broken(currency_code="XXQ"), CurrencyUnknown, "agreement.currency_code"),
        (_broken(starts_on=None), DateInvalid, "agreement.starts_on"),
        (_broken(terms__cycle=0), TermsUnreadable, "agreement.terms.cycle"),
        (_broken(terms__cycle=17), TermsUnreadable, "agreement.terms.cycle"),
        (_broken(terms__fee__amount=None), TermsUnreadable, "agreement.terms.fee.amount"),
        (_broken(terms__allowance=messages.Allowance()), TermsUnreadable, "agreement.terms.allowance"),
        (_broken(terms__allowance__hours=Duration(seconds=30)), Refused, "agreement.terms.allowance.hours"),
        (_broken(terms__rate=money_of(1, "USD")), CurrencyDiffers, "agreement.terms.rate"),
        (_broken(terms__overage__rate__nanos=5), AmountTooFine, "agreement.terms.overage.rate"),
        (_broken(terms__tax__rate_percent="19,0"), TermsUnreadable, "agreement.terms.tax.rate_percent"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(
    message: messages.Agreement, reason: type[Refused], field: str
) -> None:
    with pytest.raises(reason) as refusal:
        agreement_of(message)
    assert refusal.value.field == field


def test_a_percentage_is_exact() -> None:
    assert (ppm_of("19", "x"), ppm_of("8.1", "x"), ppm_of("7.7001", "x")) == (190000, 81000, 77001)
    assert (percent_of(190000), percent_of(81000), percent_of(77001), percent_of(100000)) == (
        "19",
        "8.1",
        "7.7001",
        "10",
    )
    for wrong in ("", "-1", "1.00001", "a", "1e2"):
        with pytest.raises(TermsUnreadable):
            ppm_of(wrong, "x")


def test_terms_are_shown_with_every_default() -> None:
    shown = terms_message(PLAIN, "EUR")
    assert shown.net_days == 14
    assert shown.overage.policy == messages.OVERAGE_POLICY_BILL
    assert shown.rounding.minutes == 1
    assert not shown.HasField("fee")
