"""A contract as it stands, and how each fact moves it on. Nothing is refused here."""

from datetime import date
from typing import Literal, assert_never

import msgspec

from services.contracts.events import (
    ContractActivated,
    ContractDrafted,
    ContractPaused,
    ContractRenewed,
    DraftDiscarded,
    DraftRevised,
    EndAgreed,
    HoursPlanned,
    NoticeGiven,
    RenewalApproaches,
    TermsChanged,
)
from vocabulary.agreement import agreed_end, last_notice_on
from vocabulary.duration import Minutes
from vocabulary.identity import ClientId, ContractId
from vocabulary.terms import Agreement
from vocabulary.terms_in_force import Change

ContractEvent = (
    ContractDrafted
    | DraftRevised
    | DraftDiscarded
    | ContractActivated
    | TermsChanged
    | ContractPaused
    | EndAgreed
    | NoticeGiven
    | RenewalApproaches
    | ContractRenewed
    | HoursPlanned
)


class Pause(msgspec.Struct, frozen=True):
    """`[from_on, to_on)` (R24)."""

    from_on: date
    to_on: date


class Notice(msgspec.Struct, frozen=True):
    """Somebody will not renew (R25)."""

    by: str
    received_on: date
    in_time: bool


class Plan(msgspec.Struct, frozen=True):
    """Hours planned for a period on a task (R34)."""

    period: date
    task: str
    planned: Minutes


class Contract(msgspec.Struct, frozen=True):
    """`stage` is what was decided; whether a binding contract is paused or ended is a matter of the date."""

    contract_id: ContractId
    client_id: ClientId
    title: str
    agreement: Agreement
    stage: Literal["draft", "discarded", "binding"] = "draft"
    changes: tuple[Change, ...] = ()
    pauses: tuple[Pause, ...] = ()
    ends: tuple[date, ...] = ()
    """The end first agreed on and, with renewals, the later ones; an early end takes the place of those after it."""
    ended_early: bool = False
    renewals: int = 0
    notice: Notice | None = None
    reminded: tuple[tuple[date, int], ...] = ()
    """End and days ahead."""
    plans: tuple[Plan, ...] = ()

    @property
    def starts_on(self) -> date:
        return date.fromisoformat(self.agreement.starts_on)

    @property
    def ends_on(self) -> date | None:
        """The first date no longer covered as it is now; None where there is no end."""
        return self.ends[-1] if self.ends else None

    @property
    def renews(self) -> bool:
        """Whether it goes on at its end: it says so, and no notice came in time (R25)."""
        renews, ends_on = self.agreement.renews, self.ends_on
        if renews is None or ends_on is None or self.ended_early:
            return False
        return self.notice is None or self.notice.received_on > last_notice_on(ends_on, renews)


def evolve(contract: Contract | None, event: ContractEvent) -> Contract:
    match event:
        case ContractDrafted() | DraftRevised() | ContractActivated():
            stage: Literal["draft", "binding"] = "binding" if isinstance(event, ContractActivated) else "draft"
            end = agreed_end(event.agreement)
            return Contract(
                event.contract_id,
                event.client_id,
                event.title,
                event.agreement,
                stage=stage,
                ends=() if end is None else (end,),
            )
    assert contract is not None, "a contract begins with its draft"
    replace = msgspec.structs.replace
    match event:
        case DraftDiscarded():
            return replace(contract, stage="discarded")
        case TermsChanged():
            change = Change(event.effective_on, event.patch, event.immediately)
            return replace(contract, changes=(*contract.changes, change))
        case ContractPaused():
            pauses = sorted((*contract.pauses, Pause(event.from_on, event.to_on)), key=lambda pause: pause.from_on)
            return replace(contract, pauses=tuple(pauses))
        case EndAgreed():
            ends = tuple(end for end in contract.ends if end < event.ends_on)
            return replace(contract, ends=(*ends, event.ends_on), ended_early=True)
        case NoticeGiven():
            return replace(contract, notice=Notice(event.by, event.received_on, event.in_time))
        case RenewalApproaches():
            return replace(contract, reminded=(*contract.reminded, (event.ends_on, event.days_ahead)))
        case ContractRenewed():
            return replace(contract, ends=(*contract.ends, event.ends_on), renewals=contract.renewals + 1)
        case HoursPlanned():
            others = (plan for plan in contract.plans if (plan.period, plan.task) != (event.period, event.task))
            return replace(contract, plans=(*others, Plan(event.period, event.task, event.planned)))
        case _:
            assert_never(event)


Standing = Literal["draft", "active", "paused", "ended", "discarded"]


def standing_on(contract: Contract, today: date) -> Standing:
    """Where the contract stands in its life on a local date of its time zone."""
    if contract.stage != "binding":
        return contract.stage
    if contract.ends_on is not None and contract.ends_on <= today:
        return "ended"
    paused = any(pause.from_on <= today < pause.to_on for pause in contract.pauses)
    return "paused" if paused else "active"
