"""Charts as files: SVG as it was drawn, or a picture of it, by the ending of the name."""

from pathlib import Path
from typing import Any

from retainer.failures import ExitStatus, Failure
from retainer.words import day_of, minor

ENDINGS = (".svg", ".png")


def check_ending(file: Path) -> None:
    if file.suffix not in ENDINGS:
        raise Failure(f"{file.name}: the ending says the format; take {', '.join(ENDINGS)}")


def write_chart(file: Path, svg: str) -> int:
    """How many bytes the file has; an existing one is replaced."""
    if not svg:
        raise Failure("there is nothing to draw: nothing is available that could be used up", ExitStatus.REFUSED)
    if file.suffix == ".png":
        from services.billing.documents.drawing import picture  # typst loads where it is used

        return write(file, picture(svg))
    return write(file, svg.encode())


def write(file: Path, content: bytes) -> int:
    try:
        return file.write_bytes(content)
    except OSError as error:
        raise Failure(f"{file} cannot be written: {error.strerror}", ExitStatus.WRONG_INPUT) from None


def what_if_chart(found: Any, locale: str) -> str:
    """What each variant would have charged, as SVG: what was agreed on first, where there is something."""
    from services.billing.documents.chart import SLATE, Variant, side_by_side
    from services.billing.documents.paper import Speech
    from services.billing.documents.words import words_for

    words, speech = words_for(locale), Speech(locale, found.currency)
    agreed = [found.as_agreed] if found.HasField("as_agreed") else []
    first, end = day_of(getattr(found, "from")), day_of(found.to)
    assert first is not None
    assert end is not None
    title = words.what_if.format(span=speech.span(first, end))
    variants = []
    for place, one in enumerate([*agreed, *found.variants]):
        charged, difference = minor(one.charged), minor(one.difference)
        sign = "+" if difference > 0 else ""
        below = f"{sign}{speech.money(difference)}" if place else ""
        variants.append(Variant(one.name or words.as_agreed, charged, speech.money(charged), below))
    return side_by_side(variants, title, SLATE)
