"""Money, dates, hours and names between a person's way of writing them and the API's; no float anywhere."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from messages.amounts import LARGEST, minor_of, money_of
from messages.dates import seconds_message
from retainer.failures import Failure
from vocabulary.duration import clock_of_seconds, parse_clock
from vocabulary.money import decimal_text, digits, parse_minor

_DECIMAL_HOURS = re.compile(r"(\d{1,5})(?:\.(\d{1,4}))?h?")
_TOO_LONG = re.compile(r"\d{6,}([:.]\d+)*h?")
LARGEST_COUNT = 2**31 - 1
_AMOUNT = re.compile(r"(?P<amount>[+-]?\d+(?:\.\d+)?)\s*(?P<currency>[A-Za-z]{3})?")


def minor(amount: Money) -> int:
    """google.type.Money as minor units of its own currency."""
    return minor_of(amount, amount.currency_code, "amount")


def amount_text(amount: Money) -> str:
    """`1645.16 EUR`; nothing where there is no amount."""
    if not amount.currency_code:
        return ""
    return f"{decimal_text(minor(amount), amount.currency_code)} {amount.currency_code}"


def plain_amount(amount: Money) -> str:
    """`1645.16`: as case files and JSON have it."""
    return decimal_text(minor(amount), amount.currency_code) if amount.currency_code else "0"


def parse_money(text: str, currency: str, where: str = "the amount") -> Money:
    """`1200`, `1200.50` or `1200.50 EUR`; the currency is that of the contract or client where none is written."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise Failure(f"{where}: {text!r} is no amount: write digits with a point, like 1200.50 or '1200.50 EUR'")
    written = (match["currency"] or currency).upper()
    if not written:
        raise Failure(f"{where}: name the currency, like '{match['amount']} EUR'")
    try:
        places = digits(written)
        whole = match["amount"].lstrip("+-").partition(".")[0].lstrip("0")
        if len(whole) + places >= len(str(LARGEST)):
            most = decimal_text(LARGEST - 1, written)
            raise Failure(f"{where}: {whole} {written} is more than can be recorded, which is at most {most} {written}")
        return money_of(parse_minor(match["amount"], written), written)
    except ValueError as error:
        raise Failure(f"{where}: {error}") from None


def parse_hours(text: str, where: str = "the time") -> Duration:
    """`1:35`, `1:35:20`, `2h` or `1.5` (hours; a decimal that is no whole second is refused)."""
    try:
        return seconds_message(parse_clock(text))
    except ValueError:
        pass
    if match := _DECIMAL_HOURS.fullmatch(text):
        whole, part = match.groups(default="")
        scaled = int(whole + part) * 3600
        if scaled % 10 ** len(part) == 0:
            return seconds_message(scaled // 10 ** len(part))
    if _TOO_LONG.fullmatch(text):
        raise Failure(f"{where}: {text} is more hours than can be recorded")
    raise Failure(f"{where}: {text!r} is no duration: write hours and minutes like 1:35")


def parse_count(text: str, where: str) -> int:
    """A whole number, zero or more."""
    if not (text.isascii() and text.isdigit()):
        raise Failure(f"{where}: {text!r} is no whole number")
    if len(text.lstrip("0")) > len(str(LARGEST_COUNT)) or int(text) > LARGEST_COUNT:
        raise Failure(f"{where}: {text} is more than can be recorded, which is at most {LARGEST_COUNT}")
    return int(text)


def hours_text(time: Duration) -> str:
    return clock_of_seconds(time.seconds)


def day_of(message: Date) -> date | None:
    """The date, or None where the message says none."""
    return date(message.year, message.month, message.day) if message.year else None


def date_text(message: Date) -> str:
    day = day_of(message)
    return day.isoformat() if day is not None else ""


def parse_date(text: str, where: str = "the date", today: date | None = None) -> date:
    """`2026-03-01`, `today` or `yesterday`."""
    if text in {"today", "yesterday"}:
        present = today or datetime.now().astimezone().date()
        return present - timedelta(days=text == "yesterday")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Failure(f"{where}: {text!r} is no date: write it like 2026-03-01") from None


def parse_instant(text: str, where: str = "the instant") -> datetime:
    """`2026-03-01T09:00:00+01:00`; without an offset it is this machine's local time."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Failure(f"{where}: {text!r} is no instant: write it like 2026-03-01T09:00:00+01:00") from None
    return instant.astimezone()


def parse_timestamp(text: str, where: str = "the instant") -> Timestamp:
    """The same as a message."""
    message = Timestamp()
    message.FromDatetime(parse_instant(text, where).astimezone(UTC))
    return message


def instant_text(message: Timestamp) -> str:
    """`2026-03-01 08:00:00Z`; nothing where there is none."""
    if not message.seconds and not message.nanos:
        return ""
    return message.ToDatetime(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def named(collection: str, id_or_name: str) -> str:
    """`web-2026` as `contracts/web-2026`; a whole name stays as it is."""
    return id_or_name if id_or_name.startswith(f"{collection}/") else f"{collection}/{id_or_name}"


def id_of(name: str) -> str:
    """The last part of a resource name."""
    return name.rpartition("/")[2]


def measured_text(measured: Any) -> str:
    """A quantity in whatever measure it has: `14:42`, `1200.00 EUR`, `3`."""
    match measured.WhichOneof("measured"):
        case "time":
            return hours_text(measured.time)
        case "amount":
            return amount_text(measured.amount)
        case "units":
            return str(measured.units)
        case _:
            return ""


def measured_number(measured: Any) -> int:
    """The same quantity as a number: seconds, minor units, units."""
    match measured.WhichOneof("measured"):
        case "time":
            return int(measured.time.seconds)
        case "amount":
            return minor(measured.amount)
        case "units":
            return int(measured.units)
        case _:
            return 0
