import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from wire.retainer.billing.v1 import account_pb2 as _account_pb2
from wire.retainer.billing.v1 import figures_pb2 as _figures_pb2
from wire.retainer.billing.v1 import invoice_pb2 as _invoice_pb2
from wire.retainer.contracts.v1 import contract_pb2 as _contract_pb2
from wire.retainer.contracts.v1 import terms_pb2 as _terms_pb2
from wire.retainer.timelog.v1 import delivery_pb2 as _delivery_pb2
from wire.retainer.timelog.v1 import time_entry_pb2 as _time_entry_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TermsVariant(_message.Message):
    __slots__ = ("name", "terms")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    name: str
    terms: _terms_pb2.Terms
    def __init__(self, name: _Optional[str] = ..., terms: _Optional[_Union[_terms_pb2.Terms, _Mapping]] = ...) -> None: ...

class SimulateTermsRequest(_message.Message):
    __slots__ = ("contract", "variants", "to", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    variants: _containers.RepeatedCompositeFieldContainer[TermsVariant]
    to: _date_pb2.Date
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., variants: _Optional[_Iterable[_Union[TermsVariant, _Mapping]]] = ..., to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., consistency_token: _Optional[str] = ..., **kwargs) -> None: ...

class UnplacedFact(_message.Message):
    __slots__ = ("subject", "reason", "message")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    subject: str
    reason: str
    message: str
    def __init__(self, subject: _Optional[str] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class PricedTerms(_message.Message):
    __slots__ = ("name", "periods", "charged", "difference", "time", "overage", "expired", "left_out", "left_out_count")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PERIODS_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    OVERAGE_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    periods: _containers.RepeatedCompositeFieldContainer[_figures_pb2.PeriodFigures]
    charged: _money_pb2.Money
    difference: _money_pb2.Money
    time: _duration_pb2.Duration
    overage: _figures_pb2.Measured
    expired: _figures_pb2.Measured
    left_out: _containers.RepeatedCompositeFieldContainer[UnplacedFact]
    left_out_count: int
    def __init__(self, name: _Optional[str] = ..., periods: _Optional[_Iterable[_Union[_figures_pb2.PeriodFigures, _Mapping]]] = ..., charged: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., difference: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., overage: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., expired: _Optional[_Union[_figures_pb2.Measured, _Mapping]] = ..., left_out: _Optional[_Iterable[_Union[UnplacedFact, _Mapping]]] = ..., left_out_count: _Optional[int] = ...) -> None: ...

class SimulateTermsResponse(_message.Message):
    __slots__ = ("contract", "currency", "to", "as_agreed", "billed", "variants")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    AS_AGREED_FIELD_NUMBER: _ClassVar[int]
    BILLED_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    contract: str
    currency: str
    to: _date_pb2.Date
    as_agreed: PricedTerms
    billed: _money_pb2.Money
    variants: _containers.RepeatedCompositeFieldContainer[PricedTerms]
    def __init__(self, contract: _Optional[str] = ..., currency: _Optional[str] = ..., to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., as_agreed: _Optional[_Union[PricedTerms, _Mapping]] = ..., billed: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., variants: _Optional[_Iterable[_Union[PricedTerms, _Mapping]]] = ..., **kwargs) -> None: ...

class PreviewEffectRequest(_message.Message):
    __slots__ = ("contract", "change_terms", "pause_contract", "end_contract", "log_time", "correct_time", "delete_time", "record_delivery", "approve_overage", "decline_overage", "buy_block", "give_credit", "add_extra", "consistency_token")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TERMS_FIELD_NUMBER: _ClassVar[int]
    PAUSE_CONTRACT_FIELD_NUMBER: _ClassVar[int]
    END_CONTRACT_FIELD_NUMBER: _ClassVar[int]
    LOG_TIME_FIELD_NUMBER: _ClassVar[int]
    CORRECT_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    RECORD_DELIVERY_FIELD_NUMBER: _ClassVar[int]
    APPROVE_OVERAGE_FIELD_NUMBER: _ClassVar[int]
    DECLINE_OVERAGE_FIELD_NUMBER: _ClassVar[int]
    BUY_BLOCK_FIELD_NUMBER: _ClassVar[int]
    GIVE_CREDIT_FIELD_NUMBER: _ClassVar[int]
    ADD_EXTRA_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract: str
    change_terms: _contract_pb2.ChangeTermsRequest
    pause_contract: _contract_pb2.PauseContractRequest
    end_contract: _contract_pb2.EndContractRequest
    log_time: _time_entry_pb2.LogTimeRequest
    correct_time: _time_entry_pb2.CorrectTimeRequest
    delete_time: _time_entry_pb2.DeleteTimeRequest
    record_delivery: _delivery_pb2.RecordDeliveryRequest
    approve_overage: _account_pb2.ApproveOverageRequest
    decline_overage: _account_pb2.DeclineOverageRequest
    buy_block: _account_pb2.BuyBlockRequest
    give_credit: _account_pb2.GiveCreditRequest
    add_extra: _account_pb2.AddExtraRequest
    consistency_token: str
    def __init__(self, contract: _Optional[str] = ..., change_terms: _Optional[_Union[_contract_pb2.ChangeTermsRequest, _Mapping]] = ..., pause_contract: _Optional[_Union[_contract_pb2.PauseContractRequest, _Mapping]] = ..., end_contract: _Optional[_Union[_contract_pb2.EndContractRequest, _Mapping]] = ..., log_time: _Optional[_Union[_time_entry_pb2.LogTimeRequest, _Mapping]] = ..., correct_time: _Optional[_Union[_time_entry_pb2.CorrectTimeRequest, _Mapping]] = ..., delete_time: _Optional[_Union[_time_entry_pb2.DeleteTimeRequest, _Mapping]] = ..., record_delivery: _Optional[_Union[_delivery_pb2.RecordDeliveryRequest, _Mapping]] = ..., approve_overage: _Optional[_Union[_account_pb2.ApproveOverageRequest, _Mapping]] = ..., decline_overage: _Optional[_Union[_account_pb2.DeclineOverageRequest, _Mapping]] = ..., buy_block: _Optional[_Union[_account_pb2.BuyBlockRequest, _Mapping]] = ..., give_credit: _Optional[_Union[_account_pb2.GiveCreditRequest, _Mapping]] = ..., add_extra: _Optional[_Union[_account_pb2.AddExtraRequest, _Mapping]] = ..., consistency_token: _Optional[str] = ...) -> None: ...

class PreviewRefusal(_message.Message):
    __slots__ = ("reason", "message", "field")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    field: str
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., field: _Optional[str] = ...) -> None: ...

