"""A time sheet of another system on its way in: what it says of clients and users, and what became of its rows."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retainer.failures import Failure
from retainer.output import table
from retainer.words import date_text, hours_text, id_of, named
from wire.retainer.timelog.v1.import_pb2 import ContractMapping, ImportOptions, PersonMapping

if TYPE_CHECKING:
    from rich.console import RenderableType


def options_of(maps: Sequence[str], people: Sequence[str], zones: Sequence[str]) -> ImportOptions:
    """`Client / Project=contract`, `user=person`, and `zone` or `user=zone`, as the command line has them."""
    options = ImportOptions()
    for line in (line for text in maps for line in _lines(text)):
        party, contract = _pair(line, "--map", "'Client / Project=contract'")
        client, _, project = (part.strip() for part in party.partition(" / "))
        options.contracts.append(
            ContractMapping(client=_any(client), project=_any(project), contract=named("contracts", contract))
        )
    known: dict[str, PersonMapping] = {}
    for text in people:
        user, person = _pair(text, "--person", "'user=person'")
        known[user] = PersonMapping(user=user, person=named("people", person))
    for text in zones:
        user, equals, zone = text.rpartition("=")
        if not equals:
            options.time_zone = zone.strip()
        elif user.strip() in known:
            known[user.strip()].time_zone = zone.strip()
        else:
            raise Failure(f"--zone {text!r}: say who that is too, with --person '{user.strip()}=…'")
    options.people.extend(known.values())
    return options


def _lines(text: str) -> Iterable[str]:
    """A pair, or the pairs of a file, one on each line; `#` begins a comment."""
    path = Path(text)
    if "=" in text or not path.is_file():
        return (text,)
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _pair(text: str, where: str, shape: str) -> tuple[str, str]:
    left, equals, right = text.rpartition("=")
    if not equals or not left.strip() or not right.strip():
        raise Failure(f"{where} {text!r} is not of the form {shape}")
    return left.strip(), right.strip()


def _any(name: str) -> str:
    return "" if name == "*" else name


def report(plan: Any, *, applied: bool) -> "Iterable[RenderableType]":
    """What was done with a file, or would be."""
    verb = "logged" if applied else "to log"
    yield (
        f"{plan.rows} rows: {plan.to_log} {verb} ({hours_text(plan.worked)}), {plan.known_already} here already,"
        f" {plan.skipped_count} skipped, {plan.warning_count} to look at."
    )
    if plan.shares:
        shares = [
            (
                id_of(share.contract),
                str(share.rows),
                hours_text(share.worked),
                date_text(share.first_on),
                date_text(share.last_on),
            )
            for share in plan.shares
        ]
        yield table("", ("contract", "rows", "worked", "first", "last"), shares, right=("rows", "worked"))
    if plan.unknown:
        unknown = [
            (
                one.user or f"{one.client or '(no client)'} / {one.project or '(no project)'}",
                str(one.rows),
                str(one.first_line),
            )
            for one in plan.unknown
        ]
        yield table("Not mapped yet", ("who", "rows", "first line"), unknown, right=("rows", "first line"))
    yield from notes("Skipped", plan.skipped)
    yield from notes("To look at", plan.warnings)


def notes(title: str, about: Sequence[Any]) -> "Iterable[RenderableType]":
    """Rows to know of, by line, reason and words; nothing where there are none."""
    if about:
        rows = [(str(note.line), note.reason, note.message) for note in about]
        yield table(title, ("line", "reason", "in words"), rows, right=("line",))
