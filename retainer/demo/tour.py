"""What a person is shown of the quarter."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retainer import budgets, invoices
from retainer.demo import proof
from retainer.demo.agency import AGENCY
from retainer.demo.quarter import MONTHS, Told
from retainer.output import table
from retainer.place import SERVICES, Place
from retainer.words import date_text, id_of, plain_amount
from wire.retainer.notify.v1.letter_pb2 import LetterKind, LetterState

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def show(out: "Console", told: Told, place: Place, *, stops: bool) -> None:
    """The whole tour, from the time sheet to what one can do next; `stops`: the system does, at the end of the tour."""
    for part in (
        _time_sheets(told),
        _months(told),
        _money(told),
        _proof(told, place),
        _letters(told, place),
        _whereabouts(place, stops),
    ):
        for thing in part:
            out.print(thing, soft_wrap=isinstance(thing, str))


def _heading(text: str) -> "RenderableType":
    from rich.rule import Rule

    return Rule(text, align="left", style="bold")


def _time_sheets(told: Told) -> Iterator["RenderableType"]:
    yield _heading("The time sheet: a Toggl export, twice a month, each from the beginning")
    rows = [
        (str(day), str(plan.rows), str(plan.to_log), str(plan.known_already), str(plan.skipped_count), _whys(plan))
        for day, plan in told.imports
    ]
    columns = ("exported on", "rows", "logged", "here already", "skipped", "why")
    yield table("", columns, rows, right=columns[1:5])


def _whys(plan: Any) -> str:
    unknown = [f"{one.client or 'no client'} / {one.project}" for one in plan.unknown if not one.user]
    return ", ".join(sorted({note.reason for note in plan.skipped})) + (f" ({'; '.join(unknown)})" if unknown else "")


def _months(told: Told) -> Iterator["RenderableType"]:
    yield _heading("Month by month: budgets, and every boundary settled")
    for first, *_ in MONTHS:
        yield _settlement(told, first)
        for day, seen in told.budgets:
            if day.replace(day=1) == first:
                yield budgets.overview(seen, f"Budgets on {day}")
    yield _settlement(told, told.settled[-1][0])
    for budget in told.periods:
        yield budgets.period_by_period(budget, f"{id_of(budget.contract)}: {budget.title}, period by period")


def _settlement(told: Told, day: date) -> "RenderableType":
    settled = next(found for settled_on, found in told.settled if settled_on == day)
    done = ", ".join(f"{id_of(one.contract)} → {id_of(one.invoice) or 'nothing to ask'}" for one in settled)
    return f"[bold]{day}[/bold] settled: {done}"


def _money(told: Told) -> Iterator["RenderableType"]:
    yield _heading("Invoices")
    rows = [
        (
            invoice.number,
            date_text(invoice.issued_on),
            id_of(invoice.client),
            "\n".join(_line(line) for line in invoice.lines),
            *(f"{plain_amount(getattr(invoice, name))}" for name in invoices.MONEY),
            invoice.currency,
            invoices.STATES.get(invoice.state, ""),
            _short(told.documents[invoice.number]).name,
        )
        for invoice in told.invoices
    ]
    columns = ("number", "issued", "client", "lines", *invoices.MONEY, "", "state", "document")
    yield table("", columns, rows, right=invoices.MONEY)
    folders = {_short(path.parent) for path in told.documents.values()}
    yield f"The documents lie in {', '.join(str(folder) for folder in sorted(folders))}."
    corrected = [invoice for invoice in told.invoices if any(line.correction for line in invoice.lines)]
    yield from invoices.details(corrected[-1] if corrected else told.invoices[-1])


def _line(line: Any) -> str:
    """`overage 2026-02: 143.00 (correction)`."""
    month = date_text(line.period)[:7]
    return f"{line.kind} {month}: {plain_amount(line.amount)}" + (" (correction)" if line.correction else "")


def _proof(told: Told, place: Place) -> Iterator["RenderableType"]:
    yield _heading("Questions that a client asks")
    if told.proof is not None:
        yield from proof.told(told.proof, f"--data {_short(place.data_dir)} --agency {AGENCY}")


def _letters(told: Told, place: Place) -> Iterator["RenderableType"]:
    yield _heading("Letters in the outbox")
    rows = [
        (
            id_of(letter.name),
            LetterKind.Name(letter.kind).removeprefix("LETTER_KIND_").lower().replace("_", " "),
            id_of(letter.client),
            ", ".join(delivery.contact_id for delivery in letter.deliveries),
            LetterState.Name(letter.state).removeprefix("LETTER_STATE_").lower(),
        )
        for letter in reversed(told.letters)
    ]
    yield table("", ("letter", "kind", "client", "to", "state"), rows)
    files = sorted(place.settings.outbox.rglob("*.eml"))
    yield f"{len(files)} files in {place.settings.outbox}, like {files[-1].name}" if files else "No letters."


def _whereabouts(place: Place, stops: bool) -> Iterator["RenderableType"]:
    yield _heading("Where it is, and how to go on")
    rows = [(service, place.address(service), f"http://{place.metrics(service)}/metrics") for service in SERVICES]
    yield table("", ("service", "gRPC", "metrics"), rows)
    folder = _short(place.data_dir)
    yield f"NATS: {place.run_file('nats').get('url', '')}"
    yield f"Data folder: {folder} (may be removed); logs: {folder}/logs; letters: {_short(place.settings.outbox)}"
    yield "The system rehearses: each call may name its own time (RETAINER_REHEARSAL, --now)."
    yield f"Token of the owner: [dim]{place.own_token()}[/dim]"
    command = _short(Path(sys.executable).with_name("retainer"))
    if stops:
        yield "It stops now. Start it again in a terminal of its own, then ask in another one:"
        yield f"  RETAINER_REHEARSAL=true {command} up --data {folder}"
    yield f"  {command} budget care-2026 --on 2026-03-31 --data {folder} --agency {AGENCY}"
    yield f"  {command} invoice show 2026-0002 --data {folder} --agency {AGENCY}"
    yield f"  {command} events tail --all --limit 5 --data {folder} --agency {AGENCY}"


def _short(folder: Path) -> Path:
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
