"""When to append: many drafts in one transaction, without making a lone caller wait.

Behind a server calls trickle in one a tick, so a commit at once would batch nothing. The linger adapts: where the last
append gathered several drafts, the next waits for as many again, at most 3 ms; a lone draft goes at once. Now and then
it asks for more than last time, so that it finds out how many there are: a server takes calls in one by one, so who
goes at once never meets the others. A caller who stays alone is asked ever more rarely.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from chassis.store.draft import Draft, Outcome
from chassis.store.statements import MAX_DRAFTS

LINGER_SECONDS = 0.003
PROBE_EVERY = 4
PROBE_ALONE_EVERY = 8
PROBE_ALONE_AT_MOST_EVERY = 256


class Linger:
    """How many drafts to wait for, at most `LINGER_SECONDS`."""

    def __init__(self) -> None:
        self._wanted = 1
        self._filled = 0
        self._probe_at = PROBE_ALONE_EVERY

    @property
    def wanted(self) -> int:
        return 2 if self._wanted == 1 and self._filled >= self._probe_at else self._wanted

    def gathered(self, count: int) -> None:
        """Learn from an append of `count` drafts."""
        if count < self.wanted:
            if self._wanted == 1:  # asked for company, and alone
                self._probe_at = min(2 * self._probe_at, PROBE_ALONE_AT_MOST_EVERY)
            self._wanted, self._filled = count, 0
            return
        self._filled += 1
        if count > self._wanted:
            self._wanted, self._probe_at = count, PROBE_ALONE_EVERY
        elif self._wanted > 1 and self._filled >= PROBE_EVERY:
            self._filled = 0
            self._wanted += max(1, self._wanted // 2)


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
        self._soon = False
        self._appending: asyncio.Task[None] | None = None
        self._waiting_since = 0.0

    def submit(self, draft: Draft) -> None:
        if not self._waiting:
            self._waiting_since = time.monotonic()
        self._waiting.append(draft)
        if self._appending is None:
            self._schedule()

    def _schedule(self) -> None:
        if not self._waiting or self._soon:
            return
        loop = asyncio.get_running_loop()
        waits = LINGER_SECONDS - (time.monotonic() - self._waiting_since)
        if len(self._waiting) >= self._linger.wanted or waits <= 0:
            self._soon = True
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            loop.call_soon(loop.call_soon, self._flush)  # two ticks on: who comes in the same moment comes along
        elif self._timer is None:
            self._timer = loop.call_later(waits, self._flush)

    def _flush(self) -> None:
        self._timer = None
        self._soon = False
        drafts = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_DRAFTS))]
        if not drafts:
            return
        self._linger.gathered(len(drafts))
        if self._executor is None:
            try:
                outcomes = self._append(drafts)
            except Exception as error:
                self._failed(drafts, error)
            else:
                self._settled(drafts, outcomes)
            self._schedule()
        else:
            self._appending = asyncio.create_task(self._append_aside(drafts))

    async def _append_aside(self, drafts: Sequence[Draft]) -> None:
        loop = asyncio.get_running_loop()
        try:
            outcomes = await loop.run_in_executor(self._executor, self._append, drafts)
        except Exception as error:
            self._failed(drafts, error)
        else:
            self._settled(drafts, outcomes)
        self._appending = None
        self._schedule()

    async def drain(self) -> None:
        """Wait until nothing is on its way."""
        while self._waiting or self._appending is not None:
            await (self._appending if self._appending is not None else asyncio.sleep(LINGER_SECONDS))
