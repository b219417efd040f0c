import datetime

from wire.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from wire.retainer.contracts.v1 import address_pb2 as _address_pb2
from wire.retainer.receipt.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BankDetails(_message.Message):
    __slots__ = ("holder", "iban", "bic")
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    IBAN_FIELD_NUMBER: _ClassVar[int]
    BIC_FIELD_NUMBER: _ClassVar[int]
    holder: str
    iban: str
    bic: str
    def __init__(self, holder: _Optional[str] = ..., iban: _Optional[str] = ..., bic: _Optional[str] = ...) -> None: ...

class Agency(_message.Message):
    __slots__ = ("name", "etag", "display_name", "address", "email", "phone", "vat_id", "tax_number", "bank", "locale", "time_zone", "region", "update_time", "registration", "contact_name", "logo", "colour")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    VAT_ID_FIELD_NUMBER: _ClassVar[int]
    TAX_NUMBER_FIELD_NUMBER: _ClassVar[int]
    BANK_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    REGISTRATION_FIELD_NUMBER: _ClassVar[int]
    CONTACT_NAME_FIELD_NUMBER: _ClassVar[int]
    LOGO_FIELD_NUMBER: _ClassVar[int]
    COLOUR_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    display_name: str
    address: _address_pb2.PostalAddress
    email: str
    phone: str
    vat_id: str
    tax_number: str
    bank: BankDetails
    locale: str
    time_zone: str
    region: str
    update_time: _timestamp_pb2.Timestamp
    registration: str
    contact_name: str
    logo: bytes
    colour: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., display_name: _Optional[str] = ..., address: _Optional[_Union[_address_pb2.PostalAddress, _Mapping]] = ..., email: _Optional[str] = ..., phone: _Optional[str] = ..., vat_id: _Optional[str] = ..., tax_number: _Optional[str] = ..., bank: _Optional[_Union[BankDetails, _Mapping]] = ..., locale: _Optional[str] = ..., time_zone: _Optional[str] = ..., region: _Optional[str] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., registration: _Optional[str] = ..., contact_name: _Optional[str] = ..., logo: _Optional[bytes] = ..., colour: _Optional[str] = ...) -> None: ...

class DescribeAgencyRequest(_message.Message):
    __slots__ = ("agency", "update_mask", "request_id", "validate_only", "consistency_token", "etag")
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    agency: Agency
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    validate_only: bool
    consistency_token: str
    etag: str
    def __init__(self, agency: _Optional[_Union[Agency, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., validate_only: _Optional[bool] = ..., consistency_token: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DescribeAgencyResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GetAgencyRequest(_message.Message):
    __slots__ = ("consistency_token",)
    CONSISTENCY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    consistency_token: str
    def __init__(self, consistency_token: _Optional[str] = ...) -> None: ...
