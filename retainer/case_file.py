"""A case file: one retainer's story, and what must come of it (docs/case-format.md). Reading alone; nothing is judged.

`read` gives a `Case`; what is wrong with a file is a `Flaw` with its place (`log[3].for`).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from retainer import case_terms
from retainer.yaml_exact import At, Flaw, load
from vocabulary.agreement import check_agreement
from vocabulary.calendar import local_date, zone
from vocabulary.money import digits
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement, Tax

KNOWN_NEEDED = frozenset({"correct", "delete", "approve_overage", "decline_overage", "end"})
DAY_BEFORE = timedelta(days=1)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the log: where it stands, and the date on which it was recorded."""

    place: str
    known: date


class EntryTold(Told, frozen=True):
    """Exactly one of `at` and `on` is set; `worked` is in seconds, `rate` in minor units per hour."""

    id: str
    worked: int
    person: str
    at: datetime | None = None
    on: date | None = None
    task: str = ""
    billable: bool = True
    rate: int | None = None


class CorrectTold(Told, frozen=True):
    """`changes` holds the keys that were given, of at, on, worked, person, task, billable, rate."""

    id: str
    changes: dict[str, Any]


class DeleteTold(Told, frozen=True):
    """An entry, a delivery, a block, a credit or an extra, by its id."""

    id: str


class ApproveTimeTold(Told, frozen=True):
    id: str


class ApproveOverageTold(Told, frozen=True):
    """`measure` is `minutes`, `amount` or `units`, as it was written."""

    period: date
    quantity: int
    measure: str


class DeclineOverageTold(Told, frozen=True):
    period: date


class TermsTold(Told, frozen=True):
    patch: dict[str, Any]
    from_on: date
    immediately: bool = False


class PauseTold(Told, frozen=True):
    from_on: date
    to_on: date


class EndTold(Told, frozen=True):
    ends_on: date


class NoticeTold(Told, frozen=True):
    """Either side will not renew (R25)."""


class BuyTold(Told, frozen=True):
    id: str
    minutes: int
    price: int
    on: date
    expires_on: date | None = None


class DeliverTold(Told, frozen=True):
    id: str
    units: int
    on: date


class CreditTold(Told, frozen=True):
    id: str
    amount: int
    on: date
    why: str = ""


class ExtraTold(Told, frozen=True):
    id: str
    amount: int
    on: date
    why: str = ""
    each_period: bool = False
    until: date | None = None
    tax: Tax | None = None


class PayTold(Told, frozen=True):
    id: str
    amount: int
    on: date
    invoice: str | None = None


class RefundTold(Told, frozen=True):
    id: str
    amount: int
    on: date


class ReleaseTold(Told, frozen=True):
    """The draft of a boundary is issued (R28)."""

    boundary: date


class CancelTold(Told, frozen=True):
    """An invoice is taken back by a credit note, and replaced unless it is written off (R30)."""

    invoice: str
    write_off: bool = False


class StopRemindersTold(Told, frozen=True):
    """For one invoice, or for all (R33)."""

    invoice: str | None = None


Fact = (
    EntryTold
    | CorrectTold
    | DeleteTold
    | ApproveTimeTold
    | ApproveOverageTold
    | DeclineOverageTold
    | TermsTold
    | PauseTold
    | EndTold
    | NoticeTold
    | BuyTold
    | DeliverTold
    | CreditTold
    | ExtraTold
    | PayTold
    | RefundTold
    | ReleaseTold
    | CancelTold
    | StopRemindersTold
)


class BucketTaken(msgspec.Struct, frozen=True):
    period: date
    left: int
    periods_left: int | None = None


class BlockTaken(msgspec.Struct, frozen=True):
    id: str
    left: int
    bought_on: date
    expires_on: date | None = None


class OpenTaken(msgspec.Struct, frozen=True):
    number: str
    issued_on: date
    due_on: date
    amount: int


class TakenOver(msgspec.Struct, frozen=True):
    """What a running retainer brings along (R38)."""

    on: date
    buckets: tuple[BucketTaken, ...] = ()
    borrowed: int = 0
    blocks: tuple[BlockTaken, ...] = ()
    fee_paid_until: date | None = None
    open: tuple[OpenTaken, ...] = ()


class Reminders(msgspec.Struct, frozen=True):
    """Days after the due date, and the late fee of each step in minor units (R33)."""

    days: tuple[int, ...] = (3, 14, 28)
    late_fees: tuple[int, ...] = ()


class Case(msgspec.Struct, frozen=True):
    """`facts` stand in the order of the file. `expect` is as it was written; None where the file expects nothing."""

    title: str
    currency: str
    time_zone: str
    agreement: Agreement
    until: date
    people: dict[str, str] = {}
    facts: tuple[Fact, ...] = ()
    taken_over: TakenOver | None = None
    next_numbers: dict[str, int] = {}
    thresholds: tuple[int, ...] = (50, 75, 90, 100)
    reminders: Reminders | None = None
    expect: Any = None


def read(path: Path) -> Case:
    return case_of(load(path))


def case_of(file: At) -> Case:
    """The case that a file tells; `Flaw` where it cannot be one."""
    file.mapping(
        "title", "currency", "time_zone", "people", "contract", "log", "until", "expect", "numbers", "thresholds",
        "reminders",
    )  # fmt: skip
    title, people, log = file.get("title"), file.get("people"), file.get("log")
    currency, time_zone = file.need("currency").text(), file.need("time_zone").text()
    _check_names(file, currency, time_zone)
    contract = file.need("contract")
    agreement = case_terms.agreement(contract, currency, time_zone)
    check(agreement)
    taken, numbers, thresholds = contract.get("taken_over"), file.get("numbers"), file.get("thresholds")
    reminders = file.get("reminders")
    measure = case_terms.measure_written(contract.need("terms"), None)
    return Case(
        title="" if title is None else title.text(),
        currency=currency,
        time_zone=time_zone,
        agreement=agreement,
        until=file.need("until").date(),
        people={} if people is None or people.is_null else {name: _role(person) for name, person in people.each()},
        facts=_facts(log, contract, currency, time_zone) if log is not None and not log.is_null else (),
        taken_over=None if taken is None else _taken_over(taken, currency, measure),
        next_numbers={} if numbers is None else {name: number.whole() for name, number in numbers.each()},
        thresholds=(50, 75, 90, 100) if thresholds is None else tuple(one.whole() for one in thresholds.items()),
        reminders=None if reminders is None else _reminders(reminders, currency),
        expect=file.get("expect"),
    )


def check(agreement: Agreement) -> None:
    """A refusal of the agreement as a `Flaw` with its place."""
    try:
        check_agreement(agreement)
    except Refused as refused:
        place = refused.field if refused.field in ("currency", "time_zone") else f"contract.{refused.field}"
        raise Flaw(PLACES.get(place, place), refused.message) from None


PLACES = {"contract.renews.months": "contract.renews.for", "contract.renews.notice_days": "contract.renews.notice.days"}


def _check_names(file: At, currency: str, time_zone: str) -> None:
    try:
        digits(currency)
    except ValueError as error:
        file.need("currency").flaw(str(error))
    try:
        zone(time_zone)
    except ValueError as error:
        file.need("time_zone").flaw(str(error))


def _role(person: At) -> str:
    if person.is_null:
        return ""
    role = person.mapping("role").get("role")
    return "" if role is None or role.is_null else role.text()


