"""A clock that goes when it is told to."""


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_772_000_000.0

    def __call__(self) -> float:
        return self.seconds
