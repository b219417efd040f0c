"""The aggregates of notify as the store runs them."""

from chassis.store import Decider
from services.notify.domain import addressee, book, notice
from services.notify.domain.notice_state import Notice, evolve
from services.notify.events import ContractNoted, SenderNoted

ADDRESSEE: Decider[addressee.AddresseeCommand, addressee.Addressee] = Decider(
    addressee.Addressee(), addressee.decide, addressee.evolve
)
NOTICE: Decider[notice.NoticeCommand, Notice | None] = Decider(None, notice.decide, evolve)
SENDER: Decider[SenderNoted, SenderNoted | None] = Decider(None, book.note, book.latest)
CONTRACT: Decider[ContractNoted, ContractNoted | None] = Decider(None, book.note, book.latest)
