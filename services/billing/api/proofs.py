"""ProofService: an account recomputed, stated with its head, and given away as it is stored."""

from chassis.call import Call
from chassis.store.kept import KeptState
from chassis.store.plan import Row
from messages.dates import date_message
from messages.names import id_in
from services.billing import streams
from services.billing.api.desk import Desk
from services.billing.api.recount import Recount
from services.billing.deciders import ACCOUNT
from services.billing.events import Figures, InvoiceIssued
from services.billing.views import budget
from wire.retainer.billing.v1 import proof_pb2 as wire
from wire.retainer.billing.v1.proof_pb2_grpc import ProofServiceServicer


class Proofs(ProofServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.parts.store

    async def VerifyAccount(self, request: wire.VerifyAccountRequest, call: Call) -> wire.VerifyAccountResponse:
        contract_id, stream = await self._stream(call, request.contract)
        recount = Recount(self._store, stream, await self._store.kept.take(stream))
        while await recount.read_on():
            await self._desk.parts.views.wait_for(self._store.position)
            rows = await budget.everything(self._desk.parts.views, call.agency, contract_id)
            if rows and rows[0]["version"] == recount.version:
                recount.compare(rows)
                break
        if not recount.flaws:
            self._store.kept.remember(stream, KeptState(recount.version, recount.head, recount.proof))
        return wire.VerifyAccountResponse(
            contract=request.contract, version=recount.version, head_hash=recount.head, flaws=recount.flaws
        )

    async def GetAccountStatement(self, request: wire.GetAccountStatementRequest, call: Call) -> wire.AccountStatement:
        _, stream = await self._stream(call, request.contract)
        account, version = await self._store.state(ACCOUNT, stream)
        [head] = await self._store.read_events(stream, [version])
        documents = sorted(account.documents.values(), key=lambda document: account.drawn[document.number].version)
        return wire.AccountStatement(
            contract=request.contract,
            currency=account.terms_of_contract.currency,
            stream=stream,
            version=version,
            head_hash=head.stream_hash,
            periods=[_period(account.stated[start]) for start in sorted(account.stated)],
            documents=[_document(document) for document in documents],
            gross=sum(document.gross for document in documents),
        )

    async def ExportAccount(self, request: wire.ExportAccountRequest, call: Call) -> wire.ExportAccountResponse:
        _, stream = await self._stream(call, request.contract)
        size = request.page_size or 1_000
        rows = await self._store.read_stored_stream(stream, request.after_version, size)
        return wire.ExportAccountResponse(
            events=[_exported(row) for row in rows],
            last_version=rows[-1].version if rows else request.after_version,
        )

    async def _stream(self, call: Call, name: str) -> tuple[str, str]:
        contract_id = id_in(name, "contracts", "contract")
        await self._desk.account_row(call, contract_id)
        return contract_id, streams.account(call.agency, contract_id)


def _period(figures: Figures) -> wire.StatedPeriod:
    return wire.StatedPeriod(
        start=date_message(figures.start),
        end=date_message(figures.end),
        measure=figures.measure,
        allowance=figures.allowance,
        carried=figures.carried,
        borrowed=figures.borrowed,
        used=figures.used,
        remaining=figures.remaining,
        overage=figures.overage,
        expired=figures.expired,
        entries=figures.entries,
        charged=figures.charged,
    )


def _document(document: InvoiceIssued) -> wire.StatedDocument:
    lines = [
        wire.StatedLine(
            kind=line.kind,
            period=date_message(line.period),
            amount=line.amount,
            tax_category=line.tax_category,
            tax_rate_ppm=line.tax_rate_ppm,
        )
        for line in document.lines
    ]
    return wire.StatedDocument(
        number=document.number,
        issued_on=date_message(document.issued_on),
        lines=lines,
        net=document.net,
        tax=document.tax,
        gross=document.gross,
    )


def _exported(row: Row) -> wire.ExportedEvent:
    return wire.ExportedEvent(
        stream=row.stream,
        version=row.version,
        tag=row.tag,
        recorded_at_us=row.recorded_at_us,
        actor=row.actor,
        payload=bytes(row.payload),
        hash=row.stream_hash,
    )
