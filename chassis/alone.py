"""One process for one folder: a lock that the system lets go of when its holder dies, however it dies."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

RETRY_SECONDS = 0.1


class DataFolderHeld(Exception):
    """Another process works in this folder; the message says which, and what to do."""


@contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """Hold the lock, or `DataFolderHeld` at once."""
    with path.open("a+b") as file:
        if not _take(file):
            raise _in_words(file, path, what)
        yield


@asynccontextmanager
async def alone(path: Path, what: str, wait_seconds: float) -> AsyncIterator[None]:
    """Hold the lock; wait for one who is about to stop, and `DataFolderHeld` where he does not."""
    with path.open("a+b") as file:
        for _ in range(int(wait_seconds / RETRY_SECONDS)):
            if _take(file):
                break
            await asyncio.sleep(RETRY_SECONDS)
        else:
            raise _in_words(file, path, what)
        yield


def _take(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()).encode())
    file.flush()
    return True


def _in_words(file: BinaryIO, path: Path, what: str) -> DataFolderHeld:
    file.seek(0)
    holder = file.read(20).decode(errors="replace").strip() or "unknown"
    return DataFolderHeld(
        f"{path.parent} is in use by another {what} (process {holder}): stop it, or set another RETAINER_DATA_DIR"
    )
