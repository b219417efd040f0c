"""A domain as small as one can be, for the benches of the chassis: visits are counted, each a stream of its own."""

from dataclasses import dataclass

from chassis.catalog import Catalog
from chassis.store import Context, Decider
from vocabulary.fact import Fact
from vocabulary.personal import Personal


class Visited(Fact, frozen=True, tag="counting.Visited@1"):
    """As many fields as a logged entry has, one of them sealed."""

    visit_id: str
    place: str
    person_id: str
    seconds: int
    billable: bool
    note: Personal | None = None


CATALOG = Catalog("counting", Visited)
CONTEXT = Context(agency="acme", actor="anna", correlation_id="019aabbc-0000-7000-8000-000000000000")


@dataclass(frozen=True, slots=True)
class Visit:
    visit_id: str
    place: str


def _decide(command: Visit, visits: int) -> list[Fact]:
    note = Personal("person/anna", text="talked about the new start page")
    return [
        Visited(
            visit_id=command.visit_id, place=command.place, person_id="anna", seconds=5400, billable=True, note=note
        )
    ]


VISITS: Decider[Visit, int] = Decider(0, _decide, lambda visits, event: visits + 1)
