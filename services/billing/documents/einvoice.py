"""The invoice as data: Cross Industry Invoice by EN 16931, for ZUGFeRD / Factur-X inside the PDF and as XRechnung.

The document's own figures are carried over, nothing is reckoned again: a line is billed in minutes at a price for sixty
of them, so that quantity and price give its amount to the cent (R2). A credit note is a document of type 381, whose
amounts are what is given back: our negative figures with the other sign.

`missing` names what the law or the format wants and nobody has told us yet; a document that lacks anything is drawn
without data inside, rather than with data that its receiver has to turn away.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree

from services.billing.documents.parties import Address, Recipient, Sender
from services.billing.documents.words import Words, words_for
from services.billing.events import InvoiceIssued, InvoiceLine, TaxTotal
from vocabulary.duration import clock
from vocabulary.money import digits

MOST_DIGITS = 2
"""EN 16931 knows no amount with more (BR-DEC)."""
PPM_OF_A_PERCENT = 10_000
MINUTES, PIECE = "MIN", "C62"
"""UN/ECE Recommendation 20."""
INVOICE, CREDIT_NOTE = "380", "381"
"""UNTDID 1001."""
SEPA_TRANSFER, TRANSFER, SET_OFF = "58", "30", "97"
"""UNTDID 4461."""
EXEMPTIONS = {"AE": "VATEX-EU-AE", "O": "VATEX-EU-O"}
"""Tax category -> code of its reason (CEF VATEX), where there is one."""
BY_MAIL = "EM"
"""Electronic Address Scheme of an e-mail address."""
PEPPOL_BILLING = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


class Profile(StrEnum):
    """The guideline that the data follow, by its URN."""

    EN16931 = "urn:cen.eu:en16931:2017"
    XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


def missing(document: InvoiceIssued, sender: Sender, recipient: Recipient, profile: Profile) -> Sequence[str]:
    """What stands in the way, each by the name of its field (`agency.vat_id`); empty where nothing does."""
    return list(_missing(document, sender, recipient, profile))


def _missing(document: InvoiceIssued, sender: Sender, recipient: Recipient, profile: Profile) -> Iterator[str]:
    categories = {total.category for total in document.taxes}
    if digits(document.currency) > MOST_DIGITS:
        yield "a currency of at most two digits"
    yield from (f"agency.{name}" for name in _lacks(sender.address))
    yield from (f"client.{name}" for name in _lacks(recipient.address))
    if not (sender.vat_id or sender.tax_number):
        yield "agency.vat_id"
    if "reverse_charge" in categories:
        if not sender.vat_id:
            yield "agency.vat_id"
        if not recipient.vat_id:
            yield "client.vat_id"
    if profile is Profile.XRECHNUNG:
        wanted = {
            "agency.contact_name": sender.contact_name,
            "agency.phone": sender.phone,
            "agency.email": sender.email,
            "agency.address.city": sender.address.city,
            "agency.address.postal_code": sender.address.postal_code,
            "client.address.city": recipient.address.city,
            "client.address.postal_code": recipient.address.postal_code,
            "client.buyer_reference": recipient.buyer_reference,
            "client.contacts": recipient.email,
        }
        yield from (name for name, value in wanted.items() if not value)
        if document.gross >= 0 and not sender.iban:
            yield "agency.bank.iban"


def _lacks(address: Address) -> Iterator[str]:
    if not address.name:
        yield "display_name"
    if not address.country:
        yield "address.country"


def einvoice(document: InvoiceIssued, sender: Sender, recipient: Recipient, profile: Profile) -> bytes:
    """The XML document, UTF-8; nothing may be `missing`. The same facts give the same bytes."""
    from drafthorse.models.document import Document  # loads where it is first used

    data = _Data(document, words_for(recipient.locale))
    made: Any = Document()
    made.context.business_parameter.id = PEPPOL_BILLING
    made.context.guideline_parameter.id = profile.value
    made.header.id = document.number
    made.header.type_code = CREDIT_NOTE if data.is_credit else INVOICE
    made.header.issue_date_time = _at(document.issued_on)
    _agreement(made.trade.agreement, data, sender, recipient)
    for number, line in enumerate(document.lines, start=1):
        made.trade.items.add(_item(number, line, data))
    _settlement(made.trade.settlement, data, sender)
    made.trade.delivery.event.occurrence = _at(max(_last_day(line.period, line.period_end) for line in document.lines))
    return _without_empty_elements(made.serialize(schema=None))


def _without_empty_elements(xml: bytes) -> bytes:
    """The library writes an element for each field it knows; an empty one says nothing (PEPPOL-EN16931-R008)."""
    root = ElementTree.fromstring(xml)  # nosec B314 - what we have written
    empty = True
    while empty:
        empty = False
        for parent in root.iter():
            for child in list(parent):
                if len(child) == 0 and not (child.text or "").strip():
                    parent.remove(child)
                    empty = True
    written: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return written


class _Data:
    """The document with its sign and its words."""

    def __init__(self, document: InvoiceIssued, words: Words) -> None:
        self.document = document
        self.words = words
        self.is_credit = document.gross < 0
        self._sign = -1 if self.is_credit else 1
        self._digits = digits(document.currency)
        self.alone = len({total.category for total in document.taxes}) == 1

    def amount(self, minor: int) -> Decimal:
        return Decimal(self._sign * minor).scaleb(-self._digits)

    def price(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self._digits)

    def category(self, ours: str) -> str:
        """UNTDID 5305. What is outside the scope of tax may not stand beside what is taxed (BR-O-11): there it is
        exempt, with the same reason."""
        match ours:
            case "standard" | "reduced":
                return "S"
            case "reverse_charge":
                return "AE"
            case "outside_scope" if self.alone:
                return "O"
            case _:
                return "E"

    @property
    def names_vat_ids(self) -> bool:
        """A document that is wholly outside the scope names none (BR-O-02)."""
        return not (self.alone and self.document.taxes[0].category == "outside_scope")


def _agreement(made: Any, data: _Data, sender: Sender, recipient: Recipient) -> None:
    if recipient.buyer_reference:
        made.buyer_reference = recipient.buyer_reference
    _party(made.seller, sender.address)
    if sender.registration:
        made.seller.legal_organization.id = ("", sender.registration)
    elif not (data.names_vat_ids and sender.vat_id):
        made.seller.id = sender.tax_number or sender.vat_id  # whom the buyer knows him by (BR-CO-26)
    if sender.contact_name or sender.email or sender.phone:
        contact = made.seller.contact
        contact.person_name = sender.contact_name or sender.address.name
        if sender.phone:
            contact.telephone.number = sender.phone
        if sender.email:
            contact.email.address = sender.email
    if sender.email:
        made.seller.electronic_address.uri_ID = (BY_MAIL, sender.email)
    _registered(made.seller, data.names_vat_ids and sender.vat_id, sender.tax_number)
    _party(made.buyer, recipient.address)
    if recipient.email:
        made.buyer.electronic_address.uri_ID = (BY_MAIL, recipient.email)
    _registered(made.buyer, data.names_vat_ids and recipient.vat_id, "")
    if data.document.title:
        made.contract.issuer_assigned_id = data.document.title


def _party(made: Any, address: Address) -> None:
    made.name = address.name
    for field, line in zip(("line_one", "line_two", "line_three"), address.lines, strict=False):
        setattr(made.address, field, line)
    made.address.postcode = address.postal_code
    made.address.city_name = address.city
    made.address.country_id = address.country


def _registered(party: Any, vat_id: str | bool, tax_number: str) -> None:
    from drafthorse.models.party import TaxRegistration

    for scheme, value in (("VA", vat_id), ("FC", tax_number)):
        if value:
            registration: Any = TaxRegistration()
            registration.id = (scheme, str(value).replace(" ", ""))
            party.tax_registrations.add(registration)


def _item(number: int, line: InvoiceLine, data: _Data) -> Any:
    from drafthorse.models.tradelines import LineItem

    quantity, unit, price, basis = _billed(line, data)
    made: Any = LineItem()
    made.document.line_id = str(number)
    made.product.name = _name(line, data.words)
    if line.quantity is not None and not line.in_units:
        made.product.description = f"{clock(line.quantity)} {data.words.hours}"
    made.agreement.net.amount = price
    made.agreement.net.basis_quantity = (basis, unit)
    made.delivery.billed_quantity = (quantity, unit)
    tax = made.settlement.trade_tax
    tax.type_code = "VAT"
    category = data.category(line.tax_category)
    tax.category_code = category
    if category != "O":  # BR-O-05
        tax.rate_applicable_percent = _percent(line.tax_rate_ppm)
    made.settlement.period.start = _at(line.period)
    made.settlement.period.end = _at(_last_day(line.period, line.period_end))
    made.settlement.monetary_summation.total_amount = data.amount(line.amount)
    return made


def _billed(line: InvoiceLine, data: _Data) -> tuple[Decimal, str, Decimal, Decimal]:
    """Quantity, its unit, the price and for how many it is; one of it at its amount where no rate gives the amount. A
    price is never negative (BR-27), a quantity may be."""
    amount = data.amount(line.amount)
    if line.quantity is not None and line.rate is not None:
        price, basis = data.price(line.rate), Decimal(1 if line.in_units else 60)
        quantity = Decimal(abs(line.quantity)).copy_sign(amount)
        step = Decimal(1).scaleb(-digits(data.document.currency))
        if (quantity * price / basis).quantize(step, ROUND_HALF_UP) == amount:
            return quantity, PIECE if line.in_units else MINUTES, price, basis
    return Decimal(1).copy_sign(amount), PIECE, abs(amount), Decimal(1)


def _name(line: InvoiceLine, words: Words) -> str:
    what = words.kinds.get(line.kind, line.kind)
    if line.correction:
        what = f"{what} ({words.correction})"
    return f"{what}: {line.description}" if line.description else what


def _settlement(made: Any, data: _Data, sender: Sender) -> None:
    from drafthorse.models.payment import PaymentTerms

    document = data.document
    made.payment_reference = document.number
    made.currency_code = document.currency
    if data.is_credit or sender.iban:
        made.payment_means.add(_means(data, sender))
    for total in document.taxes:
        made.trade_tax.add(_tax(total, data))
    made.period.start = _at(min(line.period for line in document.lines))
    made.period.end = _at(max(_last_day(line.period, line.period_end) for line in document.lines))
    if not data.is_credit:
        terms: Any = PaymentTerms()
        terms.due = _at(document.due_on)
        made.terms.add(terms)
    sums = made.monetary_summation
    sums.line_total = sums.tax_basis_total = data.amount(document.net)
    sums.tax_total = (data.amount(document.tax), document.currency)
    sums.grand_total = sums.due_amount = data.amount(document.gross)
    if document.cancels:
        made.invoice_referenced_document.issuer_assigned_id = document.cancels


def _means(data: _Data, sender: Sender) -> Any:
    """A transfer to the agency's account; what is credited is set off against other invoices (R32)."""
    from drafthorse.models.payment import PaymentMeans

    means: Any = PaymentMeans()
    if data.is_credit:
        means.type_code = SET_OFF
        return means
    means.type_code = SEPA_TRANSFER if data.document.currency == "EUR" else TRANSFER
    means.payee_account.iban = sender.iban.replace(" ", "")
    means.payee_account.account_name = sender.bank_holder or sender.address.name
    if sender.bic:
        means.payee_institution.bic = sender.bic
    return means


def _tax(total: TaxTotal, data: _Data) -> Any:
    from drafthorse.models.accounting import ApplicableTradeTax

    made: Any = ApplicableTradeTax()
    made.calculated_amount = data.amount(total.tax)
    made.type_code = "VAT"
    if reason := data.words.notes.get(total.category):
        made.exemption_reason = reason
    made.basis_amount = data.amount(total.net)
    category = data.category(total.category)
    made.category_code = category
    if code := EXEMPTIONS.get(category):
        made.exemption_reason_code = code
    made.rate_applicable_percent = _percent(total.rate_ppm)
    return made


def _percent(rate_ppm: int) -> Decimal:
    return (Decimal(rate_ppm) / PPM_OF_A_PERCENT).quantize(Decimal("0.01"))


def _last_day(start: date, end: date) -> date:
    """Of `[start, end)`."""
    return max(start, end - timedelta(days=1))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
