from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetKeysRequest(_message.Message):
    __slots__ = ("agency", "subjects")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    agency: str
    subjects: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, agency: _Optional[str] = ..., subjects: _Optional[_Iterable[str]] = ...) -> None: ...

class GetKeysResponse(_message.Message):
    __slots__ = ("keys",)
    class SubjectKey(_message.Message):
        __slots__ = ("subject", "key", "erased")
        SUBJECT_FIELD_NUMBER: _ClassVar[int]
        KEY_FIELD_NUMBER: _ClassVar[int]
        ERASED_FIELD_NUMBER: _ClassVar[int]
        subject: str
        key: bytes
        erased: bool
        def __init__(self, subject: _Optional[str] = ..., key: _Optional[bytes] = ..., erased: _Optional[bool] = ...) -> None: ...
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[GetKeysResponse.SubjectKey]
    def __init__(self, keys: _Optional[_Iterable[_Union[GetKeysResponse.SubjectKey, _Mapping]]] = ...) -> None: ...
