"""What every verb takes: whose system, whose token, JSON or a table; and for what changes something, its request id."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Group, Parameter, validators
from google.protobuf.message import Message

from retainer.client import Client, connect
from retainer.output import json_out, say, show
from retainer.place import Place, place
from retainer.words import LARGEST_COUNT, parse_instant

WHERE = Group("Where and how", sort_key=10)

Count = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=LARGEST_COUNT))]
"""A number of things, in the bounds of what a message holds."""


class Language(StrEnum):
    """Of what is written for readers; the command itself speaks English."""

    DE = "de"
    EN = "en"


@Parameter(name="*", group=WHERE)
@dataclass(frozen=True, kw_only=True)
class Options:
    """Where the system is and who asks."""

    json: bool = False
    """Print JSON for scripts, with the field names of the API."""
    data: Path | None = None
    """Data folder of the system; else RETAINER_DATA_DIR, else ./data."""
    agency: str = ""
    """Agency to speak for; else RETAINER_AGENCY."""
    token: str = ""
    """Token to call with; else RETAINER_TOKEN, else an owner's, made with the secret of the data folder."""
    now: str = ""
    """In a rehearsal: the time of the call, like 2026-03-01T09:00:00+01:00."""

    def place(self) -> Place:
        return place(self.data, self.agency, self.token)

    @contextmanager
    def client(self) -> Iterator[Client]:
        now = parse_instant(self.now, "--now") if self.now else None
        with connect(self.place(), now=now) as client:
            yield client


@Parameter(name="*", group=WHERE)
@dataclass(frozen=True, kw_only=True)
class Orders(Options):
    """The same for what changes something."""

    request_id: str = ""
    """Repeat with the same id as often as you like: it is obeyed once, and the answer is the same."""
    dry_run: bool = False
    """Say whether it would be obeyed, and record nothing."""

    def ask(self, request: Message, *, timeout_seconds: float = 30.0) -> Any:
        """Send an order; the reply."""
        request.request_id = self.request_id  # type: ignore[attr-defined]  # every command has one
        request.validate_only = self.dry_run  # type: ignore[attr-defined]
        with self.client() as client:
            return client.ask(request, timeout_seconds=timeout_seconds)

    def obey(self, request: Message, done: str) -> Any:
        """Send an order and print its receipt; `done` says what happened, with `{name}` for what it is about. The
        reply, for what else there is to say."""
        reply = self.ask(request)
        if self.json:
            json_out(reply)
            return reply
        receipt = reply.receipt
        if self.dry_run:
            say(f"Would be obeyed: {done.format(name=receipt.name)} Nothing was recorded.")
            return reply
        repeated = " (as before: this request id was known)" if receipt.repeated_request else ""
        say(f"{done.format(name=receipt.name)}{repeated}")
        for created in receipt.created:
            say(f"  {created}")
        return reply


@Parameter(name="*", group=WHERE)
@dataclass(frozen=True, kw_only=True)
class MoneyOrders(Orders):
    """The same for what moves money."""

    preview: bool = False
    """Show what it would do to figures and to the next invoice, and record nothing."""

    def obey(self, request: Message, done: str) -> None:
        if not self.preview:
            super().obey(request, done)
            return
        from retainer import previews

        with self.client() as client:
            found = client.ask(previews.asking(client, request))
        if self.json:
            json_out(found)
        elif not found.refusals:
            show(*previews.effect(found))
        if found.refusals:
            raise previews.refused(found)


DEFAULT = Options()
ORDERS = Orders()
MONEY_ORDERS = MoneyOrders()
