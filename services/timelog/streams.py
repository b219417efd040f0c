"""Where facts of timelog are kept: tenant first, readable."""


def person(agency: str, person_id: str) -> str:
    return f"{agency}/person/{person_id}"


def entry(agency: str, entry_id: str) -> str:
    return f"{agency}/entry/{entry_id}"


def timer(agency: str, person_id: str) -> str:
    return f"{agency}/timer/{person_id}"


def delivery(agency: str, delivery_id: str) -> str:
    return f"{agency}/delivery/{delivery_id}"


def import_batch(agency: str, import_id: str) -> str:
    return f"{agency}/import/{import_id}"


def contract(agency: str, contract_id: str) -> str:
    """What was heard of it."""
    return f"{agency}/contract/{contract_id}"
