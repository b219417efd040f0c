"""TimeEntryService: time logged, corrected, deleted, approved, shown."""

from collections.abc import Sequence
from typing import Any

from chassis.auth import MANAGERS, MEMBERS, Rule, Rules
from chassis.grpc_server import Call, Door
from chassis.store import Ledger
from messages.etags import EtagMalformed
from messages.filters import Condition, Order, conditions, order
from messages.names import id_in, name_of
from messages.pages import cut, key_in, size_of, token_of
from services.timelog import streams
from services.timelog.api.counter import Counter, chosen_id, fields_in
from services.timelog.api.entry_words import correction_of, said_of, shown
from services.timelog.api.lookup import author_of, ground_of
from services.timelog.deciders import CONTRACT, TIME_ENTRY
from services.timelog.domain.known_contract import KnownContract
from services.timelog.domain.time_entry import ApproveTime, CorrectTime, DeleteTime, EntryUnknown, LogTime
from services.timelog.domain.work import Author, NotYourTime, Said
from services.timelog.views import entries
from services.timelog.views.entries import EntryRow, Wanted
from vocabulary.identity import EntryId
from wire.retainer.timelog.v1 import time_entry_pb2 as messages
from wire.retainer.timelog.v1 import time_entry_pb2_grpc

SERVICE = "retainer.timelog.v1.TimeEntryService"
RULES: Rules = {
    f"/{SERVICE}/LogTime": Rule(MEMBERS, "A member logs his own time alone"),
    f"/{SERVICE}/CorrectTime": Rule(MEMBERS, "A member changes his own time alone, until it is approved"),
    f"/{SERVICE}/DeleteTime": Rule(MEMBERS, "A member deletes his own time alone, until it is approved"),
    f"/{SERVICE}/ApproveTime": Rule(MANAGERS, "Nobody approves his own time"),
    f"/{SERVICE}/BatchLogTime": Rule(MEMBERS, "A member logs his own time alone"),
    f"/{SERVICE}/GetTimeEntry": Rule(MEMBERS, "A member sees his own time alone"),
    f"/{SERVICE}/ListTimeEntries": Rule(MEMBERS, "A member sees his own time alone"),
}
EQUAL = frozenset({"="})
FILTERS = {
    "contract": EQUAL,
    "person": EQUAL,
    "counted_on": frozenset({"=", "<", "<=", ">", ">="}),
    "billable": EQUAL,
    "approved": EQUAL,
    "task": EQUAL,
    "import_name": EQUAL,
}
BY_DATE = (Order("counted_on", descending=False),)


