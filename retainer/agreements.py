"""Agreements and changes of terms out of YAML files, as messages."""

from pathlib import Path
from typing import Any

import msgspec
from google.protobuf.field_mask_pb2 import FieldMask

from messages.terms import agreement_message, agreement_of
from retainer import case_terms
from retainer.case_file import check
from retainer.failures import Failure
from retainer.terms_messages import change_message
from retainer.yaml_exact import Flaw, load
from vocabulary.terms import Allowance, Amount, Hours, Units
from wire.retainer.contracts.v1.terms_pb2 import Agreement, Terms


def agreement_in(file: Path) -> Agreement:
    """`currency`, `time_zone` and `contract` of a file."""
    try:
        said = load(file)
        currency, time_zone = said.need("currency").text(), said.need("time_zone").text()
        agreement = case_terms.agreement(contract := said.need("contract"), currency, time_zone)
        if (taken := contract.get("taken_over")) is not None:
            on = taken.need("on").date().isoformat()
            agreement = msgspec.structs.replace(agreement, taken_over_on=on)
        check(agreement)
    except Flaw as flaw:
        raise Failure(f"{file}: {flaw}") from None
    return agreement_message(agreement)


def change_in(file: Path, contract: Any) -> tuple[Terms, FieldMask]:
    """What a file says of terms, over those that a contract has today."""
    agreement, _ = agreement_of(contract.agreement)
    today = Agreement()
    today.CopyFrom(contract.agreement)
    if contract.HasField("terms"):
        today.terms.CopyFrom(contract.terms)
    before = agreement_of(today)[0].terms
    try:
        said = load(file)
        measure = case_terms.measure_written(said, _measure(before.allowance))
        patch = case_terms.terms_patch(said, agreement.currency, measure)
    except Flaw as flaw:
        raise Failure(f"{file}: {flaw}") from None
    return change_message(patch, before, agreement.currency)


def _measure(allowance: Allowance | None) -> str | None:
    match allowance:
        case None:
            return None
        case Hours():
            return "hours"
        case Amount():
            return "amount"
        case Units():
            return "units"
