"""`retainer simulate FILE`: what terms would have billed, by billing's own rules and without any server.

Exit status (docs/case-format.md): 0 done; 1 `--check` found differences; 2 the file breaks the format or a rule.
"""

import json
import sys
from pathlib import Path

from retainer.case_check import budget_on, differences, lies_within, refused_place
from retainer.case_file import case_of
from retainer.case_outcome import Outcome
from retainer.case_run import run as story_of
from retainer.case_shapes import document
from retainer.case_told import Case
from retainer.failures import ExitStatus
from retainer.yaml_exact import At, Flaw, load


def run(path: Path, check: bool = False, as_json: bool = False, explained: bool = False) -> ExitStatus:
    """One file: its statement for people, its figures as JSON, or what differs from what it expects."""
    expect: At | None = None
    try:
        file = load(path)
        expect = file.get("expect")
        expected_place = refused_place(expect) if check and expect is not None else None
        if expected_place is not None:
            return _refused_as_expected(path, file, expected_place)
        case, outcome = outcome_of(file)
        if check:
            if expect is None:
                raise Flaw("expect", "is missing: there is nothing to compare with")
            return _compared(path, expect, outcome)
        if explained:
            return _explained(outcome, as_json)
        if as_json:
            json.dump(document(outcome), sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")
        else:
            from retainer.case_statement import statement
            from retainer.output import show

            show(*statement(case, document(outcome)))
    except Flaw as flaw:
        sys.stderr.write(f"{path}: {flaw}\n")
        return ExitStatus.WRONG_INPUT
    return ExitStatus.OK


def outcome_of(file: At) -> tuple[Case, Outcome]:
    """What a file tells, and what came of it; `Flaw` where it breaks the format or a rule."""
    case = case_of(file)
    return case, story_of(case, budget_on(case.expect))


def _explained(outcome: Outcome, as_json: bool) -> ExitStatus:
    """Every document with why it asks what it asks."""
    from retainer import explanations
    from retainer.output import json_out, show
    from services.billing.api.reason_shapes import ReasonShapes
    from wire.retainer.billing.v1.invoice_pb2 import ExplainInvoiceResponse

    shapes, told = ReasonShapes(outcome.currency), []
    for one in outcome.invoices:
        explained = one.explained()
        lines = [shapes.line(line, place + 1) for place, line in enumerate(explained.lines)]
        told.append((one.number, ExplainInvoiceResponse(whole=shapes.whole(explained), lines=lines)))
    if as_json:
        json_out({"documents": [{"number": number, "explanation": message} for number, message in told]})
        return ExitStatus.OK
    for number, message in told:
        show(f"[bold]{number}[/bold]", *explanations.document(message))
    return ExitStatus.OK


def _refused_as_expected(path: Path, file: At, expected: str) -> ExitStatus:
    try:
        outcome_of(file)
    except Flaw as flaw:
        if lies_within(flaw.place, expected):
            sys.stdout.write(f"{path}: refused as expected: {flaw}\n")
            return ExitStatus.OK
        sys.stdout.write(f"{path}: expected to be refused at {expected}, but was refused at {flaw}\n")
        return ExitStatus.DIFFERS
    sys.stdout.write(f"{path}: expected to be refused at {expected}, but was accepted\n")
    return ExitStatus.DIFFERS


def _compared(path: Path, expect: At, outcome: Outcome) -> ExitStatus:
    found = differences(expect, document(outcome))
    for difference in found:
        sys.stdout.write(f"{path}: {difference}\n")
    if not found:
        sys.stdout.write(f"{path}: as expected\n")
    return ExitStatus.DIFFERS if found else ExitStatus.OK
