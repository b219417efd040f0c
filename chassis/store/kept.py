"""States of big streams, kept across starts: reading one takes a fraction of what making it of its events takes.

The events are the only truth. What is kept is used where all of this holds, and passed over where anything does not:

- it was written by the same code as reads it (`Packing.made_by`), so that no rule has changed in between;
- it bears the house's seal, so that nobody else wrote it;
- the stream's event of its version has the hash that it was kept with, so that the same bytes led to it.

So the folder may be emptied at any time. Values are pickled in parts, and others have their turn after each.
"""

import asyncio
import hmac
import io
import logging
import os
import pickle
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from chassis.store.records import Decider

MOST_AT_HAND = 8
"""Values in memory; each may be big."""
SEAL_BYTES = 32
FASTEST = 1
"""Of zlib's levels: much the same is said again and again, so that it is enough."""

log = logging.getLogger(__name__)


class KeptState(NamedTuple):
    """A value made of a stream's events up to a version, whose hash is `head`."""

    version: int
    head: str
    value: Any


@dataclass(frozen=True, slots=True)
class Packing:
    """How values of one kind are written down, for who knows what they are made of."""

    made_by: str
    """Names the code: what another code has made is not read."""
    rooms: tuple[str, ...]
    """The packages whose classes are read; nothing else is ever called."""
    parts: Callable[[Any], Iterator[object]]
    """The value in parts; later ones may refer to earlier ones, and the last is the value itself."""
    reducers: Mapping[type, Callable[[Any], Any]]
    """Class -> what its values are made again of (`object.__reduce__`)."""
    completed: Callable[[Sequence[Any]], Iterator[None]]
    """Puts the parts together, step by step: the last one is whole then."""
    state: Callable[[Decider[Any, Any], Any], Any]
    """The state of a decider that a value holds, or None."""


@dataclass
class KeptStates:
    """What is kept in a folder, or without one in memory alone. `key` seals it."""

    packing: Packing | None = None
    folder: Path | None = None
    key: bytes = b""
    _at_hand: dict[str, KeptState] = field(default_factory=dict)

    async def find(self, stream: str) -> KeptState | None:
        """What is kept of a stream; whether the stream still leads there is for the caller to check."""
        if (kept := self._at_hand.get(stream)) is not None:
            return kept
        path = self._path(stream)
        if self.packing is None or path is None or not path.exists():
            return None
        body = await asyncio.to_thread(_opened, path, self.key)
        try:
            kept = await self._unpacked(self.packing, stream, body) if body else None
        except Exception:
            log.exception("what is kept of %s cannot be read: it is made of its events again", stream)
            return None
        if kept is not None:
            self.remember(stream, kept)
        return kept

    async def take(self, stream: str) -> KeptState | None:
        """The same for who goes on from it, and changes it."""
        kept = await self.find(stream)
        self._at_hand.pop(stream, None)
        return kept

    def remember(self, stream: str, kept: KeptState) -> None:
        self._at_hand[stream] = kept
        while len(self._at_hand) > MOST_AT_HAND:
            del self._at_hand[next(iter(self._at_hand))]

    async def keep(self, stream: str, kept: KeptState) -> None:
        """Write it down, for the next start."""
        path = self._path(stream)
        if self.packing is not None and path is not None:
            body = await self._packed(self.packing, stream, kept)
            await asyncio.to_thread(_write_sealed, path, body, self.key)

    def state(self, decider: Decider[Any, Any], kept: KeptState) -> Any:
        return None if self.packing is None else self.packing.state(decider, kept.value)

    def _path(self, stream: str) -> Path | None:
        return None if self.folder is None else self.folder / f"{sha256(stream.encode()).hexdigest()[:40]}.kept"

    async def _packed(self, packing: Packing, stream: str, kept: KeptState) -> bytes:
        body = io.BytesIO()
        pickler = pickle.Pickler(body, pickle.HIGHEST_PROTOCOL)
        pickler.dispatch_table = packing.reducers
        pickler.dump((packing.made_by, stream, kept.version, kept.head))
        for part in packing.parts(kept.value):
            pickler.dump(part)
            await asyncio.sleep(0)
        return body.getvalue()

    async def _unpacked(self, packing: Packing, stream: str, body: bytes) -> KeptState | None:
        reader = _Reader(io.BytesIO(body), packing.rooms)
        made_by, of_stream, version, head = reader.load()
        if (made_by, of_stream) != (packing.made_by, stream):
            return None
        parts = []
        while (part := reader.part()) is not None:
            parts.append(part)
            await asyncio.sleep(0)
        for _ in packing.completed(parts):
            await asyncio.sleep(0)
        return KeptState(version, head, parts[-1])


class _Reader(pickle.Unpickler):
    """Makes values of known classes alone."""

    def __init__(self, body: io.BytesIO, rooms: tuple[str, ...]) -> None:
        super().__init__(body)
        self._rooms = rooms

    def part(self) -> Any:
        """The next part; None after the last."""
        try:
            return self.load()
        except EOFError:
            return None

    def find_class(self, module: str, name: str) -> Any:
        if not any(module == room or module.startswith(f"{room}.") for room in self._rooms):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a kept state")
        return super().find_class(module, name)


def _opened(path: Path, key: bytes) -> bytes:
    """What was written under the seal; empty where the seal is broken or the file gone."""
    try:
        sealed = path.read_bytes()
    except OSError:
        return b""
    seal, packed = sealed[:SEAL_BYTES], sealed[SEAL_BYTES:]
    return zlib.decompress(packed) if hmac.compare_digest(seal, _seal(packed, key)) else b""


def _write_sealed(path: Path, body: bytes, key: bytes) -> None:
    """At once or not at all."""
    packed = zlib.compress(body, FASTEST)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(_seal(packed, key) + packed)
    beside.replace(path)


def _seal(packed: bytes, key: bytes) -> bytes:
    return hmac.digest(key, packed, "sha256")
