"""Documents as PDF and charts as PNG, by typst: the same texts give the same bytes on every machine of one release."""

from datetime import date
from importlib.resources import files
from typing import Final

import msgspec

from services.billing.documents.hybrid import declared
from services.billing.documents.paper import Paper

TEMPLATE = "invoice.typ"
SHEET = "sheet.typ"
PICTURE_PPI = 144.0
STANDARD: Final = "a-3b"
"""PDF/A-3, ISO 19005-3: for the archive, and it may have files attached."""


def draw(paper: Paper, data: bytes = b"") -> bytes:
    """A PDF/A-3, with the e-invoice `data` inside where there are any. About 30 ms, in a thread of its own: typst does
    not hold the interpreter. Fonts come with typst alone, and the file's date is the document's, so that nothing of
    this machine gets into it."""
    drawn = typeset(TEMPLATE, {**paper, "data": data.decode()}, date.fromisoformat(str(paper["date"])))
    return declared(drawn) if data else drawn


def picture(svg: str) -> bytes:
    """A chart as PNG on white, with the font of our documents."""
    import typst

    drawn = typst.compile(
        b"#set page(width: auto, height: auto, margin: 8pt, fill: white)\n"
        b'#image(bytes(sys.inputs.svg), format: "svg", width: 640pt)\n',
        format="png",
        ppi=PICTURE_PPI,
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
    )
    assert isinstance(drawn, bytes)
    return drawn


def typeset(template: str, texts: Paper, day: date) -> bytes:
    """One of the templates beside this file, filled with texts."""
    import typst  # 22 MB once used

    drawn = typst.compile(
        files("services.billing.documents").joinpath(template).read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"paper": msgspec.json.encode(texts).decode()},
        pdf_standards=[STANDARD],
        timestamp=(day - date(1970, 1, 1)).days * 86_400,
    )
    assert isinstance(drawn, bytes)
    return drawn
