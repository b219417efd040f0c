"""Names of a case file as ids of the API, and back.

A file may call its entries and people what it likes; an id of the API has an alphabet (vocabulary.identity). Where one
name of a kind does not fit, all of that kind get ids by their place among them in the order of text, so that what is
consumed in the order of ids (R11) still is.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from retainer.case_told import (
    BuyTold,
    Case,
    CorrectTold,
    CreditTold,
    DeliverTold,
    EntryTold,
    ExtraTold,
    TermsTold,
)
from vocabulary.identity import IdMalformed, check_id
from vocabulary.terms import Terms


class Ids:
    """One kind of names."""

    def __init__(self, names: Iterable[str]) -> None:
        known = sorted(set(names))
        is_fit = all(_fits(name) for name in known)
        self._ids = {name: name if is_fit else f"n{place:06}" for place, name in enumerate(known)}
        self._names = {id: name for name, id in self._ids.items()}

    def of(self, name: str) -> str:
        """The id; a name that nothing has stands for itself, or for nothing there is."""
        return self._ids.get(name, name if _fits(name) else "n-unknown")

    def name(self, id: str) -> str:
        return self._names.get(id, id)

    @property
    def names(self) -> list[str]:
        return list(self._ids)


THINGS = (EntryTold, DeliverTold, BuyTold, CreditTold, ExtraTold)


def ids_of_things(case: Case) -> Ids:
    """Entries, deliveries, blocks, credits and extras: an id is used once among all of them."""
    told = (fact.id for fact in case.facts if isinstance(fact, THINGS))
    taken = () if case.taken_over is None else (block.id for block in case.taken_over.blocks)
    return Ids([*told, *taken])


def ids_of_people(case: Case) -> Ids:
    """Who is named, who works, and who has a rate."""
    people = {*case.people, *_rated(msgspec.to_builtins(case.agreement.terms))}
    for fact in case.facts:
        if isinstance(fact, EntryTold):
            people.add(fact.person)
        elif isinstance(fact, CorrectTold) and "person" in fact.changes:
            people.add(fact.changes["person"])
        elif isinstance(fact, TermsTold):
            people |= set(_rated(fact.patch))
    return Ids(people)


def terms_with(terms: Terms, people: Ids) -> Terms:
    """Rates of people, by their ids."""
    rates = msgspec.structs.replace(
        terms.rates, people={people.of(name): rate for name, rate in terms.rates.people.items()}
    )
    return msgspec.structs.replace(terms, rates=rates)


def patch_with(patch: Mapping[str, Any], people: Ids) -> dict[str, Any]:
    if not _rated(patch):
        return dict(patch)
    rated = {people.of(name): rate for name, rate in patch["rates"]["people"].items()}
    return {**patch, "rates": {**patch["rates"], "people": rated}}


def _rated(terms: Mapping[str, Any]) -> list[str]:
    return list(((terms.get("rates") or {}).get("people")) or {})


def _fits(name: str) -> bool:
    try:
        check_id(name, "")
    except IdMalformed:
        return False
    return True
