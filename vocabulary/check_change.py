"""Whether new terms can take effect on a date (R22); what needs a clock or others' facts is checked where it is known.

Refused
├── NothingChanges          the change is empty
├── TermsMalformed          with the change the terms lack a part that they need, or have one of the wrong shape
├── CycleFixed              cycle and anchor stay for the contract's life (R5)
├── OutsideContract         a date before the start, or from the end on
├── NotABoundary            a date within a period, and not `immediately`
├── KindChangesOffBoundary  kind and measure change at a boundary only
├── LaterTermsInvalid       a change that was recorded for a later date does not fit any more
├── CapNotMeasurable        a rollover's cap in another measure than the allowance (R15)
└── TermsContradict         as vocabulary.check_terms says, with `field` under `terms.`
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from vocabulary.agreement import check_whole_terms
from vocabulary.check_terms import check_terms
from vocabulary.kind import Measure, kind_of, measures_the_same
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Agreement, Cycle, Terms, merged
from vocabulary.terms_in_force import Change, calendar_of, in_order


class NothingChanges(Refused, kind=Kind.INVALID):
    """The change names nothing."""


class TermsMalformed(Refused, kind=Kind.INVALID):
    """A part is missing or has the wrong shape."""


class CycleFixed(Refused, kind=Kind.INVALID):
    """Cycle and anchor stay for the contract's life (R5)."""


class OutsideContract(Refused, kind=Kind.CONFLICT):
    """A date that the contract does not cover."""


class NotABoundary(Refused, kind=Kind.INVALID):
    """New terms take effect at a boundary, or `immediately` (R22)."""


class KindChangesOffBoundary(Refused, kind=Kind.INVALID):
    """Kind and measure may only change at a boundary (R22)."""


class LaterTermsInvalid(Refused, kind=Kind.CONFLICT):
    """A change recorded for a later date does not fit after this one."""


def check_change(
    agreement: Agreement,
    changes: Sequence[Change],
    change: Change,
    ends_on: date | None,
    cap: Measure | None = None,
) -> None:
    """Nothing, or a refusal; fields: `effective_on`, or a path under `terms`. `changes` are those before, as recorded;
    `cap` is the measure in which the change writes a rollover's cap, if known."""
    if not change.patch:
        raise NothingChanges("the change is empty: name what the terms become", field="terms")
    day = change.effective_on
    if day < date.fromisoformat(agreement.starts_on) or (ends_on is not None and day >= ends_on):
        raise OutsideContract(f"the contract does not cover {day}", field="effective_on")
    if not change.immediately and not calendar_of(agreement).is_start(day):
        following = calendar_of(agreement).next_by_anchor(day)
        raise NotABoundary(
            f"{day} is no boundary: name one ({following} is the next), or let it take effect immediately (R22)",
            field="effective_on",
        )
    line = in_order([*changes, change])
    place = next(number for number, known in enumerate(line) if known is change)
    terms = agreement.terms
    for known in line[:place]:
        terms = merged(terms, known.patch)
    after = _changed(agreement, terms, change, cap)
    for known in line[place + 1 :]:
        after = _still_fits(agreement, after, known)


def _changed(agreement: Agreement, before: Terms, change: Change, cap: Measure | None) -> Terms:
    try:
        after = merged(before, change.patch)
    except msgspec.ValidationError as error:
        raise TermsMalformed(f"the terms would not be whole: {error}", field=f"terms{_path(error)}") from None
    if after.cycle != before.cycle:
        raise CycleFixed("the cycle stays for the contract's life (R5)", field="terms.cycle")
    if _anchor(agreement, after) != _anchor(agreement, before):
        raise CycleFixed("the anchor stays for the contract's life (R5)", field="terms.anchor")
    check_whole_terms(after, cap, change.patch)
    _check_kind(agreement, before, after, change)
    return after


def _anchor(agreement: Agreement, terms: Terms) -> int:
    """The anchor, named or not (R5); a package that names what was meant all along changes nothing."""
    starts_on = date.fromisoformat(agreement.starts_on)
    by_start = starts_on.isoweekday() if terms.cycle is Cycle.WEEK else starts_on.day
    return by_start if terms.anchor is None else terms.anchor


def _check_kind(agreement: Agreement, before: Terms, after: Terms, change: Change) -> None:
    if measures_the_same(before, after) or calendar_of(agreement).is_start(change.effective_on):
        return
    named = next((name for name in ("allowance", "bank", "fee", "access_fee", "rate") if name in change.patch), "")
    raise KindChangesOffBoundary(
        f"{kind_of(before)} becomes {kind_of(after)}, or another measure, at a boundary only (R22)",
        field=f"terms.{named}" if named else "terms",
    )


def _still_fits(agreement: Agreement, before: Terms, known: Change) -> Terms:
    try:
        after = merged(before, known.patch)
        check_terms(after, known.patch)
        _check_kind(agreement, before, after, known)
    except (Refused, msgspec.ValidationError) as reason:
        raise LaterTermsInvalid(
            f"the change that was recorded for {known.effective_on} does not fit after this one: {reason}",
            field="effective_on",
            effective_on=known.effective_on.isoformat(),
        ) from None
    return after


def _path(error: msgspec.ValidationError) -> str:
    """`.fee.amount` of an error that says where it is."""
    said = str(error)
    missing = said.partition("required field `")[2].partition("`")[0]
    place = said.partition("at `$")[2].partition("`")[0]
    return f"{place}.{missing}" if missing else place


def blamed_in(patch: Mapping[str, Any]) -> str:
    """The part of a change of terms that takes a rate or a place away, as far as can be told (R9, R20)."""
    for path in ("rate", "rates", "overage", "allowance", "bank", "fee", "access_fee"):
        if path in patch:
            inner = patch[path]
            if path == "overage" and isinstance(inner, dict):
                return next((f"terms.overage.{key}" for key in ("rate", "policy") if key in inner), "terms.overage")
            return f"terms.{path}"
    return "terms"
