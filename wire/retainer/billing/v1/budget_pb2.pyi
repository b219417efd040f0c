import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from wire.retainer.billing.v1 import figures_pb2 as _figures_pb2
from wire.retainer.billing.v1 import invoice_pb2 as _invoice_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Budget(_message.Message):
    __slots__ = ("name", "contract", "client", "title", "currency", "time_zone", "measure", "state", "periods", "current", "pace", "waiting", "invoiced", "paid", "next_boundary", "next_invoice", "used_percent", "etag", "update_time", "next_close_time")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Budget.State]
        STATE_AHEAD: _ClassVar[Budget.State]
        STATE_ACTIVE: _ClassVar[Budget.State]
        STATE_PAUSED: _ClassVar[Budget.State]
        STATE_ENDED: _ClassVar[Budget.State]
    STATE_UNSPECIFIED: Budget.State
    STATE_AHEAD: Budget.State
    STATE_ACTIVE: Budget.State
    STATE_PAUSED: Budget.State
    STATE_ENDED: Budget.State
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PERIODS_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    PACE_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    INVOICED_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    NEXT_BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    NEXT_INVOICE_FIELD_NUMBER: _ClassVar[int]
    USED_PERCENT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    NEXT_CLOSE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    contract: str
    client: str
    title: str
    currency: str
    time_zone: str
    measure: _figures_pb2.Measure
    state: Budget.State
    periods: _containers.RepeatedCompositeFieldContainer[_figures_pb2.PeriodFigures]
    current: _figures_pb2.PeriodFigures
    pace: _figures_pb2.Pace
    waiting: _duration_pb2.Duration
    invoiced: _money_pb2.Money
    paid: _money_pb2.Money
    next_boundary: _date_pb2.Date
    next_invoice: _invoice_pb2.InvoicePreview
    used_percent: int
    etag: str
    update_time: _timestamp_pb2.Timestamp
    next_close_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., contract: _Optional[str] = ..., client: _Optional[str] = ..., title: _Optional[str] = ..., currency: _Optional[str] = ..., time_zone: _Optional[str] = ..., measure: _Optional[_Union[_figures_pb2.Measure, str]] = ..., state: _Optional[_Union[Budget.State, str]] = ..., periods: _Optional[_Iterable[_Union[_figures_pb2.PeriodFigures, _Mapping]]] = ..., current: _Optional[_Union[_figures_pb2.PeriodFigures, _Mapping]] = ..., pace: _Optional[_Union[_figures_pb2.Pace, _Mapping]] = ..., waiting: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., invoiced: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., paid: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., next_boundary: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., next_invoice: _Optional[_Union[_invoice_pb2.InvoicePreview, _Mapping]] = ..., used_percent: _Optional[int] = ..., etag: _Optional[str] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_close_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetBudgetRequest(_message.Message):
    __slots__ = ("contract", "on", "as_of", "consistency_token", "with_next_invoice")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    WITH_NEXT_INVOICE_FIELD_NUMBER: _ClassVar[int]
    contract: str
    on: _date_pb2.Date
    as_of: _timestamp_pb2.Timestamp
    consistency_token: str
    with_next_invoice: bool
    def __init__(self, contract: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., consistency_token: _Optional[str] = ..., with_next_invoice: _Optional[bool] = ...) -> None: ...

class ListBudgetsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "on", "consistency_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    on: _date_pb2.Date
    consistency_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListBudgetsResponse(_message.Message):
    __slots__ = ("budgets", "next_page_token", "total_size")
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    budgets: _containers.RepeatedCompositeFieldContainer[Budget]
    next_page_token: str
    total_size: int
    def __init__(self, budgets: _Optional[_Iterable[_Union[Budget, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class WatchBudgetRequest(_message.Message):
    __slots__ = ("contract", "resume_token", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    resume_token: str
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., resume_token: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class WatchBudgetResponse(_message.Message):
    __slots__ = ("budget", "resume_token")
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    budget: Budget
    resume_token: str
    def __init__(self, budget: _Optional[_Union[Budget, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchBudgetsRequest(_message.Message):
    __slots__ = ("filter", "resume_token", "consistency_token")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    filter: str
    resume_token: str
    consistency_token: str
    def __init__(self, filter: _Optional[str] = ..., resume_token: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class WatchBudgetsResponse(_message.Message):
    __slots__ = ("budget", "resume_token")
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    budget: Budget
    resume_token: str
    def __init__(self, budget: _Optional[_Union[Budget, _Mapping]] = ..., resume_token: _Optional[str] = ...) -> None: ...
