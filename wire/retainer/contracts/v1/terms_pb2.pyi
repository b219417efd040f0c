import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.type import date_pb2 as _date_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Cycle(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CYCLE_UNSPECIFIED: _ClassVar[Cycle]
    CYCLE_WEEK: _ClassVar[Cycle]
    CYCLE_MONTH: _ClassVar[Cycle]
    CYCLE_QUARTER: _ClassVar[Cycle]
    CYCLE_YEAR: _ClassVar[Cycle]

class Billed(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BILLED_UNSPECIFIED: _ClassVar[Billed]
    BILLED_IN_ADVANCE: _ClassVar[Billed]
    BILLED_IN_ARREARS: _ClassVar[Billed]

class Span(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SPAN_UNSPECIFIED: _ClassVar[Span]
    SPAN_WEEK: _ClassVar[Span]
    SPAN_MONTH: _ClassVar[Span]
    SPAN_QUARTER: _ClassVar[Span]
    SPAN_YEAR: _ClassVar[Span]
    SPAN_ONCE: _ClassVar[Span]

class OveragePolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OVERAGE_POLICY_UNSPECIFIED: _ClassVar[OveragePolicy]
    OVERAGE_POLICY_BILL: _ClassVar[OveragePolicy]
    OVERAGE_POLICY_APPROVE: _ClassVar[OveragePolicy]
    OVERAGE_POLICY_STOP: _ClassVar[OveragePolicy]
    OVERAGE_POLICY_BORROW: _ClassVar[OveragePolicy]

class RoundingMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUNDING_MODE_UNSPECIFIED: _ClassVar[RoundingMode]
    ROUNDING_MODE_UP: _ClassVar[RoundingMode]
    ROUNDING_MODE_NEAREST: _ClassVar[RoundingMode]
    ROUNDING_MODE_DOWN: _ClassVar[RoundingMode]

class RoundingScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROUNDING_SCOPE_UNSPECIFIED: _ClassVar[RoundingScope]
    ROUNDING_SCOPE_ENTRY: _ClassVar[RoundingScope]
    ROUNDING_SCOPE_DAY: _ClassVar[RoundingScope]

class TaxCategory(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TAX_CATEGORY_UNSPECIFIED: _ClassVar[TaxCategory]
    TAX_CATEGORY_STANDARD: _ClassVar[TaxCategory]
    TAX_CATEGORY_REDUCED: _ClassVar[TaxCategory]
    TAX_CATEGORY_REVERSE_CHARGE: _ClassVar[TaxCategory]
    TAX_CATEGORY_SMALL_BUSINESS: _ClassVar[TaxCategory]
    TAX_CATEGORY_OUTSIDE_SCOPE: _ClassVar[TaxCategory]

class Approval(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    APPROVAL_UNSPECIFIED: _ClassVar[Approval]
    APPROVAL_NONE: _ClassVar[Approval]
    APPROVAL_REQUIRED: _ClassVar[Approval]

class Release(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELEASE_UNSPECIFIED: _ClassVar[Release]
    RELEASE_AUTOMATIC: _ClassVar[Release]
    RELEASE_MANUAL: _ClassVar[Release]
CYCLE_UNSPECIFIED: Cycle
CYCLE_WEEK: Cycle
CYCLE_MONTH: Cycle
CYCLE_QUARTER: Cycle
CYCLE_YEAR: Cycle
BILLED_UNSPECIFIED: Billed
BILLED_IN_ADVANCE: Billed
BILLED_IN_ARREARS: Billed
SPAN_UNSPECIFIED: Span
SPAN_WEEK: Span
SPAN_MONTH: Span
SPAN_QUARTER: Span
SPAN_YEAR: Span
SPAN_ONCE: Span
OVERAGE_POLICY_UNSPECIFIED: OveragePolicy
OVERAGE_POLICY_BILL: OveragePolicy
OVERAGE_POLICY_APPROVE: OveragePolicy
OVERAGE_POLICY_STOP: OveragePolicy
OVERAGE_POLICY_BORROW: OveragePolicy
ROUNDING_MODE_UNSPECIFIED: RoundingMode
ROUNDING_MODE_UP: RoundingMode
ROUNDING_MODE_NEAREST: RoundingMode
ROUNDING_MODE_DOWN: RoundingMode
ROUNDING_SCOPE_UNSPECIFIED: RoundingScope
ROUNDING_SCOPE_ENTRY: RoundingScope
ROUNDING_SCOPE_DAY: RoundingScope
TAX_CATEGORY_UNSPECIFIED: TaxCategory
TAX_CATEGORY_STANDARD: TaxCategory
TAX_CATEGORY_REDUCED: TaxCategory
TAX_CATEGORY_REVERSE_CHARGE: TaxCategory
TAX_CATEGORY_SMALL_BUSINESS: TaxCategory
TAX_CATEGORY_OUTSIDE_SCOPE: TaxCategory
APPROVAL_UNSPECIFIED: Approval
APPROVAL_NONE: Approval
APPROVAL_REQUIRED: Approval
RELEASE_UNSPECIFIED: Release
RELEASE_AUTOMATIC: Release
RELEASE_MANUAL: Release

class Fee(_message.Message):
    __slots__ = ("amount", "billed", "every")
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BILLED_FIELD_NUMBER: _ClassVar[int]
    EVERY_FIELD_NUMBER: _ClassVar[int]
    amount: _money_pb2.Money
    billed: Billed
    every: Span
    def __init__(self, amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., billed: _Optional[_Union[Billed, str]] = ..., every: _Optional[_Union[Span, str]] = ...) -> None: ...

class Allowance(_message.Message):
    __slots__ = ("hours", "amount", "units")
    HOURS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    hours: _duration_pb2.Duration
    amount: _money_pb2.Money
    units: Units
    def __init__(self, hours: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., units: _Optional[_Union[Units, _Mapping]] = ...) -> None: ...

class Units(_message.Message):
    __slots__ = ("units", "of")
    UNITS_FIELD_NUMBER: _ClassVar[int]
    OF_FIELD_NUMBER: _ClassVar[int]
    units: int
    of: str
    def __init__(self, units: _Optional[int] = ..., of: _Optional[str] = ...) -> None: ...

class Rates(_message.Message):
    __slots__ = ("tasks", "people", "roles")
    class TasksEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _money_pb2.Money
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
    class PeopleEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _money_pb2.Money
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
    class RolesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _money_pb2.Money
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
    TASKS_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    tasks: _containers.MessageMap[str, _money_pb2.Money]
    people: _containers.MessageMap[str, _money_pb2.Money]
    roles: _containers.MessageMap[str, _money_pb2.Money]
    def __init__(self, tasks: _Optional[_Mapping[str, _money_pb2.Money]] = ..., people: _Optional[_Mapping[str, _money_pb2.Money]] = ..., roles: _Optional[_Mapping[str, _money_pb2.Money]] = ...) -> None: ...

class Rollover(_message.Message):
    __slots__ = ("hours", "amount", "units", "expires_after")
    HOURS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AFTER_FIELD_NUMBER: _ClassVar[int]
    hours: _duration_pb2.Duration
    amount: _money_pb2.Money
    units: int
    expires_after: int
    def __init__(self, hours: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., units: _Optional[int] = ..., expires_after: _Optional[int] = ...) -> None: ...

class Overage(_message.Message):
    __slots__ = ("policy", "rate")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    policy: OveragePolicy
    rate: _money_pb2.Money
    def __init__(self, policy: _Optional[_Union[OveragePolicy, str]] = ..., rate: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...

class Rounding(_message.Message):
    __slots__ = ("minutes", "mode", "per")
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    minutes: int
    mode: RoundingMode
    per: RoundingScope
    def __init__(self, minutes: _Optional[int] = ..., mode: _Optional[_Union[RoundingMode, str]] = ..., per: _Optional[_Union[RoundingScope, str]] = ...) -> None: ...

class Tax(_message.Message):
    __slots__ = ("category", "rate_percent")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    RATE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    category: TaxCategory
    rate_percent: str
    def __init__(self, category: _Optional[_Union[TaxCategory, str]] = ..., rate_percent: _Optional[str] = ...) -> None: ...

class Invoicing(_message.Message):
    __slots__ = ("after_days", "release")
    AFTER_DAYS_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    after_days: int
    release: Release
    def __init__(self, after_days: _Optional[int] = ..., release: _Optional[_Union[Release, str]] = ...) -> None: ...

class Terms(_message.Message):
    __slots__ = ("cycle", "anchor", "fee", "access_fee", "allowance", "bank", "rate", "rates", "minimum", "rollover", "overage", "rounding", "tax", "net_days", "approval", "invoicing")
    CYCLE_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    ACCESS_FEE_FIELD_NUMBER: _ClassVar[int]
    ALLOWANCE_FIELD_NUMBER: _ClassVar[int]
    BANK_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    RATES_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    ROLLOVER_FIELD_NUMBER: _ClassVar[int]
    OVERAGE_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    NET_DAYS_FIELD_NUMBER: _ClassVar[int]
    APPROVAL_FIELD_NUMBER: _ClassVar[int]
    INVOICING_FIELD_NUMBER: _ClassVar[int]
    cycle: Cycle
    anchor: int
    fee: Fee
    access_fee: _money_pb2.Money
    allowance: Allowance
    bank: bool
    rate: _money_pb2.Money
    rates: Rates
    minimum: _money_pb2.Money
    rollover: Rollover
    overage: Overage
    rounding: Rounding
    tax: Tax
    net_days: int
    approval: Approval
    invoicing: Invoicing
    def __init__(self, cycle: _Optional[_Union[Cycle, str]] = ..., anchor: _Optional[int] = ..., fee: _Optional[_Union[Fee, _Mapping]] = ..., access_fee: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., allowance: _Optional[_Union[Allowance, _Mapping]] = ..., bank: _Optional[bool] = ..., rate: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., rates: _Optional[_Union[Rates, _Mapping]] = ..., minimum: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., rollover: _Optional[_Union[Rollover, _Mapping]] = ..., overage: _Optional[_Union[Overage, _Mapping]] = ..., rounding: _Optional[_Union[Rounding, _Mapping]] = ..., tax: _Optional[_Union[Tax, _Mapping]] = ..., net_days: _Optional[int] = ..., approval: _Optional[_Union[Approval, str]] = ..., invoicing: _Optional[_Union[Invoicing, _Mapping]] = ...) -> None: ...

class Renewal(_message.Message):
    __slots__ = ("months", "notice_days", "remind_days")
    MONTHS_FIELD_NUMBER: _ClassVar[int]
    NOTICE_DAYS_FIELD_NUMBER: _ClassVar[int]
    REMIND_DAYS_FIELD_NUMBER: _ClassVar[int]
    months: int
    notice_days: int
    remind_days: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, months: _Optional[int] = ..., notice_days: _Optional[int] = ..., remind_days: _Optional[_Iterable[int]] = ...) -> None: ...

class Agreement(_message.Message):
    __slots__ = ("currency_code", "time_zone", "starts_on", "ends_on", "terms", "region", "renews", "trial", "notice_days", "taken_over_on")
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    RENEWS_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    NOTICE_DAYS_FIELD_NUMBER: _ClassVar[int]
    TAKEN_OVER_ON_FIELD_NUMBER: _ClassVar[int]
    currency_code: str
    time_zone: str
    starts_on: _date_pb2.Date
    ends_on: _date_pb2.Date
    terms: Terms
    region: str
    renews: Renewal
    trial: bool
    notice_days: int
    taken_over_on: _date_pb2.Date
    def __init__(self, currency_code: _Optional[str] = ..., time_zone: _Optional[str] = ..., starts_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., ends_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., terms: _Optional[_Union[Terms, _Mapping]] = ..., region: _Optional[str] = ..., renews: _Optional[_Union[Renewal, _Mapping]] = ..., trial: _Optional[bool] = ..., notice_days: _Optional[int] = ..., taken_over_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...
