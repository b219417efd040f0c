"""Whether new terms have a place in the books (R5, R9, R20, R22, R31)."""

from services.billing.domain.charges import tax_of
from services.billing.domain.course import Course
from services.billing.domain.facts import BlockNoted, EntryNoted, TermsNoted
from services.billing.domain.kept import Books
from services.billing.domain.placing import day_of, from_day
from services.billing.domain.rating import rate
from services.billing.domain.refusals import PlaceTaken, RateMissing, TaxAlreadyInvoiced
from vocabulary.calendar import first_instant
from vocabulary.check_change import blamed_in, check_change
from vocabulary.kind import TermsKind, kind_of, needs_rates
from vocabulary.terms_in_force import Change


def check_terms_noted(books: Books, fact: TermsNoted) -> None:
    """`field` is `effective_on` or a path under `terms`."""
    course = books.course
    known = [Change(change.effective_on, change.patch, change.immediately) for change in course.changes]
    change = Change(fact.effective_on, fact.patch, fact.immediately)
    ends_on = None if course.agreement.renews is not None else course.ends_on
    check_change(course.agreement, known, change, ends_on)
    after = course.with_terms(fact)
    _check_tax(books, after, fact)
    _check_places(books, after, fact)


def _check_tax(books: Books, after: Course, fact: TermsNoted) -> None:
    """Terms may change the tax only from a boundary that is not invoiced yet: its cut-off lies ahead (R31)."""
    course = books.course
    index = course.index_at(fact.effective_on)
    start = course.calendar.start(index)
    boundary = start if start == fact.effective_on else course.calendar.start(index + 1)
    later = [boundary, *(change.effective_on for change in after.changes if change.effective_on > boundary)]
    for day in later:
        invoiced_at = first_instant(course.issue_day(day), course.zone)
        if tax_of(course.on_paper(day)) != tax_of(after.on_paper(day)) and invoiced_at <= fact.known_at:
            raise TaxAlreadyInvoiced(f"the boundary {day} is invoiced already, its tax stays (R31)", field="terms.tax")


def _check_places(books: Books, after: Course, fact: TermsNoted) -> None:
    """What was accepted keeps its place: entries their rate, deliveries their units, blocks their bank (R9, R20)."""
    calendar = after.calendar
    for accepted in from_day(books, fact.effective_on):
        day = day_of(books, accepted)
        if day < calendar.starts_on:
            continue
        terms = after.on_paper(calendar.start(calendar.index_at(day)))
        if not isinstance(accepted, EntryNoted):
            if kind_of(terms) is not TermsKind.UNITS:
                raise PlaceTaken(f"the delivery of {day} would have no place (R20)", field=blamed_in(fact.patch))
        elif accepted.work.billable and needs_rates(terms) and rate(accepted.work, after.terms_on(day)) is None:
            raise RateMissing(
                f"the entry {accepted.entry_id} of {day} would have no rate (R9)", field=blamed_in(fact.patch)
            )
    for block in books.dated.values():
        if not isinstance(block, BlockNoted) or block.bought_on < fact.effective_on:
            continue
        if kind_of(after.terms_of(after.named(block.bought_on))) is not TermsKind.BANK:
            raise PlaceTaken(f"the block of {block.bought_on} would have no place (R20)", field=blamed_in(fact.patch))
