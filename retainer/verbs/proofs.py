"""`retainer account` and `retainer events export`: what a client needs to check his account by himself."""

import json
import sys
from pathlib import Path
from typing import Any

from retainer.client import Client
from retainer.failures import ExitStatus, Failure
from retainer.output import json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options
from retainer.words import date_text, named
from vocabulary.money import decimal_text
from wire.retainer.billing.v1.proof_pb2 import ExportAccountRequest, ExportedEvent, GetAccountStatementRequest

FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")


def account(contract: str, /, *, options: Options = DEFAULT) -> None:
    """Show an account as it was told, with the head of its chain of events.

    With --json and the events of `retainer events export` it can be checked without us (examples/check_statement.py).

    Example: retainer account web-2026 --json

    Parameters
    ----------
    contract
        Contract id.
    """
    with options.client() as client:
        found = client.ask(GetAccountStatementRequest(contract=named("contracts", contract)), timeout_seconds=60)
    if options.json:
        json_out(found)
        return
    rows = [
        (date_text(one.start), one.measure, *(str(getattr(one, name)) for name in FIGURES)) for one in found.periods
    ]
    show(table(f"{contract}: figures as they were told", ("from", "in", *FIGURES), rows, right=FIGURES))
    for document in found.documents:
        say(f"{document.number} of {date_text(document.issued_on)}: {_money(document.gross, found.currency)}")
    say(f"Asked in all {_money(found.gross, found.currency)}.")
    say(f"Event {found.version} of {found.stream}, head {found.head_hash}.")


def export(contract: str, file: Path | None = None, /, *, options: Options = DEFAULT) -> None:
    """Write the events of a contract's account, byte for byte as they are stored, one JSON object a line.

    Example: retainer events export web-2026 events.jsonl

    Parameters
    ----------
    contract
        Contract id.
    file
        Where to write them; standard output where nothing is said.
    """
    with options.client() as client:
        if file is None:
            _written(client, contract, sys.stdout)
            return
        try:
            with file.open("w", encoding="utf-8") as out:
                count = _written(client, contract, out)
        except OSError as error:
            raise Failure(f"{file} cannot be written: {error.strerror}", ExitStatus.WRONG_INPUT) from None
    say(f"Wrote {count} events to {file}.")


def _written(client: Client, contract: str, out: Any) -> int:
    after = count = 0
    while True:
        request = ExportAccountRequest(contract=named("contracts", contract), after_version=after)
        found = client.ask(request, timeout_seconds=60)
        for event in found.events:
            out.write(json.dumps(line_of(event), ensure_ascii=False) + "\n")
        if not found.events:
            return count
        after, count = found.last_version, count + len(found.events)


def line_of(event: ExportedEvent) -> dict[str, Any]:
    """The payload as text: the bytes of its UTF-8 are what the hash is over."""
    return {
        "stream": event.stream,
        "version": event.version,
        "tag": event.tag,
        "recorded_at_us": event.recorded_at_us,
        "actor": event.actor,
        "payload": event.payload.decode(),
        "hash": event.hash,
    }


def _money(minor: int, currency: str) -> str:
    return f"{decimal_text(minor, currency)} {currency}"