def _facts(log: At, contract: At, currency: str, time_zone: str) -> tuple[Fact, ...]:
    facts: dict[int, Fact] = {}
    changes: list[tuple[date, date, int, At]] = []
    seen: dict[str, str] = {}
    for number, item in enumerate(log.items()):
        kind = _kind(item)
        if kind == "terms":
            changes.append((item.need("from").date(), _known(item, kind, _day_before(item, "from")), number, item))
        else:
            facts[number] = _READERS[kind](item, currency, time_zone)
            _check_fresh(facts[number], seen)
    # A rollover's cap is written in the measure that the allowance has by then: follow the measure along the dates.
    terms = contract.need("terms")
    measure, cap = case_terms.measure_written(terms, None), _cap_of(terms, None)
    for from_on, known, number, item in sorted(changes, key=lambda change: change[:3]):
        _only(item, "terms", "from", "immediately", "known")
        written = item.need("terms")
        after = case_terms.measure_written(written, measure)
        patch = case_terms.terms_patch(written, currency, after)
        cap_after = _cap_of(written, cap)
        if after != measure and after is not None and cap_after is not None and cap_after is cap:
            rollover = patch.setdefault("rollover", {})
            if isinstance(rollover, dict):
                rollover["cap"] = case_terms.cap_in(cap_after, currency, after)
        measure, cap = after, cap_after
        immediately = item.get("immediately")
        facts[number] = TermsTold(
            place=item.place,
            known=known,
            patch=patch,
            from_on=from_on,
            immediately=immediately is not None and immediately.boolean(),
        )
    return tuple(fact for _, fact in sorted(facts.items()))


def _cap_of(terms: At, before: At | None) -> At | None:
    """The cap as it stands in the file after a patch."""
    rollover = terms.get("rollover")
    if rollover is None:
        return before
    if rollover.is_null:
        return None
    cap = rollover.mapping("cap", "expires_after").get("cap")
    if cap is None:
        return before
    return None if cap.is_null else cap


def _check_fresh(fact: Fact, seen: dict[str, str]) -> None:
    """An id is used once, whatever it is the id of: `delete` goes by it alone. Payments count once by rule (R32)."""
    if isinstance(fact, EntryTold | BuyTold | DeliverTold | CreditTold | ExtraTold):
        if fact.id in seen:
            raise Flaw(f"{fact.place}.id", f"{fact.id} is the id of {seen[fact.id]} already")
        seen[fact.id] = fact.place


def _kind(item: At) -> str:
    if not isinstance(item.value, dict):
        item.flaw("must be a mapping of keys to values")
    for kind in _READERS:
        if kind != "entry" and item.has(kind):
            return kind
    if item.has("terms"):
        return "terms"
    if item.has("for") or item.has("at") or item.has("person"):
        return "entry"
    return item.flaw("is no fact of a log: none of its keys says what it tells")


def _only(item: At, *keys: str) -> None:
    item.mapping(*keys)


def _known(item: At, kind: str, default: date | None) -> date:
    known = item.get("known")
    if known is not None:
        return known.date()
    if kind in KNOWN_NEEDED or default is None:
        raise Flaw(f"{item.place}.known", "is missing: the date on which this was recorded")
    return default


def _day_before(item: At, key: str) -> date:
    return item.need(key).date() - DAY_BEFORE


def _id(item: At, prefix: str) -> str:
    """The id, or one made of the place, where it may be left out."""
    given = item.get("id")
    return f"{prefix}-{item.place}" if given is None else given.text()


def _entry(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "id", "at", "on", "for", "person", "task", "billable", "rate", "known")
    changes = _work(item, currency)
    for key in ("id", "for", "person"):
        item.need(key)
    if item.has("at") and item.has("on"):
        item.need("on").flaw("goes instead of `at`, not with it")
    if not item.has("at") and not item.has("on"):
        raise Flaw(f"{item.place}.at", "is missing: an entry has a start (`at`) or a date (`on`)")
    day = changes["on"] if "on" in changes else local_date(changes["at"], zone(time_zone))
    return EntryTold(place=item.place, known=_known(item, "entry", day), id=item.need("id").text(), **changes)


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
    _only(item, "correct", "at", "on", "for", "person", "task", "billable", "rate", "known")
    if item.has("at") and item.has("on"):
        item.need("on").flaw("goes instead of `at`, not with it")
    known = _known(item, "correct", None)
    return CorrectTold(place=item.place, known=known, id=item.need("correct").text(), changes=_work(item, currency))


def _delete(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "delete", "known")
    return DeleteTold(place=item.place, known=_known(item, "delete", None), id=item.need("delete").text())


def _approve_time(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "approve", "known")
    return ApproveTimeTold(place=item.place, known=_known(item, "approve", None), id=item.need("approve").text())


def _approve(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "approve_overage", "known")
    said = item.need("approve_overage").mapping("period", "minutes", "amount", "units")
    given = [measure for measure in ("minutes", "amount", "units") if said.has(measure)]
    if len(given) != 1:
        place = said.need(given[1]).place if given else f"{said.place}.minutes"
        raise Flaw(place, "name how much is approved, once: minutes, an amount or units")
    quantity = said.need(given[0])
    return ApproveOverageTold(
        place=item.place,
        known=_known(item, "approve_overage", None),
        period=said.need("period").date(),
        quantity=quantity.minor(currency) if given[0] == "amount" else quantity.whole(),
        measure=given[0],
    )


def _decline(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "decline_overage", "known")
    period = item.need("decline_overage").mapping("period").need("period").date()
    return DeclineOverageTold(place=item.place, known=_known(item, "decline_overage", None), period=period)


def _pause(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "pause", "known")
    days = item.need("pause")
    if len(days.items()) != 2:
        days.flaw("must be two dates: the first day of the pause, and the first after it")
    from_on, to_on = (day.date() for day in days.items())
    return PauseTold(place=item.place, known=_known(item, "pause", from_on - DAY_BEFORE), from_on=from_on, to_on=to_on)


def _end(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "end", "known")
    return EndTold(place=item.place, known=_known(item, "end", None), ends_on=item.need("end").date())


def _notice(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "notice", "known")
    received = item.need("notice").date()
    return NoticeTold(place=item.place, known=_known(item, "notice", received))


def _buy(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "buy", "on", "id", "known")
    block = item.need("buy").mapping("hours", "price", "expires_on")
    expires_on = block.get("expires_on")
    return BuyTold(
        place=item.place,
        known=_known(item, "buy", _day_before(item, "on")),
        id=_id(item, "block"),
        minutes=block.need("hours").minutes_of_hours(),
        price=block.need("price").minor(currency),
        on=item.need("on").date(),
        expires_on=None if expires_on is None or expires_on.is_null else expires_on.date(),
    )


def _deliver(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "deliver", "on", "id", "known")
    on = item.need("on").date()
    units = item.need("deliver").mapping("units").need("units").whole()
    return DeliverTold(
        place=item.place, known=_known(item, "deliver", on), id=_id(item, "delivery"), units=units, on=on
    )


def _credit(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "credit", "on", "id", "known")
    said, on = item.need("credit").mapping("amount", "why"), item.need("on").date()
    why = said.get("why")
    return CreditTold(
        place=item.place,
        known=_known(item, "credit", on),
        id=_id(item, "credit"),
        amount=said.need("amount").minor(currency),
        on=on,
        why="" if why is None else why.text(),
    )


def _extra(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "extra", "on", "id", "known")
    said, on = item.need("extra").mapping("amount", "why", "each_period", "until", "tax"), item.need("on").date()
    why, each, until, tax = said.get("why"), said.get("each_period"), said.get("until"), said.get("tax")
    return ExtraTold(
        place=item.place,
        known=_known(item, "extra", on),
        id=_id(item, "extra"),
        amount=said.need("amount").minor(currency),
        on=on,
        why="" if why is None else why.text(),
        each_period=each is not None and each.boolean(),
        until=None if until is None else until.date(),
        tax=None if tax is None else msgspec.convert(case_terms.tax_patch(tax, currency), Tax),
    )


