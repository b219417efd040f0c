"""What was available in a period, and what each entry used of it (R15, R16, R18, R20, R21)."""

from collections.abc import Iterator
from typing import NamedTuple

from services.billing.domain.allowance import by_soonness, each_draw
from services.billing.domain.consumption import Counted
from services.billing.domain.course import Part
from services.billing.domain.explaining.entries import Source, listed, minutes_of, value_of
from services.billing.domain.reasons import Reason, Unit
from services.billing.domain.statement import Statement, blocks_at_hand
from vocabulary.kind import TermsKind

BEYOND = "beyond"


class Layer(NamedTuple):
    """Something that use draws on, in the order in which it does (R16)."""

    word: str
    left: int
    subject: str


class Share(NamedTuple):
    """An entry or a delivery, with what it took of which layer and what went beyond."""

    name: str
    size: int
    taken: tuple[tuple[Layer, int], ...]
    counted: Counted | None = None


def unit_of(statement: Statement) -> Unit:
    match statement.basis.kind:
        case TermsKind.AMOUNT:
            return "money"
        case TermsKind.UNITS:
            return "units"
        case _:
            return "minutes"


def available(source: Source, statement: Statement) -> Reason:
    """Allowance + carried − borrowed; of a bank, the blocks at hand."""
    unit, basis = unit_of(statement), statement.basis
    if basis.kind is TermsKind.BANK:
        earlier, new = blocks_at_hand(basis.period, statement.brought, statement.bought)
        blocks = [
            Reason(word="block", unit=unit, value=one.left, subject=f"blocks/{one.block_id}", from_on=one.bought_on)
            for one in (*earlier, *new)
        ]
        return Reason(
            word="available",
            unit=unit,
            value=statement.allowance + statement.carried,
            law="sum",
            reasons=tuple(blocks),
        )
    allowed = tuple(part_reason(source, "allowance for days", unit, part) for part in basis.allowed)
    carried = tuple(_layer_reason(unit, layer, layer.left) for layer in _layers(statement)[:-1])
    reasons = [Reason(word="allowance", unit=unit, value=statement.allowance, law="sum", reasons=allowed)]
    reasons.append(Reason(word="carried", unit=unit, value=statement.carried, law="sum", reasons=carried))
    if statement.borrowed:
        owed = Reason(word="borrowed", unit=unit, value=statement.borrowed)
        reasons.append(Reason(word="given back", unit=unit, value=-owed.value, law="less", reasons=(owed,)))
    own = statement.allowance - statement.borrowed + statement.carried
    return Reason(word="available", unit=unit, value=own, law="sum", reasons=tuple(reasons))


def used(source: Source, statement: Statement) -> Reason:
    """Every entry or delivery of the period, in the order of consumption, with what it was taken from."""
    unit = unit_of(statement)

    def reason(share: Share) -> Reason:
        taken = tuple(_layer_reason(unit, layer, quantity) for layer, quantity in share.taken)
        if share.counted is None:
            return delivery_reason(source, share.name, share.size, taken)
        if unit == "money":
            worth = value_of(source, share.counted)
            return Reason(
                word="entry",
                unit=unit,
                value=share.size,
                reasons=taken or (worth,),
                subject=worth.subject,
                versions=worth.versions,
                from_on=worth.from_on,
                worked=worth.reasons[0].worked,
                rounding=worth.reasons[0].rounding,
                rate=worth.rate,
                rate_source=worth.rate_source,
                person=worth.person,
                text=worth.text,
            )
        return minutes_of(source, share.counted, taken)

    reasons = listed(source, unit, shares(source, statement), lambda share: share.size, reason)
    return Reason(word="used", unit=unit, value=statement.used, law="sum", reasons=reasons)


def shares(source: Source, statement: Statement) -> Iterator[Share]:
    """What was consumed, piece by piece."""
    usage = statement.usage
    match statement.basis.kind:
        case TermsKind.BANK:
            earlier, new = blocks_at_hand(statement.period, statement.brought, statement.bought)
            for entry, taken, need in each_draw(by_soonness((*earlier, *new)), usage.entries):
                pieces = [(Layer("block", minutes, f"blocks/{name}"), minutes) for name, minutes in taken]
                if need:
                    pieces.append((Layer(BEYOND, need, ""), need))
                yield Share(entry.entry_id, entry.minutes, tuple(pieces), entry)
        case TermsKind.UNITS:
            deliveries = source.books.deliveries
            order = sorted(usage.deliveries.items(), key=lambda one: (deliveries[one[0]].on, one[0]))
            yield from _layered(statement, ((name, units, None) for name, units in order))
        case TermsKind.AMOUNT:
            yield from _layered(statement, ((one.entry_id, one.value, one) for one in usage.entries))
        case TermsKind.HOURS:
            yield from _layered(statement, ((one.entry_id, one.minutes, one) for one in usage.entries))
        case TermsKind.FLAT | TermsKind.HOURLY:
            for one in usage.entries:
                yield Share(one.entry_id, one.minutes, (), one)


def part_reason(source: Source, word: str, unit: Unit, part: Part) -> Reason:
    """A value over days, prorated (R8, R22)."""
    return Reason(
        word=word,
        unit=unit,
        value=part.amount,
        law="prorated",
        whole=part.value,
        days=part.active_days,
        of_days=part.of_days,
        from_on=part.from_on,
        to_on=part.to_on,
        versions=source.terms_said_by(part.from_on),
    )


def delivery_reason(source: Source, name: str, units: int, taken: tuple[Reason, ...] = ()) -> Reason:
    noted = source.books.deliveries[name]
    return Reason(
        word="delivery",
        unit="units",
        value=units,
        reasons=taken,
        subject=f"deliveries/{name}",
        versions=(noted.version,) if noted.version else (),
        from_on=noted.on,
    )


def _layers(statement: Statement) -> list[Layer]:
    """The buckets, soonest to expire first, and the period's own allowance last (R16)."""
    buckets = sorted(statement.brought.buckets, key=lambda bucket: bucket.soonness)
    layers = [Layer("carried from", bucket.left, f"periods/{bucket.period}") for bucket in buckets]
    own = statement.allowance - statement.borrowed
    return [*layers, Layer("allowance", own, f"periods/{statement.period.start}")]


def _layered(statement: Statement, sizes: Iterator[tuple[str, int, Counted | None]]) -> Iterator[Share]:
    layers = _layers(statement)
    place, left = 0, layers[0].left
    for name, size, counted in sizes:
        need, taken = size, list[tuple[Layer, int]]()
        while need:
            if place == len(layers):
                taken.append((Layer(BEYOND, need, ""), need))
                break
            if left == 0:
                place += 1
                left = layers[place].left if place < len(layers) else 0
                continue
            piece = min(left, need)
            taken.append((layers[place], piece))
            left, need = left - piece, need - piece
        yield Share(name, size, tuple(taken), counted)


def _layer_reason(unit: Unit, layer: Layer, quantity: int) -> Reason:
    return Reason(word=layer.word, unit=unit, value=quantity, subject=layer.subject)


def beyond(share: Share) -> int:
    """How much of it went beyond what was available."""
    return sum(quantity for layer, quantity in share.taken if layer.word == BEYOND)
