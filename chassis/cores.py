"""On which cores the processes of one machine run.

Each service is one busy thread with much code and many states. Left to itself the system moves it to whatever core is
free for the moment, where none of that is at hand; on a small machine those that follow a command push aside the one
that takes it. So the front, whose commands come most often, has half of the cores to itself, and all that follows it
shares the others.
"""

import os
from collections.abc import Collection
from contextlib import suppress

ANY: frozenset[int] = frozenset()
"""As the system likes."""


def halves(cores: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Those of the front and those of all others; `ANY` for both where there are not two."""
    ordered = sorted(cores)
    middle = len(ordered) // 2
    return (frozenset(ordered[:middle]), frozenset(ordered[middle:])) if middle else (ANY, ANY)


def ours() -> frozenset[int]:
    """The cores that this process may run on; `ANY` on systems that do not tell."""
    return frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else ANY


def keep_to(pid: int, cores: Collection[int]) -> None:
    """Threads that the process begins later keep to them too. Where it is gone already, or a sandbox forbids it, it is
    left as it is."""
    if cores:
        with suppress(OSError):
            os.sched_setaffinity(pid, cores)
