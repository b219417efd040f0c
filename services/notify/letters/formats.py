"""Amounts, dates and hours as the reader writes them; never through a float."""

from datetime import date, timedelta
from decimal import Decimal

from services.notify.events import BudgetFigures
from vocabulary.money import digits

LANGUAGES = ("de", "en")


class Formats:
    """For one locale (`de`, `de-CH`, `en_US`); English where we have no letters in its language."""

    def __init__(self, locale: str) -> None:
        from babel import Locale, UnknownLocaleError  # loads where the first letter is written

        try:
            wanted = Locale.parse(locale.strip().replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            wanted = Locale("en")
        self._locale = wanted if wanted.language in LANGUAGES else Locale("en")
        self.language: str = self._locale.language

    def amount(self, minor: int, currency: str) -> str:
        from babel.numbers import format_currency

        return format_currency(Decimal(minor).scaleb(-digits(currency)), currency, locale=self._locale)

    def day(self, day: date) -> str:
        """`1. März 2026`, `March 1, 2026`."""
        from babel.dates import format_date

        return format_date(day, format="long", locale=self._locale)

    def last_day(self, end: date) -> str:
        """The last date of a period that ends before `end`."""
        return self.day(end - timedelta(days=1))

    def percent(self, percent: int) -> str:
        from babel.numbers import format_percent

        return format_percent(Decimal(percent) / 100, locale=self._locale)

    def hours(self, minutes: int) -> str:
        """`7 Stunden, 25 Minuten`; `0 hours` where there are none."""
        from babel.lists import format_list
        from babel.units import format_unit

        hours, rest = divmod(minutes, 60)
        parts = [format_unit(hours, "duration-hour", length="long", locale=self._locale)] if hours or not rest else []
        if rest:
            parts.append(format_unit(rest, "duration-minute", length="long", locale=self._locale))
        return format_list(parts, style="unit", locale=self._locale)

    def units(self, count: int, unit: str) -> str:
        from babel.numbers import format_decimal

        number = format_decimal(count, locale=self._locale)
        return f"{number} × {unit}" if unit else number

    def measured(self, value: int, figures: BudgetFigures, currency: str, unit: str) -> str:
        """A figure of a budget in its own measure."""
        match figures.measure:
            case "minutes":
                return self.hours(value)
            case "money":
                return self.amount(value, currency)
            case "units":
                return self.units(value, unit)
