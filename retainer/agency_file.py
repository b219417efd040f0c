"""A whole agency in one file, to be taken over (docs/takeover-format.md). Reading alone: all that is wrong with it is
collected, each fault with its place, so that a file is mended in one go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from retainer import case_terms
from retainer.case_file import PLACES, taken_over_of
from retainer.case_told import TakenOver
from retainer.yaml_exact import At, Flaw, load
from vocabulary.agreement import check_agreement, check_currency, check_time_zone
from vocabulary.identity import IdMalformed, check_id
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement
from wire.retainer.contracts.v1.address_pb2 import PostalAddress
from wire.retainer.contracts.v1.client_pb2 import Client, Contact
from wire.retainer.timelog.v1.person_pb2 import Person

TOP: Final = ("numbers", "people", "clients", "contracts")
PERSON: Final = ("name", "email", "role", "time_zone")
CLIENT: Final = (
    "name", "currency", "time_zone", "locale", "address", "contacts", "vat_id", "reference", "external_ids",
)  # fmt: skip
ADDRESS: Final = ("lines", "postal_code", "city", "country")
CONTACT: Final = ("id", "name", "email", "receives")
CONTRACT: Final = ("client", "title", "currency", "time_zone", "contract")


class Running(msgspec.Struct, frozen=True):
    """A retainer that runs elsewhere until it is taken over."""

    id: str
    place: str
    client_id: str
    title: str
    agreement: Agreement
    taken: TakenOver


class Numbers(msgspec.Struct, frozen=True):
    """The next number of a series of one year."""

    place: str
    year: int
    series: str
    next: int


class Agency(msgspec.Struct, frozen=True):
    """What a file says; `faults` is all that is wrong with it, in the order of the file."""

    clients: dict[str, Client]
    people: dict[str, Person]
    contracts: tuple[Running, ...]
    numbers: tuple[Numbers, ...]
    faults: tuple[Flaw, ...]


def read(path: Path) -> Agency:
    """`Flaw` where it is no YAML at all."""
    return _Reader(load(path)).agency()


class _Reader:
    def __init__(self, file: At) -> None:
        self._file = file
        self._faults: list[Flaw] = []
        self._currencies: dict[str, str] = {}
        self._zones: dict[str, str] = {}

    def agency(self) -> Agency:
        with self._collecting():
            self._file.mapping(*TOP)
        clients = {id: self._client(id, item) for id, item in self._items("clients")}
        people = {id: self._person(item) for id, item in self._items("people")}
        contracts = [self._contract(id, item) for id, item in self._items("contracts")]
        if not self._faults and not contracts:
            self._faults.append(Flaw("contracts", "is missing: there is nothing to take over"))
        numbers = tuple(self._numbers())
        return Agency(
            {id: client for id, client in clients.items() if client is not None},
            {id: person for id, person in people.items() if person is not None},
            tuple(contract for contract in contracts if contract is not None),
            numbers,
            tuple(self._faults),
        )

    @contextmanager
    def _collecting(self) -> Iterator[None]:
        try:
            yield
        except Flaw as flaw:
            self._faults.append(flaw)

    def _items(self, key: str) -> Iterator[tuple[str, At]]:
        """What stands under a key, by id; a malformed id is a fault."""
        found = None
        with self._collecting():
            found = self._file.get(key)
            items = [] if found is None or found.is_null else list(found.each())
            for id, item in items:
                try:
                    check_id(id, "")
                except IdMalformed as refused:
                    self._faults.append(Flaw(item.place, refused.message))
            yield from items

    def _client(self, id: str, item: At) -> Client | None:
        with self._collecting():
            item.mapping(*CLIENT)
            currency, time_zone = item.need("currency"), _text(item, "time_zone") or "UTC"
            _checked(item.need("currency").place, lambda: check_currency(currency.text()))
            _checked(f"{item.place}.time_zone", lambda: check_time_zone(time_zone))
            self._currencies[id], self._zones[id] = currency.text(), time_zone
            client = Client(
                display_name=item.need("name").text(),
                currency_code=currency.text(),
                time_zone=time_zone,
                locale=_locale(item),
                vat_id=_text(item, "vat_id"),
                buyer_reference=_text(item, "reference"),
                contacts=[_contact(contact) for contact in _list(item, "contacts")],
            )
            if (address := item.get("address")) is not None:
                client.address.CopyFrom(_address(address))
            if (links := item.get("external_ids")) is not None:
                client.external_ids.update({system: link.text() for system, link in links.each()})
            return client
        return None

    def _person(self, item: At) -> Person | None:
        with self._collecting():
            item.mapping(*PERSON)
            time_zone = _text(item, "time_zone") or "UTC"
            _checked(f"{item.place}.time_zone", lambda: check_time_zone(time_zone))
            return Person(
                display_name=item.need("name").text(),
                email=_text(item, "email"),
                role=_text(item, "role"),
                time_zone=time_zone,
            )
        return None

    def _contract(self, id: str, item: At) -> Running | None:
        before = len(self._faults)
        with self._collecting():
            item.mapping(*CONTRACT)
            client = item.need("client")
            if client.text() not in dict(self._file.need("clients").each()):
                client.flaw("is no client of this file")
            currency = _text(item, "currency") or self._currencies.get(client.text(), "EUR")
            time_zone = _text(item, "time_zone") or self._zones.get(client.text(), "UTC")
            contract = item.need("contract").mapping(*case_terms.CONTRACT_KEYS)
            self._part_by_part(contract.need("terms"), currency)
            taken = self._taken(contract.need("taken_over"), contract, currency)
            if len(self._faults) > before:
                return None
            agreement = case_terms.agreement(contract, currency, time_zone)
            agreement = msgspec.structs.replace(agreement, taken_over_on=taken.on.isoformat())
            _check(agreement, contract.place)
            return Running(id, contract.place, client.text(), _text(item, "title")[:200], agreement, taken)
        return None

    def _part_by_part(self, terms: At, currency: str) -> None:
        """Each part of the terms by itself, so that all that cannot be read is told at once."""
        measure: str | None = None
        with self._collecting():
            measure = case_terms.measure_written(terms, None)
        for key, value in terms.each():
            with self._collecting():
                case_terms.terms_patch(At({key: value}, terms.place), currency, measure)

    def _taken(self, taken: At, contract: At, currency: str) -> TakenOver:
        """Item by item; a part that cannot be read is left out of what is returned, for it is a fault already."""
        measure = case_terms.measure_written(contract.need("terms"), None)
        whole = TakenOver(on=taken.need("on").date())
        for key, value in taken.each():
            parts = value.items() if key in ("buckets", "blocks", "open") and isinstance(value.value, list) else [value]
            for part in parts:
                with self._collecting():
                    alone = At([part], value.place) if part is not value else value
                    read = taken_over_of(At({"on": taken.need("on"), key: alone}, taken.place), currency, measure)
                    whole = _joined(whole, read)
        return whole

    def _numbers(self) -> Iterator[Numbers]:
        """`numbers: {2026: {invoices: 58, credit_notes: 4}}`."""
        with self._collecting():
            years = self._file.get("numbers")
            for year, item in [] if years is None or years.is_null else years.each():
                with self._collecting():
                    if not (year.isdigit() and date.min.year <= int(year) <= date.max.year):
                        item.flaw("is no year")
                    for series, number in item.mapping("invoices", "credit_notes").each():
                        if number.whole() < 1:
                            number.flaw("is no number of a series: they begin at 1")
                        yield Numbers(number.place, int(year), series, number.whole())


def _joined(one: TakenOver, other: TakenOver) -> TakenOver:
    return TakenOver(
        on=one.on,
        buckets=(*one.buckets, *other.buckets),
        borrowed=one.borrowed or other.borrowed,
        blocks=(*one.blocks, *other.blocks),
        fee_paid_until=one.fee_paid_until or other.fee_paid_until,
        open=(*one.open, *other.open),
    )


def _check(agreement: Agreement, place: str) -> None:
    try:
        check_agreement(agreement)
    except Refused as refused:
        known = PLACES.get(f"contract.{refused.field}", f"contract.{refused.field}").removeprefix("contract.")
        raise Flaw(f"{place}.{known}", refused.message) from None


def _checked(place: str, check: Callable[[], None]) -> None:
    try:
        check()
    except Refused as refused:
        raise Flaw(place, refused.message) from None


def _text(item: At, key: str) -> str:
    value = item.get(key)
    return "" if value is None or value.is_null else value.text()


def _list(item: At, key: str) -> list[At]:
    value = item.get(key)
    return [] if value is None or value.is_null else value.items()


def _locale(item: At) -> str:
    value = item.get("locale")
    return "" if value is None else value.one_of("de", "en")


def _contact(item: At) -> Contact:
    item.mapping(*CONTACT)
    return Contact(
        contact_id=item.need("id").text(),
        display_name=item.need("name").text(),
        email=_text(item, "email"),
        receives=[kind.one_of("invoices", "budget") for kind in _list(item, "receives")],
    )


def _address(item: At) -> PostalAddress:
    item.mapping(*ADDRESS)
    return PostalAddress(
        lines=[line.text() for line in _list(item, "lines")],
        postal_code=_text(item, "postal_code"),
        city=_text(item, "city"),
        country=_text(item, "country"),
    )
