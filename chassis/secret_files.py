"""Files that nobody else may read: made at once or not at all, by whoever comes first."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds; made where there is none, by whoever is first for all."""
    if not path.exists():
        beside = _written_beside(path, make())
        with suppress(FileExistsError):
            os.link(beside, path)
        beside.unlink()
    return path.read_bytes()


def replace_secret(path: Path, content: bytes) -> None:
    """Write it anew; whoever reads it meanwhile reads the old one or the new one, whole."""
    _written_beside(path, content).replace(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One at a time changes the file: a lock beside it, which ends with its holder."""
    with path.with_name(f".{path.name}.lock").open("a+b") as lock:
        os.chmod(lock.name, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _written_beside(path: Path, content: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside
