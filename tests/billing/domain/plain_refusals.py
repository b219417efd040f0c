"""What the rules refuse, written from docs/rules.md alone: each answer is the rule's number, or nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.billing.domain.facts import (
    BlockNoted,
    ContractFact,
    CreditNoted,
    DeliveryNoted,
    EndNoted,
    EntryNoted,
    OverageApproved,
    OverageDeclined,
    PauseNoted,
    TermsNoted,
)
from tests.billing.domain.plain_calendar import Turn, next_on_grid
from tests.billing.domain.plain_dues import SPANS
from tests.billing.domain.plain_ledger import NEVER, Account, is_boundary
from tests.billing.domain.plain_terms import (
    Json,
    every_of,
    kind_of,
    measure_of,
    overage_rate,
    patched,
    policy_of,
    rate_for,
    same,
    tax_of,
)

ALLOWANCES = ("hours", "amount", "units")


def refused(account: Account, fact: ContractFact) -> str | None:
    """The rule that has no place for the fact."""
    match fact:
        case EntryNoted() if fact.work.billable:
            return _entry(account, fact)
        case DeliveryNoted():
            turn = _turn(account, fact.on)
            if fact.units <= 0:
                return "R14"
            return "R7" if turn is None else None if kind_of(account.paper(turn.start)) == "units" else "R20"
        case BlockNoted():
            return _block(account, fact)
        case CreditNoted() if fact.amount <= 0:
            return "R28"
        case OverageApproved() | OverageDeclined():
            turn = _turn(account, fact.period)
            if turn is None or turn.start != fact.period or getattr(fact, "quantity", 1) <= 0:
                return "R18"
            terms = account.paper(turn.start)
            return None if kind_of(terms) in (*ALLOWANCES, "bank") and policy_of(terms) == "approve" else "R18"
        case TermsNoted():
            return _terms(account, fact)
        case PauseNoted():
            if fact.to_on <= fact.from_on or fact.to_on <= account.starts_on or fact.from_on >= account.end:
                return "R24"
            return "R24" if any(fact.from_on <= day < fact.to_on for day in _billable_days(account)) else None
        case EndNoted():
            days = [*_billable_days(account), *(d.on for d in account.deliveries.values())]
            if fact.ends_on > account.end or fact.ends_on <= account.starts_on:
                return "R6"
            return "R7" if any(day >= fact.ends_on for day in days) else None
        case _:
            return None


def _turn(account: Account, day: date) -> Turn | None:
    """The period in which a date lies; none outside the contract."""
    if not account.starts_on <= day < account.end:
        return None
    return account.turn_at(day)


def _billable_days(account: Account) -> Iterator[date]:
    return (account.day_of(entry) for entry in account.entries.values() if entry.work.billable)


def _entry(account: Account, fact: EntryNoted) -> str | None:
    if not 0 <= fact.work.worked <= 24 * 3600:
        return "R12"
    day = account.day_of(fact)
    turn = _turn(account, day)
    if turn is None:
        return "R7"
    if account.paused(day):
        return "R24"
    return "R9" if _lacks_rate(account, fact) else None


def _lacks_rate(account: Account, fact: EntryNoted) -> bool:
    """R9: hourly, of an amount, or overage at the entries' own rates."""
    day = account.day_of(fact)
    terms = account.paper(account.turn_at(day).start)
    own_rates = overage_rate(terms) is None and policy_of(terms) != "stop"
    needs = kind_of(terms) in ("hourly", "amount") or (kind_of(terms) in ("hours", "bank") and own_rates)
    return needs and rate_for(account.in_force(day), fact.work) is None


def _block(account: Account, fact: BlockNoted) -> str | None:
    if fact.minutes <= 0 or fact.price < 0 or (fact.expires_on or NEVER) <= fact.bought_on:
        return "R20"
    if fact.bought_on >= account.end:
        return "R20"
    return None if _has_bank(account, fact) else "R20"


def _has_bank(account: Account, block: BlockNoted) -> bool:
    names = account.turn_at(max(block.bought_on, account.starts_on))
    if names.start >= account.end:
        names = list(account.turns())[-1]
    return kind_of(account.paper(names.start)) == "bank"


def _terms(account: Account, fact: TermsNoted) -> str | None:
    day = fact.effective_on
    if not account.starts_on <= day < account.end or (not fact.immediately and not is_boundary(account, day)):
        return "R22"
    after = Account(account.first, account.starts_on, account.agreed_end, [*account.facts, fact])
    terms = account.first
    for change in after.changes:
        before, terms = terms, patched(terms, change.patch)
        if change.effective_on < day or (change.effective_on == day and change is not fact and _earlier(change, fact)):
            continue
        if not _coherent(terms, change.patch):
            return "R14"
        if not is_boundary(account, change.effective_on) and not same(measure_of(before), measure_of(terms)):
            return "R22"
    if _moves_invoiced_tax(account, after, fact):
        return "R31"
    moved = [e for e in after.entries.values() if e.work.billable and after.day_of(e) >= day]
    if any(_lacks_rate(after, entry) for entry in moved):
        return "R9"
    delivered = [d.on for d in after.deliveries.values() if d.on >= day]
    if any(kind_of(after.paper(after.turn_at(on).start)) != "units" for on in delivered):
        return "R20"
    return "R20" if any(not _has_bank(after, b) for b in after.blocks if b.bought_on >= day) else None


def _earlier(change: TermsNoted, fact: TermsNoted) -> bool:
    return change.known_at <= fact.known_at


def _coherent(terms: Json, patch: Json) -> bool:
    kind = kind_of(terms)
    if terms.get("bank") and "allowance" in terms:
        return False
    if kind == "bank" and policy_of(terms) == "borrow":
        return False
    if kind == "amount" and overage_rate(terms) is not None:
        return False
    if kind == "units" and overage_rate(terms) is None and policy_of(terms) != "stop":
        return False
    every = every_of(terms)
    if every not in (terms["cycle"], "once", *SPANS.get(terms["cycle"], {})):
        return False
    if patch.get("rollover") is not None and "allowance" not in terms:
        return False
    return not (patch.get("minimum") is not None and kind != "hourly")


def _moves_invoiced_tax(account: Account, after: Account, fact: TermsNoted) -> bool:
    """R31: the tax of a boundary whose cut-off has passed stays (R27, R28)."""
    known: datetime = fact.known_at
    grace = timedelta(days=account.first.get("invoicing", {}).get("after_days", 0))
    day = account.starts_on
    while day + grace <= known.date():
        if tax_of(account.paper(day)) != tax_of(after.paper(day)):
            return True
        day = next_on_grid(account.starts_on, account.first["cycle"], account.first.get("anchor"), day)
    return False
