"""A client's own books: written before a command is sent, and after it was answered. They know nothing of the house."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from wire.retainer.receipt.v1.receipt_pb2 import Receipt


@dataclass(slots=True)
class Entry:
    """What a client believes of an entry of his: the facts that must be in the store, and its minutes now."""

    contract: str
    minutes: int
    first_logged: int
    facts: list[str] = field(default_factory=list)
    deleted: bool = False


class Ledger:
    """Lines of JSON in a file, and what follows from them."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self.said: dict[str, str] = {}
        """Request id -> what was asked for, where the answer is not known yet."""
        self.answered: dict[str, Receipt] = {}
        self.entries: dict[str, Entry] = {}
        self.copies = 0
        """Calls that were sent besides the first, with the same request id."""

    def say(self, request_id: str, what: str) -> None:
        assert request_id not in self.said and request_id not in self.answered, f"{request_id} was said before"
        self.said[request_id] = what
        self._write("said", request_id, what)

    def note(self, request_id: str, receipt: Receipt) -> None:
        what = self.said.pop(request_id)
        self.answered[request_id] = receipt
        self._write("answered", request_id, f"{what} -> {receipt.name} {receipt.etag}")

    def logged(self, entry_id: str, contract: str, minutes: int) -> None:
        self.entries[entry_id] = Entry(contract, minutes, minutes, ["timelog.TimeLogged"])

    def corrected(self, entry_id: str, minutes: int) -> None:
        entry = self.entries[entry_id]
        if minutes != entry.minutes:
            entry.minutes = minutes
            entry.facts.append("timelog.TimeCorrected")

    def deleted(self, entry_id: str) -> None:
        entry = self.entries[entry_id]
        entry.deleted = True
        entry.facts.append("timelog.TimeDeleted")

    def minutes_of(self, contract: str) -> int:
        """An independent sum of what was worked."""
        return sum(entry.minutes for entry in self.entries.values() if entry.contract == contract and not entry.deleted)

    def minutes_first_logged(self, contract: str) -> int:
        """The sum where nothing had been corrected or deleted."""
        return sum(entry.first_logged for entry in self.entries.values() if entry.contract == contract)

    def standing(self, contract: str) -> Counter[str]:
        """Entry id -> minutes."""
        return Counter(
            {
                entry_id: entry.minutes
                for entry_id, entry in self.entries.items()
                if entry.contract == contract and not entry.deleted
            }
        )

    def close(self) -> None:
        self._file.close()

    def _write(self, what: str, request_id: str, about: str) -> None:
        self._file.write(json.dumps([what, request_id, about]) + "\n")
        self._file.flush()
