"""What a client asks of the quarter: why, what was known then, what would other terms have cost, can I check it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import msgspec

from messages.dates import date_message, instant_message
from messages.terms import terms_message
from retainer import budgets, explanations, what_ifs
from retainer.client import Client
from retainer.demo.agency import CARE, WEBSITE_CARE
from vocabulary.duration import Minutes
from vocabulary.money import Minor
from vocabulary.terms import Fee, Hours, Terms
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.invoice_pb2 import ExplainLineRequest
from wire.retainer.billing.v1.proof_pb2 import VerifyAccountRequest
from wire.retainer.billing.v1.what_if_pb2 import SimulateTermsRequest, TermsVariant

if TYPE_CHECKING:
    from rich.console import RenderableType

CONTRACT: Final = f"contracts/{CARE}"
THEN: Final = datetime(2026, 2, 20, 12, tzinfo=UTC)
"""Between two exports of February's time sheet."""
OF: Final = date(2026, 2, 20)
FEW_ENTRIES: Final = 4


@dataclass
class Proof:
    """What was answered."""

    line: Any
    number: str
    then: Any
    now: Any
    tiers: Any
    verified: Any


def asked(client: Client, invoices: list[Any]) -> Proof:
    """Each question by its public call."""
    number, place = _corrected(invoices)
    explained = client.ask(ExplainLineRequest(name=f"invoices/{number}", line_number=place, most_entries=FEW_ENTRIES))
    on = date_message(OF)
    return Proof(
        line=explained.explanation,
        number=number,
        then=client.ask(GetBudgetRequest(contract=CONTRACT, on=on, as_of=instant_message(THEN))),
        now=client.ask(GetBudgetRequest(contract=CONTRACT, on=on)),
        tiers=client.ask(SimulateTermsRequest(contract=CONTRACT, variants=list(_tiers()))),
        verified=client.ask(VerifyAccountRequest(contract=CONTRACT)),
    )


def _corrected(invoices: list[Any]) -> tuple[str, int]:
    """The first line of that contract that corrects an earlier one, or else its first line about use."""
    lines = [
        (line.correction, invoice.number, place)
        for invoice in invoices
        for place, line in enumerate(invoice.lines, start=1)
        if invoice.contract == CONTRACT and line.kind == "overage"
    ]
    _, number, place = max(lines, key=lambda line: line[0])
    return number, place


def _tiers() -> Iterator[TermsVariant]:
    for name, hours, fee in (("20 hours", 20, 1_900_00), ("40 hours", 40, 3_600_00), ("60 hours", 60, 5_100_00)):
        terms: Terms = msgspec.structs.replace(WEBSITE_CARE, allowance=Hours(Minutes(hours * 60)), fee=Fee(Minor(fee)))
        yield TermsVariant(name=name, terms=terms_message(terms, "EUR"))


def told(proof: Proof, data: str) -> Iterator["RenderableType"]:
    """As the tour shows it, each with the command that asks the same."""
    yield f"[bold]Why was I charged this?[/bold]  retainer invoice explain {proof.number} {data}"
    yield from explanations.line(proof.line)
    instant = datetime.combine(THEN.date(), time(12), UTC).isoformat()
    yield "[bold]What did we know then?[/bold]  " + (f"retainer budget {CARE} --as-of {instant} --on {OF} {data}")
    yield budgets.overview([proof.then], f"{OF}, as it was known at noon of that day")
    yield budgets.overview([proof.now], f"{OF}, as it is known today")
    yield f"[bold]What would other terms have cost?[/bold]  retainer what-if {CARE} --terms small.yaml --terms … {data}"
    yield from what_ifs.side_by_side(proof.tiers)
    yield f"[bold]Can I check it myself?[/bold]  retainer verify {CARE} {data}"
    found = proof.verified
    fits = "everything fits" if not found.flaws else found.flaws[0].message
    yield f"{found.version} events from the first on: {fits}; head of the chain {found.head_hash}"
    yield "Without our code: examples/check_statement.py, from `retainer account` and `retainer events export`."
