"""The same content as plain text and as simple HTML."""

import textwrap
from html import escape

import msgspec

from services.notify.letters.formats import Formats

WIDTH = 76


class Content(msgspec.Struct, frozen=True):
    """A letter before it is laid out. `figures` are labels with their values; a paragraph is one line of any length."""

    subject: str
    greeting: str
    opening: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]
    regards: str


def one_line(text: str) -> str:
    """Text of others as one printable line: what a header or a label can hold (nobody adds headers by a line break)."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def before_tax(
    net_label: str, tax_label: str, net: int, tax: int, currency: str, formats: Formats
) -> tuple[tuple[str, str], ...]:
    """The figures above a total; none where no tax is shown, and the total says it all."""
    if tax == 0:
        return ()
    return (net_label, formats.amount(net, currency)), (tax_label, formats.amount(tax, currency))


def as_text(content: Content, signature: tuple[str, ...]) -> str:
    label_width = max((len(label) for label, _ in content.figures), default=0) + 1
    figures = [f"  {label + ':':<{label_width}}  {value}" for label, value in content.figures]
    blocks = [
        content.greeting,
        *(_wrapped(paragraph) for paragraph in content.opening),
        *(["\n".join(figures)] if figures else []),
        *(_wrapped(paragraph) for paragraph in content.closing),
        "\n".join([content.regards, *signature]),
    ]
    return "\n\n".join(blocks) + "\n"


def as_html(content: Content, signature: tuple[str, ...], language: str) -> str:
    rows = "\n".join(
        f'<tr><td style="padding:2px 16px 2px 0;color:#555">{escape(label)}</td>'
        f'<td style="padding:2px 0;text-align:right"><strong>{escape(value)}</strong></td></tr>'
        for label, value in content.figures
    )
    blocks = [
        f"<p>{escape(content.greeting)}</p>",
        *(f"<p>{escape(paragraph)}</p>" for paragraph in content.opening),
        *([f'<table style="border-collapse:collapse;margin:16px 0">\n{rows}\n</table>'] if rows else []),
        *(f"<p>{escape(paragraph)}</p>" for paragraph in content.closing),
        f"<p>{'<br>'.join(escape(line) for line in (content.regards, *signature))}</p>",
    ]
    body = "\n".join(blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n'
        f'<head><meta charset="utf-8"><title>{escape(content.subject)}</title></head>\n'
        '<body style="font-family:sans-serif;font-size:15px;line-height:1.5;color:#222;max-width:40em">\n'
        f"{body}\n</body>\n</html>\n"
    )


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
