"""Rounding (R10) and value (R9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.rating import rounded, shared_out, value
from vocabulary.terms import Rounding, RoundingMode

UP, NEAREST, DOWN = RoundingMode.UP, RoundingMode.NEAREST, RoundingMode.DOWN


@pytest.mark.parametrize(
    ("mode", "seconds", "minutes"),
    [
        (UP, 1, 15), (UP, 900, 15), (UP, 901, 30), (UP, 0, 0),
        (NEAREST, 449, 0), (NEAREST, 450, 15), (NEAREST, 1349, 15), (NEAREST, 1350, 30),
        (DOWN, 899, 0), (DOWN, 900, 15),
    ],
)  # fmt: skip
def test_each_mode_rounds_the_duration(mode: RoundingMode, seconds: int, minutes: int) -> None:
    assert rounded(seconds, Rounding(15, mode)) == minutes


def test_the_last_of_a_day_gets_the_rest() -> None:
    assert shared_out([630, 1245], Rounding(15, NEAREST)) == [10, 20]  # 31:15 -> 30, less 10


def test_what_the_last_cannot_give_is_taken_off_the_one_before() -> None:
    assert shared_out([360, 60], Rounding(15, NEAREST)) == [0, 0]  # 7:00 -> 0: 6, -6 -> 0, 0
    assert shared_out([600, 600, 120], Rounding(30, DOWN)) == [0, 0, 0]
    assert shared_out([1200, 600, 120], Rounding(30, DOWN)) == [20, 10, 0]
    assert shared_out([1500, 600, 120], Rounding(30, DOWN)) == [25, 5, 0]  # 37:00 -> 30: 25 + 10 - 5 + 0


@given(
    st.lists(st.integers(0, 30_000), min_size=1, max_size=8),
    st.builds(Rounding, st.integers(1, 60), st.sampled_from(RoundingMode)),
)
def test_a_day_comes_to_its_rounded_sum_and_no_entry_below_zero(seconds: list[int], rounding: Rounding) -> None:
    shares = shared_out(seconds, rounding)
    assert sum(shares) == rounded(sum(seconds), rounding)
    assert min(shares) >= 0


def test_the_value_is_rounded_half_away_from_zero() -> None:
    assert value(7, 77_777) == 9_074  # 0:07 at 77.777 = 9.07398
    assert value(1, 30) == 1  # half a cent
    assert value(60, None) == 0