def _pay(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "pay", "on", "known")
    said, on = item.need("pay").mapping("amount", "invoice", "id"), item.need("on").date()
    invoice = said.get("invoice")
    amount = said.need("amount")
    if amount.minor(currency) <= 0:
        amount.flaw("must be above zero")
    return PayTold(
        place=item.place,
        known=_known(item, "pay", on),
        id=_id(said, "payment"),
        amount=amount.minor(currency),
        on=on,
        invoice=None if invoice is None or invoice.is_null else invoice.text(),
    )


def _refund(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "refund", "on", "known")
    said, on = item.need("refund").mapping("amount", "id"), item.need("on").date()
    amount = said.need("amount")
    if amount.minor(currency) <= 0:
        amount.flaw("must be above zero")
    return RefundTold(
        place=item.place, known=_known(item, "refund", on), id=_id(said, "refund"), amount=amount.minor(currency), on=on
    )


def _release(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "release", "known")
    return ReleaseTold(place=item.place, known=_known(item, "release", None), boundary=item.need("release").date())


def _cancel(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "cancel", "write_off", "known")
    write_off = item.get("write_off")
    return CancelTold(
        place=item.place,
        known=_known(item, "cancel", None),
        invoice=item.need("cancel").text(),
        write_off=write_off is not None and write_off.boolean(),
    )


def _stop_reminders(item: At, currency: str, time_zone: str) -> Fact:
    _only(item, "stop_reminders", "known")
    named = item.need("stop_reminders")
    return StopRemindersTold(
        place=item.place,
        known=_known(item, "stop_reminders", None),
        invoice=None if named.value == "all" else named.text(),
    )


_READERS: dict[str, Callable[[At, str, str], Fact]] = {
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


def _taken_over(taken: At, currency: str, measure: str | None) -> TakenOver:
    taken.mapping("on", "buckets", "borrowed", "blocks", "fee_paid_until", "open")

    def quantity(value: At) -> int:
        return value.clock() // 60 if measure == "hours" else case_terms.cap_in(value, currency, measure)

    def items(key: str) -> list[At]:
        found = taken.get(key)
        return [] if found is None else found.items()

    borrowed, paid = taken.get("borrowed"), taken.get("fee_paid_until")
    buckets = []
    for item in items("buckets"):
        left_for = item.mapping("period", "left", "periods_left").get("periods_left")
        buckets.append(
            BucketTaken(
                item.need("period").date(),
                quantity(item.need("left")),
                None if left_for is None else left_for.whole(),
            )
        )
    blocks = []
    for item in items("blocks"):
        expires_on = item.mapping("id", "left", "bought_on", "expires_on").get("expires_on")
        blocks.append(
            BlockTaken(
                _id(item, "block"),
                item.need("left").clock() // 60,
                item.need("bought_on").date(),
                None if expires_on is None else expires_on.date(),
            )
        )
    opened = [
        OpenTaken(
            item.mapping("number", "issued_on", "due_on", "open").need("number").text(),
            item.need("issued_on").date(),
            item.need("due_on").date(),
            item.need("open").minor(currency),
        )
        for item in items("open")
    ]
    return TakenOver(
        on=taken.need("on").date(),
        buckets=tuple(buckets),
        borrowed=0 if borrowed is None else quantity(borrowed),
        blocks=tuple(blocks),
        fee_paid_until=None if paid is None else paid.date(),
        open=tuple(opened),
    )


def _reminders(value: At, currency: str) -> Reminders:
    value.mapping("days", "late_fees")
    days, fees = value.get("days"), value.get("late_fees")
    return Reminders(
        days=(3, 14, 28) if days is None else tuple(day.whole() for day in days.items()),
        late_fees=() if fees is None else tuple(fee.minor(currency) for fee in fees.items()),
    )
