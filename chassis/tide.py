"""A number that rises, and those who wait for it."""

import asyncio


class Tide:
    """A position that others wait for, without polling: `reach` wakes whom it concerns."""

    def __init__(self, value: int = 0) -> None:
        self._value = value
        self._risen = asyncio.Event()

    @property
    def value(self) -> int:
        return self._value

    def reach(self, value: int) -> None:
        """Rise to `value`; a lower one changes nothing."""
        if value > self._value:
            self._value = value
            self.nudge()

    def fall(self, value: int) -> None:
        """Go back to `value`: what was reached was lost again. Who waits goes on waiting."""
        self._value = value

    def nudge(self) -> None:
        """Wake everybody who waits, to look for himself."""
        risen, self._risen = self._risen, asyncio.Event()
        risen.set()

    async def beyond(self, value: int) -> int:
        """Wait until it is higher than `value`; returns where it is."""
        while self._value <= value:
            await self._risen.wait()
        return self._value

    async def at_least(self, value: int) -> int:
        return await self.beyond(value - 1)

    async def next_nudge(self, timeout_seconds: float) -> bool:
        """Wait for the next rise or nudge; False where none came in time."""
        risen = self._risen
        try:
            async with asyncio.timeout(timeout_seconds):
                await risen.wait()
        except TimeoutError:
            return False
        return True
