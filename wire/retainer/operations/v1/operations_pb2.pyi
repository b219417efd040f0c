import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DescribeProcessRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DescribeProcessResponse(_message.Message):
    __slots__ = ("service", "epoch", "store_position", "views", "published_position", "relay_problem", "inboxes", "clock_time", "rehearsal", "pid", "leads")
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    STORE_POSITION_FIELD_NUMBER: _ClassVar[int]
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_POSITION_FIELD_NUMBER: _ClassVar[int]
    RELAY_PROBLEM_FIELD_NUMBER: _ClassVar[int]
    INBOXES_FIELD_NUMBER: _ClassVar[int]
    CLOCK_TIME_FIELD_NUMBER: _ClassVar[int]
    REHEARSAL_FIELD_NUMBER: _ClassVar[int]
    PID_FIELD_NUMBER: _ClassVar[int]
    LEADS_FIELD_NUMBER: _ClassVar[int]
    service: str
    epoch: str
    store_position: int
    views: _containers.RepeatedCompositeFieldContainer[ViewPlace]
    published_position: int
    relay_problem: str
    inboxes: _containers.RepeatedCompositeFieldContainer[InboxPlace]
    clock_time: _timestamp_pb2.Timestamp
    rehearsal: bool
    pid: int
    leads: bool
    def __init__(self, service: _Optional[str] = ..., epoch: _Optional[str] = ..., store_position: _Optional[int] = ..., views: _Optional[_Iterable[_Union[ViewPlace, _Mapping]]] = ..., published_position: _Optional[int] = ..., relay_problem: _Optional[str] = ..., inboxes: _Optional[_Iterable[_Union[InboxPlace, _Mapping]]] = ..., clock_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., rehearsal: _Optional[bool] = ..., pid: _Optional[int] = ..., leads: _Optional[bool] = ...) -> None: ...

class ViewPlace(_message.Message):
    __slots__ = ("view", "position")
    VIEW_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    view: str
    position: int
    def __init__(self, view: _Optional[str] = ..., position: _Optional[int] = ...) -> None: ...

class InboxPlace(_message.Message):
    __slots__ = ("source", "position", "problem", "dead_letters")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    DEAD_LETTERS_FIELD_NUMBER: _ClassVar[int]
    source: str
    position: int
    problem: str
    dead_letters: int
    def __init__(self, source: _Optional[str] = ..., position: _Optional[int] = ..., problem: _Optional[str] = ..., dead_letters: _Optional[int] = ...) -> None: ...

class RebuildViewsRequest(_message.Message):
    __slots__ = ("views",)
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    views: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, views: _Optional[_Iterable[str]] = ...) -> None: ...

class RebuildViewsResponse(_message.Message):
    __slots__ = ("rebuilt",)
    REBUILT_FIELD_NUMBER: _ClassVar[int]
    rebuilt: _containers.RepeatedCompositeFieldContainer[RebuiltView]
    def __init__(self, rebuilt: _Optional[_Iterable[_Union[RebuiltView, _Mapping]]] = ...) -> None: ...

class RebuiltView(_message.Message):
    __slots__ = ("view", "facts")
    VIEW_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    view: str
    facts: int
    def __init__(self, view: _Optional[str] = ..., facts: _Optional[int] = ...) -> None: ...

class RepublishRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RepublishResponse(_message.Message):
    __slots__ = ("position",)
    POSITION_FIELD_NUMBER: _ClassVar[int]
    position: int
    def __init__(self, position: _Optional[int] = ...) -> None: ...

class ListDeadLettersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListDeadLettersResponse(_message.Message):
    __slots__ = ("partitions",)
    PARTITIONS_FIELD_NUMBER: _ClassVar[int]
    partitions: _containers.RepeatedCompositeFieldContainer[DeadPartition]
    def __init__(self, partitions: _Optional[_Iterable[_Union[DeadPartition, _Mapping]]] = ...) -> None: ...

class DeadPartition(_message.Message):
    __slots__ = ("source", "agency", "partition", "waiting")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    PARTITION_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    source: str
    agency: str
    partition: str
    waiting: int
    def __init__(self, source: _Optional[str] = ..., agency: _Optional[str] = ..., partition: _Optional[str] = ..., waiting: _Optional[int] = ...) -> None: ...

class ReplayDeadLettersRequest(_message.Message):
    __slots__ = ("source", "agency", "partition")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    PARTITION_FIELD_NUMBER: _ClassVar[int]
    source: str
    agency: str
    partition: str
    def __init__(self, source: _Optional[str] = ..., agency: _Optional[str] = ..., partition: _Optional[str] = ...) -> None: ...

class ReplayDeadLettersResponse(_message.Message):
    __slots__ = ("replayed",)
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    replayed: int
    def __init__(self, replayed: _Optional[int] = ...) -> None: ...