class PreviewEffectResponse(_message.Message):
    __slots__ = ("contract", "currency", "refusals", "before", "after", "next_invoice_before", "next_invoice_after", "difference")
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    NEXT_INVOICE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    NEXT_INVOICE_AFTER_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    contract: str
    currency: str
    refusals: _containers.RepeatedCompositeFieldContainer[PreviewRefusal]
    before: _containers.RepeatedCompositeFieldContainer[_figures_pb2.PeriodFigures]
    after: _containers.RepeatedCompositeFieldContainer[_figures_pb2.PeriodFigures]
    next_invoice_before: _invoice_pb2.InvoicePreview
    next_invoice_after: _invoice_pb2.InvoicePreview
    difference: _money_pb2.Money
    def __init__(self, contract: _Optional[str] = ..., currency: _Optional[str] = ..., refusals: _Optional[_Iterable[_Union[PreviewRefusal, _Mapping]]] = ..., before: _Optional[_Iterable[_Union[_figures_pb2.PeriodFigures, _Mapping]]] = ..., after: _Optional[_Iterable[_Union[_figures_pb2.PeriodFigures, _Mapping]]] = ..., next_invoice_before: _Optional[_Union[_invoice_pb2.InvoicePreview, _Mapping]] = ..., next_invoice_after: _Optional[_Union[_invoice_pb2.InvoicePreview, _Mapping]] = ..., difference: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
