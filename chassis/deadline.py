"""The end of a call's time. What asyncio.timeout does, at a quarter of its cost: each call has one."""

import asyncio
from types import TracebackType
from typing import Any

from chassis.answers import DeadlineOver


class Deadline:
    """`with Deadline(task, seconds):` around what the task does; `DeadlineOver` where that is not done by then. A
    cancellation that came from elsewhere stays one."""

    __slots__ = ("_before", "_over", "_task", "_timer")

    def __init__(self, task: asyncio.Task[Any], seconds: float) -> None:
        self._task = task
        self._before = task.cancelling()
        self._over = False
        self._timer = task.get_loop().call_later(seconds, self._end)

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._over and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise DeadlineOver from None

    def _end(self) -> None:
        self._over = True
        self._task.cancel()
