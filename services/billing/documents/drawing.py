"""Documents as PDF and charts as PNG, by typst: the same texts give the same bytes on every machine of one release."""

import logging
from datetime import date
from importlib.resources import files

import msgspec

from services.billing.documents.hybrid import declared
from services.billing.documents.legible import STANDARD, legible
from services.billing.documents.paper import Paper

TEMPLATE = "invoice.typ"
SHEET = "sheet.typ"
PICTURE_PPI = 144.0

log = logging.getLogger(__name__)


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
    """One of the templates beside this file, filled with texts; without what cannot be set, where there is such."""
    import typst  # 22 MB once used

    try:
        return _compiled(template, texts, day)
    except typst.TypstError as error:
        without = legible(texts)
        if msgspec.json.encode(without) == msgspec.json.encode(texts):
            raise
        log.warning("set without what our fonts lack: %s", error)
        return _compiled(template, without, day)


def _compiled(template: str, texts: Paper, day: date) -> bytes:
    import typst

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
