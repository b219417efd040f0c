"""Why a document asks what it asks: drawn up once more from the very facts that it was drawn up from, and read out.

Refused
├── LineUnknown          the document has no such line
└── NotExplained         it does not come out as it was issued: its books were changed from outside
"""

from collections.abc import Mapping, Sequence
from functools import partial

from services.billing.domain import books as fold
from services.billing.domain import invoice
from services.billing.domain.account.state import Account, Drawn
from services.billing.domain.books import Books
from services.billing.domain.explaining import Earlier, Explained, Source, Window, explain, reversed_document
from services.billing.events import InvoiceDrafted, InvoiceIssued
from vocabulary.refusal import Kind, Refused


class LineUnknown(Refused, kind=Kind.NOT_FOUND):
    """The document has fewer lines."""


class NotExplained(Refused, kind=Kind.CONFLICT):
    """It does not come out as it was issued: check the account (`retainer verify CONTRACT`)."""


def explained(
    account: Account, content: InvoiceIssued | InvoiceDrafted, window: Window, only: int | None = None
) -> Explained:
    """`only` is the place of a line."""
    name = content.number if isinstance(content, InvoiceIssued) else content.boundary.isoformat()
    drawn = account.drawn[name]
    if only is not None and only >= len(content.lines):
        raise LineUnknown(f"it has {len(content.lines)} lines", field="line_number")
    books = _books(account, drawn)
    draft = invoice.draft(books, drawn.asked, drawn.boundary)
    if draft is not None and draft.lines == content.lines:
        source = Source(books, account.opened_by, window)
        return explain(source, draft, drawn.boundary, _earlier(account, drawn), only)
    if isinstance(content, InvoiceIssued) and content.cancels is not None:
        sums = (content.net, content.tax, content.gross)
        told = reversed_document(invoice.Draft(content.lines, content.taxes, *sums), content.cancels)
        return told if only is None else Explained(told.whole, told.lines[only : only + 1])
    raise NotExplained(f"{name} does not come out as it was issued: `retainer verify {account.contract_id}`")


def _books(account: Account, drawn: Drawn) -> Books:
    return fold.as_then(account.opened_books, drawn.noted, drawn.known_before, account.pasts)


def _earlier(account: Account, drawn: Drawn) -> Sequence[Earlier]:
    """What asked before it, in order: documents, and drafts that are still drafts."""
    contents: Mapping[str, InvoiceIssued | InvoiceDrafted] = {
        **account.documents,
        **{invoice.draft_id(account.contract_id, boundary): draft for boundary, draft in account.drafts.items()},
    }
    found = []
    for name, content in contents.items():
        key = content.number if isinstance(content, InvoiceIssued) else content.boundary.isoformat()
        by = account.drawn[key]
        if by.version < drawn.version:
            found.append((by.version, Earlier(name, content.lines, partial(_books, account, by))))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]
