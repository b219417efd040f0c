"""An account read again from its first event on: chain, figures, totals, and the rows that people see."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from chassis.catalog import parse_tag
from chassis.message import message_id
from chassis.store import Store
from chassis.store.chain import chained
from chassis.store.kept import KeptState
from chassis.store.plan import Row
from services.billing.domain.proving import AccountProof
from services.billing.events import Figures
from services.billing.views.budget import PACE
from wire.retainer.billing.v1 import proof_pb2 as wire

PAGE = 250
"""Others have their turn after so many events."""
MOST_FLAWS = 20


class Recount:
    """One reading. Every byte is hashed anew; what was proved before of the same bytes is not reckoned again."""

    def __init__(self, store: Store, stream: str, proven: KeptState | None) -> None:
        """`proven`: the proof that was kept of the stream up to a version."""
        self._store, self._stream = store, stream
        self._begin(proven)

    def _begin(self, proven: KeptState | None) -> None:
        self.version, self.head = 0, ""
        self.flaws: list[wire.AccountFlaw] = []
        self._proven = proven
        self.proof: AccountProof = AccountProof() if proven is None else proven.value

    async def read_on(self) -> bool:
        """To the newest event; False where something does not fit, and looking further says nothing more."""
        while len(self.flaws) < MOST_FLAWS and (rows := await self._next_rows()):
            for row in rows:
                self._take(row)
                if len(self.flaws) >= MOST_FLAWS or (self.flaws and self._proven is not None):
                    break
            if self.version < rows[-1].version:
                break
            await asyncio.sleep(0)
        if self._proven is not None:
            self._begin(None)  # another history than the one that was proved: all of it is reckoned anew
            return await self.read_on()
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

    async def _next_rows(self) -> Sequence[Row]:
        return await self._store.read_stored_stream(self._stream, self.version, PAGE)

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
        elif (row.version, row.stream_hash) == (self._proven.version, self._proven.head):
            self._proven = None  # the same head means the same bytes

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
