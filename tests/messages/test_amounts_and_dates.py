"""Amounts, dates and durations between the API and the vocabulary: exact, or refused with their field."""

from datetime import UTC, date, datetime

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from hypothesis import given
from hypothesis import strategies as st

from messages.amounts import AmountMalformed, AmountTooFine, CurrencyDiffers, minor_of, money_of
from messages.dates import (
    DateInvalid,
    TimeInvalid,
    date_message,
    date_of,
    instant_message,
    instant_of,
    minutes_of,
    seconds_of,
)
from vocabulary.agreement import CurrencyUnknown


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "TND"]))
def test_minor_units_survive_the_road(minor: int, currency: str) -> None:  # R1
    assert minor_of(money_of(minor, currency), currency, "amount") == minor


@pytest.mark.parametrize(
    ("currency", "units", "nanos", "minor"),
    [
        ("EUR", 3000, 0, 300000),
        ("EUR", 0, 10_000_000, 1),
        ("EUR", -1, -500_000_000, -150),
        ("EUR", 0, -10_000_000, -1),
        ("JPY", 7, 0, 7),
        ("TND", 1, 1_000_000, 1001),
    ],
)
def test_money_is_read_to_its_minor_unit(currency: str, units: int, nanos: int, minor: int) -> None:
    assert minor_of(Money(currency_code=currency, units=units, nanos=nanos), currency, "fee.amount") == minor


@pytest.mark.parametrize(
    ("money", "reason"),
    [
        (Money(currency_code="EUR", nanos=1_000_000), AmountTooFine),  # a tenth of a cent
        (Money(currency_code="EUR", nanos=-5), AmountTooFine),
        (Money(currency_code="USD", units=1), CurrencyDiffers),
        (Money(units=1), CurrencyDiffers),
        (Money(currency_code="EUR", units=1, nanos=-10_000_000), AmountMalformed),
        (Money(currency_code="EUR", nanos=1_000_000_000), AmountMalformed),
        (Money(currency_code="EUR", units=10**14), AmountMalformed),
    ],
)
def test_money_that_is_not_exact_is_refused_with_its_field(money: Money, reason: type[Exception]) -> None:
    with pytest.raises(reason) as refusal:
        minor_of(money, "EUR", "fee.amount")
    assert refusal.value.field == "fee.amount"  # type: ignore[attr-defined]  # a Refused


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(CurrencyUnknown):
        minor_of(Money(currency_code="XYZ", units=1), "XYZ", "amount")


def test_a_date_is_a_day_of_the_calendar() -> None:
    assert date_of(Date(year=2028, month=2, day=29), "on") == date(2028, 2, 29)
    assert date_message(date(2028, 2, 29)) == Date(year=2028, month=2, day=29)
    assert date_message(None) is None


@pytest.mark.parametrize("message", [Date(year=2027, month=2, day=29), Date(), Date(year=9500, month=1, day=1)])
def test_a_day_that_is_not_is_refused(message: Date) -> None:
    with pytest.raises(DateInvalid) as refusal:
        date_of(message, "starts_on")
    assert refusal.value.field == "starts_on"


def test_instants_are_utc() -> None:
    instant = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    message = instant_message(instant)
    assert message is not None
    assert instant_of(message, "start_time") == instant
    with pytest.raises(TimeInvalid):
        instant_of(Timestamp(seconds=10**12), "start_time")


def test_worked_time_is_whole_seconds() -> None:  # R3
    assert seconds_of(Duration(seconds=95), "worked") == 95
    assert minutes_of(Duration(seconds=120), "hours") == 2
    for message in (Duration(nanos=1), Duration(seconds=-1)):
        with pytest.raises(TimeInvalid):
            seconds_of(message, "worked")
    with pytest.raises(TimeInvalid):
        minutes_of(Duration(seconds=61), "hours")
