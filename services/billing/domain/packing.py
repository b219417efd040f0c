"""A proved account in parts that can be written down one by one, and put together again.

Entries make nearly all of it: those that were noted, and those that were used, as they count. Both are packed tightly,
a few hundred at a time. Books of an earlier day share with today's the facts, of which they have fewer, and what was
used in a period that has not changed since. What follows from the facts alone is made again: which entries there are,
and every statement.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from services.billing.domain.consumption import Consumption, Counted, consumption
from services.billing.domain.facts import ContractFact, EntryNoted, EntryWithdrawn
from services.billing.domain.history import History
from services.billing.domain.kept import LONG_AGO, NOWHERE, Books
from services.billing.domain.noting import is_the_latest
from services.billing.domain.proving import AccountProof
from vocabulary.calendar import zone

PART = 500
"""Facts that are written or read at a time: a few milliseconds."""
_OF_BOOKS = ("course", "deliveries", "dated", "gone", "usages", "decisions", "declined_at", "latest", "history")
_NOTED = msgspec.msgpack.Decoder(list[EntryNoted])
_USED = msgspec.msgpack.Decoder(list[Counted])
_ENCODER = msgspec.msgpack.Encoder()


def parts_of(proof: AccountProof) -> Iterator[object]:
    """The facts in their order (bytes: entries), what was used in each period, and last the proof without its facts."""
    books = proof.account.books
    if books is not None:
        facts = books.history.since(0)
        while some := list(islice(facts, PART)):
            yield [_packed(list(alike), are_entries) for are_entries, alike in groupby(some, key=_is_entry)]
        yield from {id(usage): usage for one in _all_books(proof) for usage in one.usages.values()}.values()
    yield proof


def completed(parts: Sequence[Any]) -> Iterator[None]:
    """Gives the proof that was read its facts and entries; after each step others may have their turn."""
    proof, facts = parts[-1], list[ContractFact]()
    for part in parts[:-1]:
        if isinstance(part, list):
            for some in part:
                facts += _NOTED.decode(some) if isinstance(some, bytes) else some
            yield
    entries, gone, noted = NOWHERE, dict[str, datetime](), 0
    for books in _all_books(proof):
        books.history._facts = facts
        while noted < len(books.history):
            until = min(noted + PART, len(books.history))
            with entries.mutate() as growing:
                _note(growing, gone, books.history, noted, until)
                entries = growing.finish()
            noted = until
            yield
        books.entries = entries


def _note(entries: Any, gone: dict[str, datetime], history: History, start: int, end: int) -> None:
    """Which entries there are after some facts more, as `noting` has it: the latest known word on each counts."""
    for fact in history.between(start, end):
        if isinstance(fact, EntryNoted):
            if is_the_latest(fact, entries.get(fact.entry_id), gone.get(fact.entry_id, LONG_AGO)):
                entries[fact.entry_id] = fact
        elif isinstance(fact, EntryWithdrawn):
            gone[fact.entry_id] = max(fact.known_at, gone.get(fact.entry_id, LONG_AGO))
            old = entries.get(fact.entry_id)
            if old is not None and old.known_at <= fact.known_at:
                del entries[fact.entry_id]


def _all_books(proof: AccountProof) -> Iterator[Books]:
    """Each the beginning of the next."""
    yield from proof.account.pasts
    if proof.account.books is not None:
        yield proof.account.books


def _is_entry(fact: ContractFact) -> bool:
    return type(fact) is EntryNoted


def _packed(facts: list[Any], are_entries: bool) -> Any:
    return _ENCODER.encode(facts) if are_entries else facts


def books_again(*values: Any) -> Books:
    """Without entries, and with nothing reckoned yet."""
    books = Books.__new__(Books)
    for name, value in zip(_OF_BOOKS, values, strict=True):
        setattr(books, name, value)
    books.entries = NOWHERE
    books._chain, books._within, books._next = [], None, None
    books._dirty = -1
    books._valid = books._sure = books.course.first_index
    return books


def history_again(length: int) -> History:
    """Without its facts."""
    history = History.__new__(History)
    history._facts, history._length, history.past = [], length, None
    return history


def consumption_again(used: bytes) -> Consumption:
    return consumption(_USED.decode(used))


REDUCERS: Mapping[type, Callable[[Any], Any]] = {
    Books: lambda books: (books_again, tuple(getattr(books, name) for name in _OF_BOOKS)),
    History: lambda history: (history_again, (len(history),)),
    Consumption: lambda used: (consumption_again, (_ENCODER.encode(list(used)),)),
    ZoneInfo: lambda known: (zone, (known.key,)),
}
