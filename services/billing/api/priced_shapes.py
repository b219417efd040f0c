"""What some terms come to, as a PricedTerms message."""

from messages.amounts import money_of
from messages.dates import minutes_message
from services.billing.api.figure_shapes import figures_message
from services.billing.api.shapes import measured
from services.billing.domain.what_if import Priced
from wire.retainer.billing.v1 import what_if_pb2 as wire

MOST_LEFT_OUT = 100


def priced_message(name: str, found: Priced, agreed: int, currency: str) -> wire.PricedTerms:
    measure = found.measure
    return wire.PricedTerms(
        name=name,
        periods=[figures_message(figures, currency) for figures in found.periods],
        charged=money_of(found.charged, currency),
        difference=money_of(found.charged - agreed, currency),
        time=minutes_message(found.minutes),
        overage=measured(found.overage, measure, currency),
        expired=measured(found.expired, measure, currency),
        left_out=[
            wire.UnplacedFact(subject=one.subject, reason=one.reason, message=one.message)
            for one in found.left_out[:MOST_LEFT_OUT]
        ],
        left_out_count=len(found.left_out),
    )
