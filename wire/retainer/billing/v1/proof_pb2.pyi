from wire.buf.validate import validate_pb2 as _validate_pb2
from google.type import date_pb2 as _date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class VerifyAccountRequest(_message.Message):
    __slots__ = ("contract", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class AccountFlaw(_message.Message):
    __slots__ = ("version", "event_id", "message")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    version: int
    event_id: str
    message: str
    def __init__(self, version: _Optional[int] = ..., event_id: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class VerifyAccountResponse(_message.Message):
    __slots__ = ("contract", "version", "head_hash", "flaws")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HEAD_HASH_FIELD_NUMBER: _ClassVar[int]
    FLAWS_FIELD_NUMBER: _ClassVar[int]
    contract: str
    version: int
    head_hash: str
    flaws: _containers.RepeatedCompositeFieldContainer[AccountFlaw]
    def __init__(self, contract: _Optional[str] = ..., version: _Optional[int] = ..., head_hash: _Optional[str] = ..., flaws: _Optional[_Iterable[_Union[AccountFlaw, _Mapping]]] = ...) -> None: ...

class GetAccountStatementRequest(_message.Message):
    __slots__ = ("contract", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class StatedPeriod(_message.Message):
    __slots__ = ("start", "end", "measure", "allowance", "carried", "borrowed", "used", "remaining", "overage", "expired", "entries", "charged")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    ALLOWANCE_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    BORROWED_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    OVERAGE_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    start: _date_pb2.Date
    end: _date_pb2.Date
    measure: str
    allowance: int
    carried: int
    borrowed: int
    used: int
    remaining: int
    overage: int
    expired: int
    entries: int
    charged: int
    def __init__(self, start: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., end: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., measure: _Optional[str] = ..., allowance: _Optional[int] = ..., carried: _Optional[int] = ..., borrowed: _Optional[int] = ..., used: _Optional[int] = ..., remaining: _Optional[int] = ..., overage: _Optional[int] = ..., expired: _Optional[int] = ..., entries: _Optional[int] = ..., charged: _Optional[int] = ...) -> None: ...

class StatedLine(_message.Message):
    __slots__ = ("kind", "period", "amount", "tax_category", "tax_rate_ppm")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TAX_CATEGORY_FIELD_NUMBER: _ClassVar[int]
    TAX_RATE_PPM_FIELD_NUMBER: _ClassVar[int]
    kind: str
    period: _date_pb2.Date
    amount: int
    tax_category: str
    tax_rate_ppm: int
    def __init__(self, kind: _Optional[str] = ..., period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., amount: _Optional[int] = ..., tax_category: _Optional[str] = ..., tax_rate_ppm: _Optional[int] = ...) -> None: ...

class StatedDocument(_message.Message):
    __slots__ = ("number", "issued_on", "lines", "net", "tax", "gross")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ISSUED_ON_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    GROSS_FIELD_NUMBER: _ClassVar[int]
    number: str
    issued_on: _date_pb2.Date
    lines: _containers.RepeatedCompositeFieldContainer[StatedLine]
    net: int
    tax: int
    gross: int
    def __init__(self, number: _Optional[str] = ..., issued_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[StatedLine, _Mapping]]] = ..., net: _Optional[int] = ..., tax: _Optional[int] = ..., gross: _Optional[int] = ...) -> None: ...

class AccountStatement(_message.Message):
    __slots__ = ("contract", "currency", "stream", "version", "head_hash", "periods", "documents", "gross")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HEAD_HASH_FIELD_NUMBER: _ClassVar[int]
    PERIODS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    GROSS_FIELD_NUMBER: _ClassVar[int]
    contract: str
    currency: str
    stream: str
    version: int
    head_hash: str
    periods: _containers.RepeatedCompositeFieldContainer[StatedPeriod]
    documents: _containers.RepeatedCompositeFieldContainer[StatedDocument]
    gross: int
    def __init__(self, contract: _Optional[str] = ..., currency: _Optional[str] = ..., stream: _Optional[str] = ..., version: _Optional[int] = ..., head_hash: _Optional[str] = ..., periods: _Optional[_Iterable[_Union[StatedPeriod, _Mapping]]] = ..., documents: _Optional[_Iterable[_Union[StatedDocument, _Mapping]]] = ..., gross: _Optional[int] = ...) -> None: ...

class ExportAccountRequest(_message.Message):
    __slots__ = ("contract", "after_version", "page_size", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    AFTER_VERSION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    after_version: int
    page_size: int
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., after_version: _Optional[int] = ..., page_size: _Optional[int] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ExportedEvent(_message.Message):
    __slots__ = ("stream", "version", "tag", "recorded_at_us", "actor", "payload", "hash")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_US_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    stream: str
    version: int
    tag: str
    recorded_at_us: int
    actor: str
    payload: bytes
    hash: str
    def __init__(self, stream: _Optional[str] = ..., version: _Optional[int] = ..., tag: _Optional[str] = ..., recorded_at_us: _Optional[int] = ..., actor: _Optional[str] = ..., payload: _Optional[bytes] = ..., hash: _Optional[str] = ...) -> None: ...

class ExportAccountResponse(_message.Message):
    __slots__ = ("events", "last_version")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    LAST_VERSION_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[ExportedEvent]
    last_version: int
    def __init__(self, events: _Optional[_Iterable[_Union[ExportedEvent, _Mapping]]] = ..., last_version: _Optional[int] = ...) -> None: ...
