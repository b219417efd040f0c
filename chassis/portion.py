"""How much to do at once, so that the event loop is never held for long: learned from how long the last ones took."""

FIRST = 500
"""While nothing is known yet."""


class Portion:
    """At most `most`, and about as much as fits into `seconds`."""

    def __init__(self, most: int, seconds: float = 0.02, least: int = 1) -> None:
        """`least` bounds it from below where each portion has a cost of its own, such as a commit."""
        self._most = most
        self._least = least
        self._seconds = seconds
        self._each_seconds = 0.0

    @property
    def size(self) -> int:
        if self._each_seconds <= 0:
            return min(self._most, FIRST)
        return max(self._least, min(self._most, int(self._seconds / self._each_seconds)))

    def took(self, count: int, seconds: float) -> None:
        """`count` of them held the event loop for `seconds`; waiting is not holding. The latest count most."""
        if count:
            each = seconds / count
            self._each_seconds = each if not self._each_seconds else (self._each_seconds * 3 + each) / 4
