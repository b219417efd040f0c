import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from wire.retainer.billing.v1 import figures_pb2 as _figures_pb2
from wire.retainer.billing.v1 import invoice_line_pb2 as _invoice_line_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StatementFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STATEMENT_FORMAT_UNSPECIFIED: _ClassVar[StatementFormat]
    STATEMENT_FORMAT_PDF: _ClassVar[StatementFormat]
    STATEMENT_FORMAT_HTML: _ClassVar[StatementFormat]
    STATEMENT_FORMAT_SVG: _ClassVar[StatementFormat]
STATEMENT_FORMAT_UNSPECIFIED: StatementFormat
STATEMENT_FORMAT_PDF: StatementFormat
STATEMENT_FORMAT_HTML: StatementFormat
STATEMENT_FORMAT_SVG: StatementFormat

class TaskUse(_message.Message):
    __slots__ = ("task", "time", "value", "entries")
    TASK_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    task: str
    time: _duration_pb2.Duration
    value: _money_pb2.Money
    entries: int
    def __init__(self, task: _Optional[str] = ..., time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., entries: _Optional[int] = ...) -> None: ...

class DayUse(_message.Message):
    __slots__ = ("day", "used")
    DAY_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    day: _date_pb2.Date
    used: _figures_pb2.Measured
    def __init__(self, day: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., used: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ...) -> None: ...

class DeliveryUse(_message.Message):
    __slots__ = ("delivery", "on", "units")
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    delivery: str
    on: _date_pb2.Date
    units: int
    def __init__(self, delivery: _Optional[str] = ..., on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., units: _Optional[int] = ...) -> None: ...

class Statement(_message.Message):
    __slots__ = ("name", "contract", "client", "title", "currency", "time_zone", "measure", "figures", "tasks", "days", "deliveries", "charges", "account_version", "account_hash", "update_time", "recent")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_VERSION_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_HASH_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    RECENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    contract: str
    client: str
    title: str
    currency: str
    time_zone: str
    measure: _figures_pb2.Measure
    figures: _figures_pb2.PeriodFigures
    tasks: _containers.RepeatedCompositeFieldContainer[TaskUse]
    days: _containers.RepeatedCompositeFieldContainer[DayUse]
    deliveries: _containers.RepeatedCompositeFieldContainer[DeliveryUse]
    charges: _containers.RepeatedCompositeFieldContainer[_invoice_line_pb2.InvoiceLine]
    account_version: int
    account_hash: str
    update_time: _timestamp_pb2.Timestamp
    recent: _containers.RepeatedCompositeFieldContainer[_figures_pb2.PeriodFigures]
    def __init__(self, name: _Optional[str] = ..., contract: _Optional[str] = ..., client: _Optional[str] = ..., title: _Optional[str] = ..., currency: _Optional[str] = ..., time_zone: _Optional[str] = ..., measure: _Optional[_Union[_figures_pb2.Measure, str]] = ..., figures: _Optional[_Union[_figures_pb2.PeriodFigures, _Mapping]] = ..., tasks: _Optional[_Iterable[_Union[TaskUse, _Mapping]]] = ..., days: _Optional[_Iterable[_Union[DayUse, _Mapping]]] = ..., deliveries: _Optional[_Iterable[_Union[DeliveryUse, _Mapping]]] = ..., charges: _Optional[_Iterable[_Union[_invoice_line_pb2.InvoiceLine, _Mapping]]] = ..., account_version: _Optional[int] = ..., account_hash: _Optional[str] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., recent: _Optional[_Iterable[_Union[_figures_pb2.PeriodFigures, _Mapping]]] = ...) -> None: ...

class GetStatementRequest(_message.Message):
    __slots__ = ("contract", "period", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    period: _date_pb2.Date
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class GetStatementDocumentRequest(_message.Message):
    __slots__ = ("contract", "period", "format", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    period: _date_pb2.Date
    format: StatementFormat
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., format: _Optional[_Union[StatementFormat, str]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class GetStatementDocumentResponse(_message.Message):
    __slots__ = ("content", "media_type", "file_name")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    media_type: str
    file_name: str
    def __init__(self, content: _Optional[bytes] = ..., media_type: _Optional[str] = ..., file_name: _Optional[str] = ...) -> None: ...
