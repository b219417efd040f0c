"""An account read again from its first event on: chain, figures, totals, and the rows that people see."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from chassis.catalog import parse_tag
from chassis.message import message_id
from chassis.store import Store
from chassis.store.chain import chained
from chassis.store.plan import Row
from services.billing.domain.proving import AccountProof
from services.billing.events import Figures
from services.billing.views.budget import PACE
from wire.retainer.billing.v1 import proof_pb2 as wire

PAGE = 250
"""Others have their turn after so many events."""
MOST_FLAWS = 20


class Proven(NamedTuple):
    """What was proved of a stream: as long as its chain leads to the same head, it holds of the same bytes."""

    version: int
    head: str
    proof: AccountProof


class Recount:
    """One reading. Every byte is hashed anew; what was proved before of the same bytes is not reckoned again."""

    def __init__(self, store: Store, stream: str, proven: Proven | None) -> None:
        self.version, self.head = 0, ""
        self.flaws: list[wire.AccountFlaw] = []
        self._store, self._stream = store, stream
        self._proven = proven
        self.proof = proven.proof if proven is not None else AccountProof()
        self._unheard: list[Row] = []

    async def read_on(self) -> bool:
        """To the newest event; False where something does not fit, and looking further says nothing more."""
        while rows := await self._store.read_stored_stream(self._stream, self.version, PAGE):
            for row in rows:
                self._take(row)
                if len(self.flaws) >= MOST_FLAWS:
                    return False
            if self.version < rows[-1].version:
                break
            await asyncio.sleep(0)
        if self._proven is not None:
            self._forget()  # there are fewer events than were proved
        if not self.flaws:
            self._tell(0, "", self.proof.end())
        return not self.flaws

    def compare(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """The budget view with the account that the events make."""
        account = self.proof.account
        periods = {row["starts_on"]: row for row in rows if "figures" in row}
        kept = {start: msgspec.json.decode(row["figures"], type=Figures) for start, row in periods.items()}
        if kept != {start.isoformat(): figures for start, figures in account.stated.items()}:
            self._tell(0, "", ["the figures in the budget view differ: `retainer rebuild billing budget`"])
        alerts = {(row["starts_on"], row["percent"]) for row in rows if "percent" in row}
        told = {(start.isoformat(), percent) for start, percents in account.told.items() for percent in percents}
        if alerts != told | {(start.isoformat(), PACE) for start in account.warned}:
            self._tell(0, "", ["the alerts in the budget view differ: `retainer rebuild billing budget`"])

    def _take(self, row: Row) -> None:
        expected = chained(
            self.head, self._stream, row.version, row.tag, row.recorded_at_us, row.actor, bytes(row.payload)
        )
        found = []
        if row.version != self.version + 1:
            found.append(f"is version {row.version}, after {self.version}: events are missing")
        if row.stream_hash != expected:
            found.append("does not fit the chain: it was changed")
        self.version, self.head = row.version, row.stream_hash
        if found or self.flaws:  # what follows from a spoiled event says nothing more
            self._told(row, found)
        elif self._proven is None:
            self._told(row, self._event_flaws(row))
        else:
            self._unheard.append(row)
            self._may_trust(row)

    def _may_trust(self, row: Row) -> None:
        """Up to where it was proved: the same head means the same bytes."""
        assert self._proven is not None
        if row.version < self._proven.version:
            return
        if row.stream_hash == self._proven.head:
            self._proven = None
            self._unheard = []
        else:
            self._forget()

    def _forget(self) -> None:
        """Another history than the one that was proved: all of it is reckoned anew."""
        self.proof, self._proven = AccountProof(), None
        unheard, self._unheard = self._unheard, []
        for row in unheard:
            if not self.flaws:
                self._told(row, self._event_flaws(row))

    def _event_flaws(self, row: Row) -> Iterator[str]:
        try:
            event = self._store.catalog.decode(*parse_tag(row.tag), row.payload)
        except (ValueError, KeyError) as error:
            return iter([f"cannot be read: {error}"])
        return islice(self.proof.flaws_of(event), MOST_FLAWS)  # type: ignore[arg-type]  # the stream holds these alone

    def _told(self, row: Row, messages: Sequence[str] | Iterator[str]) -> None:
        event_id = message_id("billing", self._store.epoch, row.position)
        self._tell(row.version, event_id, (f"{row.tag} {message}" for message in messages))

    def _tell(self, version: int, event_id: str, messages: Sequence[str] | Iterator[str]) -> None:
        self.flaws += (wire.AccountFlaw(version=version, event_id=event_id, message=message) for message in messages)
