"""Where in a case file the value stands that a refusal is about."""

from collections.abc import Mapping

from retainer.case_told import (
    ApproveOverageTold,
    BuyTold,
    CorrectTold,
    CreditTold,
    DeclineOverageTold,
    DeleteTold,
    DeliverTold,
    EndTold,
    EntryTold,
    ExtraTold,
    Fact,
    PauseTold,
    TermsTold,
)

_BUY = {"hours": "buy.hours", "price": "buy.price", "expires_on": "buy.expires_on", "bought_on": "on", "": "buy"}
_DELIVER = {"units": "deliver.units", "on": "on"}


def place_of(fact: Fact, field: str) -> str:
    """The place of a refusal's field: `log[3].for` for `work.worked` of an entry. The fact as a whole where the field
    is none of its own."""
    inner = _inner(fact, field)
    return f"{fact.place}.{inner}" if inner else fact.place


def _inner(fact: Fact, field: str) -> str:
    match fact:
        case EntryTold():
            day = "at" if fact.at is not None else "on"
            return _named(field, {"work.rate": "rate", "work.worked": "for", "work.date": day, "entry_id": "id"})
        case CorrectTold():
            return _corrected(fact, field)
        case DeleteTold():
            return "delete"
        case ApproveOverageTold():
            said = {"quantity": fact.measure, "period": "period"}
            return "approve_overage" + (f".{said[field]}" if field in said else "")
        case DeclineOverageTold():
            return "decline_overage.period"
        case TermsTold():
            return "from" if field == "effective_on" else _terms_path(field)
        case PauseTold():
            return "pause"
        case EndTold():
            return "end"
        case BuyTold():
            return _named(field, _BUY)
        case DeliverTold():
            return _named(field, _DELIVER)
        case CreditTold():
            return "credit.amount" if field == "amount" else ""
        case ExtraTold():
            return "extra.amount" if field == "amount" else ""
        case _:
            return ""


def _named(field: str, names: Mapping[str, str]) -> str:
    return names.get(field, "")


def _corrected(fact: CorrectTold, field: str) -> str:
    """The key that brought it about, of those that the correction gives."""
    given = fact.changes
    match field:
        case "work.worked":
            return "for"
        case "work.date":
            culprits: tuple[str, ...] = ("at", "on", "billable")
        case "work.rate":
            culprits = ("rate", "task", "person", "at", "on", "billable")
        case _:
            return "correct"
    return next((key for key in culprits if key in given), "correct" if field != "work.rate" else "rate")


def _terms_path(field: str) -> str:
    return field.replace("tax.rate_ppm", "tax.rate") if field.startswith("terms") else "terms"
