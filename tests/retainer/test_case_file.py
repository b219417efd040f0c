"""Case files: what they may hold, and the place of what they may not."""

from datetime import date
from pathlib import Path

import pytest

from retainer.case_facts import Correction, Deletion, Entry, Terms
from retainer.case_file import Case, CaseBroken, case_of
from retainer.case_yaml import load
from vocabulary.terms import Amount

HEAD = """
title: A retainer
currency: EUR
time_zone: Europe/Berlin
contract:
  starts_on: 2026-01-01
  terms: {cycle: month, fee: {amount: 1000.00}, allowance: {hours: 10}, rate: 100.00}
until: 2026-03-01
"""
ENTRY = '  - {id: a, on: 2026-01-10, for: "1:00", person: anna}\n'


def case(log: str = "", head: str = HEAD) -> Case:
    return case_of(load((head + ("log:\n" + log if log else "")).encode()))


def broken(log: str = "", head: str = HEAD) -> str:
    with pytest.raises(CaseBroken) as caught:
        case(log, head)
    assert "\n" not in str(caught.value)
    return caught.value.place


def test_money_and_rates_keep_every_digit() -> None:
    terms = case(head=HEAD.replace("rate: 100.00", "rate: 85.55, tax: {category: standard, rate: 8.1}")).agreement.terms
    assert terms.rate == 8555
    assert terms.tax.rate_ppm == 81_000


def test_the_cap_of_a_rollover_is_in_the_allowances_measure() -> None:
    terms = case(head=HEAD.replace("{hours: 10}", "{amount: 500.00}, rollover: {cap: 300.00}")).agreement.terms
    assert terms.allowance == Amount(50_000)
    assert terms.rollover is not None
    assert terms.rollover.cap == 30_000


def test_the_cap_of_a_change_is_in_the_measure_of_the_allowance_in_force_then() -> None:
    log = (
        "  - {terms: {rollover: {cap: 2}}, from: 2026-03-01}\n  - {terms: {allowance: {units: 4}}, from: 2026-02-01}\n"
    )
    first = case(log).facts[0]
    assert isinstance(first, Terms)
    assert first.patch == {"rollover": {"cap": 2}}


def test_null_takes_away() -> None:
    change = case("  - {terms: {rollover: null, fee: {every: null}}, from: 2026-02-01}\n").facts[0]
    assert isinstance(change, Terms)
    assert change.patch == {"rollover": None, "fee": {"every": None}}


def test_what_is_not_said_of_known_is_the_facts_own_date_or_the_day_before() -> None:
    log = ENTRY + (
        '  - {id: b, at: "2026-01-31T23:30:00-05:00", for: "0:30", person: anna}\n'
        "  - {terms: {fee: {amount: 1200.00}}, from: 2026-02-01}\n"
        "  - {pause: [2026-02-10, 2026-02-12]}\n"
        "  - {pay: {amount: 10.00}, on: 2026-01-20}\n"
    )
    assert [fact.known for fact in case(log).facts] == [
        date(2026, 1, 10),
        date(2026, 2, 1),  # 05:30 on February 1 in Berlin
        date(2026, 1, 31),
        date(2026, 2, 9),
        date(2026, 1, 20),
    ]


def test_facts_apply_in_order_of_known_then_of_their_place() -> None:
    log = ENTRY + '  - {id: b, on: 2026-01-05, for: "1:00", person: ben}\n  - {delete: a, known: 2026-01-10}\n'
    told = case(log)
    assert [fact.index for fact in told.in_order()] == [1, 0, 2]
    assert told.everybody() == ["anna", "ben"]


def test_on_is_a_word_and_a_correction_holds_what_is_different() -> None:
    told = case(ENTRY + "  - {correct: a, on: 2026-01-11, billable: false, known: 2026-02-03}\n").facts
    assert isinstance(told[0], Entry)
    assert told[0].on == date(2026, 1, 10)
    assert told[1] == Correction(index=1, known=date(2026, 2, 3), id="a", on=date(2026, 1, 11), billable=False)


def test_what_is_deleted_is_known_by_its_id() -> None:
    log = "  - {buy: {hours: 5, price: 500.00}, on: 2026-01-02, id: b1}\n  - {delete: b1, known: 2026-01-03}\n"
    assert case(log).facts[1] == Deletion(index=1, known=date(2026, 1, 3), id="b1", kind="block")


@pytest.mark.parametrize(
    ("log", "place"),
    [
        ("  - {id: a, on: 2026-01-10, for: 1:35, person: anna}\n", "log[0].for"),
        ('  - {id: a, on: 2026-01-10, for: "1:75", person: anna}\n', "log[0].for"),
        ('  - {id: a, on: 2026-02-30, for: "1:00", person: anna}\n', "log[0].on"),
        ('  - {id: a, at: "2026-01-10T09:00:00", for: "1:00", person: anna}\n', "log[0].at"),
        ('  - {id: a, on: 2026-01-10, for: "1:00"}\n', "log[0].person"),
        ('  - {id: a, on: 2026-01-10, for: "1:00", person: anna, hours: 3}\n', "log[0].hours"),
        ('  - {id: a, on: 2026-01-10, for: "1:00", person: anna, rate: 1.005}\n', "log[0].rate"),
        (ENTRY + ENTRY, "log[1].id"),
        (ENTRY + '  - {correct: a, for: "2:00"}\n', "log[1].known"),
        ("  - {delete: ghost, known: 2026-01-10}\n", "log[0].delete"),
        ("  - {terms: {fee: {amont: 1.00}}, from: 2026-02-01}\n", "log[0].terms.fee.amont"),
        ("  - {pause: [2026-02-10]}\n", "log[0].pause"),
        ("  - {buy: {hours: 0.001, price: 5.00}, on: 2026-01-02}\n", "log[0].buy.hours"),
        ("  - {greet: anna}\n", "log[0]"),
        ("  - hello\n", "log[0]"),
    ],
)
def test_what_breaks_the_format_is_named_by_its_place(log: str, place: str) -> None:
    assert broken(log) == place


@pytest.mark.parametrize(
    ("was", "now", "place"),
    [
        ("currency: EUR", "currency: EURO", "currency"),
        ("time_zone: Europe/Berlin", "time_zone: Europe/Bonn", "time_zone"),
        ("until: 2026-03-01", "until: soon", "until"),
        ("until: 2026-03-01\n", "", "until"),
        ("cycle: month", "cycle: fortnight", "contract.terms.cycle"),
        ("cycle: month, ", "", "contract.terms.cycle"),
        ("allowance: {hours: 10}", "allowance: {hours: 10, units: 2}", "contract.terms.allowance"),
        ("rate: 100.00", "rate: cheap", "contract.terms.rate"),
        ("fee: {amount: 1000.00}", "fee: {billed: in_advance}", "contract.terms.fee.amount"),
        ("title: A retainer", "title: A retainer\ntitle: Another", "title"),
    ],
)
def test_what_breaks_the_head_is_named_by_its_place(was: str, now: str, place: str) -> None:
    assert was in HEAD
    assert broken(head=HEAD.replace(was, now)) == place


def test_what_is_no_yaml_names_the_line() -> None:
    with pytest.raises(CaseBroken, match="no YAML in line 3"):
        load(b"a: 1\nb: [\n")


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    from retainer.case_file import read

    with pytest.raises(CaseBroken, match="cannot be read"):
        read(tmp_path / "nothing.yaml")
