"""What other services said is counted, waits, or is left out with a reason; it is never dropped and never refused."""

from functools import reduce

from services.billing.deciders import ACCOUNT
from services.billing.domain.account.state import UNOPENED
from services.billing.events import EntryCounted, FactLeftOut
from tests.billing.account.sentences import JANUARY, Story, agreement, day, hours
from vocabulary.identity import DeliveryId, EntryId


def test_an_entry_is_one_fact_with_the_figures_after_it():
    story = Story().opened(hours(40)).logged("e1", day(1, 8), "2:30")
    assert story.says() == ["EntryCounted e1, used 2:30"]
    [counted] = story.told
    assert isinstance(counted, EntryCounted)
    assert counted.figures is not None
    assert counted.figures.remaining == 37 * 60 + 30
    assert counted.fact_hash


def test_what_comes_before_its_contract_waits_and_is_counted_when_the_terms_come():
    story = Story().logged("e1", day(1, 8), "2:00")
    assert story.says() == ["FactWaits logged e1"]
    story.corrected("e1", day(1, 8), "3:00", known_on=day(1, 9))
    story.opened(hours(40), known_on=day(1, 10))
    assert story.says() == [
        "AccountOpened",
        "FiguresRestated",
        "EntryCounted e1, used 2:00",
        "EntryRecounted e1, used 3:00",
    ]
    assert story.account.waiting == ()


def test_the_same_contract_is_opened_once():
    story = Story().opened(hours(40)).opened(hours(20))
    assert story.told == []


def test_the_same_entry_again_changes_nothing():
    story = Story().opened(hours(40)).logged("e1", day(1, 8), "2:00").logged("e1", day(1, 8), "2:00")
    assert story.told == []


def test_a_correction_holds_the_whole_entry_and_a_deletion_takes_it_away():
    story = Story().opened(hours(40)).logged("e1", day(1, 8), "2:00")
    assert story.corrected("e1", day(1, 8), "1:00", known_on=day(1, 9)).says() == ["EntryRecounted e1, used 1:00"]
    assert story.deleted("e1", known_on=day(1, 10)).says() == ["EntryUncounted e1, used 0:00"]
    assert story.deleted("e1", known_on=day(1, 10)).told == []


def test_an_entry_that_moves_to_another_period_restates_the_one_it_left():
    story = Story().opened(hours(40)).logged("e1", day(1, 30), "2:00")
    story.corrected("e1", day(2, 2), "2:00", known_on=day(2, 3))
    assert story.says() == ["EntryRecounted e1, used 2:00", "FiguresRestated"]
    assert story.figures(JANUARY).used == 0
    assert story.figures(day(2, 1)).used == 120


def test_time_beyond_the_contract_is_left_out_with_the_refusals_name():  # R7
    story = Story().opened(hours(40, ends_on="2026-03-01")).logged("e1", day(3, 1), "1:00")
    assert story.says() == ["FactLeftOut e1: OutsideContract"]


def test_what_was_left_out_is_counted_once_the_contract_has_a_place_for_it():  # R25: the renewal was overtaken
    story = Story().opened(hours(40, ends_on="2026-03-01")).logged("e1", day(3, 5), "1:00")
    story.hear("renewal", day(3, 6), from_on=day(6, 1))
    assert "EntryCounted e1, used 1:00" in story.says()
    assert not story.account.left_out


def test_a_pause_that_crosses_an_entry_stands_and_the_entry_is_left_out():  # R24
    story = Story().opened(hours(40)).logged("e1", day(1, 14), "1:00").logged("e2", day(1, 20), "0:30")
    story.hear("pause", day(1, 13), from_on=day(1, 12), to_on=day(1, 16))
    assert story.says()[:3] == ["PauseNoted", "EntryUncounted e1, used 0:30", "FactLeftOut e1: OnPausedDay"]
    assert story.figures().used == 30


