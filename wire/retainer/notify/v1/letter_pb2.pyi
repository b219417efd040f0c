import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LetterKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LETTER_KIND_UNSPECIFIED: _ClassVar[LetterKind]
    LETTER_KIND_THRESHOLD: _ClassVar[LetterKind]
    LETTER_KIND_PACE: _ClassVar[LetterKind]
    LETTER_KIND_INVOICE: _ClassVar[LetterKind]
    LETTER_KIND_CREDIT_NOTE: _ClassVar[LetterKind]
    LETTER_KIND_REMINDER: _ClassVar[LetterKind]
    LETTER_KIND_RENEWAL: _ClassVar[LetterKind]

class LetterState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LETTER_STATE_UNSPECIFIED: _ClassVar[LetterState]
    LETTER_STATE_QUEUED: _ClassVar[LetterState]
    LETTER_STATE_SENT: _ClassVar[LetterState]
    LETTER_STATE_RETRYING: _ClassVar[LetterState]
    LETTER_STATE_GIVEN_UP: _ClassVar[LetterState]
    LETTER_STATE_UNDELIVERABLE: _ClassVar[LetterState]
    LETTER_STATE_WITHHELD: _ClassVar[LetterState]
LETTER_KIND_UNSPECIFIED: LetterKind
LETTER_KIND_THRESHOLD: LetterKind
LETTER_KIND_PACE: LetterKind
LETTER_KIND_INVOICE: LetterKind
LETTER_KIND_CREDIT_NOTE: LetterKind
LETTER_KIND_REMINDER: LetterKind
LETTER_KIND_RENEWAL: LetterKind
LETTER_STATE_UNSPECIFIED: LetterState
LETTER_STATE_QUEUED: LetterState
LETTER_STATE_SENT: LetterState
LETTER_STATE_RETRYING: LetterState
LETTER_STATE_GIVEN_UP: LetterState
LETTER_STATE_UNDELIVERABLE: LetterState
LETTER_STATE_WITHHELD: LetterState

class Delivery(_message.Message):
    __slots__ = ("contact_id", "channel", "state", "attempts", "reason", "next_attempt_time", "sent_time", "message_id")
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_TIME_FIELD_NUMBER: _ClassVar[int]
    SENT_TIME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    contact_id: str
    channel: str
    state: LetterState
    attempts: int
    reason: str
    next_attempt_time: _timestamp_pb2.Timestamp
    sent_time: _timestamp_pb2.Timestamp
    message_id: str
    def __init__(self, contact_id: _Optional[str] = ..., channel: _Optional[str] = ..., state: _Optional[_Union[LetterState, str]] = ..., attempts: _Optional[int] = ..., reason: _Optional[str] = ..., next_attempt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sent_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., message_id: _Optional[str] = ...) -> None: ...

class Letter(_message.Message):
    __slots__ = ("name", "kind", "client", "contract", "invoice", "state", "deliveries", "waits_for", "create_time", "next_attempt_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    INVOICE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    WAITS_FOR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: LetterKind
    client: str
    contract: str
    invoice: str
    state: LetterState
    deliveries: _containers.RepeatedCompositeFieldContainer[Delivery]
    waits_for: str
    create_time: _timestamp_pb2.Timestamp
    next_attempt_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[LetterKind, str]] = ..., client: _Optional[str] = ..., contract: _Optional[str] = ..., invoice: _Optional[str] = ..., state: _Optional[_Union[LetterState, str]] = ..., deliveries: _Optional[_Iterable[_Union[Delivery, _Mapping]]] = ..., waits_for: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_attempt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class ListLettersRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "consistency_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    consistency_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListLettersResponse(_message.Message):
    __slots__ = ("letters", "next_page_token", "total_size")
    LETTERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    letters: _containers.RepeatedCompositeFieldContainer[Letter]
    next_page_token: str
    total_size: int
    def __init__(self, letters: _Optional[_Iterable[_Union[Letter, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class GetLetterRequest(_message.Message):
    __slots__ = ("name", "contact_id", "consistency_token")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    name: str
    contact_id: str
    consistency_token: str
    def __init__(self, name: _Optional[str] = ..., contact_id: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class GetLetterResponse(_message.Message):
    __slots__ = ("letter", "contact_id", "recipient", "subject", "text", "as_sent")
    LETTER_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    AS_SENT_FIELD_NUMBER: _ClassVar[int]
    letter: Letter
    contact_id: str
    recipient: str
    subject: str
    text: str
    as_sent: bool
    def __init__(self, letter: _Optional[_Union[Letter, _Mapping]] = ..., contact_id: _Optional[str] = ..., recipient: _Optional[str] = ..., subject: _Optional[str] = ..., text: _Optional[str] = ..., as_sent: _Optional[bool] = ...) -> None: ...

class ResendLetterRequest(_message.Message):
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

class ResendLetterResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...
