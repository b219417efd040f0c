"""Check a statement of a retainer against the exported events of its account. Needs Python and nothing of Retainer.

    retainer account web-2026 --json > statement.json
    retainer events export web-2026 events.jsonl
    python examples/check_statement.py statement.json events.jsonl

Checked are the chain of hashes from the first event on, the head that the statement names, every document's lines
against its net, tax and gross, the documents and figures of the statement against those that the events tell, and the
number of entries that count. The statement of one period (`retainer statement web-2026 --json`) is checked for its
chain, its head and that period's figures.

A statement that you kept from an earlier day holds what was told then: if history was rewritten since, its head is not
in the chain any more. Exit status 1 where something does not fit; the first thing that does not is named.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired", "entries", "charged")
PPM = 1_000_000


def half_away(numerator: int, denominator: int) -> int:
    """A quotient of whole numbers, rounded half away from zero."""
    quotient, rest = divmod(abs(numerator), denominator)
    quotient += 2 * rest >= denominator
    return quotient if numerator >= 0 else -quotient


def day(message: dict[str, int]) -> str:
    """`{"year": 2026, "month": 1, "day": 15}` as `2026-01-15`."""
    return f"{message['year']:04}-{message['month']:02}-{message['day']:02}"


def minutes_or_minor(measured: dict[str, Any], digits: int) -> int:
    """A quantity of a period's statement: `{"time": "9000s"}`, `{"amount": {…}}` or `{"units": "3"}`."""
    if "time" in measured:
        return int(measured["time"].rstrip("s")) // 60
    if "amount" in measured:
        amount = measured["amount"]
        nanos = int(amount.get("nanos", 0)) // 10 ** (9 - digits)
        return int(amount.get("units", 0)) * 10**digits + nanos
    return int(measured.get("units", 0))


