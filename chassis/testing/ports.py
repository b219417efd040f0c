"""Ports that are a test's own until its process ends, however often what listens there is killed and started again.

A port that the system gives (`bind` to 0) may be taken by anybody as soon as its server is dead: by another house, or
by an outgoing connection. So these lie below the range that the system gives from, and each is held by a lock on a file
that all tests of this machine share.
"""

import fcntl
import os
import random
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

RANGE = range(12_000, 30_000)
_held: list[int] = []


def free_port() -> int:
    """A port that nobody listens at, and no other test will take while this process lives."""
    folder = Path(tempfile.gettempdir()) / f"retainer-test-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    start = random.Random(os.getpid()).choice(RANGE)
    for number in range(len(RANGE)):
        port = RANGE[(start + number) % len(RANGE)]
        lock = os.open(folder / str(port), os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_free(port):
                _held.append(lock)
                return port
        os.close(lock)
    raise OSError(f"every port from {RANGE.start} to {RANGE.stop} is taken")


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False
