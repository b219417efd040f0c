"""Reasons as messages: what ExplainInvoice answers, and what `retainer simulate --explain` prints."""

from collections.abc import Callable, Iterator, Mapping

from google.protobuf.duration_pb2 import Duration

from messages.amounts import money_of
from messages.dates import date_message, instant_message, minutes_message
from services.billing.api.figure_shapes import figures_message
from services.billing.api.line_shapes import line_messages
from services.billing.api.shapes import measured, percent_text
from services.billing.domain.explaining import Explained, LineExplained
from services.billing.domain.explaining.changes import Change
from services.billing.domain.reasons import Law, Reason
from services.billing.events import Measure
from vocabulary.terms import Rounding
from wire.retainer.billing.v1 import reason_pb2 as wire

LAWS: Mapping[Law, wire.ReasonLaw] = {
    "fact": wire.REASON_LAW_FACT,
    "sum": wire.REASON_LAW_SUM,
    "less": wire.REASON_LAW_LESS,
    "priced": wire.REASON_LAW_PRICED,
    "prorated": wire.REASON_LAW_PRORATED,
    "rounded": wire.REASON_LAW_ROUNDED,
    "shared": wire.REASON_LAW_SHARED,
    "part": wire.REASON_LAW_PART,
    "taxed": wire.REASON_LAW_TAXED,
}
References = Mapping[int, wire.FactReference]
"""By version of the account's stream."""
NO_REFERENCES: References = {}


class ReasonShapes:
    """Messages in one currency, with the events that are known by their versions."""

    def __init__(self, currency: str, references: References = NO_REFERENCES) -> None:
        self._currency = currency
        self._references = references

    def reason(self, one: Reason, is_told: Callable[[Reason], bool] = lambda _: True) -> wire.Reason:
        """With all below it, or with that alone for which `is_told`."""
        currency = self._currency
        message = wire.Reason(
            word=one.word,
            value=measured(one.value, one.unit, currency),
            law=LAWS[one.law],
            reasons=[self.reason(below, is_told) for below in one.reasons] if is_told(one) else [],
            subject=one.subject,
            facts=[self._references[version] for version in one.versions if version in self._references],
            from_date=date_message(one.from_on),
            to_date=date_message(one.to_on),
            rate_source=one.rate_source,
            days=one.days,
            of_days=one.of_days,
            rounding=rounding_text(one.rounding),
            tax_rate_percent=percent_text(one.rate_ppm) if one.law == "taxed" else "",
            person=f"people/{one.person}" if one.person else "",
            text=one.text,
        )
        if one.rate is not None:
            message.rate.CopyFrom(money_of(one.rate, currency))
        if one.law in ("prorated", "part"):
            message.whole.CopyFrom(measured(one.whole, one.unit, currency))
        if one.rounding is not None:
            message.worked.CopyFrom(Duration(seconds=one.worked))
        if one.law == "shared":
            message.together.CopyFrom(Duration(seconds=one.together))
            message.together_rounded.CopyFrom(minutes_message(one.together_minutes))
        return message

    def line(self, one: LineExplained, number: int) -> wire.LineExplanation:
        message = wire.LineExplanation(
            line_number=number,
            line=line_messages([one.line], self._currency)[0],
            reason=self.reason(one.reason),
            changes=[self._change(change, one) for change in one.changes],
        )
        for name in ("available", "used"):
            found: Reason | None = getattr(one, name)
            if found is not None:
                getattr(message, name).CopyFrom(self.reason(found))
        for name in ("then", "now"):
            figures = getattr(one, name)
            if figures is not None:
                getattr(message, name).CopyFrom(figures_message(figures, self._currency))
        return message

    def whole(self, explained: Explained) -> wire.Reason:
        """Down to the lines: what is below them stands with each line."""
        return self.reason(explained.whole, lambda one: one.word != "line")

    def _change(self, change: Change, line: LineExplained) -> wire.Change:
        message = wire.Change(
            word=change.word,
            subject=change.subject,
            known_time=instant_message(change.known_at),
        )
        if change.version in self._references:
            message.fact.CopyFrom(self._references[change.version])
        measure: Measure = "units" if change.subject.startswith("deliveries/") else "minutes"
        if change.then is not None:
            message.then.CopyFrom(measured(change.then, measure, self._currency))
        if change.now is not None:
            message.now.CopyFrom(measured(change.now, measure, self._currency))
        return message


def rounding_text(rounding: Rounding | None) -> str:
    return "" if rounding is None else f"{rounding.minutes} min {rounding.mode.value} per {rounding.per}"


def versions_in(explained: Explained) -> set[int]:
    """The events that an explanation names."""
    found = {change.version for line in explained.lines for change in line.changes}
    for line in explained.lines:
        for root in (line.reason, line.available, line.used):
            if root is not None:
                found.update(version for reason in _all(root) for version in reason.versions)
    return found - {0}


def _all(reason: Reason) -> Iterator[Reason]:
    yield reason
    for below in reason.reasons:
        yield from _all(below)
