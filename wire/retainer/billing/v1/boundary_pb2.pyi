from wire.buf.validate import validate_pb2 as _validate_pb2
from google.type import date_pb2 as _date_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CloseBoundariesRequest(_message.Message):
    __slots__ = ("through", "contract", "request_id", "validate_only", "consistency_token")
    THROUGH_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    through: _date_pb2.Date
    contract: str
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, through: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., contract: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class CloseBoundariesResponse(_message.Message):
    __slots__ = ("receipt", "settled", "unsettled")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    UNSETTLED_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    settled: _containers.RepeatedCompositeFieldContainer[SettledBoundary]
    unsettled: _containers.RepeatedCompositeFieldContainer[Unsettled]
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., settled: _Optional[_Iterable[_Union[SettledBoundary, _Mapping]]] = ..., unsettled: _Optional[_Iterable[_Union[Unsettled, _Mapping]]] = ...) -> None: ...

class SettledBoundary(_message.Message):
    __slots__ = ("contract", "boundary", "invoice")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    INVOICE_FIELD_NUMBER: _ClassVar[int]
    contract: str
    boundary: _date_pb2.Date
    invoice: str
    def __init__(self, contract: _Optional[str] = ..., boundary: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., invoice: _Optional[str] = ...) -> None: ...

class Unsettled(_message.Message):
    __slots__ = ("contract", "reason", "message")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    contract: str
    reason: str
    message: str
    def __init__(self, contract: _Optional[str] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...
