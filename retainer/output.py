"""What people and scripts see: tables and bars on a terminal, or JSON with `--json`. rich is loaded for people only."""

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

FULL = "█"
EMPTY = "░"
BAR_WIDTH = 20


def console(*, stderr: bool = False) -> "Console":
    """Where people read; as wide as a terminal, or wide enough for every column where there is none."""
    from rich.console import Console

    out = Console(stderr=stderr, highlight=False)
    if not out.is_terminal:
        out = Console(stderr=stderr, highlight=False, width=160)
    return out


def json_out(value: Any) -> None:
    """One JSON document on standard output; messages with the field names of the protos."""
    json.dump(plain(value), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def json_line(value: Any) -> None:
    """One line of JSON, for what goes on and on."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """Messages as dictionaries, also inside lists and dictionaries."""
    if isinstance(value, Message):
        return MessageToDict(value, preserving_proto_field_name=True)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, right: Sequence[str] = ()) -> "Table":
    """A table whose columns named in `right` are numbers."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(title=title or None, box=SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", no_wrap=column in right)
    for row in rows:
        made.add_row(*row)
    return made


def bar(percent: int | None) -> "Text":
    """How much is used: green, yellow from 75 %, red from 100 %; nothing where nothing is available."""
    from rich.text import Text

    if percent is None:
        return Text("")
    filled = min(BAR_WIDTH, percent * BAR_WIDTH // 100)
    colour = "red" if percent >= 100 else "yellow" if percent >= 75 else "green"
    drawn = Text(FULL * filled, style=colour)
    drawn.append(EMPTY * (BAR_WIDTH - filled), style="dim")
    drawn.append(f" {percent:>3} %", style=colour)
    return drawn


def say(line: str) -> None:
    """One plain sentence for a person."""
    console().print(line, markup=False, soft_wrap=True)


def show(*things: Any) -> None:
    out = console()
    for thing in things:
        out.print(thing)
