from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Receipt(_message.Message):
    __slots__ = ("name", "etag", "consistency_token", "created", "repeated_request")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    REPEATED_REQUEST_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    consistency_token: str
    created: _containers.RepeatedScalarFieldContainer[str]
    repeated_request: bool
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., consistency_token: _Optional[str] = ..., created: _Optional[_Iterable[str]] = ..., repeated_request: _Optional[bool] = ...) -> None: ...
