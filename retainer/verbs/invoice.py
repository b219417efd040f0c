"""`retainer invoice …`: list, show, explain, pdf, release, cancel, give up; next numbers."""

from pathlib import Path
from typing import Literal

from retainer import explanations
from retainer.failures import ExitStatus, Failure
from retainer.invoices import details, listing
from retainer.output import json_out, say, show
from retainer.verbs.asking import DEFAULT, ORDERS, Count, Options, Orders
from retainer.words import named, parse_timestamp
from wire.retainer.billing.v1.account_pb2 import SetNextNumberRequest
from wire.retainer.billing.v1.invoice_pb2 import (
    CancelInvoiceRequest,
    DocumentFormat,
    ExplainInvoiceRequest,
    ExplainLineRequest,
    GetInvoiceDocumentRequest,
    GetInvoiceRequest,
    ListInvoicesRequest,
    ReleaseInvoiceRequest,
)
from wire.retainer.billing.v1.payment_pb2 import MarkUncollectibleRequest


def list_(*, filter: str = "", order_by: str = "", as_of: str = "", options: Options = DEFAULT) -> None:
    """List invoices and credit notes.

    Example: retainer invoice list --as-of 2026-03-01T00:00:00+01:00
    Example: retainer invoice list --filter 'state = "open"' --order-by 'due_on'

    Parameters
    ----------
    filter
        Over contract, client, number, state, currency, issued_on, due_on and boundary.
    order_by
        For example: due_on, or issued_on desc
    as_of
        Instant: the documents as they were known then, with what was open of them.
    """
    with options.client() as client:
        request = ListInvoicesRequest(filter=filter, order_by=order_by, page_size=200)
        if as_of:
            request.as_of.CopyFrom(parse_timestamp(as_of, "--as-of"))
        invoices = list(client.pages(request, "invoices"))
    json_out({"invoices": invoices}) if options.json else show(listing(invoices))


def invoice_show(number: str, /, *, options: Options = DEFAULT) -> None:
    """Show one document with its lines.

    Example: retainer invoice show 2026-0001

    Parameters
    ----------
    number
        Its number, or the name of a draft.
    """
    with options.client() as client:
        found = client.ask(GetInvoiceRequest(name=named("invoices", number)))
    json_out(found) if options.json else show(*details(found))


def explain(
    number: str,
    /,
    *,
    line: Count = 0,
    most: Count = 200,
    skip: Count = 0,
    options: Options = DEFAULT,
) -> None:
    """Say why a document asks what it asks: every amount down to the entries, terms and events that it comes from.

    Example: retainer invoice explain 2026-0004
    Example: retainer invoice explain 2026-0004 --line 2 --json

    Parameters
    ----------
    number
        Its number, or the name of a draft.
    line
        One line of it, counted from 1.
    most
        So many entries of a list one by one; the others as one sum.
    skip
        So many entries of each list before those.
    """
    name = named("invoices", number)
    with options.client() as client:
        if line:
            found = client.ask(
                ExplainLineRequest(name=name, line_number=line, most_entries=most, skip_entries=skip),
                timeout_seconds=60,
            )
        else:
            found = client.ask(
                ExplainInvoiceRequest(name=name, most_entries=most, skip_entries=skip), timeout_seconds=60
            )
    if options.json:
        json_out(found)
    elif line:
        show(*explanations.line(found.explanation))
    else:
        show(*details(found.invoice), *explanations.document(found))


def pdf(number: str, file: Path | None = None, /, *, options: Options = DEFAULT) -> None:
    """Write an invoice's PDF/A-3 file, with the e-invoice (ZUGFeRD / Factur-X) inside.

    Example: retainer invoice pdf 2026-0001

    Parameters
    ----------
    number
        Its number.
    file
        Where to write it; the number with .pdf where nothing is said. An existing file is replaced.
    """
    _write(number, file, DocumentFormat.DOCUMENT_FORMAT_PDF, options)


def xrechnung(number: str, file: Path | None = None, /, *, options: Options = DEFAULT) -> None:
    """Write an invoice as XRechnung, the XML file that German authorities take.

    Example: retainer invoice xrechnung 2026-0001

    Parameters
    ----------
    number
        Its number.
    file
        Where to write it; the number with .xml where nothing is said. An existing file is replaced.
    """
    _write(number, file, DocumentFormat.DOCUMENT_FORMAT_XRECHNUNG, options)


def timesheet(number: str, file: Path | None = None, /, *, options: Options = DEFAULT) -> None:
    """Write the time sheet of an invoice: what each line was made of, entry by entry, in rows that add up to it.

    Example: retainer invoice timesheet 2026-0001

    Parameters
    ----------
    number
        Its number.
    file
        Where to write it; the number with -time.pdf where nothing is said. An existing file is replaced.
    """
    _write(number, file, DocumentFormat.DOCUMENT_FORMAT_TIME_SHEET, options)


def _write(number: str, file: Path | None, format: DocumentFormat, options: Options) -> None:
    request = GetInvoiceDocumentRequest(name=named("invoices", number), format=format)
    with options.client() as client:
        document = client.ask(request, patience_seconds=20)
    path = file or Path(document.file_name)
    try:
        path.write_bytes(document.content)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}", ExitStatus.WRONG_INPUT) from None
    written = {"file": str(path), "sha256": document.sha256, "bytes": len(document.content)}
    if options.json:
        json_out({**written, "missing": list(document.missing)})
        return
    say(f"Wrote {path} ({len(document.content)} bytes).")
    if document.missing:
        say(f"No e-invoice is inside; it lacks: {', '.join(document.missing)}.")


def release(draft: str, /, *, orders: Orders = ORDERS) -> None:
    """Give a draft its number and issue it now.

    Example: retainer invoice release draft.web-2026.2026-02-01

    Parameters
    ----------
    draft
        The draft's name, as `retainer invoice list` shows it.
    """
    orders.obey(ReleaseInvoiceRequest(name=named("invoices", draft)), "Released {name}.")


def cancel(
    number: str,
    /,
    *,
    write_off: bool = False,
    why: str = "",
    orders: Orders = ORDERS,
) -> None:
    """Cancel an issued invoice by a credit note; a replacement is issued in the same step.

    Example: retainer invoice cancel 2026-0001 --why 'wrong address'

    Parameters
    ----------
    number
        Its number.
    write_off
        Give the amount up instead of issuing a replacement.
    why
        For the books; no personal data.
    """
    request = CancelInvoiceRequest(name=named("invoices", number), write_off=write_off, why=why)
    orders.obey(request, "Cancelled {name}.")


def give_up(number: str, /, *, orders: Orders = ORDERS) -> None:
    """Give an invoice up as a loss: no reminders, not receivable any more; a payment that comes after all still counts.

    Example: retainer invoice give-up 2026-0001

    Parameters
    ----------
    number
        Of the invoice.
    """
    orders.obey(MarkUncollectibleRequest(name=named("invoices", number)), "{name} is given up.")


def number(
    next: Count,
    /,
    *,
    year: Count,
    series: Literal["invoices", "credit-notes"] = "invoices",
    orders: Orders = ORDERS,
) -> None:
    """Give a number series its next number, once, before its first document of the year.

    Example: retainer invoice number 118 --year 2026

    Parameters
    ----------
    next
        The next document's: 118 makes it 2026-0118.
    year
        Of the numbers.
    series
        Invoices and credit notes are numbered apart.
    """
    chosen = f"SERIES_{series.upper().replace('-', '_')}"
    request = SetNextNumberRequest(series=chosen, year=year, next=next)
    orders.obey(request, f"{series} of {year} go on with {next}.")
