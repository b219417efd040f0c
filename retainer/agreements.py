"""Agreements and changes of terms out of YAML files, as messages."""

from pathlib import Path
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from messages.terms import agreement_message, agreement_of
from retainer.case_file import CaseBroken, read_agreement
from retainer.case_terms import measure_in, terms_patch
from retainer.case_yaml import Value, load
from retainer.failures import Failure
from retainer.terms_messages import change_message
from wire.retainer.contracts.v1.terms_pb2 import Agreement, Terms


def agreement_in(file: Path) -> Agreement:
    """`currency`, `time_zone` and `contract` of a file."""
    try:
        return agreement_message(read_agreement(file))
    except CaseBroken as error:
        raise Failure(f"{file}: {error}") from None


def change_in(file: Path, contract: Any) -> tuple[Terms, FieldMask]:
    """What a file says of terms, over those that a contract has today."""
    agreement, _ = agreement_of(contract.agreement)
    today = Agreement()
    today.CopyFrom(contract.agreement)
    if contract.HasField("terms"):
        today.terms.CopyFrom(contract.terms)
    before = agreement_of(today)[0].terms
    try:
        said = Value(load(file.read_bytes()), "")
        patch = terms_patch(said, agreement.currency, measure_in(before.allowance))
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}") from None
    except CaseBroken as error:
        raise Failure(f"{file}: {error}") from None
    return change_message(patch, before, agreement.currency)
