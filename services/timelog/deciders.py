"""The aggregates of timelog as the store takes them."""

from chassis.store import Decider
from services.timelog.domain import delivery, import_batch, known_contract, person, time_entry, timer
from services.timelog.events import TimeImported

PERSON: Decider[person.PersonCommand, person.Person | None] = Decider(None, person.decide, person.evolve)
TIME_ENTRY: Decider[time_entry.TimeEntryCommand, time_entry.Entry | None] = Decider(
    None, time_entry.decide, time_entry.evolve
)
TIMER: Decider[timer.TimerCommand, timer.Running | None] = Decider(None, timer.decide, timer.evolve)
DELIVERY: Decider[delivery.DeliveryCommand, delivery.Delivery | None] = Decider(None, delivery.decide, delivery.evolve)
IMPORT: Decider[import_batch.NoteImport, TimeImported | None] = Decider(None, import_batch.decide, import_batch.evolve)
CONTRACT: Decider[known_contract.NoteContract, known_contract.Contract] = Decider(
    None, known_contract.decide, known_contract.evolve
)
