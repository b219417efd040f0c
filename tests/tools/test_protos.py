"""What callers of an earlier release knew is still understood; and a change that breaks them is told."""

from pathlib import Path

from tools.protos import RELEASED, make_image, still_understood


def test_what_a_release_knew_and_is_no_more_is_told(tmp_path: Path) -> None:
    today = tmp_path / "today.binpb"
    assert make_image(today, comments=False) == 0
    (first,) = RELEASED.glob("0.1.0.binpb")
    assert still_understood(today, first)
    assert not still_understood(first, today)  # as if all that came since were taken out again
