"""A document's facts as texts in the client's language: all that the template sets. Pure."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import msgspec

from services.billing.documents.parties import Address, Recipient, Sender
from services.billing.documents.words import Words, words_for
from services.billing.events import InvoiceIssued, InvoiceLine
from vocabulary.duration import clock
from vocabulary.money import digits

UNITS_OF_PPM = 10_000
"""One percent in millionths."""

BLACK = "#000000"
MOST_BY_GIRO_CODE = 99_999_999_999
"""999,999,999.99 EUR (EPC069-12)."""

Paper = dict[str, object]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of texts under a title: the `wide` column takes the room, those before `left` stand to the left."""

    title: str = ""
    heads: list[str] = []
    rows: list[list[str]]
    wide: int
    left: int = 1
    total: list[str] = []


def paper_of(document: InvoiceIssued, sender: Sender, recipient: Recipient) -> Paper:
    """What the sheet says. A credit note's amounts stay negative, as they were booked (R28)."""
    words = words_for(recipient.locale)
    speech = Speech(recipient.locale, document.currency)
    is_credit = document.gross < 0
    filled = {
        "number": document.number,
        "gross": speech.money(abs(document.gross)),
        "due_on": speech.day(document.due_on),
    }
    return {
        "language": words.language,
        "title": words.credit_note if is_credit else words.invoice,
        "number": document.number,
        "date": document.issued_on.isoformat(),
        "sender": address_lines(sender.address),
        "sender_line": " · ".join(address_lines(sender.address)),
        "sender_facts": [fact for fact in (sender.contact_name, sender.email, sender.phone) if fact],
        "registration": sender.registration,
        "logo": list(sender.logo),
        "colour": sender.colour or BLACK,
        "tax_facts": [
            f"{name} {value}"
            for name, value in ((words.vat_id, sender.vat_id), (words.tax_number, sender.tax_number))
            if value
        ],
        "recipient": address_lines(
            recipient.address, speech.country(recipient.address.country, sender.address.country)
        ),
        "facts": _facts(document, recipient, words, speech),
        "heads": [words.item, words.period, words.quantity, words.rate, words.amount],
        "lines": [line_texts(line, words, speech) for line in document.lines],
        "totals": _totals(document, words, speech),
        "notes": _notes(document, words, filled),
        "bank_title": words.bank,
        "bank": [] if is_credit else [fact for fact in (sender.bank_holder, sender.iban, sender.bic) if fact],
        "giro_code": giro_code(document, sender),
        "giro_hint": words.giro_hint,
        "page": words.page,
    }


def giro_code(document: InvoiceIssued, sender: Sender) -> str:
    """An SVG that a banking app reads: whom to pay, how much, and the number (EPC069-12). On German invoices in euro;
    empty elsewhere."""
    if sender.address.country != "DE" or document.currency != "EUR" or not sender.iban:
        return ""
    if not 0 < document.gross <= MOST_BY_GIRO_CODE:
        return ""
    from segno.helpers import make_epc_qr  # loads where it is first used

    code = make_epc_qr(
        name=(sender.bank_holder or sender.address.name)[:70],
        iban=sender.iban.replace(" ", ""),
        amount=Decimal(document.gross).scaleb(-2),
        text=document.number,
        bic=sender.bic or None,
    )
    written = BytesIO()
    code.save(written, kind="svg", border=0, xmldecl=False, nl=False)
    return written.getvalue().decode()


def _facts(document: InvoiceIssued, recipient: Recipient, words: Words, speech: "Speech") -> list[list[str]]:
    facts = [[words.number, document.number], [words.issued_on, speech.day(document.issued_on)]]
    if document.gross >= 0:
        facts.append([words.due_on, speech.day(document.due_on)])
    if document.title:
        facts.append([words.contract, document.title])
    if recipient.buyer_reference:
        facts.append([words.buyer_reference, recipient.buyer_reference])
    if recipient.vat_id:
        facts.append([words.client_vat_id, recipient.vat_id])
    return facts


def line_texts(line: InvoiceLine, words: Words, speech: "Speech") -> list[str]:
    what = words.kinds.get(line.kind, line.kind)
    if line.correction:
        what = f"{what} ({words.correction})"
    if line.description:
        what = f"{what}: {line.description}"
    quantity = rate = ""
    if line.quantity is not None:
        quantity = str(line.quantity) if line.in_units else f"{clock(line.quantity)} {words.hours}"
    if line.rate is not None:
        rate = f"{speech.money(line.rate)} {words.unit if line.in_units else words.hour}"
    return [what, speech.span(line.period, line.period_end), quantity, rate, speech.money(line.amount)]


def _totals(document: InvoiceIssued, words: Words, speech: "Speech") -> list[list[str]]:
    taxed = [
        [words.tax.format(rate=speech.percent(total.rate_ppm), net=speech.money(total.net)), speech.money(total.tax)]
        for total in document.taxes
        if total.rate_ppm
    ]
    return [[words.net, speech.money(document.net)], *taxed, [words.gross, speech.money(document.gross)]]


def _notes(document: InvoiceIssued, words: Words, filled: dict[str, str]) -> list[str]:
    """The legal note of each category that stands on the document (R31), what it cancels, and when to pay."""
    notes = []
    if document.cancels:
        notes.append(words.cancels.format(number=document.cancels))
    if document.replaces:
        notes.append(words.replaces.format(number=document.replaces))
    notes += [note for total in document.taxes if (note := words.notes.get(total.category, ""))]
    if document.gross > 0:
        notes.append(words.pay_by.format(**filled))
    elif document.gross < 0:
        notes.append(words.to_be_credited.format(**filled))
    return list(dict.fromkeys(notes))


def address_lines(address: Address, country: str = "") -> list[str]:
    place = " ".join(part for part in (address.postal_code, address.city) if part)
    return [part for part in (address.name, *address.lines, place, country) if part]


class Speech:
    """Amounts, dates and percentages as the client's language writes them; amounts never pass through a float."""

    def __init__(self, locale: str, currency: str) -> None:
        from babel import Locale, UnknownLocaleError  # loads where it is first used

        try:
            self._locale = Locale.parse(locale.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            self._locale = Locale("en")
        self._currency = currency

    def money(self, minor: int) -> str:
        from babel.numbers import format_currency

        amount = Decimal(minor).scaleb(-digits(self._currency))
        return str(format_currency(amount, self._currency, locale=self._locale))

    def country(self, country: str, home: str) -> str:
        """Its name in the client's language, where a letter crosses a border."""
        return str(self._locale.territories.get(country, country)) if country != home else ""

    def percent(self, rate_ppm: int) -> str:
        from babel.numbers import format_decimal

        percent = (Decimal(rate_ppm) / UNITS_OF_PPM).normalize()
        return f"{format_decimal(percent, format='0.####', locale=self._locale)} %"

    def day(self, day: date) -> str:
        from babel.dates import format_date

        return str(format_date(day, "medium", locale=self._locale))

    def short_day(self, day: date) -> str:
        """Without its year, for the axis of a chart."""
        from babel.dates import format_skeleton

        return str(format_skeleton("MMMd", day, locale=self._locale))

    def month(self, day: date) -> str:
        """Short, for the axis of a chart."""
        from babel.dates import format_date

        return str(format_date(day, "MM/yy", locale=self._locale))

    def span(self, start: date, end: date) -> str:
        """First and last day of `[start, end)`."""
        last = end - timedelta(days=1)
        return self.day(start) if last <= start else f"{self.day(start)} – {self.day(last)}"
