"""The account of one contract: the decider around the pure fold. One stream: `<agency>/account/<contract>`.

| room | what it does |
| --- | --- |
| commands | what can be asked |
| state | what an account knows |
| hearing | facts of contracts and timelog: counted, waiting, or left out |
| posting | blocks, credits, extras, decisions on overage, taking over |
| settling | boundaries and what becomes of documents; the append across streams is services.billing.settling |
| telling | figures of other periods, thresholds, pace, the calendar |
| turns | walking along the periods |
| notes | events as facts of the fold |
| evolving | what each fact makes of an account |
"""

from collections.abc import Sequence

from services.billing.domain.account.commands import (
    AccountCommand,
    BeginPeriod,
    Hear,
    NotePlan,
    OpenAccount,
    SetThresholds,
    WarnOfPace,
)
from services.billing.domain.account.evolving import AccountEvent, evolve
from services.billing.domain.account.hearing import hear, open_account
from services.billing.domain.account.posting import look_at_pace, post, set_thresholds, state_figures
from services.billing.domain.account.state import UNOPENED, Account, AccountNotOpen
from services.billing.events import PlanNoted

__all__ = ["UNOPENED", "Account", "AccountEvent", "AccountNotOpen", "decide", "evolve"]


def decide(command: AccountCommand, account: Account) -> Sequence[AccountEvent]:
    match command:
        case OpenAccount():
            return open_account(account, command)
        case Hear():
            return hear(account, command.contract_id, command.heard)
        case NotePlan():
            return [
                PlanNoted(
                    contract_id=command.contract_id, period=command.period, planned=command.planned, task=command.task
                )
            ]
        case BeginPeriod():
            return state_figures(account, command.now)
        case WarnOfPace():
            return look_at_pace(account, command)
        case SetThresholds():
            return set_thresholds(account, command)
        case _:
            return post(account, command)
