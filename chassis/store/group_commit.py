"""When to append: many drafts in one transaction, without making a lone caller wait.

Behind a server calls trickle in one by one, so a commit at once would batch nothing, and who is committed at once
never meets the others. So now and then a draft waits for company until nobody has come for as long as the last append
took (3 ms at least), and what came in that time is what the next ones wait for, no longer than that either. Where
nobody came the next ones go at once, and it is tried ever more rarely. As long as one comes after the other the waiting
goes on, for 20 ms at most: a busy event loop takes in no more than a few in 3 ms, and each append costs as much as
several commands.

A crowd that has just been answered comes back only when its callers have had their turn of the processor. So it is not
forgotten when one draft comes early, but by halves, and until half of it is here the silence may last 12 ms.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from chassis.store.draft import Draft, Outcome
from chassis.store.statements import MAX_DRAFTS

LINGER_SECONDS = 0.003
LONGEST_LINGER_SECONDS = 0.012
LONGEST_GATHERING_SECONDS = 0.02
MANY = 16
"""Where so many came together, half of them are worth a longer silence: they are on their way back."""
TICK_SECONDS = 0.0005
LOOK_EVERY = 4
LOOK_ALONE_EVERY = 8
LOOK_ALONE_AT_LEAST_EVERY = 256


class Linger:
    """For how many drafts to wait, and for how long after the last that came: learned from what came when it waited in
    full."""

    def __init__(self) -> None:
        self.seconds = LINGER_SECONDS
        self._came = 1
        self._since_looked = 0
        self._look_every = LOOK_ALONE_EVERY

    @property
    def wanted(self) -> int:
        """Append as soon as there are so many; 0: wait in full, to see how many come."""
        return 0 if self._since_looked >= self._look_every else self._came

    def left(self, waiting: int, began: float, came: float, now: float) -> float:
        """Seconds to wait for the next draft, by how many wait, when the gathering began and when the last one came."""
        many = self._came >= MANY and 2 * waiting < self._came
        silence = LONGEST_LINGER_SECONDS if many else self.seconds
        return min(came + silence, began + LONGEST_GATHERING_SECONDS) - now

    def gathered(self, count: int, seconds: float) -> None:
        """Learn from an append of `count` drafts that took so long."""
        self.seconds = min(max(LINGER_SECONDS, seconds), LONGEST_LINGER_SECONDS)
        looked = not self.wanted
        before, self._came = self._came, max(count, self._came // 2)
        if not looked:
            self._since_looked += 1
            return
        self._since_looked = 0
        if count > 1:
            self._look_every = LOOK_EVERY
        elif before == 1:
            self._look_every = min(2 * self._look_every, LOOK_ALONE_AT_LEAST_EVERY)
        else:
            self._look_every = LOOK_ALONE_EVERY


class GroupCommit:
    """`append` is called with the drafts in the order in which they came; in `executor` where there is one."""

    def __init__(
        self,
        append: Callable[[Sequence[Draft]], Sequence[Outcome]],
        settled: Callable[[Sequence[Draft], Sequence[Outcome]], None],
        failed: Callable[[Sequence[Draft], Exception], None],
        executor: Executor | None = None,
    ) -> None:
        self._append = append
        self._settled = settled
        self._failed = failed
        self._executor = executor
        self._waiting: deque[Draft] = deque()
        self._linger = Linger()
        self._timer: asyncio.TimerHandle | None = None
        self._began = self._came = 0.0
        """When the gathering began, and when the last draft came."""
        self._soon = False
        self._appending: asyncio.Task[None] | None = None

    def submit(self, draft: Draft) -> None:
        self._waiting.append(draft)
        self._came = time.monotonic()
        if self._appending is None:
            self._schedule()

    def _schedule(self) -> None:
        if not self._waiting or self._soon:
            return
        wanted = self._linger.wanted
        if wanted and len(self._waiting) >= wanted:
            self._flush_soon()
        elif self._timer is None:
            self._began = time.monotonic()
            self._look_later(self._linger.seconds)

    def _flush_soon(self) -> None:
        self._soon = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self._flush)  # two ticks on: who comes in the same moment comes along

    def _look_later(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        """Whether somebody came lately; then others may come too."""
        self._timer = None
        still = self._linger.left(len(self._waiting), self._began, self._came, time.monotonic())
        if still > TICK_SECONDS:
            self._look_later(still)
        else:
            self._flush_soon()

    def _flush(self) -> None:
        self._timer = None
        self._soon = False
        drafts = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_DRAFTS))]
        if not drafts:
            return
        if self._executor is None:
            began = time.monotonic()
            try:
                outcomes = self._append(drafts)
            except Exception as error:
                self._failed(drafts, error)
            else:
                self._settled(drafts, outcomes)
            self._linger.gathered(len(drafts), time.monotonic() - began)
            self._schedule()
        else:
            self._appending = asyncio.create_task(self._append_aside(drafts))

    async def _append_aside(self, drafts: Sequence[Draft]) -> None:
        loop = asyncio.get_running_loop()
        began = time.monotonic()
        try:
            outcomes = await loop.run_in_executor(self._executor, self._append, drafts)
        except Exception as error:
            self._failed(drafts, error)
        else:
            self._settled(drafts, outcomes)
        self._linger.gathered(len(drafts), time.monotonic() - began)
        self._appending = None
        self._schedule()

    async def drain(self) -> None:
        """Wait until nothing is on its way."""
        while self._waiting or self._appending is not None:
            await (self._appending if self._appending is not None else asyncio.sleep(LINGER_SECONDS))
