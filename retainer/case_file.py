"""A case file: one retainer's story (docs/case-format.md). Here it is read and nothing is reckoned.

Every fact has its place in the file (`log[3]`) and the date on which it was recorded (`known`), the default filled in.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from retainer.case_facts import (
    Approval,
    Block,
    CaseFact,
    Correction,
    Credit,
    Deletion,
    Delivery,
    End,
    Entry,
    OverageApproval,
    OverageDecline,
    Pause,
    Payment,
    Terms,
)
from retainer.case_terms import Measure, agreement_of, measure_in, terms_patch
from retainer.case_yaml import CaseBroken, Table, Value, inside, load
from vocabulary.calendar import local_date, zone
from vocabulary.money import digits
from vocabulary.terms import Agreement

__all__ = ["Case", "CaseBroken", "CaseFact", "read", "read_agreement"]

ONE_DAY = timedelta(days=1)
OF_AN_ENTRY = ("at", "on", "for", "person", "task", "billable", "rate")


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file. `people` are roles by person; whoever works and is not named has none."""

    title: str
    people: Mapping[str, str]
    agreement: Agreement
    facts: tuple[CaseFact, ...]
    until: date
    expect: Any = None

    @property
    def currency(self) -> str:
        return self.agreement.currency

    @property
    def time_zone(self) -> str:
        return self.agreement.time_zone

    def in_order(self) -> Sequence[CaseFact]:
        """As they were recorded: by `known`, then by their place in the file."""
        return sorted(self.facts, key=lambda fact: (fact.known, fact.index))

    def everybody(self) -> Sequence[str]:
        """Who is named, and who works."""
        workers = [fact.person for fact in self.facts if isinstance(fact, Entry | Correction) and fact.person]
        return sorted({*self.people, *(person for person in workers if isinstance(person, str))})


