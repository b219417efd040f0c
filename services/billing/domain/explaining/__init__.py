"""Amounts read out as reasons, from the grounds that they were made of; nothing is reckoned here a second time.

| room | what it reads out |
| --- | --- |
| entries | an entry: its rounding, its rate and where it came from, and which part of it was beyond |
| period | what was available in a period, and what each entry used of it: buckets, allowance, blocks |
| charges | a charge: parts of a fee with their days, time, minimum, overage, loans called in |
| documents | a document: lines, tax, what earlier documents asked, and what has changed since |
| sheet | a time sheet whose visible lines add up to a line's total |
"""

from services.billing.domain.explaining.documents import Earlier, Explained, LineExplained, explain, reversed_document
from services.billing.domain.explaining.entries import ALL, Source, Window
from services.billing.domain.explaining.sheet import SheetRow, time_sheet

__all__ = [
    "ALL",
    "Earlier",
    "Explained",
    "LineExplained",
    "SheetRow",
    "Source",
    "Window",
    "explain",
    "reversed_document",
    "time_sheet",
]
