"""Whether new terms cost the client more (R23)."""

from vocabulary.terms import Amount, Fee, Hours, Terms, Units

TURNS_A_YEAR = {"week": 52, "month": 12, "quarter": 4, "year": 1, "once": 1}


def raises_price(before: Terms, after: Terms) -> bool:
    """Whether a price of the terms goes up or a new one appears, or the same fee buys less.

    Prices: the fee (by the year), the access fee, the minimum, each rate, the overage rate. The tax is no price.
    """
    pairs = [
        (_yearly(before.fee, before), _yearly(after.fee, after)),
        (before.access_fee, after.access_fee),
        (before.minimum, after.minimum),
        (before.rate, after.rate),
        (before.overage.rate, after.overage.rate),
        *_named_rates(before, after),
    ]
    return any((new or 0) > (old or 0) for old, new in pairs) or _buys_less(before, after)


def _yearly(fee: Fee | None, terms: Terms) -> int | None:
    return None if fee is None else fee.amount * TURNS_A_YEAR[fee.every or terms.cycle.value]


def _named_rates(before: Terms, after: Terms) -> list[tuple[int | None, int | None]]:
    """Each rate that either names, beside what stood in its place."""
    pairs: list[tuple[int | None, int | None]] = []
    for group in ("tasks", "people", "roles"):
        old, new = getattr(before.rates, group), getattr(after.rates, group)
        pairs += [(old.get(name, before.rate), new.get(name, after.rate)) for name in {*old, *new}]
    return pairs


def _buys_less(before: Terms, after: Terms) -> bool:
    """A smaller allowance of the same measure, for a fee that does not go down."""
    fees = _yearly(before.fee, before) or 0, _yearly(after.fee, after) or 0
    match before.allowance, after.allowance:
        case Hours(old), Hours(new):
            less = new < old
        case Amount(old_amount), Amount(new_amount):
            less = new_amount < old_amount
        case Units(old_units), Units(new_units):
            less = new_units < old_units
        case _:
            return False
    return less and fees[1] >= fees[0]
