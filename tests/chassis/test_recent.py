"""The facts that are kept in memory: a gapless end of the log, bounded by number and by size."""

from datetime import UTC, datetime

from chassis.store.recent import KEPT, KEPT_BYTES, Recent
from chassis.store.records import Recorded
from tests.chassis.tally import Counted

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fact(position: int, size: int = 100) -> Recorded:
    """One of a log without holes."""
    event = Counted(counter_id="a", amount=1)
    stream = "acme/counter/a"
    return Recorded(
        position, position - 1, stream, position, "tally.Counted", 2, event, bytes(size), NOON, "acme", "anna", "", "",
        "", position,
    )  # fmt: skip


def kept(recent: Recent, up_to: int) -> int:
    """How many facts before the end are still there."""
    return next(back for back in range(up_to, -1, -1) if not back or recent.after(up_to - back, 1))


def test_the_last_facts_are_there_in_order() -> None:
    recent = Recent()
    recent.add([fact(1), fact(2)])
    recent.add([fact(3)])
    assert [one.position for one in recent.after(0, 9)] == [1, 2, 3]
    assert [one.position for one in recent.after(1, 1)] == [2]
    assert recent.after(3, 9) == []


def test_a_hole_begins_anew() -> None:
    recent = Recent()
    recent.add([fact(1), fact(2)])
    recent.add([fact(4)])
    assert recent.after(1, 9) == ()
    assert [one.position for one in recent.after(3, 9)] == [4]


def test_many_facts_are_cut_to_half() -> None:
    recent = Recent()
    for position in range(1, KEPT + 1):
        recent.add([fact(position)])
    assert kept(recent, KEPT) == KEPT
    recent.add([fact(KEPT + 1)])
    assert kept(recent, KEPT + 1) == KEPT // 2
    assert recent.after(KEPT, 9)[0].position == KEPT + 1


def test_big_facts_are_fewer() -> None:
    recent = Recent()
    size = KEPT_BYTES // 8
    for position in range(1, 100):
        recent.add([fact(position, size)])
        assert kept(recent, position) <= 8
        assert recent.after(position - 1, 1)[0].position == position


def test_one_that_is_too_big_is_read_from_the_database() -> None:
    recent = Recent()
    recent.add([fact(1), fact(2, KEPT_BYTES + 1)])
    assert recent.after(1, 9) == ()
    recent.add([fact(3)])
    assert [one.position for one in recent.after(2, 9)] == [3]
