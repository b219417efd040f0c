import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DateOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATE_ORDER_UNSPECIFIED: _ClassVar[DateOrder]
    DATE_ORDER_DAY_FIRST: _ClassVar[DateOrder]
    DATE_ORDER_MONTH_FIRST: _ClassVar[DateOrder]

class BillableNo(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BILLABLE_NO_UNSPECIFIED: _ClassVar[BillableNo]
    BILLABLE_NO_NOT_BILLABLE: _ClassVar[BillableNo]
    BILLABLE_NO_BILLABLE: _ClassVar[BillableNo]

class ClockTwice(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLOCK_TWICE_UNSPECIFIED: _ClassVar[ClockTwice]
    CLOCK_TWICE_EARLIER: _ClassVar[ClockTwice]
    CLOCK_TWICE_LATER: _ClassVar[ClockTwice]
DATE_ORDER_UNSPECIFIED: DateOrder
DATE_ORDER_DAY_FIRST: DateOrder
DATE_ORDER_MONTH_FIRST: DateOrder
BILLABLE_NO_UNSPECIFIED: BillableNo
BILLABLE_NO_NOT_BILLABLE: BillableNo
BILLABLE_NO_BILLABLE: BillableNo
CLOCK_TWICE_UNSPECIFIED: ClockTwice
CLOCK_TWICE_EARLIER: ClockTwice
CLOCK_TWICE_LATER: ClockTwice

class ContractMapping(_message.Message):
    __slots__ = ("client", "project", "contract")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    client: str
    project: str
    contract: str
    def __init__(self, client: _Optional[str] = ..., project: _Optional[str] = ..., contract: _Optional[str] = ...) -> None: ...

class PersonMapping(_message.Message):
    __slots__ = ("user", "person", "time_zone")
    USER_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    user: str
    person: str
    time_zone: str
    def __init__(self, user: _Optional[str] = ..., person: _Optional[str] = ..., time_zone: _Optional[str] = ...) -> None: ...

class ImportOptions(_message.Message):
    __slots__ = ("time_zone", "contracts", "people", "date_order", "billable_no", "clock_twice")
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CONTRACTS_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    DATE_ORDER_FIELD_NUMBER: _ClassVar[int]
    BILLABLE_NO_FIELD_NUMBER: _ClassVar[int]
    CLOCK_TWICE_FIELD_NUMBER: _ClassVar[int]
    time_zone: str
    contracts: _containers.RepeatedCompositeFieldContainer[ContractMapping]
    people: _containers.RepeatedCompositeFieldContainer[PersonMapping]
    date_order: DateOrder
    billable_no: BillableNo
    clock_twice: ClockTwice
    def __init__(self, time_zone: _Optional[str] = ..., contracts: _Optional[_Iterable[_Union[ContractMapping, _Mapping]]] = ..., people: _Optional[_Iterable[_Union[PersonMapping, _Mapping]]] = ..., date_order: _Optional[_Union[DateOrder, str]] = ..., billable_no: _Optional[_Union[BillableNo, str]] = ..., clock_twice: _Optional[_Union[ClockTwice, str]] = ...) -> None: ...

class RowNote(_message.Message):
    __slots__ = ("line", "reason", "message")
    LINE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    line: int
    reason: str
    message: str
    def __init__(self, line: _Optional[int] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class UnknownParty(_message.Message):
    __slots__ = ("client", "project", "user", "rows", "first_line")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    FIRST_LINE_FIELD_NUMBER: _ClassVar[int]
    client: str
    project: str
    user: str
    rows: int
    first_line: int
    def __init__(self, client: _Optional[str] = ..., project: _Optional[str] = ..., user: _Optional[str] = ..., rows: _Optional[int] = ..., first_line: _Optional[int] = ...) -> None: ...

class ContractShare(_message.Message):
    __slots__ = ("contract", "rows", "worked", "first_on", "last_on")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    WORKED_FIELD_NUMBER: _ClassVar[int]
    FIRST_ON_FIELD_NUMBER: _ClassVar[int]
    LAST_ON_FIELD_NUMBER: _ClassVar[int]
    contract: str
    rows: int
    worked: _duration_pb2.Duration
    first_on: _date_pb2.Date
    last_on: _date_pb2.Date
    def __init__(self, contract: _Optional[str] = ..., rows: _Optional[int] = ..., worked: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., first_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., last_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class ImportPlan(_message.Message):
    __slots__ = ("source", "file_sha256", "rows", "to_log", "known_already", "skipped_count", "skipped", "warning_count", "warnings", "unknown", "shares", "worked", "delimiter", "encoding")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    FILE_SHA256_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    TO_LOG_FIELD_NUMBER: _ClassVar[int]
    KNOWN_ALREADY_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    WARNING_COUNT_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    WORKED_FIELD_NUMBER: _ClassVar[int]
    DELIMITER_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    source: str
    file_sha256: str
    rows: int
    to_log: int
    known_already: int
    skipped_count: int
    skipped: _containers.RepeatedCompositeFieldContainer[RowNote]
    warning_count: int
    warnings: _containers.RepeatedCompositeFieldContainer[RowNote]
    unknown: _containers.RepeatedCompositeFieldContainer[UnknownParty]
    shares: _containers.RepeatedCompositeFieldContainer[ContractShare]
    worked: _duration_pb2.Duration
    delimiter: str
    encoding: str
    def __init__(self, source: _Optional[str] = ..., file_sha256: _Optional[str] = ..., rows: _Optional[int] = ..., to_log: _Optional[int] = ..., known_already: _Optional[int] = ..., skipped_count: _Optional[int] = ..., skipped: _Optional[_Iterable[_Union[RowNote, _Mapping]]] = ..., warning_count: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[RowNote, _Mapping]]] = ..., unknown: _Optional[_Iterable[_Union[UnknownParty, _Mapping]]] = ..., shares: _Optional[_Iterable[_Union[ContractShare, _Mapping]]] = ..., worked: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., delimiter: _Optional[str] = ..., encoding: _Optional[str] = ...) -> None: ...

class Import(_message.Message):
    __slots__ = ("name", "source", "file_sha256", "logged", "known_already", "skipped", "create_time", "actor")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    FILE_SHA256_FIELD_NUMBER: _ClassVar[int]
    LOGGED_FIELD_NUMBER: _ClassVar[int]
    KNOWN_ALREADY_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    name: str
    source: str
    file_sha256: str
    logged: int
    known_already: int
    skipped: int
    create_time: _timestamp_pb2.Timestamp
    actor: str
    def __init__(self, name: _Optional[str] = ..., source: _Optional[str] = ..., file_sha256: _Optional[str] = ..., logged: _Optional[int] = ..., known_already: _Optional[int] = ..., skipped: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ...) -> None: ...

class PlanImportRequest(_message.Message):
    __slots__ = ("source", "content", "options", "consistency_token")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    source: str
    content: bytes
    options: ImportOptions
    consistency_token: str
    def __init__(self, source: _Optional[str] = ..., content: _Optional[bytes] = ..., options: _Optional[_Union[ImportOptions, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class PlanImportResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: ImportPlan
    def __init__(self, plan: _Optional[_Union[ImportPlan, _Mapping]] = ...) -> None: ...

class ApplyImportRequest(_message.Message):
    __slots__ = ("source", "content", "options", "only_if_whole", "import_id", "request_id", "validate_only", "consistency_token")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    ONLY_IF_WHOLE_FIELD_NUMBER: _ClassVar[int]
    IMPORT_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    source: str
    content: bytes
    options: ImportOptions
    only_if_whole: bool
    import_id: str
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, source: _Optional[str] = ..., content: _Optional[bytes] = ..., options: _Optional[_Union[ImportOptions, _Mapping]] = ..., only_if_whole: _Optional[bool] = ..., import_id: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ApplyImportResponse(_message.Message):
    __slots__ = ("receipt", "plan")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    plan: ImportPlan
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., plan: _Optional[_Union[ImportPlan, _Mapping]] = ...) -> None: ...

class GetImportRequest(_message.Message):
    __slots__ = ("name", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListImportsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "consistency_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    consistency_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListImportsResponse(_message.Message):
    __slots__ = ("imports", "next_page_token", "total_size")
    IMPORTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    imports: _containers.RepeatedCompositeFieldContainer[Import]
    next_page_token: str
    total_size: int
    def __init__(self, imports: _Optional[_Iterable[_Union[Import, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...
