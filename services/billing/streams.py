"""Names of billing's streams; each begins with the agency, so that no command can touch another one's."""

from hashlib import sha256

from services.billing.domain.invoice import draft_id
from services.billing.domain.series import Series
from vocabulary.identity import ClientId, ContractId, DocumentNumber

__all__ = ["account", "client", "document", "draft_id", "payment", "receivables", "reminders", "sender", "series"]


def account(agency: str, contract_id: ContractId | str) -> str:
    return f"{agency}/account/{contract_id}"


def series(agency: str, kind: Series, year: int) -> str:
    return f"{agency}/series/{kind.value}-{year}"


def receivables(agency: str, client_id: ClientId | str, currency: str) -> str:
    return f"{agency}/receivables/{client_id}-{currency}"


def payment(agency: str, external_id: str) -> str:
    """External ids are anybody's text: their hash names the stream."""
    return f"{agency}/payment/{sha256(external_id.encode()).hexdigest()[:32]}"


def document(agency: str, number: DocumentNumber | str) -> str:
    return f"{agency}/document/{number}"


def reminders(agency: str) -> str:
    return f"{agency}/reminders/settings"


def client(agency: str, client_id: ClientId | str) -> str:
    return f"{agency}/client/{client_id}"


def sender(agency: str) -> str:
    return f"{agency}/sender/profile"
