import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
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

class TimeEntry(_message.Message):
    __slots__ = ("name", "contract", "person", "start_time", "work_date", "worked", "end_time", "task", "billable", "rate", "note", "tags", "counted_on", "role", "approved", "overlaps", "import_name", "create_time", "update_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    WORK_DATE_FIELD_NUMBER: _ClassVar[int]
    WORKED_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    BILLABLE_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    COUNTED_ON_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    APPROVED_FIELD_NUMBER: _ClassVar[int]
    OVERLAPS_FIELD_NUMBER: _ClassVar[int]
    IMPORT_NAME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    contract: str
    person: str
    start_time: _timestamp_pb2.Timestamp
    work_date: _date_pb2.Date
    worked: _duration_pb2.Duration
    end_time: _timestamp_pb2.Timestamp
    task: str
    billable: bool
    rate: _money_pb2.Money
    note: str
    tags: _containers.RepeatedScalarFieldContainer[str]
    counted_on: _date_pb2.Date
    role: str
    approved: bool
    overlaps: _containers.RepeatedScalarFieldContainer[str]
    import_name: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., contract: _Optional[str] = ..., person: _Optional[str] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., work_date: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., worked: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., task: _Optional[str] = ..., billable: _Optional[bool] = ..., rate: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., note: _Optional[str] = ..., tags: _Optional[_Iterable[str]] = ..., counted_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., role: _Optional[str] = ..., approved: _Optional[bool] = ..., overlaps: _Optional[_Iterable[str]] = ..., import_name: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class LogTimeRequest(_message.Message):
    __slots__ = ("entry_id", "entry", "request_id", "validate_only", "consistency_token")
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entry_id: str
    entry: TimeEntry
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, entry_id: _Optional[str] = ..., entry: _Optional[_Union[TimeEntry, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class LogTimeResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class CorrectTimeRequest(_message.Message):
    __slots__ = ("entry", "update_mask", "request_id", "validate_only", "consistency_token", "etag")
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    entry: TimeEntry
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, entry: _Optional[_Union[TimeEntry, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class CorrectTimeResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class DeleteTimeRequest(_message.Message):
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

class DeleteTimeResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ApproveTimeRequest(_message.Message):
    __slots__ = ("names", "request_id", "validate_only", "consistency_token", "etag")
    NAMES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, names: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ApproveTimeResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class BatchLogTimeRequest(_message.Message):
    __slots__ = ("entries", "request_id", "validate_only", "consistency_token")
    class Item(_message.Message):
        __slots__ = ("entry_id", "entry")
        ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
        ENTRY_FIELD_NUMBER: _ClassVar[int]
        entry_id: str
        entry: TimeEntry
        def __init__(self, entry_id: _Optional[str] = ..., entry: _Optional[_Union[TimeEntry, _Mapping]] = ...) -> None: ...
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[BatchLogTimeRequest.Item]
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[BatchLogTimeRequest.Item, _Mapping]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class BatchLogTimeResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GetTimeEntryRequest(_message.Message):
    __slots__ = ("name", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListTimeEntriesRequest(_message.Message):
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

class ListTimeEntriesResponse(_message.Message):
    __slots__ = ("entries", "next_page_token", "total_size")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[TimeEntry]
    next_page_token: str
    total_size: int
    def __init__(self, entries: _Optional[_Iterable[_Union[TimeEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...
