"""Numbers of documents, without gap or repeat per agency, year and series (R30).

    Refused
    ├── SeriesBegun      the series has a document, or was given its next number before
    └── NumberTooSmall   numbers begin at 1

One stream is one series of one year: `<agency>/series/invoices-2026`. A number is taken in the same append as the
document that bears it, so where two take one at once the store lets one of them through and the other decides again.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from services.billing.events import NextNumberSet, NumberTaken
from vocabulary.identity import ContractId, DocumentNumber
from vocabulary.refusal import Kind, Refused

SeriesEvent = NumberTaken | NextNumberSet


class SeriesBegun(Refused, kind=Kind.CONFLICT):
    """Its next number can be set once, before its first document (R38)."""


class NumberTooSmall(Refused, kind=Kind.INVALID):
    """Numbers begin at 1."""


class Series(StrEnum):
    """Invoices and credit notes are numbered apart (R30)."""

    INVOICES = "invoices"
    CREDIT_NOTES = "credit-notes"

    def number(self, year: int, place: int) -> DocumentNumber:
        """`2026-0001`, `CN-2026-0001`."""
        prefix = "CN-" if self is Series.CREDIT_NOTES else ""
        return DocumentNumber(f"{prefix}{year}-{place:04}")


def series_of(gross: int) -> Series:
    """The gross total decides: below zero it is a credit note (R28)."""
    return Series.CREDIT_NOTES if gross < 0 else Series.INVOICES


class TakeNumber(msgspec.Struct, frozen=True):
    series: Series
    year: int
    contract_id: ContractId


class SetNextNumber(msgspec.Struct, frozen=True):
    """The next document gets this number (R38)."""

    next: int


SeriesCommand = TakeNumber | SetNextNumber


class Numbering(msgspec.Struct, frozen=True):
    """`next` is the place of the next document; `begun` once it can no longer be set."""

    next: int = 1
    begun: bool = False


NOTHING_NUMBERED = Numbering()


def decide(command: SeriesCommand, numbering: Numbering) -> Sequence[SeriesEvent]:
    match command:
        case TakeNumber(series, year, contract_id):
            return [NumberTaken(number=series.number(year, numbering.next), contract_id=contract_id)]
        case SetNextNumber(place):
            if numbering.begun:
                raise SeriesBegun(f"the series is at {numbering.next} already, and can no longer be set", field="next")
            if place < 1:
                raise NumberTooSmall(f"{place} is no number of a series: they begin at 1", field="next")
            return [NextNumberSet(next=place)]


def evolve(numbering: Numbering, event: SeriesEvent) -> Numbering:
    match event:
        case NumberTaken():
            return Numbering(numbering.next + 1, begun=True)
        case NextNumberSet(next=place):
            return Numbering(place, begun=True)