class TimeEntries(time_entry_pb2_grpc.TimeEntryServiceServicer):
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def LogTime(self, request: messages.LogTimeRequest, call: Call) -> messages.LogTimeResponse:
        entry_id = EntryId(chosen_id(request.entry_id, "entry_id"))
        stream = streams.entry(call.agency, entry_id)
        author = author_of(call.identity)
        with fields_in("entry."):
            said = said_of(request.entry)

            async def work(ledger: Ledger) -> None:
                if not request.entry_id:
                    ledger.begin(stream)
                await log(ledger, entry_id, said, author)

            receipt = await self._counter.obey(work, call, stream, validate_only=request.validate_only)
        return messages.LogTimeResponse(receipt=receipt)

    async def BatchLogTime(self, request: messages.BatchLogTimeRequest, call: Call) -> messages.BatchLogTimeResponse:
        author = author_of(call.identity)
        batch: list[tuple[EntryId, Said]] = []
        for number, item in enumerate(request.entries):
            with fields_in(f"entries[{number}].entry."):
                entry_id = chosen_id(item.entry_id, f"entries[{number}].entry_id")
                batch.append((EntryId(entry_id), said_of(item.entry)))

        async def work(ledger: Ledger) -> None:
            for number, (entry_id, said) in enumerate(batch):
                with fields_in(f"entries[{number}].entry."):
                    await log(ledger, entry_id, said, author)
                ledger.names.append(name_of("entries", entry_id))

        receipt = await self._counter.obey(work, call, "", validate_only=request.validate_only)
        return messages.BatchLogTimeResponse(receipt=receipt)

    async def CorrectTime(self, request: messages.CorrectTimeRequest, call: Call) -> messages.CorrectTimeResponse:
        author = author_of(call.identity)
        with fields_in("entry."):
            entry_id = EntryId(id_in(request.entry.name, "entries", "name"))
            said, paths = correction_of(request)
            stream = streams.entry(call.agency, entry_id)

            async def work(ledger: Ledger) -> None:
                entry = await ledger.state(TIME_ENTRY, stream)
                if entry is None:
                    raise EntryUnknown(f"there is no entry {entry_id}", field="name")
                contract_id = said.contract_id if "contract_id" in paths else entry.work.contract_id
                person_id = said.person_id if "person_id" in paths else entry.work.person_id
                ground = await ground_of(ledger, contract_id, person_id, author)
                await ledger.decide(TIME_ENTRY, stream, CorrectTime(entry_id, said, paths, ground))

            receipt = await self._counter.obey(
                work, call, stream, etag=request.etag, validate_only=request.validate_only
            )
        return messages.CorrectTimeResponse(receipt=receipt)

    async def DeleteTime(self, request: messages.DeleteTimeRequest, call: Call) -> messages.DeleteTimeResponse:
        entry_id = EntryId(id_in(request.name, "entries", "name"))
        stream = streams.entry(call.agency, entry_id)
        command = DeleteTime(entry_id, author_of(call.identity))

        async def work(ledger: Ledger) -> None:
            await ledger.decide(TIME_ENTRY, stream, command)

        receipt = await self._counter.obey(work, call, stream, etag=request.etag, validate_only=request.validate_only)
        return messages.DeleteTimeResponse(receipt=receipt)

    async def ApproveTime(self, request: messages.ApproveTimeRequest, call: Call) -> messages.ApproveTimeResponse:
        ids = [EntryId(id_in(name, "entries", f"names[{number}]")) for number, name in enumerate(request.names)]
        if request.etag and len(ids) > 1:
            raise EtagMalformed("an etag belongs to one entry: leave it out where several are named", field="etag")

        async def work(ledger: Ledger) -> None:
            for entry_id in ids:
                stream = streams.entry(call.agency, entry_id)
                if await ledger.decide(TIME_ENTRY, stream, ApproveTime(entry_id)):
                    ledger.names.append(name_of("entries", entry_id))

        receipt = await self._counter.obey(
            work, call, streams.entry(call.agency, ids[0]), etag=request.etag, validate_only=request.validate_only
        )
        return messages.ApproveTimeResponse(receipt=receipt)

    async def GetTimeEntry(self, request: messages.GetTimeEntryRequest, call: Call) -> messages.TimeEntry:
        entry_id = id_in(request.name, "entries", "name")
        row = await entries.entry(self._counter.views, call.agency, entry_id)
        if row is None:
            raise EntryUnknown(f"there is no entry {entry_id}, or it was deleted", field="name")
        author = author_of(call.identity)
        if not author.may_approve and author.person_id != row.work.person_id:
            raise NotYourTime("a member sees his own time alone", field="name")
        return (await self._shown(call.agency, [row]))[0]

    async def ListTimeEntries(
        self, request: messages.ListTimeEntriesRequest, call: Call
    ) -> messages.ListTimeEntriesResponse:
        wanted = wanted_of(request.filter, request.order_by, author_of(call.identity))
        agency, size = call.agency, size_of(request.page_size)
        query = (agency, "ListTimeEntries", request.filter, request.order_by)
        after = key_in(request.page_token, *query)
        page = await entries.entries(self._counter.views, agency, wanted, after, size + 1)
        rows, last = cut([entries.read(row) for row in page.rows], size)
        return messages.ListTimeEntriesResponse(
            entries=await self._shown(agency, rows),
            next_page_token=token_of(last.key, *query) if last else "",
            total_size=page.total,
        )

    async def _shown(self, agency: str, rows: Sequence[EntryRow]) -> list[messages.TimeEntry]:
        counter = self._counter
        notes = await counter.keyring.open_all(agency, [row.work.note for row in rows if row.work.note])
        overlaps = await entries.overlaps(counter.views, agency, [row.entry_id for row in rows])
        rated = {row.work.contract_id for row in rows if row.work.rate is not None}
        currencies = {contract_id: await self._currency(agency, contract_id) for contract_id in rated}
        return [
            shown(row, notes, overlaps.get(row.entry_id, ()), currencies.get(row.work.contract_id, "")) for row in rows
        ]

    async def _currency(self, agency: str, contract_id: str) -> str:
        contract, _ = await self._counter.store.state(CONTRACT, streams.contract(agency, contract_id))
        assert isinstance(contract, KnownContract), "an entry with a rate was accepted on a contract that binds"
        return contract.agreement.currency


async def log(ledger: Ledger, entry_id: EntryId, said: Said, author: Author) -> None:
    """Decide on an entry by its contract and person as they are known now."""
    ground = await ground_of(ledger, said.contract_id, said.person_id, author)
    stream = streams.entry(ledger.context.agency, entry_id)
    await ledger.decide(TIME_ENTRY, stream, LogTime(entry_id, said, ground))


def wanted_of(text: str, order_by: str, author: Author) -> Wanted:
    """The filter and the order as SQL; a member wants his own time, whatever he asks."""
    found: list[str] = []
    parameters: dict[str, Any] = {}
    for number, condition in enumerate(conditions(text, FILTERS)):
        name = f"given{number}"
        column, value = _column(condition)
        found.append(f"{column} {condition.comparison} :{name}")
        parameters[name] = value
    if not author.may_approve:
        found.append("person_id = :own")
        parameters["own"] = author.person_id
    return Wanted(tuple(found), parameters, order(order_by, ("counted_on",), BY_DATE)[0].descending)


def _column(condition: Condition) -> tuple[str, str | int]:
    match condition.field:
        case "contract":
            return "contract_id", condition.id_in("contracts")
        case "person":
            return "person_id", condition.id_in("people")
        case "import_name":
            return "import_id", condition.id_in("imports")
        case "counted_on":
            return "counted_on", condition.day()
        case "billable" | "approved":
            return condition.field, int(condition.one_of(("true", "false")) == "true")
        case _:
            return condition.field, condition.value


def entries_door(counter: Counter) -> Door:
    return Door(time_entry_pb2_grpc.add_TimeEntryServiceServicer_to_server, TimeEntries(counter), SERVICE)
