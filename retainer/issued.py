"""The list of tokens that `retainer token` made: who has one, and its id to revoke it by; never the token itself."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    id: str
    agency: str
    subject: str
    role: str
    client: str
    issued_at: float
    expires_at: float


def note(path: Path, entry: Entry) -> None:
    """Add one; readable for this user alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
        file.write(json.dumps(entry._asdict()) + "\n")


def entries(path: Path) -> Iterator[Entry]:
    """In the order they were made; a line that cannot be read is passed over."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue
