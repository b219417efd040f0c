"""No portion of work holds the event loop for long."""

from chassis.portion import Portion


def test_what_is_quick_is_done_in_one_go() -> None:
    portion = Portion(500, seconds=0.02)
    assert portion.size == 500
    portion.took(500, 0.005)
    assert portion.size == 500


def test_what_is_slow_is_done_in_small_portions() -> None:
    portion = Portion(500, seconds=0.02)
    for _ in range(20):
        portion.took(10, 0.05)  # 5 ms each
    assert portion.size == 4
    portion.took(1, 10.0)
    assert portion.size == 1


def test_one_slow_portion_is_soon_forgotten() -> None:
    portion = Portion(500, seconds=0.02)
    portion.took(1, 0.1)
    for _ in range(40):
        portion.took(100, 0.001)
    assert portion.size == 500


def test_nothing_done_teaches_nothing() -> None:
    portion = Portion(7)
    portion.took(0, 1.0)
    assert portion.size == 7


def test_a_portion_has_a_least_size_however_slow() -> None:
    portion = Portion(500, seconds=0.02, least=10)
    portion.took(1, 10.0)
    assert portion.size == 10
