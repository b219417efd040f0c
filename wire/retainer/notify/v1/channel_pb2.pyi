from wire.buf.validate import validate_pb2 as _validate_pb2
from wire.retainer.notify.v1 import letter_pb2 as _letter_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Way(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WAY_UNSPECIFIED: _ClassVar[Way]
    WAY_EMAIL: _ClassVar[Way]
    WAY_NONE: _ClassVar[Way]
WAY_UNSPECIFIED: Way
WAY_EMAIL: Way
WAY_NONE: Way

class Choice(_message.Message):
    __slots__ = ("way", "kinds")
    WAY_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    way: Way
    kinds: _containers.RepeatedScalarFieldContainer[_letter_pb2.LetterKind]
    def __init__(self, way: _Optional[_Union[Way, str]] = ..., kinds: _Optional[_Iterable[_Union[_letter_pb2.LetterKind, str]]] = ...) -> None: ...

class Channel(_message.Message):
    __slots__ = ("name", "contact_id", "display_name", "email", "receives", "choices")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    RECEIVES_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    name: str
    contact_id: str
    display_name: str
    email: str
    receives: _containers.RepeatedScalarFieldContainer[str]
    choices: _containers.RepeatedCompositeFieldContainer[Choice]
    def __init__(self, name: _Optional[str] = ..., contact_id: _Optional[str] = ..., display_name: _Optional[str] = ..., email: _Optional[str] = ..., receives: _Optional[_Iterable[str]] = ..., choices: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ...) -> None: ...

class SetChannelRequest(_message.Message):
    __slots__ = ("name", "way", "kinds", "request_id", "validate_only", "consistency_token", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    WAY_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    way: Way
    kinds: _containers.RepeatedScalarFieldContainer[_letter_pb2.LetterKind]
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., way: _Optional[_Union[Way, str]] = ..., kinds: _Optional[_Iterable[_Union[_letter_pb2.LetterKind, str]]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class SetChannelResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ListChannelsRequest(_message.Message):
    __slots__ = ("client", "consistency_token")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    client: str
    consistency_token: str
    def __init__(self, client: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListChannelsResponse(_message.Message):
    __slots__ = ("channels", "etag")
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    channels: _containers.RepeatedCompositeFieldContainer[Channel]
    etag: str
    def __init__(self, channels: _Optional[_Iterable[_Union[Channel, _Mapping]]] = ..., etag: _Optional[str] = ...) -> None: ...
