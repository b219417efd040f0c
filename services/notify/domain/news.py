"""What a notice is about, and the names that follow from it."""

from typing import assert_never

from services.notify.events import (
    CreditNoteNews,
    InvoiceNews,
    News,
    NoticeId,
    NoticeKind,
    PaceNews,
    ReminderNews,
    RenewalNews,
    ThresholdNews,
)
from vocabulary.identity import ContractId, DocumentNumber


def notice_id(news: News) -> NoticeId:
    """One id for one thing to tell, so that it is told once: per contract, period and threshold (R36), per document,
    per reminder's step (R33), per end and number of days (R25)."""
    match news:
        case ThresholdNews():
            return NoticeId(f"threshold.{news.contract_id}.{news.figures.start}.{news.percent}")
        case PaceNews():
            return NoticeId(f"pace.{news.contract_id}.{news.figures.start}")
        case InvoiceNews() | CreditNoteNews():
            return document_notice_id(news.number)
        case ReminderNews():
            return NoticeId(f"reminder.{news.number}.{news.step}")
        case RenewalNews():
            return NoticeId(f"renewal.{news.contract_id}.{news.ends_on}.{news.days_ahead}")
        case _:
            assert_never(news)


def comes_too_late(news: News) -> bool:
    """Whether a threshold was reached when its period had ended: by time that arrived late, or a correction. Nothing
    can be planned with it any more, and what it led to stands on the invoice, so nobody is written to (R36)."""
    return isinstance(news, ThresholdNews) and news.on >= news.figures.end


def document_notice_id(number: DocumentNumber) -> NoticeId:
    return NoticeId(f"invoice.{number}")


def kind_of(news: News) -> NoticeKind:
    match news:
        case ThresholdNews():
            return "threshold"
        case PaceNews():
            return "pace"
        case InvoiceNews():
            return "invoice"
        case CreditNoteNews():
            return "credit_note"
        case ReminderNews():
            return "reminder"
        case RenewalNews():
            return "renewal"
        case _:
            assert_never(news)


def contract_of(news: News) -> ContractId | None:
    """The contract that it is about; a reminder is about a document alone."""
    return None if isinstance(news, ReminderNews) else news.contract_id


def document_of(news: News) -> DocumentNumber | None:
    """The document that goes with the letter."""
    return news.number if isinstance(news, InvoiceNews | CreditNoteNews | ReminderNews) else None


def sort_of(kind: NoticeKind) -> str:
    """The sort of letters, in the words of `Recipient.receives`."""
    match kind:
        case "invoice" | "credit_note" | "reminder":
            return "invoices"
        case "threshold" | "pace" | "renewal":
            return "budget"
        case _:
            assert_never(kind)
