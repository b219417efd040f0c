"""`retainer import …`: time from another system."""

from pathlib import Path
from typing import Any, Literal

from retainer.failures import Failure
from retainer.output import console, json_out, say, show, table
from retainer.time_sheets import options_of, report
from retainer.verbs.asking import DEFAULT, ORDERS, Options, Orders
from retainer.words import id_of, instant_text
from wire.retainer.timelog.v1.import_pb2 import (
    ApplyImportRequest,
    BillableNo,
    ClockTwice,
    DateOrder,
    ListImportsRequest,
    PlanImportRequest,
)

LONG_SECONDS = 110.0


def toggl(
    file: Path,
    /,
    *,
    map: tuple[str, ...] = (),
    person: tuple[str, ...] = (),
    zone: tuple[str, ...] = (),
    dates: Literal["file", "day-first", "month-first"] = "file",
    no_means: Literal["not-billable", "billable"] = "not-billable",
    clock_twice: Literal["skip", "earlier", "later"] = "skip",
    whole: bool = False,
    orders: Orders = ORDERS,
) -> None:
    """Import Toggl Track's "detailed" CSV export. The same file again, or an overlapping one, adds nothing.

    Example: retainer import toggl report.csv --map 'Acme / Website=web-2026' --zone Europe/Berlin --dry-run
    Example: retainer import toggl report.csv --map map.txt --person 'Tom Reed=tom' --zone 'Tom Reed=America/New_York'

    Parameters
    ----------
    file
        The CSV file.
    map
        'Client / Project=contract', or 'Client=contract', or '* / Project=contract'; or a file of such lines. May be
        repeated.
    person
        'name or e-mail address in the file=person'; who is not named is known by the e-mail address. May be repeated.
    zone
        The time zone of the times in the file, or 'user=zone' for one user; else each person's own. May be repeated.
    dates
        How slashed dates are written, where the file leaves it open.
    no_means
        What "No" in the column Billable means; Toggl's free plan writes it everywhere.
    clock_twice
        Which hour a time means that the clock showed twice, when it was put back.
    whole
        Log nothing where a row would be skipped.
    """
    options = options_of(map, person, zone)
    options.date_order = _choice(DateOrder, "DATE_ORDER", {"file": "UNSPECIFIED"}.get(dates, dates))
    options.billable_no = _choice(BillableNo, "BILLABLE_NO", no_means)
    options.clock_twice = _choice(ClockTwice, "CLOCK_TWICE", {"skip": "UNSPECIFIED"}.get(clock_twice, clock_twice))
    content = _read(file)
    with orders.client() as client, console(stderr=True).status(f"Reading {file.name} …"):
        if orders.dry_run:
            asked: Any = PlanImportRequest(source="toggl", content=content, options=options)
        else:
            asked = ApplyImportRequest(
                source="toggl",
                content=content,
                options=options,
                only_if_whole=whole,
                request_id=orders.request_id,
            )
        reply = client.ask(asked, timeout_seconds=LONG_SECONDS)
    if orders.json:
        json_out(reply)
        return
    show(*report(reply.plan, applied=not orders.dry_run))
    if orders.dry_run:
        say("Nothing was recorded. Leave --dry-run away to log the rows.")
    else:
        say(f"Applied as {reply.receipt.name}.")


def list_(*, options: Options = DEFAULT) -> None:
    """List imports, the last one first.

    Example: retainer import list
    """
    with options.client() as client:
        found = list(client.pages(ListImportsRequest(page_size=200), "imports"))
    if options.json:
        json_out({"imports": found})
        return
    rows = [
        (
            id_of(one.name),
            one.source,
            instant_text(one.create_time),
            str(one.logged),
            str(one.known_already),
            str(one.skipped),
        )
        for one in found
    ]
    columns = ("import", "source", "when", "logged", "here already", "skipped")
    show(table("", columns, rows, right=columns[3:]))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}") from None


def _choice(enum: Any, prefix: str, word: str) -> Any:
    return enum.Value(f"{prefix}_{word.upper().replace('-', '_')}")
