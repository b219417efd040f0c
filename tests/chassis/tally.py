"""A domain small enough to hold in one's head, for the tests of the chassis: counters that count up to ten."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.catalog import Catalog
from chassis.store import Context, Decider, Recorded
from vocabulary.fact import Fact
from vocabulary.personal import Personal
from vocabulary.refusal import Kind, Refused


class Counted(Fact, frozen=True, tag="tally.Counted@2"):
    counter_id: str
    amount: int
    by: str = ""
    note: Personal | None = None


class CountedOnce(Fact, frozen=True, tag="tally.Counted@1"):
    """The first version knew no amounts."""

    counter_id: str


class Closed(Fact, frozen=True, tag="tally.Closed@1"):
    counter_id: str


TallyEvent = Counted | Closed
CATALOG = Catalog("tally", TallyEvent, upcasts={CountedOnce: lambda old: Counted(counter_id=old.counter_id, amount=1)})


class Noted(Fact, frozen=True, tag="notes.Noted@1"):
    """What another service makes of a count."""

    counter_id: str
    amount: int
    position: int


NotesEvent = Noted
NOTES = Catalog("notes", NotesEvent)


class TooMany(Refused, kind=Kind.CONFLICT):
    """A counter counts to ten."""


@dataclass(frozen=True, slots=True)
class Count:
    counter_id: str
    amount: int = 1
    note: Personal | None = None


def decide(command: Count, total: int) -> Sequence[Fact]:
    if total + command.amount > 10:
        raise TooMany("a counter counts to ten", field="amount")
    if command.amount == 0:
        return []
    return [Counted(counter_id=command.counter_id, amount=command.amount, note=command.note)]


def evolve(total: int, event: object) -> int:
    match event:
        case Counted():
            return total + event.amount
        case _:
            return total


COUNTER: Decider[Count, int] = Decider(0, decide, evolve)
ENDLESS: Decider[Count, int] = Decider(
    0, lambda command, total: [Counted(counter_id=command.counter_id, amount=command.amount)], evolve
)
ACME = Context(agency="acme", actor="anna", correlation_id="c-1")
BOLT = Context(agency="bolt", actor="bert", correlation_id="c-2")


def counter(counter_id: str, agency: str = "acme") -> str:
    return f"{agency}/counter/{counter_id}"


class Totals:
    """The view: what each counter has come to."""

    name = "totals"
    tables = {"totals": "agency TEXT, counter_id TEXT, total INTEGER, PRIMARY KEY (agency, counter_id)"}  # noqa: RUF012
    indexes = ("{totals} (total)",)

    def project(self, tables: object, facts: Sequence[Recorded]) -> None:
        counted: dict[tuple[str, str], int] = {}
        for fact in facts:
            match fact.event:
                case Counted():
                    key = (fact.agency, fact.event.counter_id)
                    counted[key] = counted.get(key, 0) + fact.event.amount
                case _:
                    continue
        tables.execute_many(  # type: ignore[attr-defined]  # a Tables; the protocol is the projector's to know
            "INSERT INTO {totals} VALUES (:agency, :counter_id, :total) ON CONFLICT (agency, counter_id)"
            " DO UPDATE SET total = {totals}.total + excluded.total",
            [{"agency": agency, "counter_id": name, "total": total} for (agency, name), total in counted.items()],
        )


class NoteCount:
    """How often each counter was noted, and the sum of the positions: a fact taken in twice would show."""

    name = "note_count"
    tables = {"note_count": "counter_id TEXT PRIMARY KEY, notes INTEGER, positions INTEGER"}  # noqa: RUF012
    indexes = ()

    def project(self, tables: object, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case Noted():
                    tables.execute(  # type: ignore[attr-defined]
                        "INSERT INTO {note_count} VALUES (:id, 1, :position) ON CONFLICT (counter_id) DO UPDATE SET"
                        " notes = {note_count}.notes + 1, positions = {note_count}.positions + excluded.positions",
                        {"id": fact.event.counter_id, "position": fact.event.position},
                    )
                case _:
                    continue
