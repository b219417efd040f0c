"""Where facts of contracts are kept: tenant first, readable."""


def agency(agency: str) -> str:
    return f"{agency}/agency/profile"


def client(agency: str, client_id: str) -> str:
    return f"{agency}/client/{client_id}"


def contract(agency: str, contract_id: str) -> str:
    return f"{agency}/contract/{contract_id}"


def noted(agency: str, contract_id: str) -> str:
    """What was heard of work on it; one stream a contract, so that entries without end do not each make one."""
    return f"{agency}/noted/{contract_id}"


def resource(stream: str) -> str:
    """`clients/acme` of `<agency>/client/acme`; `agency` of the profile; nothing where it is of no one stream."""
    if not stream:
        return ""
    _, kind, identity = stream.split("/", 2)
    return "agency" if kind == "agency" else f"{kind}s/{identity}"
