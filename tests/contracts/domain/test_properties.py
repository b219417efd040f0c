"""What is true of any history of a contract, whatever was asked in whatever order."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.deciders import CONTRACT
from services.contracts.domain.changing import ChangeTerms, EndContract, PauseContract
from services.contracts.domain.contract import ContractCommand, decide
from services.contracts.domain.contract_state import Contract, evolve, standing_on
from services.contracts.domain.renewal import GiveNotice, KeepCalendar
from tests.contracts.domain.stories import WEB, agreed, binding
from vocabulary.check_terms import check_terms
from vocabulary.refusal import Refused
from vocabulary.terms import Renewal
from vocabulary.terms_in_force import Change, calendar_of, terms_at_boundary

BEGIN = date(2026, 1, 15)
AGREEMENTS = [
    agreed(),
    agreed(ends_on="2026-09-20"),
    agreed(ends_on="2026-06-15", renews=Renewal(3, notice_days=20, remind_days=(30, 7))),
]
PATCHES: list[dict[str, Any]] = [
    {"fee": {"amount": 350000}},
    {"fee": None},
    {"allowance": None},
    {"allowance": {"measure": "hours", "minutes": 2400}},
    {"allowance": {"measure": "amount", "amount": 100000}, "overage": {"rate": None}},
    {"allowance": None, "bank": True, "rollover": None},
    {"bank": False},
    {"rollover": {"cap": 600}},
    {"overage": {"policy": "borrow"}},
    {"minimum": 50000},
    {"anchor": 15},
    {"tax": {"category": "standard", "rate_ppm": 190000}},
    {},
]
DAYS = st.integers(-20, 400).map(lambda days: BEGIN + timedelta(days=days))
BOUNDARIES = st.integers(0, 12).map(lambda months: date(2026 + months // 12, months % 12 + 1, 1))
NOWS = DAYS.map(lambda day: datetime.combine(day, time(11), UTC))
CHANGES = st.builds(
    lambda on, patch, at_once, now, consents: ChangeTerms(WEB, Change(on, patch, at_once), consents, now),
    st.one_of(DAYS, BOUNDARIES),
    st.sampled_from(PATCHES),
    st.booleans(),
    NOWS,
    st.booleans(),
)
COMMANDS: st.SearchStrategy[ContractCommand] = st.one_of(
    CHANGES,
    st.builds(lambda on, days: PauseContract(WEB, on, on + timedelta(days=days)), DAYS, st.integers(0, 40)),
    st.builds(lambda on: EndContract(WEB, on), DAYS),
    st.builds(lambda now: KeepCalendar(WEB, now), NOWS),
    st.builds(lambda now: GiveNotice(WEB, "client", None, now), NOWS),
)


def lived(agreement: Any, commands: list[ContractCommand]) -> Contract:
    """The contract after all that was obeyed of these."""
    contract = evolve(CONTRACT.initial, binding(agreement))
    for command in commands:
        try:
            facts = decide(command, contract)
        except Refused:
            continue
        for fact in facts:
            contract = evolve(contract, fact)
    return contract


@settings(deadline=None)
@given(st.sampled_from(AGREEMENTS), st.lists(COMMANDS, max_size=12))
def test_terms_fit_together_at_every_boundary(agreement: Any, commands: list[ContractCommand]) -> None:
    contract = lived(agreement, commands)
    calendar = calendar_of(agreement)
    for change in contract.changes:
        assert change.immediately or calendar.is_start(change.effective_on)
    for number in range(16):
        terms = terms_at_boundary(agreement, contract.changes, calendar.start(number))
        check_terms(terms, {})
        assert (terms.cycle, terms.anchor) == (agreement.terms.cycle, agreement.terms.anchor)


@settings(deadline=None)
@given(st.sampled_from(AGREEMENTS), st.lists(COMMANDS, max_size=12), DAYS)
def test_pauses_stand_in_order_and_ends_follow_the_start(
    agreement: Any, commands: list[ContractCommand], today: date
) -> None:
    contract = lived(agreement, commands)
    begins = [pause.from_on for pause in contract.pauses]
    assert begins == sorted(begins)
    assert all(pause.from_on < pause.to_on for pause in contract.pauses)
    assert list(contract.ends) == sorted(set(contract.ends))
    assert all(end > contract.starts_on for end in contract.ends)
    ended = contract.ends_on is not None and contract.ends_on <= today
    assert (standing_on(contract, today) == "ended") == ended


@settings(deadline=None)
@given(st.sampled_from(AGREEMENTS), st.lists(COMMANDS, max_size=8), NOWS)
def test_keeping_the_calendar_twice_is_keeping_it_once(
    agreement: Any, commands: list[ContractCommand], now: datetime
) -> None:
    contract = lived(agreement, [*commands, KeepCalendar(WEB, now)])
    assert decide(KeepCalendar(WEB, now), contract) == []
