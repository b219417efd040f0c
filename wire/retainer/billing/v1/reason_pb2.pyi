import datetime

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

class ReasonLaw(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REASON_LAW_UNSPECIFIED: _ClassVar[ReasonLaw]
    REASON_LAW_FACT: _ClassVar[ReasonLaw]
    REASON_LAW_SUM: _ClassVar[ReasonLaw]
    REASON_LAW_LESS: _ClassVar[ReasonLaw]
    REASON_LAW_PRICED: _ClassVar[ReasonLaw]
    REASON_LAW_PRORATED: _ClassVar[ReasonLaw]
    REASON_LAW_ROUNDED: _ClassVar[ReasonLaw]
    REASON_LAW_SHARED: _ClassVar[ReasonLaw]
    REASON_LAW_PART: _ClassVar[ReasonLaw]
    REASON_LAW_TAXED: _ClassVar[ReasonLaw]
REASON_LAW_UNSPECIFIED: ReasonLaw
REASON_LAW_FACT: ReasonLaw
REASON_LAW_SUM: ReasonLaw
REASON_LAW_LESS: ReasonLaw
REASON_LAW_PRICED: ReasonLaw
REASON_LAW_PRORATED: ReasonLaw
REASON_LAW_ROUNDED: ReasonLaw
REASON_LAW_SHARED: ReasonLaw
REASON_LAW_PART: ReasonLaw
REASON_LAW_TAXED: ReasonLaw

class FactReference(_message.Message):
    __slots__ = ("event_id", "event_type", "version", "chain_hash", "record_time", "counted_hash")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHAIN_HASH_FIELD_NUMBER: _ClassVar[int]
    RECORD_TIME_FIELD_NUMBER: _ClassVar[int]
    COUNTED_HASH_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    event_type: str
    version: int
    chain_hash: str
    record_time: _timestamp_pb2.Timestamp
    counted_hash: str
    def __init__(self, event_id: _Optional[str] = ..., event_type: _Optional[str] = ..., version: _Optional[int] = ..., chain_hash: _Optional[str] = ..., record_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., counted_hash: _Optional[str] = ...) -> None: ...

class Reason(_message.Message):
    __slots__ = ("word", "value", "law", "reasons", "subject", "facts", "from_date", "to_date", "rate", "rate_source", "whole", "days", "of_days", "worked", "rounding", "together", "together_rounded", "tax_rate_percent", "person", "text")
    WORD_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    LAW_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    TO_DATE_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    RATE_SOURCE_FIELD_NUMBER: _ClassVar[int]
    WHOLE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    OF_DAYS_FIELD_NUMBER: _ClassVar[int]
    WORKED_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_FIELD_NUMBER: _ClassVar[int]
    TOGETHER_FIELD_NUMBER: _ClassVar[int]
    TOGETHER_ROUNDED_FIELD_NUMBER: _ClassVar[int]
    TAX_RATE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    word: str
    value: _figures_pb2.Measured
    law: ReasonLaw
    reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    subject: str
    facts: _containers.RepeatedCompositeFieldContainer[FactReference]
    from_date: _date_pb2.Date
    to_date: _date_pb2.Date
    rate: _money_pb2.Money
    rate_source: str
    whole: _figures_pb2.Measured
    days: int
    of_days: int
    worked: _duration_pb2.Duration
    rounding: str
    together: _duration_pb2.Duration
    together_rounded: _duration_pb2.Duration
    tax_rate_percent: str
    person: str
    text: str
    def __init__(self, word: _Optional[str] = ..., value: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., law: _Optional[_Union[ReasonLaw, str]] = ..., reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ..., subject: _Optional[str] = ..., facts: _Optional[_Iterable[_Union[FactReference, _Mapping]]] = ..., from_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., to_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., rate: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., rate_source: _Optional[str] = ..., whole: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., days: _Optional[int] = ..., of_days: _Optional[int] = ..., worked: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., rounding: _Optional[str] = ..., together: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., together_rounded: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., tax_rate_percent: _Optional[str] = ..., person: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Change(_message.Message):
    __slots__ = ("word", "subject", "fact", "known_time", "then", "now")
    WORD_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    FACT_FIELD_NUMBER: _ClassVar[int]
    KNOWN_TIME_FIELD_NUMBER: _ClassVar[int]
    THEN_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    word: str
    subject: str
    fact: FactReference
    known_time: _timestamp_pb2.Timestamp
    then: _figures_pb2.Measured
    now: _figures_pb2.Measured
    def __init__(self, word: _Optional[str] = ..., subject: _Optional[str] = ..., fact: _Optional[_Union[FactReference, _Mapping]] = ..., known_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., then: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., now: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ...) -> None: ...

class LineExplanation(_message.Message):
    __slots__ = ("line_number", "line", "reason", "available", "used", "then", "now", "changes")
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    THEN_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    line_number: int
    line: _invoice_line_pb2.InvoiceLine
    reason: Reason
    available: Reason
    used: Reason
    then: _figures_pb2.PeriodFigures
    now: _figures_pb2.PeriodFigures
    changes: _containers.RepeatedCompositeFieldContainer[Change]
    def __init__(self, line_number: _Optional[int] = ..., line: _Optional[_Union[_invoice_line_pb2.InvoiceLine, _Mapping]] = ..., reason: _Optional[_Union[Reason, _Mapping]] = ..., available: _Optional[_Union[Reason, _Mapping]] = ..., used: _Optional[_Union[Reason, _Mapping]] = ..., then: _Optional[_Union[_figures_pb2.PeriodFigures, _Mapping]] = ..., now: _Optional[_Union[_figures_pb2.PeriodFigures, _Mapping]] = ..., changes: _Optional[_Iterable[_Union[Change, _Mapping]]] = ...) -> None: ...
