"""The words of letters in English."""

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

REGARDS = "Kind regards"
QUESTIONS = "If you have any questions, just reply to this e-mail."


def threshold(news: ThresholdNews, title: str, currency: str, unit: str, reader: str, formats: Formats) -> Content:
    share = formats.percent(news.percent)
    if news.percent >= 100:
        subject = f"{title}: the budget is used up"
        opening = [f"The budget “{title}” for the period {_period(news.figures, formats)} is used up."]
    else:
        subject = f"{title}: {share} of the budget is used"
        opening = [
            f"{share} of the budget “{title}” for the period {_period(news.figures, formats)} is used"
            f" (as of {formats.day(news.on)})."
        ]
    if news.runs_out_on and news.percent < 100:
        opening.append(f"At the pace so far it will last until {formats.day(news.runs_out_on)}.")
    figures = _budget(news.figures, currency, unit, formats)
    return Content(subject, _greeting(reader), tuple(opening), figures, (QUESTIONS,), REGARDS)


def pace(news: PaceNews, title: str, currency: str, unit: str, reader: str, formats: Formats) -> Content:
    opening = (
        f"At the pace so far, the budget “{title}” for the period {_period(news.figures, formats)} will be used up on"
        f" {formats.day(news.runs_out_on)}, before the period ends.",
    )
    return Content(
        f"{title}: at this pace the budget lasts until {formats.day(news.runs_out_on)}",
        _greeting(reader),
        opening,
        _budget(news.figures, currency, unit, formats),
        ("We are happy to agree with you on what matters most for the rest of the period.", QUESTIONS),
        REGARDS,
    )


def invoice(news: InvoiceNews, title: str, reader: str, sender: str, formats: Formats) -> Content:
    contract = f" for “{title}”" if title else ""
    to_pay = (
        f"Please transfer the amount by {formats.day(news.due_on)} and quote the invoice number."
        if news.gross > 0
        else "There is nothing to pay."
    )
    figures = [
        ("Invoice number", news.number),
        ("Invoice date", formats.day(news.issued_on)),
        *before_tax("Net amount", "Tax", news.net, news.tax, news.currency, formats),
        ("Total", formats.amount(news.gross, news.currency)),
    ]
    if news.gross > 0:
        figures.append(("Due on", formats.day(news.due_on)))
    return Content(
        f"Invoice {news.number} from {sender}",
        _greeting(reader),
        (f"Please find attached the invoice {news.number}{contract} as a PDF file.",),
        tuple(figures),
        (to_pay, QUESTIONS),
        REGARDS,
    )


def credit_note(news: CreditNoteNews, title: str, reader: str, sender: str, formats: Formats) -> Content:
    contract = f" for “{title}”" if title else ""
    opening = [f"Please find attached the credit note {news.number}{contract} as a PDF file."]
    if news.cancels:
        opening.append(f"It cancels the invoice {news.cancels}.")
    figures = (
        ("Credit note number", news.number),
        ("Date", formats.day(news.issued_on)),
        *before_tax("Net amount", "Tax", -news.net, -news.tax, news.currency, formats),
        ("Credited to you", formats.amount(-news.gross, news.currency)),
    )
    closing = ("The amount is set off against open or future invoices.", QUESTIONS)
    return Content(
        f"Credit note {news.number} from {sender}", _greeting(reader), tuple(opening), figures, closing, REGARDS
    )


def reminder(news: ReminderNews, reader: str, formats: Formats) -> Content:
    heading = "Payment reminder" if news.step <= 1 else f"Payment reminder no. {news.step}"
    closing = [
        "Please settle the amount within the next few days. If your payment has crossed this letter, please disregard"
        " it."
    ]
    if news.late_fee:
        closing.insert(
            0,
            f"We charge {formats.amount(news.late_fee, news.currency)} for the late payment; you will find it on the"
            " next invoice.",
        )
    return Content(
        f"{heading}: invoice {news.number}",
        _greeting(reader),
        (f"We have not received full payment for the invoice {news.number} yet.",),
        (
            ("Invoice number", news.number),
            ("Due since", formats.day(news.due_on)),
            ("Open amount", formats.amount(news.open, news.currency)),
        ),
        (*closing, QUESTIONS),
        REGARDS,
    )


def renewal(news: RenewalNews, title: str, reader: str, formats: Formats) -> Content:
    last = formats.last_day(news.ends_on)
    if news.renews:
        subject = f"{title}: the contract renews on {formats.day(news.ends_on)}"
        opening = (
            f"The contract “{title}” runs until {last} and then renews under the terms last in force, unless notice is"
            " given in time.",
        )
    else:
        subject = f"{title}: the contract ends on {last}"
        opening = (f"The contract “{title}” ends on {last}. Please talk to us if you would like to continue it.",)
    return Content(subject, _greeting(reader), opening, (), (QUESTIONS,), REGARDS)


def _greeting(reader: str) -> str:
    return f"Dear {reader}," if reader else "Hello,"


def _period(figures: BudgetFigures, formats: Formats) -> str:
    return f"{formats.day(figures.start)} to {formats.last_day(figures.end)}"


def _budget(figures: BudgetFigures, currency: str, unit: str, formats: Formats) -> tuple[tuple[str, str], ...]:
    def shown(value: int) -> str:
        return formats.measured(value, figures, currency, unit)

    rows = [
        ("Available", shown(figures.available)),
        ("Used", shown(figures.used)),
        ("Remaining", shown(figures.remaining)),
    ]
    if figures.overage:
        rows.append(("Beyond it", shown(figures.overage)))
    return tuple(rows)
