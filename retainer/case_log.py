"""The facts of a case file's log, read one by one; what is wrong with one is a `Flaw` with its place."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec

from retainer import case_terms
from retainer.case_told import (
    ApproveOverageTold,
    ApproveTimeTold,
    BuyTold,
    CancelTold,
    CorrectTold,
    CreditTold,
    DeclineOverageTold,
    DeleteTold,
    DeliverTold,
    EndTold,
    EntryTold,
    ExtraTold,
    Fact,
    NoticeTold,
    PauseTold,
    PayTold,
    RefundTold,
    ReleaseTold,
    StopRemindersTold,
)
from retainer.yaml_exact import At, Flaw
from vocabulary.calendar import local_date, zone
from vocabulary.terms import Tax

KNOWN_NEEDED = frozenset({"correct", "delete", "approve_overage", "decline_overage", "end"})
DAY_BEFORE = timedelta(days=1)


def check_fresh(fact: Fact, seen: dict[str, str]) -> None:
    """An id is used once, whatever it is the id of: `delete` goes by it alone. Payments count once by rule (R32)."""
    if isinstance(fact, EntryTold | BuyTold | DeliverTold | CreditTold | ExtraTold):
        if fact.id in seen:
            raise Flaw(f"{fact.place}.id", f"{fact.id} is the id of {seen[fact.id]} already")
        seen[fact.id] = fact.place


def kind_of(item: At) -> str:
    if not isinstance(item.value, dict):
        item.flaw("must be a mapping of keys to values")
    for kind in READERS:
        if kind != "entry" and item.has(kind):
            return kind
    if item.has("terms"):
        return "terms"
    if item.has("for") or item.has("at") or item.has("person"):
        return "entry"
    return item.flaw("is no fact of a log: none of its keys says what it tells")


def only(item: At, *keys: str) -> None:
    item.mapping(*keys)


def known_on(item: At, kind: str, default: date | None) -> date:
    known = item.get("known")
    if known is not None:
        return known.date()
    if kind in KNOWN_NEEDED or default is None:
        raise Flaw(f"{item.place}.known", "is missing: the date on which this was recorded")
    return default


def day_before(item: At, key: str) -> date:
    return item.need(key).date() - DAY_BEFORE


def id_or_made(item: At, prefix: str) -> str:
    """The id, or one made of the place, where it may be left out."""
    given = item.get("id")
    return f"{prefix}-{item.place}" if given is None else given.text()


def _entry(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "id", "at", "on", "for", "person", "task", "billable", "rate", "known")
    changes = _work(item, currency)
    for key in ("id", "for", "person"):
        item.need(key)
    if item.has("at") and item.has("on"):
        item.need("on").flaw("goes instead of `at`, not with it")
    if not item.has("at") and not item.has("on"):
        raise Flaw(f"{item.place}.at", "is missing: an entry has a start (`at`) or a date (`on`)")
    day = changes["on"] if "on" in changes else local_date(changes["at"], zone(time_zone))
    return EntryTold(place=item.place, known=known_on(item, "entry", day), id=item.need("id").text(), **changes)


def _work(item: At, currency: str) -> dict[str, Any]:
    """What of an entry is given, by the names of `EntryTold`."""
    readers: dict[str, tuple[str, Callable[[At], Any]]] = {
        "at": ("at", At.instant),
        "on": ("on", At.date),
        "for": ("worked", At.clock),
        "person": ("person", At.text),
        "task": ("task", lambda value: "" if value.is_null else value.text()),
        "billable": ("billable", At.boolean),
        "rate": ("rate", lambda value: None if value.is_null else value.minor(currency)),
    }
    work = {}
    for key, (name, reader) in readers.items():
        value = item.get(key)
        if value is not None:
            work[name] = reader(value)
    if (work.get("rate") or 0) < 0:
        item.need("rate").flaw("is below zero")
    return work


def _correct(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "correct", "at", "on", "for", "person", "task", "billable", "rate", "known")
    if item.has("at") and item.has("on"):
        item.need("on").flaw("goes instead of `at`, not with it")
    known = known_on(item, "correct", None)
    return CorrectTold(place=item.place, known=known, id=item.need("correct").text(), changes=_work(item, currency))


def _delete(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "delete", "known")
    return DeleteTold(place=item.place, known=known_on(item, "delete", None), id=item.need("delete").text())


def _approve_time(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "approve", "known")
    return ApproveTimeTold(place=item.place, known=known_on(item, "approve", None), id=item.need("approve").text())


def _approve(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "approve_overage", "known")
    said = item.need("approve_overage").mapping("period", "minutes", "amount", "units")
    given = [measure for measure in ("minutes", "amount", "units") if said.has(measure)]
    if len(given) != 1:
        place = said.need(given[1]).place if given else f"{said.place}.minutes"
        raise Flaw(place, "name how much is approved, once: minutes, an amount or units")
    quantity = said.need(given[0])
    return ApproveOverageTold(
        place=item.place,
        known=known_on(item, "approve_overage", None),
        period=said.need("period").date(),
        quantity=quantity.minor(currency) if given[0] == "amount" else quantity.whole(),
        measure=given[0],
    )


def _decline(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "decline_overage", "known")
    period = item.need("decline_overage").mapping("period").need("period").date()
    return DeclineOverageTold(place=item.place, known=known_on(item, "decline_overage", None), period=period)


def _pause(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "pause", "known")
    days = item.need("pause")
    if len(days.items()) != 2:
        days.flaw("must be two dates: the first day of the pause, and the first after it")
    from_on, to_on = days.items()[0].date(), days.items()[1].date(far=True)
    return PauseTold(
        place=item.place, known=known_on(item, "pause", from_on - DAY_BEFORE), from_on=from_on, to_on=to_on
    )


def _end(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "end", "known")
    return EndTold(place=item.place, known=known_on(item, "end", None), ends_on=item.need("end").date())


def _notice(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "notice", "known")
    received = item.need("notice").date()
    return NoticeTold(place=item.place, known=known_on(item, "notice", received))


def _buy(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "buy", "on", "id", "known")
    block = item.need("buy").mapping("hours", "price", "expires_on")
    expires_on = block.get("expires_on")
    return BuyTold(
        place=item.place,
        known=known_on(item, "buy", day_before(item, "on")),
        id=id_or_made(item, "block"),
        minutes=block.need("hours").minutes_of_hours(),
        price=block.need("price").minor(currency),
        on=item.need("on").date(),
        expires_on=None if expires_on is None or expires_on.is_null else expires_on.date(far=True),
    )


def _deliver(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "deliver", "on", "id", "known")
    on = item.need("on").date()
    units = item.need("deliver").mapping("units").need("units").whole()
    return DeliverTold(
        place=item.place, known=known_on(item, "deliver", on), id=id_or_made(item, "delivery"), units=units, on=on
    )


def _credit(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "credit", "on", "id", "known")
    said, on = item.need("credit").mapping("amount", "why"), item.need("on").date()
    why = said.get("why")
    return CreditTold(
        place=item.place,
        known=known_on(item, "credit", on),
        id=id_or_made(item, "credit"),
        amount=said.need("amount").minor(currency),
        on=on,
        why="" if why is None else why.text(),
    )


def _extra(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "extra", "on", "id", "known")
    said, on = item.need("extra").mapping("amount", "why", "each_period", "until", "tax"), item.need("on").date()
    why, each, until, tax = said.get("why"), said.get("each_period"), said.get("until"), said.get("tax")
    return ExtraTold(
        place=item.place,
        known=known_on(item, "extra", on),
        id=id_or_made(item, "extra"),
        amount=said.need("amount").minor(currency),
        on=on,
        why="" if why is None else why.text(),
        each_period=each is not None and each.boolean(),
        until=None if until is None else until.date(far=True),
        tax=None if tax is None else _tax(tax, currency),
    )


def _tax(said: At, currency: str) -> Tax:
    """Of an extra; what is null is as if it were not there."""
    parts = case_terms.tax_patch(said, currency)
    return msgspec.convert({name: part for name, part in parts.items() if part is not None}, Tax)


def _pay(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "pay", "on", "known")
    said, on = item.need("pay").mapping("amount", "invoice", "id"), item.need("on").date()
    invoice = said.get("invoice")
    amount = said.need("amount")
    if amount.minor(currency) <= 0:
        amount.flaw("must be above zero")
    return PayTold(
        place=item.place,
        known=known_on(item, "pay", on),
        id=id_or_made(said, "payment"),
        amount=amount.minor(currency),
        on=on,
        invoice=None if invoice is None or invoice.is_null else invoice.text(),
    )


def _refund(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "refund", "on", "known")
    said, on = item.need("refund").mapping("amount", "id"), item.need("on").date()
    amount = said.need("amount")
    if amount.minor(currency) <= 0:
        amount.flaw("must be above zero")
    return RefundTold(
        place=item.place,
        known=known_on(item, "refund", on),
        id=id_or_made(said, "refund"),
        amount=amount.minor(currency),
        on=on,
    )


def _release(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "release", "known")
    return ReleaseTold(place=item.place, known=known_on(item, "release", None), boundary=item.need("release").date())


def _cancel(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "cancel", "write_off", "known")
    write_off = item.get("write_off")
    return CancelTold(
        place=item.place,
        known=known_on(item, "cancel", None),
        invoice=item.need("cancel").text(),
        write_off=write_off is not None and write_off.boolean(),
    )


def _stop_reminders(item: At, currency: str, time_zone: str) -> Fact:
    only(item, "stop_reminders", "known")
    named = item.need("stop_reminders")
    return StopRemindersTold(
        place=item.place,
        known=known_on(item, "stop_reminders", None),
        invoice=None if named.value == "all" else named.text(),
    )


READERS: dict[str, Callable[[At, str, str], Fact]] = {
    "correct": _correct,
    "delete": _delete,
    "approve_overage": _approve,
    "decline_overage": _decline,
    "pause": _pause,
    "end": _end,
    "buy": _buy,
    "deliver": _deliver,
    "credit": _credit,
    "pay": _pay,
    "approve": _approve_time,
    "notice": _notice,
    "extra": _extra,
    "refund": _refund,
    "release": _release,
    "cancel": _cancel,
    "stop_reminders": _stop_reminders,
    "entry": _entry,
}
