"""The commands that docs/operations.md names, for the tests that run them word for word."""

import re

from tests.house import ROOT

OPERATIONS = ROOT / "docs/operations.md"


def blocks_below(heading: str) -> list[str]:
    """The blocks of commands between a heading, written as in the page, and the next one of any level."""
    text = OPERATIONS.read_text(encoding="utf-8")
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"docs/operations.md has no heading {heading}"
    section = re.split(r"^#{2,} ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