def read(path: Path) -> Case:
    """The case, or `CaseBroken` with the place of what breaks the format."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise CaseBroken("", f"{path} cannot be read: {error.strerror}") from None
    return case_of(load(text))


def read_agreement(path: Path) -> Agreement:
    """Currency, zone and contract of a file that may hold no more than these."""
    try:
        raw = load(path.read_bytes())
    except OSError as error:
        raise CaseBroken("", f"{path} cannot be read: {error.strerror}") from None
    needed = ("currency", "time_zone", "contract")
    return _agreement(Value(raw, "").mapping(needed, ("title", "people", "log", "until", "expect")))


def case_of(raw: Any) -> Case:
    top = Value(raw, "").mapping(("currency", "time_zone", "contract", "until"), ("title", "people", "log", "expect"))
    agreement = _agreement(top)
    title = top.get("title")
    log = top.get("log")
    return Case(
        title="" if title is None else title.text(),
        people=_people(top["people"]) if "people" in top and top["people"].raw is not None else {},
        agreement=agreement,
        facts=() if log is None or log.raw is None else _facts(list(log.items()), agreement),
        until=top["until"].date(),
        expect=top.raw.get("expect"),
    )


def _agreement(top: Table) -> Agreement:
    currency = top["currency"]
    try:
        digits(currency.text())
    except ValueError as error:
        raise currency.broken(str(error)) from None
    return agreement_of(top["contract"], currency.text(), top["time_zone"].zone_name())


def _people(value: Value) -> Mapping[str, str]:
    people = value.mapping()
    roles = {}
    for name in people.names():
        said = people[name].mapping((), ("role",)) if people[name].raw is not None else None
        roles[name] = said["role"].text() if said is not None and "role" in said else ""
    return roles


def _facts(items: Sequence[Value], agreement: Agreement) -> tuple[CaseFact, ...]:
    reader = _Reader(items, agreement)
    return tuple(reader.fact(index, item) for index, item in enumerate(items))


class _Reader:
    """Reads the log. It looks at the whole of it first: ids that are deleted, allowances that a cap is measured by."""

    def __init__(self, items: Sequence[Value], agreement: Agreement) -> None:
        self._currency = agreement.currency
        self._zone = zone(agreement.time_zone)
        self._measures = _measures(items, agreement)
        self._kinds: dict[str, list[str]] = {}
        for index, item in enumerate(items):
            kind, told = _kind(item), item.mapping()
            if kind in ("entry", "delivery", "block", "credit"):
                known = self._kinds.setdefault(_id(told, index, kind), [])
                if kind in known:
                    raise CaseBroken(inside(item.place, "id"), f"there is a {kind} {told.raw['id']!r} before")
                known.append(kind)

    def fact(self, index: int, item: Value) -> CaseFact:
        match _kind(item):
            case "entry":
                return self._entry(index, item)
            case "correct":
                return self._correction(index, item)
            case "delete":
                return self._deletion(index, item)
            case "approve":
                said = item.mapping(("approve", "known"))
                return Approval(index=index, known=said["known"].date(), id=said["approve"].text())
            case "approve_overage":
                return self._overage_approval(index, item)
            case "decline_overage":
                said = item.mapping(("decline_overage", "known"))
                period = said["decline_overage"].mapping(("period",))["period"].date()
                return OverageDecline(index=index, known=said["known"].date(), period=period)
            case "terms":
                return self._terms(index, item)
            case "pause":
                return self._pause(index, item)
            case "end":
                said = item.mapping(("end", "known"))
                return End(index=index, known=said["known"].date(), on=said["end"].date())
            case "block":
                return self._block(index, item)
            case "delivery":
                return self._delivery(index, item)
            case "credit":
                return self._credit(index, item)
            case _:
                return self._payment(index, item)

    def _entry(self, index: int, item: Value) -> Entry:
        said = item.mapping(("for", "person"), ("id", "at", "on", "task", "billable", "rate", "known"))
        if ("at" in said) == ("on" in said):
            raise item.broken("give either 'at' (an instant) or 'on' (a date)")
        given = self._work(said)
        own = local_date(given["at"], self._zone) if "at" in given else given["on"]
        return Entry(index=index, known=_known(said, own), id=_id(said, index, "entry"), **given)

    def _correction(self, index: int, item: Value) -> Correction:
        said = item.mapping(("correct", "known"), OF_AN_ENTRY)
        if "at" in said and "on" in said:
            raise item.broken("give either 'at' (an instant) or 'on' (a date)")
        return Correction(index=index, known=said["known"].date(), id=said["correct"].text(), **self._work(said))

    def _work(self, said: Table) -> dict[str, Any]:
        """What is said of an entry, under the names of `Entry`."""
        given: dict[str, Any] = {}
        if "at" in said:
            given["at"] = said["at"].instant()
        if "on" in said:
            given["on"] = said["on"].date()
        if "for" in said:
            given["worked"] = said["for"].clock()
        for name in ("person", "task"):
            if name in said:
                given[name] = said[name].text()
        if "billable" in said:
            given["billable"] = said["billable"].truth()
        if "rate" in said:
            given["rate"] = None if said["rate"].raw is None else said["rate"].amount(self._currency)
        return given

    def _deletion(self, index: int, item: Value) -> Deletion:
        said = item.mapping(("delete", "known"))
        id = said["delete"].text()
        kinds = self._kinds.get(id, [])
        if not kinds:
            raise said["delete"].broken(f"there is no entry, delivery, block or credit {id!r} in this file")
        if len(kinds) > 1:
            raise said["delete"].broken(f"{id!r} is the id of more than one: {', '.join(kinds)}")
        return Deletion(index=index, known=said["known"].date(), id=id, kind=kinds[0])

    def _overage_approval(self, index: int, item: Value) -> OverageApproval:
        said = item.mapping(("approve_overage", "known"))
        approved = said["approve_overage"].mapping(("period",), ("minutes", "amount", "units"))
        period = approved["period"].date()
        known = said["known"].date()
        quantity: int
        measure: Measure
        match [key for key in ("minutes", "amount", "units") if key in approved]:
            case ["minutes"]:
                quantity, measure = approved["minutes"].whole(), "hours"
            case ["amount"]:
                quantity, measure = approved["amount"].amount(self._currency), "amount"
            case ["units"]:
                quantity, measure = approved["units"].whole(), "units"
            case _:
                raise said["approve_overage"].broken("give one of: minutes, amount, units")
        return OverageApproval(index=index, known=known, period=period, quantity=quantity, measure=measure)

    def _terms(self, index: int, item: Value) -> Terms:
        said = item.mapping(("terms", "from"), ("immediately", "known"))
        from_on = said["from"].date()
        immediately = said["immediately"].truth() if "immediately" in said else False
        patch = terms_patch(said["terms"], self._currency, self._measures.get(index))
        known = _known(said, from_on - ONE_DAY)
        return Terms(index=index, known=known, patch=patch, from_on=from_on, immediately=immediately)

    def _pause(self, index: int, item: Value) -> Pause:
        said = item.mapping(("pause",), ("known",))
        dates = [day.date() for day in said["pause"].items()]
        if len(dates) != 2:
            raise said["pause"].broken("give two dates: the first paused, and the first no longer paused")
        return Pause(index=index, known=_known(said, dates[0] - ONE_DAY), from_on=dates[0], to_on=dates[1])

    def _block(self, index: int, item: Value) -> Block:
        said = item.mapping(("buy", "on"), ("id", "known"))
        bought = said["buy"].mapping(("hours", "price"), ("expires_on",))
        on = said["on"].date()
        return Block(
            index=index,
            known=_known(said, on - ONE_DAY),
            id=_id(said, index, "block"),
            minutes=bought["hours"].minutes_of_hours(),
            price=bought["price"].amount(self._currency),
            on=on,
            expires_on=bought["expires_on"].date() if "expires_on" in bought else None,
        )

    def _delivery(self, index: int, item: Value) -> Delivery:
        said = item.mapping(("deliver", "on"), ("id", "known"))
        on = said["on"].date()
        units = said["deliver"].mapping(("units",))["units"].whole()
        return Delivery(index=index, known=_known(said, on), id=_id(said, index, "delivery"), units=units, on=on)

    def _credit(self, index: int, item: Value) -> Credit:
        said = item.mapping(("credit", "on"), ("id", "known"))
        given = said["credit"].mapping(("amount",), ("why",))
        on = said["on"].date()
        return Credit(
            index=index,
            known=_known(said, on),
            id=_id(said, index, "credit"),
            amount=given["amount"].amount(self._currency),
            on=on,
            why=given["why"].text() if "why" in given else "",
        )

    def _payment(self, index: int, item: Value) -> Payment:
        said = item.mapping(("pay", "on"), ("known",))
        paid = said["pay"].mapping(("amount",), ("id", "invoice"))
        on = said["on"].date()
        return Payment(
            index=index,
            known=_known(said, on),
            id=paid["id"].text() if "id" in paid else f"log-{index}",
            amount=paid["amount"].amount(self._currency),
            on=on,
            invoice=paid["invoice"].text() if "invoice" in paid else None,
        )


_KINDS = {
    "for": "entry",
    "buy": "block",
    "deliver": "delivery",
    "credit": "credit",
    "pay": "payment",
    "terms": "terms",
    "pause": "pause",
    "end": "end",
    "approve": "approve",
    "approve_overage": "approve_overage",
    "decline_overage": "decline_overage",
}


def _kind(item: Value) -> str:
    """What sort of fact it is, by the key that only that sort has."""
    said = item.mapping()
    for key in ("correct", "delete"):
        if key in said:
            return key
    found = [kind for key, kind in _KINDS.items() if key in said]
    if not found and "id" in said:
        return "entry"
    if len(found) != 1:
        raise item.broken(f"is one of: an entry (for), correct, delete, {', '.join(list(_KINDS)[1:])}")
    return found[0]


def _known(said: Table, default: date) -> date:
    return said["known"].date() if "known" in said else default


def _id(said: Table, index: int, kind: str) -> str:
    return said["id"].text() if "id" in said else f"{kind}-{index:04}"


def _measures(items: Sequence[Value], agreement: Agreement) -> Mapping[int, Measure]:
    """For each change of terms: the measure of the allowance in force then, by order of `from`."""
    changes = []
    for index, item in enumerate(items):
        if _kind(item) == "terms":
            said = item.mapping(("terms", "from"), ("immediately", "known"))
            changes.append((said["from"].date(), index, said["terms"].mapping()))
    measure = measure_in(agreement.terms.allowance)
    found: dict[int, Measure] = {}
    for _, index, terms in sorted(changes, key=lambda change: change[:2]):
        allowance = terms.get("allowance")
        if allowance is not None:
            keys = () if allowance.raw is None else tuple(allowance.mapping().names())
            choices: tuple[Measure, ...] = ("hours", "amount", "units")
            measure = next((choice for choice in choices if choice in keys), None)
        if measure is not None:
            found[index] = measure
    return found
