"""Papers that can be set whatever stands on them: a PDF/A shows every sign, and the fonts of our documents lack some.

A sign that they lack (Chinese, emoji) is set as "�", and a logo that is no picture is left out. A document that waits
for ever for its file would be worse: it has its number, and nobody is told of it. The data inside name the client
unaltered.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from services.billing.documents.paper import Paper

STANDARD: Final = "a-3b"
"""PDF/A-3, ISO 19005-3: for the archive, and it may have files attached."""
LACKING = "\ufffd"
DATA = "data"
"""Attached, never set."""
MOST_SIGNS = 65_536


def legible(paper: Paper) -> Paper:
    """The same paper without what cannot be set. About 5 ms for each sign that no paper had before."""
    shown = msgspec.to_builtins({key: value for key, value in paper.items() if key != DATA})
    table = str.maketrans({sign: LACKING for sign in set(_signs(shown)) if not _has_glyph(sign)})
    found = {key: _translated(value, table) for key, value in shown.items()}
    logo = found.get("logo")
    if isinstance(logo, list) and logo and not _is_picture(bytes(logo)):
        found["logo"] = []
    return {**paper, **found}


def _signs(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (sign for sign in value if not (sign.isascii() and sign.isprintable()))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _signs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _signs(inner)


def _translated(value: object, table: dict[int, str]) -> object:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _translated(inner, table) for key, inner in value.items()}
    if isinstance(value, list):
        return [_translated(inner, table) for inner in value]
    return value


@lru_cache(MOST_SIGNS)
def _has_glyph(sign: str) -> bool:
    return _can_be_set(b'#set text(font: "Libertinus Serif")\n#sys.inputs.sign', {"sign": sign})


def _is_picture(content: bytes) -> bool:
    text = f'#image(bytes(({",".join(map(str, content))},)), height: 14mm, alt: "logo")'
    return _can_be_set(text.encode(), {})


def _can_be_set(source: bytes, inputs: dict[str, str]) -> bool:
    import typst  # loads where it is first used

    try:
        typst.compile(source, format="pdf", ignore_system_fonts=True, sys_inputs=inputs, pdf_standards=[STANDARD])
    except typst.TypstError:
        return False
    return True
