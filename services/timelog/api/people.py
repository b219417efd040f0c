"""PersonService: who works for the agency."""

from collections.abc import Sequence

from chassis.auth import MANAGERS, MEMBERS, OWNERS, Rule, Rules
from chassis.grpc_server import Call, Door, NotFound
from chassis.store import Ledger
from messages.dates import instant_message
from messages.etags import etag_of
from messages.masks import checked
from messages.names import id_in, name_of
from messages.pages import cut, key_in, size_of, token_of
from services.timelog import streams
from services.timelog.api.counter import Counter, chosen_id
from services.timelog.deciders import PERSON
from services.timelog.domain.person import AddPerson, DescribePerson, Description, ErasePerson
from services.timelog.views import people
from services.timelog.views.people import PersonRow
from vocabulary.identity import PersonId
from wire.retainer.timelog.v1 import person_pb2 as messages
from wire.retainer.timelog.v1 import person_pb2_grpc

SERVICE = "retainer.timelog.v1.PersonService"
RULES: Rules = {
    f"/{SERVICE}/AddPerson": Rule(MANAGERS, "Who works for the agency is its own affair"),
    f"/{SERVICE}/DescribePerson": Rule(MANAGERS, "A role decides rates"),
    f"/{SERVICE}/ErasePerson": Rule(OWNERS, "It cannot be taken back"),
    f"/{SERVICE}/GetPerson": Rule(MEMBERS),
    f"/{SERVICE}/ListPeople": Rule(MEMBERS),
}
FIELDS = ("display_name", "email", "role", "time_zone")


class People(person_pb2_grpc.PersonServiceServicer):
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def AddPerson(self, request: messages.AddPersonRequest, call: Call) -> messages.AddPersonResponse:
        person_id = PersonId(chosen_id(request.person_id, "person_id"))
        stream = streams.person(call.agency, person_id)
        command = AddPerson(person_id, _description(request.person, frozenset(FIELDS)))

        async def work(ledger: Ledger) -> None:
            await ledger.decide(PERSON, stream, command)

        receipt = await self._counter.obey(work, call, stream, validate_only=request.validate_only)
        return messages.AddPersonResponse(receipt=receipt)

    async def DescribePerson(
        self, request: messages.DescribePersonRequest, call: Call
    ) -> messages.DescribePersonResponse:
        person_id = PersonId(id_in(request.person.name, "people", "person.name"))
        stream = streams.person(call.agency, person_id)
        paths = checked(request.update_mask, request.person, FIELDS) or FIELDS
        command = DescribePerson(person_id, _description(request.person, frozenset(paths)))

        async def work(ledger: Ledger) -> None:
            await ledger.decide(PERSON, stream, command)

        receipt = await self._counter.obey(work, call, stream, etag=request.etag, validate_only=request.validate_only)
        return messages.DescribePersonResponse(receipt=receipt)

    async def ErasePerson(self, request: messages.ErasePersonRequest, call: Call) -> messages.ErasePersonResponse:
        """The key goes first: where we die between the two, nothing is readable, and the caller repeats."""
        person_id = PersonId(id_in(request.name, "people", "name"))
        stream = streams.person(call.agency, person_id)

        async def work(ledger: Ledger) -> None:
            await ledger.decide(PERSON, stream, ErasePerson(person_id))

        await work(self._counter.trial(call))
        if not request.validate_only:
            self._counter.erase_key(call, f"person/{person_id}")
        receipt = await self._counter.obey(work, call, stream, validate_only=request.validate_only)
        return messages.ErasePersonResponse(receipt=receipt)

    async def GetPerson(self, request: messages.GetPersonRequest, call: Call) -> messages.Person:
        person_id = id_in(request.name, "people", "name")
        row = await people.person(self._counter.views, call.agency, person_id)
        if row is None:
            raise NotFound(f"there is no person {person_id}", field="name")
        return (await self._shown(call.agency, [row]))[0]

    async def ListPeople(self, request: messages.ListPeopleRequest, call: Call) -> messages.ListPeopleResponse:
        views, agency, size = self._counter.views, call.agency, size_of(request.page_size)
        after = key_in(request.page_token, agency, "ListPeople")
        found = await people.people(views, agency, str(after[0]) if after else "", size + 1)
        rows, last = cut(found, size)
        return messages.ListPeopleResponse(
            people=await self._shown(agency, rows),
            next_page_token=token_of((last.person_id,), agency, "ListPeople") if last else "",
            total_size=await people.how_many(views, agency),
        )

    async def _shown(self, agency: str, rows: Sequence[PersonRow]) -> list[messages.Person]:
        sealed = [item for row in rows for item in (row.name, row.email) if item is not None]
        opened = await self._counter.keyring.open_all(agency, sealed)
        return [
            messages.Person(
                name=name_of("people", row.person_id),
                display_name=opened[row.name] or "",
                email=(opened[row.email] or "") if row.email else "",
                role=row.role,
                time_zone=row.time_zone,
                create_time=instant_message(row.created_at),
                etag=etag_of(row.version),
            )
            for row in rows
        ]


def people_door(counter: Counter) -> Door:
    return Door(person_pb2_grpc.add_PersonServiceServicer_to_server, People(counter), SERVICE)


def _description(person: messages.Person, paths: frozenset[str]) -> Description:
    """What the request says, in the words of the domain; None is left as it is."""
    return Description(
        name=person.display_name.strip() if "display_name" in paths else None,
        email=person.email.strip() if "email" in paths else None,
        role=person.role.strip() if "role" in paths else None,
        time_zone=person.time_zone if "time_zone" in paths else None,
    )
