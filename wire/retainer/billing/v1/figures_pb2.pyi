import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Measure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEASURE_UNSPECIFIED: _ClassVar[Measure]
    MEASURE_TIME: _ClassVar[Measure]
    MEASURE_AMOUNT: _ClassVar[Measure]
    MEASURE_UNITS: _ClassVar[Measure]
MEASURE_UNSPECIFIED: Measure
MEASURE_TIME: Measure
MEASURE_AMOUNT: Measure
MEASURE_UNITS: Measure

class Measured(_message.Message):
    __slots__ = ("time", "amount", "units")
    TIME_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    time: _duration_pb2.Duration
    amount: _money_pb2.Money
    units: int
    def __init__(self, time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., units: _Optional[int] = ...) -> None: ...

class PeriodFigures(_message.Message):
    __slots__ = ("start", "end", "allowance", "carried", "borrowed", "available", "used", "remaining", "overage", "expired", "expiring_next", "waiting", "fee", "time_value", "charged", "undecided", "entries", "thresholds_reached", "settled", "planned", "plans")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    ALLOWANCE_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    BORROWED_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    OVERAGE_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    EXPIRING_NEXT_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    TIME_VALUE_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    UNDECIDED_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_REACHED_FIELD_NUMBER: _ClassVar[int]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    PLANS_FIELD_NUMBER: _ClassVar[int]
    start: _date_pb2.Date
    end: _date_pb2.Date
    allowance: Measured
    carried: Measured
    borrowed: Measured
    available: Measured
    used: Measured
    remaining: Measured
    overage: Measured
    expired: Measured
    expiring_next: Measured
    waiting: _duration_pb2.Duration
    fee: _money_pb2.Money
    time_value: _money_pb2.Money
    charged: _money_pb2.Money
    undecided: Measured
    entries: int
    thresholds_reached: _containers.RepeatedScalarFieldContainer[int]
    settled: bool
    planned: _duration_pb2.Duration
    plans: _containers.RepeatedCompositeFieldContainer[PlannedTime]
    def __init__(self, start: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., end: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., allowance: _Optional[_Union[Measured, _Mapping]] = ..., carried: _Optional[_Union[Measured, _Mapping]] = ..., borrowed: _Optional[_Union[Measured, _Mapping]] = ..., available: _Optional[_Union[Measured, _Mapping]] = ..., used: _Optional[_Union[Measured, _Mapping]] = ..., remaining: _Optional[_Union[Measured, _Mapping]] = ..., overage: _Optional[_Union[Measured, _Mapping]] = ..., expired: _Optional[_Union[Measured, _Mapping]] = ..., expiring_next: _Optional[_Union[Measured, _Mapping]] = ..., waiting: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., fee: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., time_value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., charged: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., undecided: _Optional[_Union[Measured, _Mapping]] = ..., entries: _Optional[int] = ..., thresholds_reached: _Optional[_Iterable[int]] = ..., settled: _Optional[bool] = ..., planned: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., plans: _Optional[_Iterable[_Union[PlannedTime, _Mapping]]] = ...) -> None: ...

class PlannedTime(_message.Message):
    __slots__ = ("task", "planned")
    TASK_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    task: str
    planned: _duration_pb2.Duration
    def __init__(self, task: _Optional[str] = ..., planned: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Pace(_message.Message):
    __slots__ = ("burn_per_working_day", "working_days_elapsed", "working_days_total", "runs_out_on")
    BURN_PER_WORKING_DAY_FIELD_NUMBER: _ClassVar[int]
    WORKING_DAYS_ELAPSED_FIELD_NUMBER: _ClassVar[int]
    WORKING_DAYS_TOTAL_FIELD_NUMBER: _ClassVar[int]
    RUNS_OUT_ON_FIELD_NUMBER: _ClassVar[int]
    burn_per_working_day: Measured
    working_days_elapsed: int
    working_days_total: int
    runs_out_on: _date_pb2.Date
    def __init__(self, burn_per_working_day: _Optional[_Union[Measured, _Mapping]] = ..., working_days_elapsed: _Optional[int] = ..., working_days_total: _Optional[int] = ..., runs_out_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...
