"""`retainer statement`: the account of one period, on the screen or as a sheet for the client."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from messages.dates import date_message
from retainer.charts import ENDINGS, write, write_chart
from retainer.failures import Failure
from retainer.output import bar, json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options
from retainer.words import (
    amount_text,
    date_text,
    day_of,
    hours_text,
    id_of,
    measured_number,
    measured_text,
    named,
    parse_date,
    plain_amount,
)
from wire.retainer.billing.v1 import statement_pb2 as messages

if TYPE_CHECKING:
    from rich.console import RenderableType

FORMATS = {
    ".pdf": messages.STATEMENT_FORMAT_PDF,
    ".html": messages.STATEMENT_FORMAT_HTML,
    ".svg": messages.STATEMENT_FORMAT_SVG,
    ".png": messages.STATEMENT_FORMAT_SVG,
}
FIGURES = ("allowance", "carried", "borrowed", "available", "used", "remaining", "overage", "undecided", "expired")
CHART_SIZE = (78, 16)


def statement(
    contract: str,
    file: Path | None = None,
    /,
    *,
    period: str = "",
    chart: bool = False,
    options: Options = DEFAULT,
) -> None:
    """Show the account of one period: what is included, used, left and charged; or write it as a sheet for the client.

    Example: retainer statement web-2026
    Example: retainer statement web-2026 --period 2026-02-01 --chart
    Example: retainer statement web-2026 february.pdf --period 2026-02-01

    Parameters
    ----------
    contract
        Contract id.
    file
        Write it here, in the client's language: .pdf, .html, or .svg and .png (the burn-down alone). It is replaced.
    period
        First date of the period; the present one where none is named.
    chart
        Draw the burn-down in the terminal, and the periods in a row.
    """
    where = {"contract": named("contracts", contract)}
    if file is not None:
        _write(file, where, period, options)
        return
    request = messages.GetStatementRequest(**where)
    if period:
        request.period.CopyFrom(date_message(parse_date(period, "--period")))
    with options.client() as client:
        found = client.ask(request)
    if options.json:
        json_out(found)
        return
    show(*_shown(found))
    if chart:
        print(burn_down(found))
        show(_in_a_row(found))


def _write(file: Path, where: dict[str, str], period: str, options: Options) -> None:
    if file.suffix not in FORMATS:
        raise Failure(f"{file.name}: the ending says the format; take {', '.join(FORMATS)}")
    request = messages.GetStatementDocumentRequest(**where, format=FORMATS[file.suffix])
    if period:
        request.period.CopyFrom(date_message(parse_date(period, "--period")))
    with options.client() as client:
        document = client.ask(request)
    count = write_chart(file, document.content.decode()) if file.suffix in ENDINGS else write(file, document.content)
    written = {"file": str(file), "bytes": count}
    json_out(written) if options.json else say(f"Wrote {file} ({count} bytes).")


def _shown(found: Any) -> "list[RenderableType]":
    figures = found.figures
    heading = f"{id_of(found.contract)}, {date_text(figures.start)} – {date_text(figures.end)}"
    rows = [(name, measured_text(getattr(figures, name))) for name in FIGURES if _worth_showing(figures, name)]
    parts: list[RenderableType] = [table(heading, ("", "figure"), rows, right=("figure",))]
    if found.tasks:
        tasks = [(t.task or "(no task)", str(t.entries), hours_text(t.time), amount_text(t.value)) for t in found.tasks]
        columns = ("task", "entries", "time", "value")
        parts.append(table("Used by task", columns, tasks, right=columns[1:]))
    if found.deliveries:
        delivered = [(date_text(one.on), id_of(one.delivery), str(one.units)) for one in found.deliveries]
        parts.append(table("Deliveries", ("on", "delivery", "units"), delivered, right=("units",)))
    charges = [(one.kind, one.description, plain_amount(one.amount)) for one in found.charges]
    charges.append(("net", "", amount_text(figures.charged)))
    parts.append(table("Charged", ("kind", "", "amount"), charges, right=("amount",)))
    return parts


def _in_a_row(found: Any) -> "RenderableType":
    """Used of available, period by period."""
    rows = []
    for one in found.recent:
        available = measured_number(one.available)
        percent = measured_number(one.used) * 100 // available if available > 0 else None
        rows.append((date_text(one.start), bar(percent), measured_text(one.used), measured_text(one.available)))
    columns = ("from", "used of available", "used", "available")
    return table("Period by period", columns, rows, right=("used", "available"))


def _worth_showing(figures: Any, name: str) -> bool:
    return name in ("allowance", "used", "remaining") or measured_number(getattr(figures, name)) != 0


def burn_down(found: Any) -> str:
    """What is left, day by day, for a terminal."""
    import plotext  # loads where it is used

    start, end = day_of(found.figures.start), day_of(found.figures.end)
    assert start is not None
    assert end is not None
    available = measured_number(found.figures.available)
    unit = 3600 if found.figures.available.WhichOneof("measured") == "time" else 1
    days, left = [0], [available]
    for use in found.days:  # a step at the end of each day
        days += [((day_of(use.day) or start) - start).days + 1] * 2
        left += [left[-1], available - measured_number(use.used)]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(*CHART_SIZE)
    plotext.plot([0, (end - start).days], [available / unit, 0], marker="dot")
    plotext.plot(days, [quantity / unit for quantity in left], marker="hd")
    marks = range(0, (end - start).days, 7)
    plotext.xticks(list(marks), [f"{date.fromordinal(start.toordinal() + passed):%m-%d}" for passed in marks])
    plotext.title(f"left of {measured_text(found.figures.available)}, by day")
    drawn: str = plotext.uncolorize(plotext.build())
    return drawn
