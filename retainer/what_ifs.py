"""Other terms side by side: terms out of files, a time sheet as a past, and the table that people read."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from messages.dates import date_message
from retainer import case_terms
from retainer.failures import Failure
from retainer.output import EMPTY, FULL, table
from retainer.time_sheets import notes
from retainer.words import amount_text, date_text, hours_text, measured_text, minor
from retainer.yaml_exact import Flaw, load
from vocabulary.calendar import ONE_DAY
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement, Terms
from wire.retainer.billing.v1.what_if_pb2 import SimulateTermsResponse as Response

if TYPE_CHECKING:
    from rich.console import RenderableType

    from services.billing.domain.usage import Placed
    from services.timelog.domain.imports.rows import Note

Named = tuple[str, Terms]
SHOWN_LEFT_OUT = 5
BAR = 12


def variants_in(files: Sequence[Path], currency: str) -> list[Named]:
    """The terms of each file, named after it."""
    return [(path.stem, _terms_in(path, currency)) for path in files]


def _terms_in(path: Path, currency: str) -> Terms:
    try:
        said = load(path)
        contract = said.get("contract") if said.has("contract") else None
        holder = contract if contract is not None else said
        return case_terms.first_terms(holder.need("terms") if holder.has("terms") else said, currency)
    except Flaw as flaw:
        raise Failure(f"{path}: {flaw}") from None


class Sheet(NamedTuple):
    """What a time sheet says: the billable rows as entries, and the rows that cannot be used, each with its reason."""

    entries: "Sequence[Placed]"
    rows: int
    not_billable: int
    skipped: "Sequence[Note]"
    warnings: "Sequence[Note]"


def of_time_sheet(
    sheet: Sheet, zone_name: str, currency: str, variants: Sequence[Named], begin: date | None, end: date | None
) -> Response:
    """Without a contract there is nothing that was agreed on: the first variant is what the others are compared to."""
    from services.billing.api.priced_shapes import priced_message
    from services.billing.domain.steps import at_once
    from services.billing.domain.what_if import Past, Priced, priced

    entries = sheet.entries
    first = begin or min(entry.day for entry in entries).replace(day=1)
    until = end or max(entry.day for entry in entries) + ONE_DAY
    within = tuple(entry for entry in entries if first <= entry.day < until)
    found: list[tuple[str, Priced]] = []
    for name, terms in variants:
        agreement = Agreement(currency=currency, time_zone=zone_name, starts_on=first.isoformat(), terms=terms)
        try:
            past = Past(agreement, within, ())
            found.append((name, at_once(priced(past, terms, first, until))))
        except Refused as refusal:
            raise Failure(f"{name}: {refusal.message} ({refusal.field})") from None
    against = found[0][1].charged
    response = Response(
        currency=currency,
        to=date_message(until),
        variants=[priced_message(name, one, against, currency) for name, one in found],
    )
    getattr(response, "from").CopyFrom(date_message(first))
    return response


def read_sheet(path: Path, zone_name: str) -> Sheet:
    """A time sheet row by row; a role or a rate it has none. `Failure` where no row of it can be priced."""
    from services.billing.domain.usage import Placed
    from services.billing.events import CountedWork
    from services.timelog.domain.imports import toggl
    from services.timelog.domain.imports.clocks import ClockTwice, instant_meant
    from services.timelog.domain.imports.rows import Note, Unusable
    from vocabulary.calendar import local_date, zone
    from vocabulary.identity import PersonId

    try:
        there = zone(zone_name)
        rows = list(toggl.rows(toggl.open_export(path.read_bytes()), None))
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}") from None
    except Refused as refusal:
        raise Failure(f"{path}: {refusal.message}") from None
    except (ValueError, KeyError):
        raise Failure(f"--zone {zone_name!r} is no time zone: write one like Europe/Berlin") from None
    found: list[Placed] = []
    skipped: list[Note] = []
    warnings: list[Note] = []
    not_billable = 0
    for row in rows:
        if isinstance(row, Note):
            skipped.append(row)
            continue
        if row.billable is False:
            not_billable += 1
            continue
        try:
            started = instant_meant(row.started, there, ClockTwice.EARLIER)
        except Unusable as reason:
            skipped.append(Note(row.line, reason.reason, reason.message))
            continue
        warnings += row.warnings
        work = CountedWork(person_id=PersonId(row.who), worked=row.worked, started_at=started, task=row.task)
        found.append(Placed(f"line-{row.line:07}", work, local_date(started, there), started))
    if not found:
        why = f": line {skipped[0].line}, {skipped[0].message} [{skipped[0].reason}]" if skipped else ""
        raise Failure(f"{path} has no billable rows that can be read{why}")
    entries = sorted(found, key=lambda entry: (entry.at, entry.entry_id))
    return Sheet(entries, len(rows), not_billable, skipped, warnings)


def about_sheet(sheet: Sheet) -> "Iterator[RenderableType]":
    """What was taken of a time sheet, and what was not."""
    yield (
        f"{sheet.rows} rows: {len(sheet.entries)} priced, {sheet.not_billable} not billable,"
        f" {len(sheet.skipped)} skipped, {len(sheet.warnings)} to look at."
    )
    yield from notes("Skipped", sheet.skipped)
    yield from notes("To look at", sheet.warnings)


def side_by_side(found: Any) -> "Iterator[RenderableType]":
    """Totals, then period by period; the terms as agreed on first, where there are any."""
    agreed = [found.as_agreed] if found.HasField("as_agreed") else []
    columns = [*agreed, *found.variants]
    names = [one.name or "as agreed" for one in columns]
    against = "as agreed" if agreed else names[0]
    dates = f"{date_text(getattr(found, 'from'))} to {date_text(found.to)}"
    rows: list[Sequence[Any]] = [
        ("charged, net", *(f"[bold]{amount_text(one.charged)}[/bold]" for one in columns)),
        ("", *_bars([minor(one.charged) for one in columns])),
        (f"difference to {against}", *(_signed(one.difference) for one in columns)),
        ("time, rounded", *(hours_text(one.time) for one in columns)),
        ("beyond the allowance", *(measured_text(one.overage) for one in columns)),
        ("lapsed unused", *(measured_text(one.expired) for one in columns)),
    ]
    if any(one.left_out_count for one in columns):
        rows.append(("without a place", *(str(one.left_out_count or "") for one in columns)))
    yield table(f"What if, {dates}", ("", *names), rows, right=names)
    if agreed:
        yield f"Billed so far for these periods: {amount_text(found.billed)}."
    yield table("Period by period: charged (used, beyond)", ("from", *names), list(_periods(columns)), right=names)
    for one in columns:
        for fact in one.left_out[:SHOWN_LEFT_OUT]:
            yield f"{one.name}: {fact.subject} has no place: {fact.message} ({fact.reason})."


def _periods(columns: Sequence[Any]) -> Iterator[Sequence[str]]:
    by_start = [{date_text(period.start): period for period in one.periods} for one in columns]
    for start in sorted({start for periods in by_start for start in periods}):
        yield (start, *(_period(periods.get(start)) for periods in by_start))


def _period(period: Any) -> str:
    if period is None:
        return ""
    beyond = measured_text(period.overage)
    return f"{amount_text(period.charged)} ({measured_text(period.used)}, {beyond})"


def _bars(amounts: Sequence[int]) -> Iterator[str]:
    """Each beside the largest."""
    largest = max([1, *amounts])
    for amount in amounts:
        filled = max(0, amount) * BAR // largest
        yield FULL * filled + EMPTY * (BAR - filled)


def _signed(amount: Any) -> str:
    text = amount_text(amount)
    return text if text.startswith("-") else f"+{text}"
