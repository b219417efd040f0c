import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from wire.retainer.billing.v1 import invoice_line_pb2 as _invoice_line_pb2
from wire.retainer.billing.v1 import reason_pb2 as _reason_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DocumentFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_FORMAT_UNSPECIFIED: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_PDF: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_XRECHNUNG: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_TIME_SHEET: _ClassVar[DocumentFormat]
DOCUMENT_FORMAT_UNSPECIFIED: DocumentFormat
DOCUMENT_FORMAT_PDF: DocumentFormat
DOCUMENT_FORMAT_XRECHNUNG: DocumentFormat
DOCUMENT_FORMAT_TIME_SHEET: DocumentFormat

class TaxTotal(_message.Message):
    __slots__ = ("category", "rate_percent", "net", "tax")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    RATE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    category: str
    rate_percent: str
    net: _money_pb2.Money
    tax: _money_pb2.Money
    def __init__(self, category: _Optional[str] = ..., rate_percent: _Optional[str] = ..., net: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., tax: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class Invoice(_message.Message):
    __slots__ = ("name", "number", "contract", "client", "currency", "boundary", "issued_on", "due_on", "lines", "taxes", "net", "tax", "gross", "open", "state", "cancels", "cancelled_by", "reminders", "create_time", "document_sha256", "etag")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Invoice.State]
        STATE_DRAFT: _ClassVar[Invoice.State]
        STATE_OPEN: _ClassVar[Invoice.State]
        STATE_PAID: _ClassVar[Invoice.State]
        STATE_OVERDUE: _ClassVar[Invoice.State]
        STATE_CANCELLED: _ClassVar[Invoice.State]
        STATE_UNCOLLECTIBLE: _ClassVar[Invoice.State]
    STATE_UNSPECIFIED: Invoice.State
    STATE_DRAFT: Invoice.State
    STATE_OPEN: Invoice.State
    STATE_PAID: Invoice.State
    STATE_OVERDUE: Invoice.State
    STATE_CANCELLED: Invoice.State
    STATE_UNCOLLECTIBLE: Invoice.State
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_ON_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TAXES_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    GROSS_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CANCELS_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_BY_FIELD_NUMBER: _ClassVar[int]
    REMINDERS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_SHA256_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    number: str
    contract: str
    client: str
    currency: str
    boundary: _date_pb2.Date
    issued_on: _date_pb2.Date
    due_on: _date_pb2.Date
    lines: _containers.RepeatedCompositeFieldContainer[_invoice_line_pb2.InvoiceLine]
    taxes: _containers.RepeatedCompositeFieldContainer[TaxTotal]
    net: _money_pb2.Money
    tax: _money_pb2.Money
    gross: _money_pb2.Money
    open: _money_pb2.Money
    state: Invoice.State
    cancels: str
    cancelled_by: str
    reminders: int
    create_time: _timestamp_pb2.Timestamp
    document_sha256: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., number: _Optional[str] = ..., contract: _Optional[str] = ..., client: _Optional[str] = ..., currency: _Optional[str] = ..., boundary: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., issued_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., due_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[_invoice_line_pb2.InvoiceLine, _Mapping]]] = ..., taxes: _Optional[_Iterable[_Union[TaxTotal, _Mapping]]] = ..., net: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., tax: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., gross: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., open: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., state: _Optional[_Union[Invoice.State, str]] = ..., cancels: _Optional[str] = ..., cancelled_by: _Optional[str] = ..., reminders: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., document_sha256: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class InvoicePreview(_message.Message):
    __slots__ = ("boundary", "lines", "taxes", "net", "tax", "gross")
    BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TAXES_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    GROSS_FIELD_NUMBER: _ClassVar[int]
    boundary: _date_pb2.Date
    lines: _containers.RepeatedCompositeFieldContainer[_invoice_line_pb2.InvoiceLine]
    taxes: _containers.RepeatedCompositeFieldContainer[TaxTotal]
    net: _money_pb2.Money
    tax: _money_pb2.Money
    gross: _money_pb2.Money
    def __init__(self, boundary: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[_invoice_line_pb2.InvoiceLine, _Mapping]]] = ..., taxes: _Optional[_Iterable[_Union[TaxTotal, _Mapping]]] = ..., net: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., tax: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., gross: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class GetInvoiceRequest(_message.Message):
    __slots__ = ("name", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListInvoicesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "consistency_token", "as_of")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    consistency_token: str
    as_of: _timestamp_pb2.Timestamp
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., consistency_token: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListInvoicesResponse(_message.Message):
    __slots__ = ("invoices", "next_page_token", "total_size")
    INVOICES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    invoices: _containers.RepeatedCompositeFieldContainer[Invoice]
    next_page_token: str
    total_size: int
    def __init__(self, invoices: _Optional[_Iterable[_Union[Invoice, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class GetInvoiceDocumentRequest(_message.Message):
    __slots__ = ("name", "consistency_token", "format")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    name: str
    consistency_token: str
    format: DocumentFormat
    def __init__(self, name: _Optional[str] = ..., consistency_token: _Optional[str] = ..., format: _Optional[_Union[DocumentFormat, str]] = ...) -> None: ...

class GetInvoiceDocumentResponse(_message.Message):
    __slots__ = ("content", "media_type", "sha256", "file_name", "missing")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    media_type: str
    sha256: str
    file_name: str
    missing: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, content: _Optional[bytes] = ..., media_type: _Optional[str] = ..., sha256: _Optional[str] = ..., file_name: _Optional[str] = ..., missing: _Optional[_Iterable[str]] = ...) -> None: ...

class ExplainInvoiceRequest(_message.Message):
    __slots__ = ("name", "most_entries", "skip_entries", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MOST_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    SKIP_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    most_entries: int
    skip_entries: int
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., most_entries: _Optional[int] = ..., skip_entries: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ExplainInvoiceResponse(_message.Message):
    __slots__ = ("invoice", "whole", "lines")
    INVOICE_FIELD_NUMBER: _ClassVar[int]
    WHOLE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    invoice: Invoice
    whole: _reason_pb2.Reason
    lines: _containers.RepeatedCompositeFieldContainer[_reason_pb2.LineExplanation]
    def __init__(self, invoice: _Optional[_Union[Invoice, _Mapping]] = ..., whole: _Optional[_Union[_reason_pb2.Reason, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[_reason_pb2.LineExplanation, _Mapping]]] = ...) -> None: ...

class ExplainLineRequest(_message.Message):
    __slots__ = ("name", "line_number", "most_entries", "skip_entries", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    MOST_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    SKIP_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    line_number: int
    most_entries: int
    skip_entries: int
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., line_number: _Optional[int] = ..., most_entries: _Optional[int] = ..., skip_entries: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ExplainLineResponse(_message.Message):
    __slots__ = ("explanation", "currency")
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    explanation: _reason_pb2.LineExplanation
    currency: str
    def __init__(self, explanation: _Optional[_Union[_reason_pb2.LineExplanation, _Mapping]] = ..., currency: _Optional[str] = ...) -> None: ...

class ReleaseInvoiceRequest(_message.Message):
    __slots__ = ("name", "request_id", "validate_only", "consistency_token", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ReleaseInvoiceResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class CancelInvoiceRequest(_message.Message):
    __slots__ = ("name", "write_off", "why", "request_id", "validate_only", "consistency_token", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WRITE_OFF_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    write_off: bool
    why: str
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., write_off: _Optional[bool] = ..., why: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CancelInvoiceResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ListKeptDocumentsRequest(_message.Message):
    __slots__ = ("client", "consistency_token")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    client: str
    consistency_token: str
    def __init__(self, client: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListKeptDocumentsResponse(_message.Message):
    __slots__ = ("documents",)
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[KeptDocument]
    def __init__(self, documents: _Optional[_Iterable[_Union[KeptDocument, _Mapping]]] = ...) -> None: ...

class KeptDocument(_message.Message):
    __slots__ = ("name", "issue_date", "keep_until")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ISSUE_DATE_FIELD_NUMBER: _ClassVar[int]
    KEEP_UNTIL_FIELD_NUMBER: _ClassVar[int]
    name: str
    issue_date: _date_pb2.Date
    keep_until: _date_pb2.Date
    def __init__(self, name: _Optional[str] = ..., issue_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., keep_until: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...
