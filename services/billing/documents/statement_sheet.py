"""The statement of a period as a sheet: what is included, what was used and on what, what is left, what is charged.

One set of texts for PDF (typst) and HTML (jinja2), in the client's language; the burn-down beside it as SVG.
"""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files

import msgspec

from services.billing.documents.chart import Texts, burn_down, days_between, in_a_row
from services.billing.documents.drawing import SHEET, typeset
from services.billing.documents.paper import BLACK, Paper, Speech, Table, address_lines, line_texts
from services.billing.documents.parties import Recipient, Sender
from services.billing.documents.words import Words, words_for
from services.billing.domain.use import DayUse, DeliveryUse, TaskUse
from services.billing.events import Figures, InvoiceLine
from vocabulary.duration import clock

PACKAGE = "services.billing.documents"


class Facts(msgspec.Struct, frozen=True):
    """What is told of one period."""

    title: str
    currency: str
    today: date
    figures: Figures
    tasks: Sequence[TaskUse]
    days: Sequence[DayUse]
    deliveries: Sequence[DeliveryUse]
    charges: Sequence[InvoiceLine]
    recent: Sequence[Figures] = ()
    """The last periods up to this one, oldest first."""


def as_pdf(facts: Facts, sender: Sender, recipient: Recipient) -> bytes:
    return typeset(SHEET, sheet_of(facts, sender, recipient), facts.today)


def as_html(facts: Facts, sender: Sender, recipient: Recipient) -> bytes:
    """One file, without scripts and without anything from elsewhere."""
    from jinja2 import Environment, StrictUndefined  # loads where it is first used

    template = files(PACKAGE).joinpath("statement.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(sheet_of(facts, sender, recipient)).encode()


def as_svg(facts: Facts, sender: Sender, recipient: Recipient) -> bytes:
    return _chart(facts, words_for(recipient.locale), Speech(recipient.locale, facts.currency), sender.colour).encode()


def sheet_of(facts: Facts, sender: Sender, recipient: Recipient) -> Paper:
    words, figures = words_for(recipient.locale), facts.figures
    speech = Speech(recipient.locale, facts.currency)
    return {
        "language": words.language,
        "title": words.statement,
        "subtitle": f"{facts.title}, {speech.span(figures.start, figures.end)}".removeprefix(", "),
        "sender": address_lines(sender.address),
        "recipient": address_lines(
            recipient.address, speech.country(recipient.address.country, sender.address.country)
        ),
        "as_of": words.as_of.format(day=speech.day(facts.today)),
        "colour": sender.colour or BLACK,
        "charts": _charts(facts, words, speech, sender.colour),
        "tables": _tables(facts, words, speech),
        "page": words.page,
    }


def _tables(facts: Facts, words: Words, speech: Speech) -> list[Table]:
    tables = [Table(rows=_figures(facts.figures, words, speech), wide=0)]
    if facts.tasks:
        used = [
            [use.task or words.no_task, str(use.entries), clock(use.minutes), speech.money(use.value)]
            for use in facts.tasks
        ]
        heads = [words.task, words.entries, words.time, words.value]
        tables.append(Table(title=words.by_task, heads=heads, rows=used, wide=0))
    if facts.deliveries:
        delivered = [[speech.day(use.on), use.delivery_id, str(use.units)] for use in facts.deliveries]
        tables.append(Table(title=words.deliveries, rows=delivered, wide=1, left=2))
    if facts.charges:
        heads = [words.item, words.period, words.quantity, words.rate, words.amount]
        lines = [line_texts(line, words, speech) for line in facts.charges]
        total = [words.net, speech.money(facts.figures.charged)]
        tables.append(Table(title=words.charges, heads=heads, rows=lines, wide=0, left=2, total=total))
    return tables


def _charts(facts: Facts, words: Words, speech: Speech, colour: str) -> list[dict[str, str]]:
    charts = {words.burn_down: _chart(facts, words, speech, colour), words.in_a_row: _row(facts, words, speech, colour)}
    return [{"title": title, "svg": svg} for title, svg in charts.items() if svg]


def _row(facts: Facts, words: Words, speech: Speech, colour: str) -> str:
    """Empty where there is one period, or nothing to compare."""
    if len(facts.recent) < 2 or not any(one.used or one.allowance for one in facts.recent):
        return ""
    labels = [speech.month(one.start) for one in facts.recent]
    return in_a_row(facts.recent, labels, words.in_a_row, colour or BLACK)


def _figures(figures: Figures, words: Words, speech: Speech) -> list[list[str]]:
    """Name and value; what is nothing and always nothing for such terms is left out."""
    available = figures.allowance + figures.carried - figures.borrowed
    told = [
        (words.allowance, figures.allowance, True),
        (words.carried, figures.carried, False),
        (words.borrowed, figures.borrowed, False),
        (words.available, available, bool(figures.carried or figures.borrowed)),
        (words.used, figures.used, True),
        (words.remaining, figures.remaining, bool(available)),
        (words.overage, figures.overage, False),
        (words.undecided, figures.undecided, False),
        (words.expired, figures.expired, False),
        (words.expiring_next, figures.expiring_next, False),
    ]
    shown = [
        [name, quantity_text(quantity, figures, words, speech)] for name, quantity, always in told if always or quantity
    ]
    if figures.waiting:
        shown.append([words.waiting, f"{clock(figures.waiting)} {words.hours}"])
    return shown


def quantity_text(quantity: int, figures: Figures, words: Words, speech: Speech) -> str:
    match figures.measure:
        case "minutes":
            return f"{clock(quantity)} {words.hours}"
        case "money":
            return speech.money(quantity)
        case "units":
            return str(quantity)


def _chart(facts: Facts, words: Words, speech: Speech, colour: str) -> str:
    """Empty where nothing is available that could burn down."""
    figures = facts.figures
    available = figures.allowance + figures.carried - figures.borrowed
    if available <= 0:
        return ""
    texts = Texts(
        title=words.burn_down,
        available=quantity_text(available, figures, words, speech),
        nothing="0",
        first=speech.day(figures.start),
        last=speech.day(date.fromordinal(figures.end.toordinal() - 1)),
        between=[(day, speech.short_day(day)) for day in days_between(figures)],
    )
    return burn_down(figures, facts.days, facts.today, texts, colour or BLACK)
