"""TimerService: a running clock for each person (R12)."""

from collections.abc import Sequence

import msgspec

from chassis.auth import MEMBERS, Rule, Rules
from chassis.grpc_server import Call, Door
from chassis.store import Ledger
from messages.dates import instant_message
from messages.etags import etag_of
from messages.names import id_in, name_of
from messages.pages import cut, key_in, size_of, token_of
from services.timelog import streams
from services.timelog.api.counter import Counter, chosen_id
from services.timelog.api.entry_words import instant_in
from services.timelog.api.lookup import author_of, ground_of
from services.timelog.deciders import TIME_ENTRY, TIMER
from services.timelog.domain.time_entry import EntryExists, LogTime
from services.timelog.domain.timer import DiscardTimer, NoTimerRuns, Running, StartTimer, StopTimer, worked_by
from services.timelog.domain.work import Author, Said, accepted, check_owner
from services.timelog.events import TimerStopped
from services.timelog.views import timers
from services.timelog.views.timers import TimerRow
from vocabulary.duration import Seconds
from vocabulary.identity import ContractId, EntryId, PersonId
from wire.retainer.timelog.v1 import timer_pb2 as messages
from wire.retainer.timelog.v1 import timer_pb2_grpc

SERVICE = "retainer.timelog.v1.TimerService"
OWN = "A member's timers are his own"
RULES: Rules = {
    f"/{SERVICE}/{call}": Rule(MEMBERS, OWN)
    for call in ("StartTimer", "StopTimer", "DiscardTimer", "GetTimer", "ListTimers")
}


class Timers(timer_pb2_grpc.TimerServiceServicer):
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def StartTimer(self, request: messages.StartTimerRequest, call: Call) -> messages.StartTimerResponse:
        author = author_of(call.identity)
        start = StartTimer(
            person_id=PersonId(id_in(request.person, "people", "person")),
            entry_id=EntryId(chosen_id(request.entry_id, "entry_id")),
            contract_id=ContractId(id_in(request.contract, "contracts", "contract")),
            at=call.now,
            task=request.task,
            billable=request.billable if request.HasField("billable") else True,
            note=request.note,
        )
        stream = streams.timer(call.agency, start.person_id)

        async def work(ledger: Ledger) -> None:
            await _check_start(ledger, start, author)
            running = await ledger.state(TIMER, stream)
            facts = await ledger.decide(TIMER, stream, start)
            for fact in facts:
                if running is not None and isinstance(fact, TimerStopped):
                    await _log_stopped(ledger, running, worked_by(running, fact), author)

        receipt = await self._counter.obey(work, call, stream, validate_only=request.validate_only)
        return messages.StartTimerResponse(receipt=receipt)

    async def StopTimer(self, request: messages.StopTimerRequest, call: Call) -> messages.StopTimerResponse:
        author = author_of(call.identity)
        person_id = PersonId(id_in(request.person, "people", "person"))
        ended_at = instant_in(request.end_time, "end_time") if request.HasField("end_time") else None
        stream = streams.timer(call.agency, person_id)

        async def work(ledger: Ledger) -> None:
            check_owner(author, person_id)
            running = await ledger.state(TIMER, stream)
            (fact,) = await ledger.decide(TIMER, stream, StopTimer(person_id, call.now, ended_at))
            assert running is not None and isinstance(fact, TimerStopped)
            said = worked_by(running, fact)
            if request.not_billable:
                said = msgspec.structs.replace(said, billable=False)
            await _log_stopped(ledger, running, said, author)

        receipt = await self._counter.obey(work, call, stream, etag=request.etag, validate_only=request.validate_only)
        return messages.StopTimerResponse(receipt=receipt)

    async def DiscardTimer(self, request: messages.DiscardTimerRequest, call: Call) -> messages.DiscardTimerResponse:
        author = author_of(call.identity)
        person_id = PersonId(id_in(request.person, "people", "person"))
        stream = streams.timer(call.agency, person_id)

        async def work(ledger: Ledger) -> None:
            check_owner(author, person_id)
            await ledger.decide(TIMER, stream, DiscardTimer(person_id))

        receipt = await self._counter.obey(work, call, stream, etag=request.etag, validate_only=request.validate_only)
        return messages.DiscardTimerResponse(receipt=receipt)

    async def GetTimer(self, request: messages.GetTimerRequest, call: Call) -> messages.Timer:
        person_id = PersonId(id_in(request.person, "people", "person"))
        check_owner(author_of(call.identity), person_id)
        row = await timers.timer(self._counter.views, call.agency, person_id)
        if row is None:
            raise NoTimerRuns(f"no timer runs for {person_id}", field="person")
        return (await self._shown(call.agency, [row]))[0]

    async def ListTimers(self, request: messages.ListTimersRequest, call: Call) -> messages.ListTimersResponse:
        author, agency, size = author_of(call.identity), call.agency, size_of(request.page_size)
        own = "" if author.may_approve else author.person_id
        after = key_in(request.page_token, agency, "ListTimers")
        page = await timers.timers(self._counter.views, agency, own, after, size + 1)
        rows, last = cut([timers.read(row) for row in page.rows], size)
        return messages.ListTimersResponse(
            timers=await self._shown(agency, rows),
            next_page_token=token_of(last.key, agency, "ListTimers") if last else "",
            total_size=page.total,
        )

    async def _shown(self, agency: str, rows: Sequence[TimerRow]) -> list[messages.Timer]:
        notes = await self._counter.keyring.open_all(agency, [row.note for row in rows if row.note])
        return [
            messages.Timer(
                name=f"{name_of('people', row.person_id)}/timer",
                person=name_of("people", row.person_id),
                contract=name_of("contracts", row.contract_id),
                start_time=instant_message(row.started_at),
                task=row.task,
                billable=row.billable,
                note=(notes[row.note] or "") if row.note else "",
                entry=name_of("entries", row.entry_id),
                etag=etag_of(row.version),
            )
            for row in rows
        ]


async def _check_start(ledger: Ledger, start: StartTimer, author: Author) -> None:
    """What LogTime would refuse of an entry that begins now, so that nobody works for nothing."""
    said = Said(
        contract_id=start.contract_id,
        person_id=start.person_id,
        worked=Seconds(0),
        started_at=start.at,
        task=start.task,
        billable=start.billable,
        note=start.note,
    )
    accepted(said, await ground_of(ledger, start.contract_id, start.person_id, author))
    if await ledger.state(TIME_ENTRY, streams.entry(ledger.context.agency, start.entry_id)) is not None:
        raise EntryExists(f"there is an entry {start.entry_id} already, or there was", field="entry_id")


async def _log_stopped(ledger: Ledger, timer: Running, said: Said, author: Author) -> None:
    """The stopped timer's time, as an entry of its own in the same append."""
    ground = await ground_of(ledger, said.contract_id, said.person_id, author)
    stream = streams.entry(ledger.context.agency, timer.entry_id)
    await ledger.decide(TIME_ENTRY, stream, LogTime(timer.entry_id, said, ground))
    ledger.names.append(name_of("entries", timer.entry_id))


def timers_door(counter: Counter) -> Door:
    return Door(timer_pb2_grpc.add_TimerServiceServicer_to_server, Timers(counter), SERVICE)
