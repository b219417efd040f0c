import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InvoiceLine(_message.Message):
    __slots__ = ("kind", "period", "period_end", "amount", "time", "units", "rate", "tax_category", "tax_rate_percent", "correction", "description")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    TAX_CATEGORY_FIELD_NUMBER: _ClassVar[int]
    TAX_RATE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    kind: str
    period: _date_pb2.Date
    period_end: _date_pb2.Date
    amount: _money_pb2.Money
    time: _duration_pb2.Duration
    units: int
    rate: _money_pb2.Money
    tax_category: str
    tax_rate_percent: str
    correction: bool
    description: str
    def __init__(self, kind: _Optional[str] = ..., period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., period_end: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., units: _Optional[int] = ..., rate: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., tax_category: _Optional[str] = ..., tax_rate_percent: _Optional[str] = ..., correction: _Optional[bool] = ..., description: _Optional[str] = ...) -> None: ...
