"""google.type.Date <-> date, Timestamp <-> instant (UTC), Duration <-> whole seconds.

Refused
├── DateInvalid         no day of the calendar
└── TimeInvalid         an instant out of range, or a duration with fractions of a second, or below zero
"""

from datetime import UTC, date, datetime
from typing import overload

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

from vocabulary.duration import Minutes, Seconds
from vocabulary.refusal import Kind, Refused

LAST_YEAR = 9000
"""Calendars are reckoned a few periods beyond a date, and Python's end with the year 9999."""


class DateInvalid(Refused, kind=Kind.INVALID):
    """No day of the calendar."""


class TimeInvalid(Refused, kind=Kind.INVALID):
    """An instant or a duration that cannot be."""


def date_of(message: Date, field: str) -> date:
    """The day; `DateInvalid` where year, month or day is missing or there is no such day."""
    try:
        day = date(message.year, message.month, message.day)
    except ValueError:
        written = f"{message.year:04}-{message.month:02}-{message.day:02}"
        raise DateInvalid(f"{field}: {written} is no day of the calendar", field=field) from None
    if day.year > LAST_YEAR:
        raise DateInvalid(f"{field}: the year {day.year} lies too far ahead", field=field)
    return day


def optional_date(owner: Message, name: str, field: str) -> date | None:
    """The date in the field `name` of a message, or None where it is not set."""
    return date_of(getattr(owner, name), field) if owner.HasField(name) else None


@overload
def date_message(day: date) -> Date: ...


@overload
def date_message(day: None) -> None: ...


def date_message(day: date | None) -> Date | None:
    return None if day is None else Date(year=day.year, month=day.month, day=day.day)


def instant_of(message: Timestamp, field: str) -> datetime:
    """The instant in UTC, to the microsecond."""
    try:
        return message.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise TimeInvalid(f"{field} is no instant between the years 1 and 9999", field=field) from None


@overload
def instant_message(instant: datetime) -> Timestamp: ...


@overload
def instant_message(instant: None) -> None: ...


def instant_message(instant: datetime | None) -> Timestamp | None:
    if instant is None:
        return None
    message = Timestamp()
    message.FromDatetime(instant.astimezone(UTC))
    return message


def seconds_of(message: Duration, field: str) -> Seconds:
    """Whole seconds, zero or more (R3)."""
    if message.nanos or message.seconds < 0:
        raise TimeInvalid(f"{field} is whole seconds, zero or more", field=field)
    return Seconds(message.seconds)


def minutes_of(message: Duration, field: str) -> Minutes:
    """Whole minutes, zero or more."""
    seconds = seconds_of(message, field)
    if seconds % 60:
        raise TimeInvalid(f"{field} is whole minutes, and {seconds} s are not", field=field)
    return Minutes(seconds // 60)


def seconds_message(seconds: int) -> Duration:
    return Duration(seconds=seconds)


def minutes_message(minutes: int) -> Duration:
    return Duration(seconds=minutes * 60)
