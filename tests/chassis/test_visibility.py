"""From recorded there until seen here: each fact is counted once, when the views hold what it led to."""

import time

from prometheus_client import CollectorRegistry, Histogram

from chassis.visibility import MOST_BATCHES, Visibility


class Counted:
    """What the histogram says after each step."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        seconds = Histogram("visible", "…", ("source",), buckets=(1.0, 10.0), registry=self.registry)
        self.visibility = Visibility(lambda source: seconds.labels(source).observe)

    def within(self, bound: str, source: str = "timelog") -> float:
        return self.registry.get_sample_value("visible_bucket", {"source": source, "le": bound}) or 0.0


def test_a_fact_is_seen_when_the_views_have_come_to_what_it_led_to() -> None:
    counted = Counted()
    counted.visibility.taken_in("timelog", 7, [time.time(), time.time() - 5])
    counted.visibility.reached(6)
    assert counted.within("+Inf") == 0
    counted.visibility.reached(7)
    assert (counted.within("1.0"), counted.within("10.0"), counted.within("+Inf")) == (1, 2, 2)
    counted.visibility.reached(8)
    assert counted.within("+Inf") == 2


def test_views_that_were_there_first_count_at_once() -> None:
    counted = Counted()
    counted.visibility.reached(9)
    counted.visibility.taken_in("timelog", 9, [time.time()])
    assert counted.within("1.0") == 1


def test_a_clock_that_is_ahead_counts_as_no_time() -> None:
    counted = Counted()
    counted.visibility.taken_in("timelog", 0, [time.time() + 60])
    assert counted.within("1.0") == 1


def test_views_that_stand_still_do_not_fill_the_memory() -> None:
    counted = Counted()
    for position in range(1, MOST_BATCHES + 3):
        counted.visibility.taken_in("timelog", position, [time.time() - 5])
    assert counted.within("+Inf") == 2
    counted.visibility.reached(MOST_BATCHES + 3)
    assert counted.within("+Inf") == MOST_BATCHES + 2
