"""A case file: one retainer's story, and what must come of it (docs/case-format.md). Reading alone; nothing is judged.

`read` gives a `Case`; what is wrong with a file is a `Flaw` with its place (`log[3].for`).
"""

from datetime import date
from pathlib import Path

from retainer import case_terms
from retainer.case_log import READERS, check_fresh, day_before, id_or_made, kind_of, known_on, only
from retainer.case_told import (
    THRESHOLDS,
    BlockTaken,
    BucketTaken,
    Case,
    Fact,
    OpenTaken,
    Reminders,
    TakenOver,
    TermsTold,
)
from retainer.yaml_exact import At, Flaw, load
from vocabulary.agreement import check_agreement
from vocabulary.calendar import add_months, zone
from vocabulary.check_terms import MOST_DAYS
from vocabulary.money import digits
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement
from vocabulary.terms_in_force import calendar_of

_MOST_YEARS = 100


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
    reminders, until = file.get("reminders"), file.need("until")
    if until.date() > add_months(calendar_of(agreement).starts_on, 12 * _MOST_YEARS):
        until.flaw(f"is more than {_MOST_YEARS} years after the contract's start")
    measure = case_terms.measure_written(contract.need("terms"), None)
    return Case(
        title="" if title is None else title.text(),
        currency=currency,
        time_zone=time_zone,
        agreement=agreement,
        until=until.date(),
        people={} if people is None or people.is_null else {name: _role(person) for name, person in people.each()},
        facts=_facts(log, contract, currency, time_zone) if log is not None and not log.is_null else (),
        taken_over=None if taken is None else taken_over_of(taken, currency, measure),
        next_numbers={} if numbers is None else _numbers(numbers),
        thresholds=THRESHOLDS if thresholds is None else tuple(one.whole() for one in thresholds.items()),
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


PLACES = {
    "contract.taken_over_on": "contract.taken_over.on",
    "contract.renews.months": "contract.renews.for",
    "contract.renews.notice_days": "contract.renews.notice.days",
    "contract.renews.remind_days": "contract.renews.remind",
}


def _check_names(file: At, currency: str, time_zone: str) -> None:
    try:
        digits(currency)
    except ValueError as error:
        file.need("currency").flaw(str(error))
    try:
        zone(time_zone)
    except ValueError as error:
        file.need("time_zone").flaw(str(error))


def _numbers(numbers: At) -> dict[str, int]:
    for _, number in (given := numbers.mapping("invoices", "credit_notes")).each():
        if number.whole() < 1:
            number.flaw("is no number of a series: they begin at 1")
    return {name: number.whole() for name, number in given.each()}


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
        kind = kind_of(item)
        if kind == "terms":
            changes.append((item.need("from").date(), known_on(item, kind, day_before(item, "from")), number, item))
        else:
            facts[number] = READERS[kind](item, currency, time_zone)
            check_fresh(facts[number], seen)
    # A rollover's cap is written in the measure that the allowance has by then: follow the measure along the dates.
    terms = contract.need("terms")
    measure, cap = case_terms.measure_written(terms, None), _cap_of(terms, None)
    for from_on, known, number, item in sorted(changes, key=lambda change: change[:3]):
        only(item, "terms", "from", "immediately", "known")
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


def taken_over_of(taken: At, currency: str, measure: str | None) -> TakenOver:
    """`taken_over:` of a contract (R38); `measure` is that of its allowance."""
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
                id_or_made(item, "block"),
                item.need("left").clock() // 60,
                item.need("bought_on").date(),
                None if expires_on is None else expires_on.date(far=True),
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
    for day in () if days is None else days.items():
        if not 0 <= day.whole() <= MOST_DAYS:
            day.flaw(f"must be a number of days from 0 to {MOST_DAYS}")
    return Reminders(
        days=(3, 14, 28) if days is None else tuple(day.whole() for day in days.items()),
        late_fees=() if fees is None else tuple(fee.minor(currency) for fee in fees.items()),
    )
