"""ImportService: time out of other systems' exports, planned and applied."""

from hashlib import sha256

from chassis.auth import MANAGERS, Rule, Rules
from chassis.grpc_server import Call, Door, NotFound
from chassis.store import Ledger
from messages.dates import instant_message
from messages.names import id_in, name_of
from messages.pages import cut, key_in, size_of, token_of
from services.timelog import streams
from services.timelog.api.counter import Counter, chosen_id
from services.timelog.api.import_run import Reading, logged, planned
from services.timelog.api.import_words import options_of, plan_message
from services.timelog.api.lookup import author_of
from services.timelog.deciders import IMPORT
from services.timelog.domain.import_batch import ImportExists, NoteImport
from services.timelog.domain.imports.mapping import Known, key
from services.timelog.domain.imports.sources import source_named
from services.timelog.domain.imports.tally import Tally
from services.timelog.views import imports, people
from services.timelog.views.imports import ImportRow
from vocabulary.identity import ImportId, PersonId
from wire.retainer.timelog.v1 import import_pb2 as messages
from wire.retainer.timelog.v1 import import_pb2_grpc

SERVICE = "retainer.timelog.v1.ImportService"
WHY = "An import logs everybody's time"
RULES: Rules = {
    f"/{SERVICE}/{call}": Rule(MANAGERS, WHY) for call in ("PlanImport", "ApplyImport", "GetImport", "ListImports")
}
PEOPLE_AT_ONCE = 500


class Imports(import_pb2_grpc.ImportServiceServicer):
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def PlanImport(self, request: messages.PlanImportRequest, call: Call) -> messages.PlanImportResponse:
        reading = await self._reading(request, call)
        tally = await planned(self._counter.trial(call), self._counter.views, reading)
        return messages.PlanImportResponse(plan=plan_message(reading, tally))

    async def ApplyImport(self, request: messages.ApplyImportRequest, call: Call) -> messages.ApplyImportResponse:
        """All of it in one append: after a crash there is all of it or nothing. Two at once cannot both log a row, as
        its entry has one stream: who comes second goes through the file again and finds it known."""
        reading = await self._reading(request, call)
        import_id = ImportId(chosen_id(request.import_id, "import_id"))
        stream = streams.import_batch(call.agency, import_id)
        file_sha256 = sha256(request.content).hexdigest()
        tally = Tally()

        async def work(ledger: Ledger) -> None:
            nonlocal tally
            if await ledger.state(IMPORT, stream) is not None:
                raise ImportExists(f"there is an import {import_id} already", field="import_id")
            if request.validate_only:
                tally = await planned(ledger, self._counter.views, reading)
            else:
                tally = await logged(ledger, self._counter.views, reading, import_id)
            note = NoteImport(import_id, request.source, file_sha256, tally, request.only_if_whole)
            await ledger.decide(IMPORT, stream, note)

        receipt = await self._counter.obey(work, call, stream, validate_only=request.validate_only)
        plan = None if receipt.repeated_request else plan_message(reading, tally)
        return messages.ApplyImportResponse(receipt=receipt, plan=plan)

    async def GetImport(self, request: messages.GetImportRequest, call: Call) -> messages.Import:
        import_id = id_in(request.name, "imports", "name")
        row = await imports.import_batch(self._counter.views, call.agency, import_id)
        if row is None:
            raise NotFound(f"there is no import {import_id}", field="name")
        return _shown(row)

    async def ListImports(self, request: messages.ListImportsRequest, call: Call) -> messages.ListImportsResponse:
        agency, size = call.agency, size_of(request.page_size)
        before = key_in(request.page_token, agency, "ListImports")
        page = await imports.imports(self._counter.views, agency, int(before[0]) if before else None, size + 1)
        rows, last = cut([imports.read(row) for row in page.rows], size)
        return messages.ListImportsResponse(
            imports=[_shown(row) for row in rows],
            next_page_token=token_of((last.position,), agency, "ListImports") if last else "",
            total_size=page.total,
        )

    async def _reading(self, request: messages.PlanImportRequest | messages.ApplyImportRequest, call: Call) -> Reading:
        """The file understood as a whole, or refused."""
        options = options_of(request.options)
        table = source_named(request.source).open(request.content)
        known = await self._everybody(call.agency)
        return Reading(request.source, table, options, known, author_of(call.identity))

    async def _everybody(self, agency: str) -> Known:
        """The people of the agency by their e-mail addresses. An address of two people names neither."""
        counter = self._counter
        by_email: dict[str, PersonId] = {}
        zones: dict[PersonId, str] = {}
        doubled: set[str] = set()
        after = ""
        while rows := await people.people(counter.views, agency, after, PEOPLE_AT_ONCE):
            after = rows[-1].person_id
            opened = await counter.keyring.open_all(agency, [row.email for row in rows if row.email])
            for row in rows:
                person_id = PersonId(row.person_id)
                zones[person_id] = row.time_zone
                email = key((opened[row.email] or "") if row.email else "")
                if email in by_email:
                    doubled.add(email)
                elif email:
                    by_email[email] = person_id
        return Known({email: who for email, who in by_email.items() if email not in doubled}, zones)


def imports_door(counter: Counter) -> Door:
    return Door(import_pb2_grpc.add_ImportServiceServicer_to_server, Imports(counter), SERVICE)


def _shown(row: ImportRow) -> messages.Import:
    return messages.Import(
        name=name_of("imports", row.import_id),
        source=row.source,
        file_sha256=row.file_sha256,
        logged=row.logged,
        known_already=row.known_already,
        skipped=row.skipped,
        create_time=instant_message(row.created_at),
        actor=row.actor,
    )
