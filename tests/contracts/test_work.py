"""What contracts notes of work: one note for a contract, whatever timelog told in one go (R7, R24)."""

from datetime import UTC, date, datetime
from typing import Any

from chassis.inbox import Incoming
from chassis.projector import Projector
from chassis.store import Context, Ledger, Store
from chassis.testing import FixedKeys
from services.contracts import reactions
from services.contracts.__main__ import CATALOG
from services.contracts.events import WorkDropped, WorkHeard, WorkNoted
from services.contracts.views.work import WorkView, first_billable, last_work
from services.timelog.events import Delivered, TimeCorrected, TimeDeleted, TimeLogged, Work
from vocabulary.duration import Seconds
from vocabulary.fact import Fact
from vocabulary.identity import ContractId, DeliveryId, EntryId, PersonId

AGENCY = "studio"
CONTEXT = Context(AGENCY, "anna", "c-1")
WEB, APP = ContractId("web"), ContractId("app")


def day(number: int) -> date:
    return date(2026, 3, number)


def work(number: int, contract: ContractId = WEB, **parts: Any) -> Work:
    return Work(contract_id=contract, person_id=PersonId("anna"), worked=Seconds(3600), worked_on=day(number), **parts)


def logged(entry: str, on: int, contract: ContractId = WEB) -> TimeLogged:
    return TimeLogged(entry_id=EntryId(entry), work=work(on, contract))


def incoming(*events: Fact) -> list[Incoming]:
    return [
        Incoming(
            source="timelog",
            position=number,
            stream=f"{AGENCY}/entry/e",
            version=1,
            name=type(event).__name__,
            event=event,
            payload=b"",
            recorded_at=datetime(2026, 3, 1, tzinfo=UTC),
            agency=AGENCY,
            actor="anna",
            correlation_id="c-1",
            event_id=str(number),
            stream_hash="",
        )
        for number, event in enumerate(events, 1)
    ]


async def opened() -> Store:
    return await Store.open("sqlite://", CATALOG, FixedKeys())


async def hear(store: Store, *events: Fact) -> list[Fact]:
    """The facts that contracts records when it hears these in one go."""
    before = store.position

    async def together(ledger: Ledger) -> None:
        await reactions.hear_together(incoming(*events), ledger)

    await store.transact(together, context=CONTEXT, stream="")
    return [fact.event for fact in await store.read_log(before, 100)]


async def test_many_entries_are_one_note_a_contract() -> None:
    store = await opened()
    heard = await hear(store, logged("e1", 5), logged("e2", 6), logged("e3", 7, APP))
    assert [
        (note.contract_id, [one.subject for one in note.noted]) for note in heard if isinstance(note, WorkHeard)
    ] == [
        (WEB, ["entries/e1", "entries/e2"]),
        (APP, ["entries/e3"]),
    ]
    await store.close()


async def test_only_what_is_true_at_the_end_is_noted() -> None:
    store = await opened()
    moved = TimeCorrected(entry_id=EntryId("e1"), work=work(8, APP), was=WEB)
    unbillable = TimeCorrected(entry_id=EntryId("e2"), work=work(6, billable=False))
    gone = TimeDeleted(entry_id=EntryId("e3"), contract_id=WEB)
    heard = await hear(store, logged("e1", 5), logged("e2", 6), logged("e3", 7), moved, unbillable, gone)
    (app, web) = [note for note in heard if isinstance(note, WorkHeard)]
    assert (app.contract_id, [(one.subject, one.on) for one in app.noted]) == (APP, [("entries/e1", day(8))])
    assert (web.contract_id, web.noted, web.dropped) == (WEB, (), ("entries/e2", "entries/e3"))
    await store.close()


async def test_what_is_no_work_leaves_no_note() -> None:
    store = await opened()
    assert await hear(store, TimeLogged(entry_id=EntryId("e1"), work=work(5, billable=False))) == []
    await store.close()


async def test_the_view_knows_old_notes_and_new_ones() -> None:
    store = await opened()
    projector = Projector(store, "sqlite://", [WorkView()])
    await projector.open()

    async def as_before(ledger: Ledger) -> None:
        stream = f"{AGENCY}/noted/{WEB}"
        await ledger.record(stream, [WorkNoted(subject="entries/e1", contract_id=WEB, on=day(3))])
        await ledger.record(stream, [WorkNoted(subject="entries/e2", contract_id=WEB, on=day(20))])
        await ledger.record(stream, [WorkDropped(subject="entries/e2", contract_id=WEB)])

    await store.transact(as_before, context=CONTEXT, stream="")
    delivered = Delivered(delivery_id=DeliveryId("d1"), contract_id=WEB, units=1, delivered_on=day(25))
    await hear(store, logged("e3", 9), delivered)
    await hear(store, TimeDeleted(entry_id=EntryId("e1"), contract_id=WEB))
    await projector.rebuild("work")
    assert await first_billable(projector.views, AGENCY, WEB, day(1), day(31)) == day(9)
    assert await last_work(projector.views, AGENCY, WEB) == day(25)
    await projector.close()
    await store.close()