def of_one_period(statement: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    """A period's statement (`retainer statement`) in the words of an account's (`retainer account`)."""
    told = next((one for one in period_figures(events) if one["start"] == day(statement["figures"]["start"])), {})
    figures = {name: value for name, value in statement["figures"].items() if name in FIGURES}
    digits = 0 if told.get("measure") != "money" else digits_of(figures, told)
    plain = {name: minutes_or_minor(value, digits) for name, value in figures.items() if isinstance(value, dict)}
    for name in ("charged", "expired"):  # a statement reckons these of the day on which it is asked for
        plain.pop(name, None)
    return {
        "stream": events[0]["stream"] if events else "",
        "version": statement["account_version"],
        "head_hash": statement["account_hash"],
        "period": {"start": statement["figures"]["start"], **plain},
    }


def digits_of(figures: dict[str, Any], told: dict[str, Any]) -> int:
    """How many digits the currency has, as the figures of the period show."""
    for digits in range(4):
        if all(minutes_or_minor(figures[name], digits) == told.get(name, 0) for name in ("allowance", "used")):
            return digits
    return 2


def events_in(path: Path) -> list[dict[str, Any]]:
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            event = json.loads(line)
            found.append({**event, "told": json.loads(event["payload"])})
        except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise SystemExit(f"event {number}: it cannot be read: {error}") from None
    return found


def chain(events: list[dict[str, Any]], stream: str) -> Iterator[str]:
    """Each hash is over the hash before, the version, the tag, the instant, the actor and the payload's bytes."""
    before = ""
    for number, event in enumerate(events, start=1):
        head = f"{before or stream}\n{number}\n{event['tag']}\n{event['recorded_at_us']}\n{event['actor']}\n"
        computed = hashlib.sha256(head.encode() + event["payload"].encode()).hexdigest()
        if event["version"] != number or event["stream"] != stream or event["hash"] != computed:
            yield f"event {number}: it does not fit the chain ({event['tag']})"
            return
        before = computed


def head(events: list[dict[str, Any]], statement: dict[str, Any]) -> Iterator[str]:
    version = int(statement["version"])
    if len(events) < version:
        yield f"event {len(events) + 1}: it is missing; the statement ends with event {version}"
    elif events[version - 1]["hash"] != statement["head_hash"]:
        yield f"event {version}: its hash is not the head that the statement names"


def named(event: dict[str, Any]) -> str:
    """`EntryCounted` of `billing.EntryCounted@1`."""
    return str(event["tag"]).partition("@")[0].rpartition(".")[2]


def documents(events: list[dict[str, Any]], statement: dict[str, Any]) -> Iterator[str]:
    """Every document adds up, and the statement has each of them and no other."""
    issued: dict[str, dict[str, Any]] = {}
    for number, event in enumerate(events, start=1):
        if named(event) != "InvoiceIssued":
            continue
        told = event["told"]
        issued[told["number"]] = told
        sums: dict[tuple[str, int], int] = {}
        for line in told["lines"]:
            key = (line["tax_category"], line.get("tax_rate_ppm", 0))
            sums[key] = sums.get(key, 0) + line["amount"]
        net, tax = sum(sums.values()), sum(half_away(sums[key] * key[1], PPM) for key in sums)
        if (net, tax, net + tax) != (told["net"], told["tax"], told["gross"]):
            yield f"event {number}: {told['number']} does not add up to its lines"
    stated = {document["number"]: document for document in statement.get("documents", [])}
    for number in sorted(issued.keys() ^ stated.keys()):
        yield f"{number} stands in {'the events' if number in issued else 'the statement'} alone"
    for number in sorted(issued.keys() & stated.keys()):
        one, other = issued[number], stated[number]
        lines = [(line["kind"], line["period"], line["amount"]) for line in one["lines"]]
        shown = [(line["kind"], day(line["period"]), int(line.get("amount", 0))) for line in other["lines"]]
        if lines != shown or any(one[name] != int(other.get(name, 0)) for name in ("net", "tax", "gross")):
            yield f"{number} is another in the statement than in the events"
    if sum(document["gross"] for document in issued.values()) != int(statement.get("gross", 0)):
        yield "the sum of the documents is another in the statement than in the events"


def period_figures(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last figures that were told of each period."""
    told: dict[str, dict[str, Any]] = {}
    for event in events:
        found = event["told"].get("figures") or []
        if named(event) in ("ThresholdReached", "PaceWarned"):
            continue
        for one in found if isinstance(found, list) else [found]:
            told[one["start"]] = one
        for start in event["told"].get("gone", []):
            told.pop(start, None)
    return list(told.values())


def figures(events: list[dict[str, Any]], statement: dict[str, Any]) -> Iterator[str]:
    """As the statement has them; all periods, or its own one."""
    told = {one["start"]: one for one in period_figures(events)}
    if "period" in statement:
        start, period = day(statement["period"]["start"]), statement["period"]
        for name in set(FIGURES) & set(period):
            if told.get(start, {}).get(name, 0) != period[name]:
                yield f"the period from {start}: {name} is another in the statement than in the events"
        return
    stated = {day(period["start"]): period for period in statement.get("periods", [])}
    for start in sorted(told.keys() | stated.keys()):
        one, other = told.get(start, {}), stated.get(start, {})
        for name in FIGURES:
            if one.get(name, 0) != int(other.get(name, 0)):
                yield f"the period from {start}: {name} is another in the statement than in the events"


def entries(events: list[dict[str, Any]], statement: dict[str, Any]) -> Iterator[str]:
    """As many billable entries count as the periods say: each counted once, corrected or taken off by its id."""
    counted: dict[str, bool] = {}
    for event in events:
        told = event["told"]
        match named(event):
            case "EntryCounted" | "EntryRecounted":
                is_counted = told["work"].get("billable", True) and told.get("figures") is not None
                counted[told["entry_id"]] = is_counted
            case "EntryUncounted":
                counted.pop(told["entry_id"], None)
    said = sum(int(period.get("entries", 0)) for period in statement.get("periods", []))
    if said > sum(counted.values()):
        yield f"{said} entries are said to count, and the events have {sum(counted.values())}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Check a statement against the exported events of its account.")
    parser.add_argument("statement", type=Path)
    parser.add_argument("events", type=Path)
    arguments = parser.parse_args()
    statement = json.loads(arguments.statement.read_text(encoding="utf-8"))
    events = events_in(arguments.events)
    if "account_hash" in statement:
        statement = of_one_period(statement, events[: int(statement["account_version"])])
    for flaw in (*chain(events, statement["stream"]), *head(events, statement)):
        print(f"does not fit: {flaw}")
        return 1
    until = events[: int(statement["version"])]
    checks = (figures,) if "period" in statement else (documents, figures, entries)
    for check in checks:
        for flaw in check(until, statement):
            print(f"does not fit: {flaw}")
            return 1
    print(f"fits: {statement['version']} events, head {statement['head_hash']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
