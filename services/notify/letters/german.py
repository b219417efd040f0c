"""The words of letters in German."""

from services.notify.events import (
    BudgetFigures,
    CreditNoteNews,
    InvoiceNews,
    PaceNews,
    ReminderNews,
    RenewalNews,
    ThresholdNews,
)
from services.notify.letters.formats import Formats
from services.notify.letters.layout import Content, before_tax

REGARDS = "Mit freundlichen Grüßen"
QUESTIONS = "Bei Fragen antworten Sie einfach auf diese E-Mail."


def threshold(news: ThresholdNews, title: str, currency: str, unit: str, reader: str, formats: Formats) -> Content:
    share = formats.percent(news.percent)
    if news.percent >= 100:
        subject = f"{title}: das Budget ist aufgebraucht"
        opening = [f"das Budget „{title}“ für den Zeitraum {_period(news.figures, formats)} ist aufgebraucht."]
    else:
        subject = f"{title}: {share} des Budgets sind verbraucht"
        opening = [
            f"vom Budget „{title}“ für den Zeitraum {_period(news.figures, formats)} sind {share} verbraucht"
            f" (Stand: {formats.day(news.on)})."
        ]
    if news.runs_out_on and news.percent < 100:
        opening.append(f"Beim bisherigen Tempo reicht es voraussichtlich bis zum {formats.day(news.runs_out_on)}.")
    figures = _budget(news.figures, currency, unit, formats)
    return Content(subject, _greeting(reader), tuple(opening), figures, (QUESTIONS,), REGARDS)


def pace(news: PaceNews, title: str, currency: str, unit: str, reader: str, formats: Formats) -> Content:
    opening = (
        f"beim bisherigen Tempo ist das Budget „{title}“ für den Zeitraum {_period(news.figures, formats)}"
        f" voraussichtlich am {formats.day(news.runs_out_on)} aufgebraucht, also vor dem Ende des Zeitraums.",
    )
    return Content(
        f"{title}: das Budget reicht voraussichtlich nur bis zum {formats.day(news.runs_out_on)}",
        _greeting(reader),
        opening,
        _budget(news.figures, currency, unit, formats),
        ("Gern stimmen wir mit Ihnen ab, was in diesem Zeitraum noch Vorrang hat.", QUESTIONS),
        REGARDS,
    )


def invoice(news: InvoiceNews, title: str, reader: str, sender: str, formats: Formats) -> Content:
    contract = f" für „{title}“" if title else ""
    to_pay = (
        f"Bitte überweisen Sie den Betrag bis zum {formats.day(news.due_on)} unter Angabe der Rechnungsnummer."
        if news.gross > 0
        else "Es ist nichts zu zahlen."
    )
    figures = [
        ("Rechnungsnummer", news.number),
        ("Rechnungsdatum", formats.day(news.issued_on)),
        *before_tax("Nettobetrag", "Umsatzsteuer", news.net, news.tax, news.currency, formats),
        ("Gesamtbetrag", formats.amount(news.gross, news.currency)),
    ]
    if news.gross > 0:
        figures.append(("Zahlbar bis", formats.day(news.due_on)))
    return Content(
        f"Rechnung {news.number} von {sender}",
        _greeting(reader),
        (f"anbei erhalten Sie die Rechnung {news.number}{contract} als PDF-Datei.",),
        tuple(figures),
        (to_pay, QUESTIONS),
        REGARDS,
    )


def credit_note(news: CreditNoteNews, title: str, reader: str, sender: str, formats: Formats) -> Content:
    contract = f" für „{title}“" if title else ""
    opening = [f"anbei erhalten Sie die Rechnungskorrektur {news.number}{contract} als PDF-Datei."]
    if news.cancels:
        opening.append(f"Sie hebt die Rechnung {news.cancels} auf.")
    figures = (
        ("Nummer", news.number),
        ("Datum", formats.day(news.issued_on)),
        *before_tax("Nettobetrag", "Umsatzsteuer", -news.net, -news.tax, news.currency, formats),
        ("Betrag zu Ihren Gunsten", formats.amount(-news.gross, news.currency)),
    )
    closing = ("Der Betrag wird mit offenen oder künftigen Rechnungen verrechnet.", QUESTIONS)
    return Content(
        f"Rechnungskorrektur {news.number} von {sender}", _greeting(reader), tuple(opening), figures, closing, REGARDS
    )


def reminder(news: ReminderNews, reader: str, formats: Formats) -> Content:
    heading = "Zahlungserinnerung" if news.step <= 1 else f"{news.step}. Zahlungserinnerung"
    closing = [
        "Bitte gleichen Sie den Betrag in den nächsten Tagen aus. Falls sich Ihre Zahlung mit diesem Schreiben"
        " überschnitten hat, betrachten Sie es bitte als gegenstandslos."
    ]
    if news.late_fee:
        closing.insert(
            0,
            f"Für die verspätete Zahlung berechnen wir {formats.amount(news.late_fee, news.currency)}; der Betrag steht"
            " auf der nächsten Rechnung.",
        )
    return Content(
        f"{heading}: Rechnung {news.number}",
        _greeting(reader),
        (f"zur Rechnung {news.number} haben wir bisher keinen vollständigen Zahlungseingang festgestellt.",),
        (
            ("Rechnungsnummer", news.number),
            ("Fällig seit", formats.day(news.due_on)),
            ("Offener Betrag", formats.amount(news.open, news.currency)),
        ),
        (*closing, QUESTIONS),
        REGARDS,
    )


def renewal(news: RenewalNews, title: str, reader: str, formats: Formats) -> Content:
    last = formats.last_day(news.ends_on)
    if news.renews:
        subject = f"{title}: der Vertrag verlängert sich am {formats.day(news.ends_on)}"
        opening = (
            f"der Vertrag „{title}“ läuft bis zum {last} und verlängert sich dann zu den zuletzt geltenden Bedingungen,"
            " sofern er nicht fristgerecht gekündigt wird.",
        )
    else:
        subject = f"{title}: der Vertrag endet am {last}"
        opening = (
            f"der Vertrag „{title}“ läuft am {last} aus. Sprechen Sie uns gern an, wenn wir ihn fortsetzen sollen.",
        )
    return Content(subject, _greeting(reader), opening, (), (QUESTIONS,), REGARDS)


def _greeting(reader: str) -> str:
    return f"Guten Tag {reader}," if reader else "Guten Tag,"


def _period(figures: BudgetFigures, formats: Formats) -> str:
    return f"{formats.day(figures.start)} bis {formats.last_day(figures.end)}"


def _budget(figures: BudgetFigures, currency: str, unit: str, formats: Formats) -> tuple[tuple[str, str], ...]:
    def shown(value: int) -> str:
        return formats.measured(value, figures, currency, unit)

    rows = [
        ("Verfügbar", shown(figures.available)),
        ("Verbraucht", shown(figures.used)),
        ("Verbleibend", shown(figures.remaining)),
    ]
    if figures.overage:
        rows.append(("Darüber hinaus", shown(figures.overage)))
    return tuple(rows)
