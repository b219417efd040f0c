"""What timelog keeps of contracts' facts: always the whole of what it knows."""

from datetime import date

import msgspec

from services.contracts import events as contracts
from services.timelog.events import ContractHeard, Pause
from services.timelog.reactions import after, partition
from tests.timelog.samples import WEB, heard, signed
from tests.timelog.studio import ACME, activated
from vocabulary.fact import Fact
from vocabulary.identity import ClientId
from vocabulary.terms_in_force import Change

DRAFTED = contracts.ContractDrafted(contract_id=WEB, client_id=ACME, title="Web", agreement=signed())
LATER = contracts.TermsChanged(contract_id=WEB, client_id=ACME, patch={"rate": 13000}, effective_on=date(2026, 4, 1))
SOONER = contracts.TermsChanged(
    contract_id=WEB, client_id=ACME, patch={"rate": 11000}, effective_on=date(2026, 2, 1), immediately=True
)


def told(*facts: Fact) -> ContractHeard | None:
    known: ContractHeard | None = None
    for fact in facts:
        known = after(fact, known) or known
    return known


def test_a_draft_becomes_a_contract_that_binds() -> None:
    assert told(DRAFTED) == heard("draft")
    revised = contracts.DraftRevised(contract_id=WEB, client_id=ACME, title="Web", agreement=signed(currency="CHF"))
    assert told(DRAFTED, revised) == heard("draft", currency="CHF")
    assert told(DRAFTED, activated()) == heard()
    assert told(DRAFTED, contracts.DraftDiscarded(contract_id=WEB)) == heard("discarded")


def test_changes_stand_in_order_of_their_dates_whatever_was_told_first() -> None:  # R22
    changes = (Change(date(2026, 2, 1), {"rate": 11000}, immediately=True), Change(date(2026, 4, 1), {"rate": 13000}))
    assert told(activated(), LATER, SOONER) == told(activated(), SOONER, LATER) == heard(changes=changes)


def test_pauses_and_ends_are_kept() -> None:
    pause = contracts.ContractPaused(
        contract_id=WEB, client_id=ACME, from_on=date(2026, 4, 10), to_on=date(2026, 4, 20)
    )
    end = contracts.EndAgreed(contract_id=WEB, client_id=ACME, ends_on=date(2026, 7, 1))
    renewed = contracts.ContractRenewed(contract_id=WEB, client_id=ACME, ends_on=date(2027, 7, 1))
    known = heard(pauses=(Pause(date(2026, 4, 10), date(2026, 4, 20)),), ends_on=date(2026, 7, 1))
    assert told(activated(), pause, end) == known
    assert told(activated(), pause, end, renewed) == msgspec.structs.replace(known, ends_on=date(2027, 7, 1))


def test_what_comes_before_its_contract_is_kept_until_it_binds() -> None:
    assert told(LATER, activated()) == heard(changes=(Change(date(2026, 4, 1), {"rate": 13000}),))


def test_what_says_nothing_of_time_is_left_alone() -> None:
    notice = contracts.NoticeGiven(
        contract_id=WEB, client_id=ClientId("acme"), by="client", received_on=date(2026, 4, 1), in_time=True
    )
    assert after(notice, heard()) is None


def test_facts_of_one_contract_wait_for_each_other() -> None:
    assert partition(DRAFTED) == partition(LATER) == "contract/web-2026"
