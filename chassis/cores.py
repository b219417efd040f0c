"""On which cores the processes of one machine run.

Each service is one busy thread with much code and many states. Left to itself the system moves it to whatever core is
free for the moment, where none of that is at hand; on a small machine those that follow a command push aside the one
that takes it. So the front, whose commands come most often, has half of the cores to itself, and all that follows it
shares the others.
"""

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

ANY: frozenset[int] = frozenset()
"""As the system likes."""


def place_of(core: int) -> tuple[int, int]:
    """Socket and core of what the system counts as one: two threads of one core lie at the same place."""
    topology = Path(f"/sys/devices/system/cpu/cpu{core}/topology")
    try:
        return int((topology / "physical_package_id").read_text()), int((topology / "core_id").read_text())
    except (OSError, ValueError):
        return 0, core


def halves(
    cores: Collection[int], place: Callable[[int], tuple[int, int]] = place_of
) -> tuple[frozenset[int], frozenset[int]]:
    """Those of the front and those of all others; `ANY` for both where there are not two."""
    ordered = sorted(cores, key=lambda core: (place(core), core))
    middle = len(ordered) // 2
    return (frozenset(ordered[:middle]), frozenset(ordered[middle:])) if middle else (ANY, ANY)


def ours() -> frozenset[int]:
    """The cores that this process may run on; `ANY` on systems that do not tell."""
    with suppress(AttributeError, OSError):
        return frozenset(os.sched_getaffinity(0))
    return ANY


def keep_to(cores: Collection[int]) -> None:
    """This process, before it has threads: those that it begins keep to them too, and so does the program that it
    becomes. Where a sandbox forbids it, it is left as it is."""
    if cores:
        with suppress(OSError):
            os.sched_setaffinity(0, cores)
