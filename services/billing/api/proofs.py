"""ProofService: an account recomputed, stated with its head, and given away as it is stored."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice

from chassis.call import Call
from chassis.catalog import parse_tag
from chassis.message import message_id
from chassis.store.chain import chained
from chassis.store.plan import Row
from messages.dates import date_message
from messages.names import id_in
from services.billing import streams
from services.billing.api.desk import Desk
from services.billing.api.past import replayed_until
from services.billing.deciders import ACCOUNT
from services.billing.domain.proving import AccountProof
from services.billing.events import Figures, InvoiceIssued
from services.billing.views import budget
from wire.retainer.billing.v1 import proof_pb2 as wire
from wire.retainer.billing.v1.proof_pb2_grpc import ProofServiceServicer

PAGE = 500
MOST_FLAWS = 20
FOR_EVER = "9999-12-31"


class Proofs(ProofServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.parts.store

    async def VerifyAccount(self, request: wire.VerifyAccountRequest, call: Call) -> wire.VerifyAccountResponse:
        contract_id, stream = await self._stream(call, request.contract)
        proof, head, version = AccountProof(), "", 0
        flaws: list[wire.AccountFlaw] = []
        async for row in self._rows(stream):
            if len(flaws) >= MOST_FLAWS:
                break
            found = [*_chain_flaws(row, stream, version, head)]
            version, head = row.version, row.stream_hash
            if not found and not flaws:  # what follows from a spoiled event says nothing more
                found += self._event_flaws(proof, row)
            flaws += (self._flaw(row, message) for message in found)
        if not flaws:
            flaws += (wire.AccountFlaw(message=message) for message in proof.end())
            flaws += [wire.AccountFlaw(message=message) async for message in self._view_flaws(call, contract_id)]
        return wire.VerifyAccountResponse(
            contract=request.contract, version=version, head_hash=head, flaws=flaws[:MOST_FLAWS]
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

    async def _rows(self, stream: str) -> AsyncIterator[Row]:
        after = 0
        while rows := await self._store.read_stored_stream(stream, after, PAGE):
            for row in rows:
                yield row
            after = max(row.version for row in rows)
            await asyncio.sleep(0)

    def _event_flaws(self, proof: AccountProof, row: Row) -> Iterator[str]:
        try:
            event = self._store.catalog.decode(*parse_tag(row.tag), row.payload)
        except (ValueError, KeyError) as error:
            return iter([f"cannot be read: {error}"])
        return islice(proof.flaws_of(event), MOST_FLAWS)  # type: ignore[arg-type]  # the stream holds these alone

    def _flaw(self, row: Row, message: str) -> wire.AccountFlaw:
        event_id = message_id("billing", self._store.epoch, row.position)
        return wire.AccountFlaw(version=row.version, event_id=event_id, message=f"{row.tag} {message}")

    async def _view_flaws(self, call: Call, contract_id: str) -> AsyncIterator[str]:
        """The rows that people see, and those that the events make."""
        views = self._desk.parts.views
        await views.wait_for(self._store.position)
        kept = await budget.everything(views, call.agency, contract_id)
        while kept != (again := await budget.everything(views, call.agency, contract_id)):
            kept = again  # facts came in between the reads
        stream, position = streams.account(call.agency, contract_id), kept[0]["position"]
        async with replayed_until(self._desk.parts, stream, position) as then:
            made = await budget.everything(then, call.agency, contract_id)
        if kept != made:
            yield "the budget view differs from what the events make of it: `retainer rebuild billing budget`"


def _chain_flaws(row: Row, stream: str, version: int, head: str) -> Iterator[str]:
    if row.version != version + 1:
        yield f"is version {row.version}, after {version}: events are missing"
    expected = chained(head, stream, row.version, row.tag, row.recorded_at_us, row.actor, row.payload)
    if row.stream_hash != expected:
        yield "does not fit the chain: it was changed"


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
