"""Named points at which a process can be made to die, as `kill -9` would: for tests of what a crash leaves behind.

    append.before, append.after      around the commit of a group of commands
    publish.before, publish.after    around a window of the relay
    inbox.before, inbox.after        around the append of what a batch of facts led to
    project.before, project.after    around the transaction of the views

`append.after:5` dies when that point is reached for the fifth time. Nothing is armed unless a setting says so.
"""

import os
import signal

POINTS = frozenset(
    f"{part}.{when}" for part in ("append", "publish", "inbox", "project") for when in ("before", "after")
)
_armed: dict[str, int] = {}


def arm(point: str) -> None:
    """Die at `point`, or at `point:n` when it is reached for the n-th time; an empty one arms nothing."""
    if not point:
        return
    name, _, count = point.partition(":")
    if name not in POINTS:
        raise ValueError(f"{name!r} is no crash point: {', '.join(sorted(POINTS))}")
    _armed[name] = int(count or 1)


def here(point: str) -> None:
    if _armed and point in _armed:
        _armed[point] -= 1
        if _armed[point] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
