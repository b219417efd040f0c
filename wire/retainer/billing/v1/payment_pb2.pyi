import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RecordPaymentRequest(_message.Message):
    __slots__ = ("payment_id", "client", "amount", "paid_on", "invoice", "request_id", "validate_only", "consistency_token")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAID_ON_FIELD_NUMBER: _ClassVar[int]
    INVOICE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    client: str
    amount: _money_pb2.Money
    paid_on: _date_pb2.Date
    invoice: str
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, payment_id: _Optional[str] = ..., client: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., paid_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., invoice: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class RecordPaymentResponse(_message.Message):
    __slots__ = ("receipt", "not_issued")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    NOT_ISSUED_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    not_issued: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., not_issued: _Optional[str] = ...) -> None: ...

class RefundBalanceRequest(_message.Message):
    __slots__ = ("refund_id", "client", "amount", "refunded_on", "request_id", "validate_only", "consistency_token")
    REFUND_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REFUNDED_ON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    refund_id: str
    client: str
    amount: _money_pb2.Money
    refunded_on: _date_pb2.Date
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, refund_id: _Optional[str] = ..., client: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., refunded_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class RefundBalanceResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class Balance(_message.Message):
    __slots__ = ("client", "currency", "open", "credit", "overdue", "uncollectible", "reminders_stopped")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    UNCOLLECTIBLE_FIELD_NUMBER: _ClassVar[int]
    REMINDERS_STOPPED_FIELD_NUMBER: _ClassVar[int]
    client: str
    currency: str
    open: _money_pb2.Money
    credit: _money_pb2.Money
    overdue: _money_pb2.Money
    uncollectible: _money_pb2.Money
    reminders_stopped: bool
    def __init__(self, client: _Optional[str] = ..., currency: _Optional[str] = ..., open: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., credit: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., overdue: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., uncollectible: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., reminders_stopped: _Optional[bool] = ...) -> None: ...

class GetBalanceRequest(_message.Message):
    __slots__ = ("client", "currency", "consistency_token")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    client: str
    currency: str
    consistency_token: str
    def __init__(self, client: _Optional[str] = ..., currency: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class Payment(_message.Message):
    __slots__ = ("name", "payment_id", "client", "amount", "paid_on", "invoice", "create_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAID_ON_FIELD_NUMBER: _ClassVar[int]
    INVOICE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    payment_id: str
    client: str
    amount: _money_pb2.Money
    paid_on: _date_pb2.Date
    invoice: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., payment_id: _Optional[str] = ..., client: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., paid_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., invoice: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListPaymentsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "consistency_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    consistency_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListPaymentsResponse(_message.Message):
    __slots__ = ("payments", "next_page_token")
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    payments: _containers.RepeatedCompositeFieldContainer[Payment]
    next_page_token: str
    def __init__(self, payments: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Receivable(_message.Message):
    __slots__ = ("balance", "not_due", "days_1_to_30", "days_31_to_60", "days_61_to_90", "days_over_90")
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    NOT_DUE_FIELD_NUMBER: _ClassVar[int]
    DAYS_1_TO_30_FIELD_NUMBER: _ClassVar[int]
    DAYS_31_TO_60_FIELD_NUMBER: _ClassVar[int]
    DAYS_61_TO_90_FIELD_NUMBER: _ClassVar[int]
    DAYS_OVER_90_FIELD_NUMBER: _ClassVar[int]
    balance: Balance
    not_due: _money_pb2.Money
    days_1_to_30: _money_pb2.Money
    days_31_to_60: _money_pb2.Money
    days_61_to_90: _money_pb2.Money
    days_over_90: _money_pb2.Money
    def __init__(self, balance: _Optional[_Union[Balance, _Mapping]] = ..., not_due: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., days_1_to_30: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., days_31_to_60: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., days_61_to_90: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., days_over_90: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class ListReceivablesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "on", "consistency_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    on: _date_pb2.Date
    consistency_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListReceivablesResponse(_message.Message):
    __slots__ = ("receivables", "next_page_token")
    RECEIVABLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    receivables: _containers.RepeatedCompositeFieldContainer[Receivable]
    next_page_token: str
    def __init__(self, receivables: _Optional[_Iterable[_Union[Receivable, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RemindOverdueRequest(_message.Message):
    __slots__ = ("client", "request_id", "validate_only", "consistency_token")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    client: str
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, client: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class Reminder(_message.Message):
    __slots__ = ("invoice", "step", "open", "on", "late_fee")
    INVOICE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    LATE_FEE_FIELD_NUMBER: _ClassVar[int]
    invoice: str
    step: int
    open: _money_pb2.Money
    on: _date_pb2.Date
    late_fee: _money_pb2.Money
    def __init__(self, invoice: _Optional[str] = ..., step: _Optional[int] = ..., open: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., late_fee: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class RemindOverdueResponse(_message.Message):
    __slots__ = ("receipt", "reminders")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REMINDERS_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    reminders: _containers.RepeatedCompositeFieldContainer[Reminder]
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., reminders: _Optional[_Iterable[_Union[Reminder, _Mapping]]] = ...) -> None: ...

class StopRemindersRequest(_message.Message):
    __slots__ = ("name", "request_id", "validate_only", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class StopRemindersResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ResumeRemindersRequest(_message.Message):
    __slots__ = ("name", "request_id", "validate_only", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ResumeRemindersResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class MarkUncollectibleRequest(_message.Message):
    __slots__ = ("name", "request_id", "validate_only", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class MarkUncollectibleResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...