def test_an_end_that_crosses_an_entry_stands_and_the_entry_is_left_out():  # R7
    story = Story().opened(hours(40)).logged("e1", day(2, 20), "1:00")
    story.hear("end", day(2, 1), from_on=day(2, 10))
    assert "FactLeftOut e1: OutsideContract" in story.says()
    assert story.account.left_out


def test_terms_that_the_rules_have_no_place_for_are_left_out_themselves():  # R22: off the boundary, not immediate
    story = Story().opened(agreement(fee={"amount": 1000}, tax={"category": "standard", "rate_ppm": 190_000}))
    story.hear("terms", day(1, 5), from_on=day(1, 15), patch={"fee": {"amount": 2000}})
    [left_out] = story.told
    assert isinstance(left_out, FactLeftOut)
    assert left_out.field


def test_time_that_needs_approval_waits_in_the_figures_until_it_is_approved():  # R13
    story = Story().opened(hours(40, approval="required")).logged("e1", day(1, 8), "2:00", approved=False)
    assert (story.figures().used, story.figures().waiting) == (0, 120)
    story.hear("approved", day(1, 9), entry_id=EntryId("e1"))
    assert story.says() == ["EntryRecounted e1, used 2:00"]
    assert (story.figures().used, story.figures().waiting) == (120, 0)


def test_an_approval_of_what_is_not_known_here_changes_nothing():  # R13
    story = Story().opened(hours(40)).hear("approved", day(1, 9), entry_id=EntryId("nobody"))
    assert story.told == []


def test_deliveries_count_once_and_can_be_withdrawn():  # R14
    units = agreement(
        fee={"amount": 1000}, allowance={"measure": "units", "units": 4, "of": "post"}, overage={"rate": 5000}
    )
    made = {"delivery_id": DeliveryId("d1"), "units": 3, "delivered_on": day(1, 8)}
    story = Story().opened(units).hear("delivered", day(1, 8), **made)
    assert story.figures().used == 3
    assert story.hear("delivered", day(1, 8), **made).told == []
    story.hear("withdrawn", day(1, 9), delivery_id=DeliveryId("d1"))
    assert story.figures().used == 0
    assert story.hear("withdrawn", day(1, 9), delivery_id=DeliveryId("d1")).told == []


def test_a_delivery_has_no_place_in_hours():  # R20
    story = Story().opened(hours(40))
    story.hear("delivered", day(1, 8), delivery_id=DeliveryId("d1"), units=1, delivered_on=day(1, 8))
    assert story.says() == ["FactLeftOut d1: NoUnits"]


def test_carried_time_moves_the_next_period_when_an_old_one_is_corrected():  # R15
    story = Story().opened(hours(40, rollover={}))
    story.logged("e1", day(1, 8), "4:00").logged("e2", day(2, 8), "1:00")
    assert story.figures(day(2, 1)).carried == 36 * 60
    story.corrected("e1", day(1, 8), "9:00", known_on=day(2, 9))
    assert story.says() == ["EntryRecounted e1, used 9:00", "FiguresRestated"]
    assert story.figures(day(2, 1)).carried == 31 * 60


def test_time_that_is_not_billable_is_kept_for_the_record():  # R7, R11
    story = Story().opened(hours(40)).logged("e1", day(1, 8), "2:00", billable=False)
    assert story.says() in (["EntryCounted e1, used 0:00"], ["EntryCounted e1"])
    outside = story.logged("e2", day(1, 1, year=2025), "2:00", billable=False)
    assert outside.says() == ["EntryCounted e2"]


def test_replaying_the_facts_gives_the_same_account():
    story = Story().opened(hours(40, rollover={})).logged("e1", day(1, 8), "4:00")
    story.logged("e2", day(2, 8), "1:00").corrected("e1", day(1, 8), "9:00", known_on=day(2, 9))
    again = reduce(ACCOUNT.evolve, story.history, UNOPENED)
    assert again.stated == story.account.stated
    assert again.told == story.account.told
    assert again.awaited == story.account.awaited
