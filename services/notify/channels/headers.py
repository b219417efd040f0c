"""Headers with names and titles outside ASCII, folded so that the reader gets them back unchanged.

The standard library's own folding loses or adds spaces where an encoded name goes over a line (Python 3.11); `Header`
of the same library cuts encoded words between characters, at most 75 long (RFC 2047), and keeps every space.
"""

from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

LINE = 76
_SPECIALS = frozenset('()<>[]:;@\\,."')


class WellFolded(EmailPolicy):
    """Lines end with CRLF; a text outside ASCII becomes encoded words, everything else stays as it is."""

    def fold(self, name: str, value: Any) -> str:
        if (addresses := getattr(value, "addresses", None)) is not None:
            return f"{name}: " + ",\r\n ".join(_address(one) for one in addresses) + "\r\n"
        text = str(value)
        if name.lower() == "subject":
            return f"{name}: {_text(text, taken=len(name) + 2)}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


WELL_FOLDED = WellFolded(linesep="\r\n", max_line_length=78)


def _address(one: Address) -> str:
    name = one.display_name
    if not name:
        return one.addr_spec
    if not name.isascii() or "=?" in name:
        shown = _encoded(name, taken=12)
    elif _SPECIALS.isdisjoint(name):
        shown = name
    else:
        shown = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{shown}\r\n <{one.addr_spec}>"


def _text(text: str, taken: int) -> str:
    if text.isascii() and "=?" not in text:
        return Header(text, "ascii", maxlinelen=LINE, header_name=" " * taken).encode(splitchars=" ", linesep="\r\n")
    return _encoded(text, taken)


def _encoded(text: str, taken: int) -> str:
    """Encoded words; the first line has `taken` characters less."""
    return Header(text, "utf-8", maxlinelen=LINE, header_name="x" * taken).encode(linesep="\r\n")
