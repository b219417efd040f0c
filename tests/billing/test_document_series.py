"""Numbers of documents (R30, R38)."""

from chassis.testing import given
from services.billing.deciders import SERIES
from services.billing.domain.series import NumberTooSmall, Series, SeriesBegun, SetNextNumber, TakeNumber, series_of
from services.billing.events import NextNumberSet, NumberTaken
from vocabulary.identity import ContractId, DocumentNumber

WEB = ContractId("web")


def take(series: Series = Series.INVOICES) -> TakeNumber:
    return TakeNumber(series, 2026, WEB)


def taken(number: str) -> NumberTaken:
    return NumberTaken(number=DocumentNumber(number), contract_id=WEB)


def test_numbers_follow_one_another_from_one():  # R30
    given(SERIES).when(take()).then(taken("2026-0001")).when(take()).then(taken("2026-0002"))


def test_credit_notes_have_a_series_of_their_own():  # R30
    assert series_of(-1) is Series.CREDIT_NOTES
    assert series_of(0) is Series.INVOICES
    given(SERIES).when(take(Series.CREDIT_NOTES)).then(taken("CN-2026-0001"))


def test_the_ten_thousandth_number_simply_grows():  # R30, on the edge: four digits are the least
    given(SERIES, NextNumberSet(next=9999)).when(take()).then(taken("2026-9999")).when(take()).then(taken("2026-10000"))


def test_a_series_goes_on_from_another_system_once():  # R38
    given(SERIES).when(SetNextNumber(18)).then(NextNumberSet(next=18)).when(take()).then(taken("2026-0018"))


def test_the_next_number_is_set_once_and_before_the_first_document():  # R38, refused
    given(SERIES, NextNumberSet(next=18)).when(SetNextNumber(20)).refused(SeriesBegun, field="next")
    given(SERIES, taken("2026-0001")).when(SetNextNumber(20)).refused(SeriesBegun, field="next")
    given(SERIES).when(SetNextNumber(0)).refused(NumberTooSmall, field="next")
