"""Facts of timelog. Streams: `<agency>/person/<id>`, `<agency>/entry/<id>`, `<agency>/timer/<person>`,
`<agency>/delivery/<id>`, `<agency>/import/<id>`, and what it heard of contracts: `<agency>/contract/<id>`."""

from datetime import date, datetime
from typing import Literal

import msgspec

from vocabulary.duration import Seconds
from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId, DeliveryId, EntryId, ImportId, PersonId
from vocabulary.money import Minor
from vocabulary.personal import Personal
from vocabulary.terms import Agreement
from vocabulary.terms_in_force import Change


class PersonAdded(Fact, frozen=True, tag="timelog.PersonAdded@1"):
    person_id: PersonId
    name: Personal
    email: Personal | None = None
    role: str = ""
    time_zone: str = "UTC"


class PersonDescribed(Fact, frozen=True, tag="timelog.PersonDescribed@1"):
    """The person's data changed; the whole of it as it is now. Entries keep the role that they were logged with."""

    person_id: PersonId
    name: Personal
    email: Personal | None = None
    role: str = ""
    time_zone: str = "UTC"


class PersonErased(Fact, frozen=True, tag="timelog.PersonErased@1"):
    """The key of all that is personal about somebody was destroyed; hours and ids stay."""

    person_id: PersonId


class Work(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an entry says: either a start instant (UTC) or a date alone (R7), and the worked time in seconds (R3)."""

    contract_id: ContractId
    person_id: PersonId
    worked: Seconds
    started_at: datetime | None = None
    worked_on: date | None = None
    role: str = ""
    """The person's role when it was logged (R9)."""
    task: str = ""
    billable: bool = True
    rate: Minor | None = None
    """The entry's own rate per hour, in the contract's currency (R9)."""
    note: Personal | None = None
    tags: tuple[str, ...] = ()
    counted_on: date | None = None
    """The local date, in the contract's time zone, to which it belongs (R7), as it was decided when it was logged."""


class ImportedFrom(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an entry came from: unique per agency in (source, external_id), so that nothing is imported twice."""

    source: str
    external_id: str
    import_id: ImportId


class TimeLogged(Fact, frozen=True, tag="timelog.TimeLogged@1"):
    entry_id: EntryId
    work: Work
    imported: ImportedFrom | None = None
    approved: bool = False
    """Approved from the start, by who may approve."""


class TimeCorrected(Fact, frozen=True, tag="timelog.TimeCorrected@1"):
    """The whole entry as it is from now on. `was` names the contract it counted on before, where that changed."""

    entry_id: EntryId
    work: Work
    was: ContractId | None = None
    approved: bool = False


class TimeDeleted(Fact, frozen=True, tag="timelog.TimeDeleted@1"):
    entry_id: EntryId
    contract_id: ContractId


class TimeApproved(Fact, frozen=True, tag="timelog.TimeApproved@1"):
    """R13; the actor of the fact approved it."""

    entry_id: EntryId
    contract_id: ContractId


class TimerStarted(Fact, frozen=True, tag="timelog.TimerStarted@1"):
    """`entry_id` is what the timer will become."""

    person_id: PersonId
    entry_id: EntryId
    contract_id: ContractId
    started_at: datetime
    task: str = ""
    billable: bool = True
    note: Personal | None = None


class TimerStopped(Fact, frozen=True, tag="timelog.TimerStopped@1"):
    """By its person or because another one started (R12). What was worked is a TimeLogged of its own."""

    person_id: PersonId
    entry_id: EntryId
    stopped_at: datetime


class TimerDiscarded(Fact, frozen=True, tag="timelog.TimerDiscarded@1"):
    person_id: PersonId
    entry_id: EntryId


class Delivered(Fact, frozen=True, tag="timelog.Delivered@1"):
    """Deliverables that use up an allowance of units (R14)."""

    delivery_id: DeliveryId
    contract_id: ContractId
    units: int
    delivered_on: date
    note: Personal | None = None


class DeliveryWithdrawn(Fact, frozen=True, tag="timelog.DeliveryWithdrawn@1"):
    delivery_id: DeliveryId
    contract_id: ContractId


class TimeImported(Fact, frozen=True, tag="timelog.TimeImported@1"):
    """A batch that was applied whole; its entries are TimeLogged facts that name it."""

    import_id: ImportId
    source: str
    file_sha256: str
    logged: int
    known_already: int
    skipped: int


class Pause(msgspec.Struct, frozen=True):
    """`[from_on, to_on)` (R24)."""

    from_on: date
    to_on: date


class ContractHeard(Fact, frozen=True, tag="timelog.ContractHeard@1"):
    """Something of a contract arrived from contracts; the whole of what timelog knows of it from now on.

    Time is refused by what stands here (R7, R9, R24): a decision and what it was decided on are in one store."""

    contract_id: ContractId
    client_id: ClientId
    stage: Literal["draft", "active", "discarded"] = "draft"
    agreement: Agreement | None = None
    """None where a later fact of the contract came without the earlier ones: it is as good as a draft."""
    changes: tuple[Change, ...] = ()
    """In order of `effective_on`, then as they arrived."""
    pauses: tuple[Pause, ...] = ()
    ends_on: date | None = None
    """The end as it was agreed last; it goes before the agreement's."""


TimelogEvent = (
    PersonAdded
    | PersonDescribed
    | PersonErased
    | TimeLogged
    | TimeCorrected
    | TimeDeleted
    | TimeApproved
    | TimerStarted
    | TimerStopped
    | TimerDiscarded
    | Delivered
    | DeliveryWithdrawn
    | TimeImported
    | ContractHeard
)
