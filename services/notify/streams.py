"""Where facts of notify are kept: tenant first, readable."""

from services.notify.events import NoticeId


def addressee(agency: str, client_id: str) -> str:
    return f"{agency}/addressee/{client_id}"


def sender(agency: str) -> str:
    return f"{agency}/sender/profile"


def contract(agency: str, contract_id: str) -> str:
    return f"{agency}/contract/{contract_id}"


def notice(agency: str, notice_id: NoticeId | str) -> str:
    return f"{agency}/notice/{notice_id}"
