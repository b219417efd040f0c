"""The rate of an entry (R9)."""

from typing import NamedTuple

from vocabulary.money import Minor
from vocabulary.terms import Terms


class Rated(NamedTuple):
    """A rate per hour, and where it came from: `entry`, `task`, `person`, `role` or `contract`."""

    rate: Minor
    source: str


def rate_of(terms: Terms, *, entry_rate: Minor | None, task: str, person: str, role: str) -> Rated | None:
    """The first that is set of entry, task, person, role, contract default, by the terms in force on its date (R9)."""
    candidates = (
        ("entry", entry_rate),
        ("task", terms.rates.tasks.get(task) if task else None),
        ("person", terms.rates.people.get(person) if person else None),
        ("role", terms.rates.roles.get(role) if role else None),
        ("contract", terms.rate),
    )
    return next((Rated(rate, source) for source, rate in candidates if rate is not None), None)
