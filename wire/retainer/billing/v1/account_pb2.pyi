import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from wire.retainer.billing.v1 import figures_pb2 as _figures_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BuyBlockRequest(_message.Message):
    __slots__ = ("block_id", "contract", "hours", "price", "bought_on", "expires_on", "request_id", "validate_only", "consistency_token", "etag")
    BLOCK_ID_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    BOUGHT_ON_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    block_id: str
    contract: str
    hours: _duration_pb2.Duration
    price: _money_pb2.Money
    bought_on: _date_pb2.Date
    expires_on: _date_pb2.Date
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, block_id: _Optional[str] = ..., contract: _Optional[str] = ..., hours: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., bought_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., expires_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class BuyBlockResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class WithdrawBlockRequest(_message.Message):
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

class WithdrawBlockResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GiveCreditRequest(_message.Message):
    __slots__ = ("credit_id", "contract", "amount", "why", "on", "request_id", "validate_only", "consistency_token", "etag")
    CREDIT_ID_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    credit_id: str
    contract: str
    amount: _money_pb2.Money
    why: str
    on: _date_pb2.Date
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, credit_id: _Optional[str] = ..., contract: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., why: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class GiveCreditResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class WithdrawCreditRequest(_message.Message):
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

class WithdrawCreditResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class AddExtraRequest(_message.Message):
    __slots__ = ("extra_id", "contract", "amount", "description", "on", "each_period", "until", "tax_category", "tax_rate_percent", "request_id", "validate_only", "consistency_token", "etag")
    EXTRA_ID_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    EACH_PERIOD_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    TAX_CATEGORY_FIELD_NUMBER: _ClassVar[int]
    TAX_RATE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    extra_id: str
    contract: str
    amount: _money_pb2.Money
    description: str
    on: _date_pb2.Date
    each_period: bool
    until: _date_pb2.Date
    tax_category: str
    tax_rate_percent: str
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, extra_id: _Optional[str] = ..., contract: _Optional[str] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., description: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., each_period: _Optional[bool] = ..., until: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., tax_category: _Optional[str] = ..., tax_rate_percent: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class AddExtraResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class WithdrawExtraRequest(_message.Message):
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

class WithdrawExtraResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ApproveOverageRequest(_message.Message):
    __slots__ = ("contract", "period", "approved", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    APPROVED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    period: _date_pb2.Date
    approved: _figures_pb2.Measured
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., approved: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ApproveOverageResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class DeclineOverageRequest(_message.Message):
    __slots__ = ("contract", "period", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    period: _date_pb2.Date
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeclineOverageResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class TakenBucket(_message.Message):
    __slots__ = ("period", "left", "periods_left")
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    PERIODS_LEFT_FIELD_NUMBER: _ClassVar[int]
    period: _date_pb2.Date
    left: _figures_pb2.Measured
    periods_left: int
    def __init__(self, period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., left: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., periods_left: _Optional[int] = ...) -> None: ...

class TakenBlock(_message.Message):
    __slots__ = ("block_id", "left", "bought_on", "expires_on")
    BLOCK_ID_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    BOUGHT_ON_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    block_id: str
    left: _duration_pb2.Duration
    bought_on: _date_pb2.Date
    expires_on: _date_pb2.Date
    def __init__(self, block_id: _Optional[str] = ..., left: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., bought_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., expires_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class TakenOpen(_message.Message):
    __slots__ = ("number", "issued_on", "due_on", "open")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ISSUED_ON_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    number: str
    issued_on: _date_pb2.Date
    due_on: _date_pb2.Date
    open: _money_pb2.Money
    def __init__(self, number: _Optional[str] = ..., issued_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., due_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., open: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class TakeOverRequest(_message.Message):
    __slots__ = ("contract", "on", "buckets", "borrowed", "blocks", "fee_paid_until", "open", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    BORROWED_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    FEE_PAID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    on: _date_pb2.Date
    buckets: _containers.RepeatedCompositeFieldContainer[TakenBucket]
    borrowed: _figures_pb2.Measured
    blocks: _containers.RepeatedCompositeFieldContainer[TakenBlock]
    fee_paid_until: _date_pb2.Date
    open: _containers.RepeatedCompositeFieldContainer[TakenOpen]
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., buckets: _Optional[_Iterable[_Union[TakenBucket, _Mapping]]] = ..., borrowed: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., blocks: _Optional[_Iterable[_Union[TakenBlock, _Mapping]]] = ..., fee_paid_until: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., open: _Optional[_Iterable[_Union[TakenOpen, _Mapping]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class TakeOverResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class SetNextNumberRequest(_message.Message):
    __slots__ = ("series", "year", "next", "request_id", "validate_only", "consistency_token")
    class Series(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        SERIES_UNSPECIFIED: _ClassVar[SetNextNumberRequest.Series]
        SERIES_INVOICES: _ClassVar[SetNextNumberRequest.Series]
        SERIES_CREDIT_NOTES: _ClassVar[SetNextNumberRequest.Series]
    SERIES_UNSPECIFIED: SetNextNumberRequest.Series
    SERIES_INVOICES: SetNextNumberRequest.Series
    SERIES_CREDIT_NOTES: SetNextNumberRequest.Series
    SERIES_FIELD_NUMBER: _ClassVar[int]
    YEAR_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    series: SetNextNumberRequest.Series
    year: int
    next: int
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, series: _Optional[_Union[SetNextNumberRequest.Series, str]] = ..., year: _Optional[int] = ..., next: _Optional[int] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class SetNextNumberResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ReminderStep(_message.Message):
    __slots__ = ("days", "late_fee")
    DAYS_FIELD_NUMBER: _ClassVar[int]
    LATE_FEE_FIELD_NUMBER: _ClassVar[int]
    days: int
    late_fee: _money_pb2.Money
    def __init__(self, days: _Optional[int] = ..., late_fee: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class SetRemindersRequest(_message.Message):
    __slots__ = ("steps", "request_id", "validate_only", "consistency_token")
    STEPS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[ReminderStep]
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, steps: _Optional[_Iterable[_Union[ReminderStep, _Mapping]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class SetRemindersResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class SetThresholdsRequest(_message.Message):
    __slots__ = ("contract", "percents", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PERCENTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    percents: _containers.RepeatedScalarFieldContainer[int]
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., percents: _Optional[_Iterable[int]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class SetThresholdsResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class Posting(_message.Message):
    __slots__ = ("name", "kind", "on", "amount", "quantity", "expires_on", "description", "withdrawn", "create_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: str
    on: _date_pb2.Date
    amount: _money_pb2.Money
    quantity: _figures_pb2.Measured
    expires_on: _date_pb2.Date
    description: str
    withdrawn: bool
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., quantity: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., expires_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., description: _Optional[str] = ..., withdrawn: _Optional[bool] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListPostingsRequest(_message.Message):
    __slots__ = ("contract", "page_size", "page_token", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    page_size: int
    page_token: str
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListPostingsResponse(_message.Message):
    __slots__ = ("postings", "next_page_token")
    POSTINGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    postings: _containers.RepeatedCompositeFieldContainer[Posting]
    next_page_token: str
    def __init__(self, postings: _Optional[_Iterable[_Union[Posting, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class LeftOut(_message.Message):
    __slots__ = ("subject", "contract", "reason", "message", "on", "time", "known_time", "field")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    KNOWN_TIME_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    subject: str
    contract: str
    reason: str
    message: str
    on: _date_pb2.Date
    time: _duration_pb2.Duration
    known_time: _timestamp_pb2.Timestamp
    field: str
    def __init__(self, subject: _Optional[str] = ..., contract: _Optional[str] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., known_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., field: _Optional[str] = ...) -> None: ...

class ListLeftOutRequest(_message.Message):
    __slots__ = ("contract", "page_size", "page_token", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    page_size: int
    page_token: str
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListLeftOutResponse(_message.Message):
    __slots__ = ("left_out", "next_page_token")
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    left_out: _containers.RepeatedCompositeFieldContainer[LeftOut]
    next_page_token: str
    def __init__(self, left_out: _Optional[_Iterable[_Union[LeftOut, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
