import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import date_pb2 as _date_pb2
from wire.retainer.contracts.v1 import terms_pb2 as _terms_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContractState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTRACT_STATE_UNSPECIFIED: _ClassVar[ContractState]
    CONTRACT_STATE_DRAFT: _ClassVar[ContractState]
    CONTRACT_STATE_ACTIVE: _ClassVar[ContractState]
    CONTRACT_STATE_PAUSED: _ClassVar[ContractState]
    CONTRACT_STATE_ENDED: _ClassVar[ContractState]
    CONTRACT_STATE_DISCARDED: _ClassVar[ContractState]

class Side(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIDE_UNSPECIFIED: _ClassVar[Side]
    SIDE_AGENCY: _ClassVar[Side]
    SIDE_CLIENT: _ClassVar[Side]
CONTRACT_STATE_UNSPECIFIED: ContractState
CONTRACT_STATE_DRAFT: ContractState
CONTRACT_STATE_ACTIVE: ContractState
CONTRACT_STATE_PAUSED: ContractState
CONTRACT_STATE_ENDED: ContractState
CONTRACT_STATE_DISCARDED: ContractState
SIDE_UNSPECIFIED: Side
SIDE_AGENCY: Side
SIDE_CLIENT: Side

class TermsVersion(_message.Message):
    __slots__ = ("effective_on", "immediately", "terms")
    EFFECTIVE_ON_FIELD_NUMBER: _ClassVar[int]
    IMMEDIATELY_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    effective_on: _date_pb2.Date
    immediately: bool
    terms: _terms_pb2.Terms
    def __init__(self, effective_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., immediately: _Optional[bool] = ..., terms: _Optional[_Union[_terms_pb2.Terms, _Mapping]] = ...) -> None: ...

class Pause(_message.Message):
    __slots__ = ("to",)
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    to: _date_pb2.Date
    def __init__(self, to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., **kwargs) -> None: ...

class Notice(_message.Message):
    __slots__ = ("by", "received_on", "in_time")
    BY_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_ON_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    by: Side
    received_on: _date_pb2.Date
    in_time: bool
    def __init__(self, by: _Optional[_Union[Side, str]] = ..., received_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., in_time: _Optional[bool] = ...) -> None: ...

class Contract(_message.Message):
    __slots__ = ("name", "etag", "client", "title", "state", "agreement", "terms", "versions", "pauses", "ends_on", "notice", "renews", "create_time", "update_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    PAUSES_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    RENEWS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    client: str
    title: str
    state: ContractState
    agreement: _terms_pb2.Agreement
    terms: _terms_pb2.Terms
    versions: _containers.RepeatedCompositeFieldContainer[TermsVersion]
    pauses: _containers.RepeatedCompositeFieldContainer[Pause]
    ends_on: _date_pb2.Date
    notice: Notice
    renews: bool
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., client: _Optional[str] = ..., title: _Optional[str] = ..., state: _Optional[_Union[ContractState, str]] = ..., agreement: _Optional[_Union[_terms_pb2.Agreement, _Mapping]] = ..., terms: _Optional[_Union[_terms_pb2.Terms, _Mapping]] = ..., versions: _Optional[_Iterable[_Union[TermsVersion, _Mapping]]] = ..., pauses: _Optional[_Iterable[_Union[Pause, _Mapping]]] = ..., ends_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., notice: _Optional[_Union[Notice, _Mapping]] = ..., renews: _Optional[bool] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DraftContractRequest(_message.Message):
    __slots__ = ("contract_id", "client", "title", "agreement", "activate", "request_id", "validate_only", "consistency_token")
    CONTRACT_ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    ACTIVATE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract_id: str
    client: str
    title: str
    agreement: _terms_pb2.Agreement
    activate: bool
    request_id: str
    validate_only: bool
    consistency_token: str
    def __init__(self, contract_id: _Optional[str] = ..., client: _Optional[str] = ..., title: _Optional[str] = ..., agreement: _Optional[_Union[_terms_pb2.Agreement, _Mapping]] = ..., activate: _Optional[bool] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class DraftContractResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ReviseDraftRequest(_message.Message):
    __slots__ = ("contract", "update_mask", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: Contract
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[_Union[Contract, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ReviseDraftResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class DiscardDraftRequest(_message.Message):
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

class DiscardDraftResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ActivateContractRequest(_message.Message):
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

class ActivateContractResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ChangeTermsRequest(_message.Message):
    __slots__ = ("contract", "terms", "update_mask", "effective_on", "immediately", "client_consents", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_ON_FIELD_NUMBER: _ClassVar[int]
    IMMEDIATELY_FIELD_NUMBER: _ClassVar[int]
    CLIENT_CONSENTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    terms: _terms_pb2.Terms
    update_mask: _field_mask_pb2.FieldMask
    effective_on: _date_pb2.Date
    immediately: bool
    client_consents: bool
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., terms: _Optional[_Union[_terms_pb2.Terms, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., effective_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., immediately: _Optional[bool] = ..., client_consents: _Optional[bool] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class ChangeTermsResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class PauseContractRequest(_message.Message):
    __slots__ = ("contract", "to", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    to: _date_pb2.Date
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ..., **kwargs) -> None: ...

class PauseContractResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class PlanHoursRequest(_message.Message):
    __slots__ = ("contract", "period", "planned", "task", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    period: _date_pb2.Date
    planned: _duration_pb2.Duration
    task: str
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., period: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., planned: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., task: _Optional[str] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class PlanHoursResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class EndContractRequest(_message.Message):
    __slots__ = ("contract", "ends_on", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    ends_on: _date_pb2.Date
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., ends_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class EndContractResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GiveNoticeRequest(_message.Message):
    __slots__ = ("contract", "by", "received_on", "request_id", "validate_only", "consistency_token", "etag")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_ON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    contract: str
    by: Side
    received_on: _date_pb2.Date
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, contract: _Optional[str] = ..., by: _Optional[_Union[Side, str]] = ..., received_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class GiveNoticeResponse(_message.Message):
    __slots__ = ("receipt", "in_time")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    in_time: bool
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., in_time: _Optional[bool] = ...) -> None: ...

class KeepCalendarRequest(_message.Message):
    __slots__ = ("contract", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class KeepCalendarResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GetContractRequest(_message.Message):
    __slots__ = ("name", "consistency_token", "as_of")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    name: str
    consistency_token: str
    as_of: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., consistency_token: _Optional[str] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListContractsRequest(_message.Message):
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

class ListContractsResponse(_message.Message):
    __slots__ = ("contracts", "next_page_token")
    CONTRACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contracts: _containers.RepeatedCompositeFieldContainer[Contract]
    next_page_token: str
    def __init__(self, contracts: _Optional[_Iterable[_Union[Contract, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ContractEvent(_message.Message):
    __slots__ = ("event", "actor", "record_time", "effective_on", "summary", "content_json")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    RECORD_TIME_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_ON_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    CONTENT_JSON_FIELD_NUMBER: _ClassVar[int]
    event: str
    actor: str
    record_time: _timestamp_pb2.Timestamp
    effective_on: _date_pb2.Date
    summary: str
    content_json: str
    def __init__(self, event: _Optional[str] = ..., actor: _Optional[str] = ..., record_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., effective_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., summary: _Optional[str] = ..., content_json: _Optional[str] = ...) -> None: ...

class ListContractHistoryRequest(_message.Message):
    __slots__ = ("contract", "page_size", "page_token", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    page_size: int
    page_token: str
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class ListContractHistoryResponse(_message.Message):
    __slots__ = ("events", "next_page_token")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[ContractEvent]
    next_page_token: str
    def __init__(self, events: _Optional[_Iterable[_Union[ContractEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
