"""Whether billing's own facts fit together, told fact by fact: R27 at every boundary, numbers without gap or repeat.

`AccountAudit` follows one account: what its invoices and credit notes asked must be what its statements charge, at each
boundary, once that is settled. `SeriesAudit` follows one series of one year. Nothing here changes anything.
"""

from dataclasses import dataclass, field
from datetime import date

from services.billing.domain import books as fold
from services.billing.domain import invoice
from services.billing.domain.account import UNOPENED, Account, evolve
from services.billing.domain.account.evolving import AccountEvent
from services.billing.domain.series import NOTHING_NUMBERED, Numbering, Series, SeriesEvent
from services.billing.domain.series import evolve as evolve_series
from services.billing.events import InvoiceDrafted, InvoiceIssued, NumberTaken, PeriodSettled
from vocabulary.identity import ContractId, DocumentNumber


@dataclass
class AccountAudit:
    """One account, from its first fact on. `issued` are the numbers of its documents, in order."""

    account: Account = UNOPENED
    issued: list[DocumentNumber] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    boundaries: int = 0
    _settled: PeriodSettled | None = None
    _differed: str = ""

    def take(self, event: AccountEvent) -> None:
        if self._differed and isinstance(event, PeriodSettled):
            self._tell()  # no document came of the boundary before
        self.account = evolve(self.account, event)
        match event:
            case PeriodSettled():
                self.boundaries += 1
                self._settled = event
                self._differed = self._difference()
            case InvoiceIssued():
                self.issued.append(event.number)
                self._look_again(event.boundary)
            case InvoiceDrafted():
                self._look_again(event.boundary)
            case _:
                return

    def end(self) -> None:
        if self._differed:
            self._tell()

    def _look_again(self, boundary: date) -> None:
        if self._differed and self._settled is not None and boundary == self._settled.boundary:
            self._differed = self._difference()

    def _difference(self) -> str:
        """What is owed at the boundary by what was known before its cut-off, and was not asked; empty where nothing."""
        settled = self._settled
        assert settled is not None
        known = fold.as_known(self.account.opened_books, settled.cut_off)
        left = invoice.draft(known, self.account.asked, settled.boundary)
        if left is None:
            return ""
        return f"at {settled.boundary} the documents ask {left.net} less than the statements charge (R27)"

    def _tell(self) -> None:
        self.flaws.append(self._differed)
        self._differed = ""


@dataclass
class SeriesAudit:
    """One series of one year, like `invoices-2026`."""

    kind: Series
    year: int
    taken: dict[DocumentNumber, ContractId] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)
    _state: Numbering = NOTHING_NUMBERED

    def take(self, event: SeriesEvent) -> None:
        if isinstance(event, NumberTaken):
            due = self.kind.number(self.year, self._state.next)
            if event.number != due:
                self.flaws.append(f"{event.number} was taken where {due} is next (R30)")
            if event.number in self.taken:
                self.flaws.append(f"{event.number} was taken twice (R30)")
            self.taken[event.number] = event.contract_id
        self._state = evolve_series(self._state, event)
