"""`retainer takeover`: a whole agency of running retainers, out of one file (docs/takeover-format.md)."""

from pathlib import Path

from retainer.failures import ExitStatus, Failure
from retainer.output import console, json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options


def takeover(file: Path, /, *, dry_run: bool = False, options: Options = DEFAULT) -> ExitStatus:
    """Take a whole agency over: clients, people, running retainers with what they bring along, the next numbers.

    Every fault of the file is told with its place, and nothing is recorded where there is one. Nothing from before the
    take-over is invoiced. A run that broke off is repeated with the same file: what was done stays as it is.

    Example: retainer takeover agency.yaml --dry-run
    Example: retainer takeover examples/agency.yaml --agency studio

    Parameters
    ----------
    file
        The agency (docs/takeover-format.md; a whole one lies in examples/agency.yaml).
    dry_run
        Say what would be done, or all that is at fault, and record nothing.
    """
    from retainer.agency_file import read
    from retainer.takeover import Step, TakingOver, faults, steps
    from retainer.yaml_exact import Flaw

    try:
        agency = read(file)
    except Flaw as flaw:
        raise Failure(f"{file}: {flaw}") from None
    found = list(faults(agency))
    planned: list[Step] = []
    done: list[tuple[Step, bool]] = []
    with options.client() as client:
        taking = TakingOver(agency, client)
        if not found:
            found = taking.differing()
        if not found and dry_run:
            planned = list(steps(agency))
        elif not found:
            with console(stderr=True).status(f"Taking {file.name} over …"):
                done = [(step, receipt.repeated_request) for step, receipt in taking.tell()]
    if options.json:
        json_out(
            {
                "faults": [{"place": one.place, "message": one.message} for one in found],
                "planned": [{"place": step.place, "step": step.says} for step in planned],
                "done": [{"place": step.place, "step": step.says, "before": repeated} for step, repeated in done],
            }
        )
    elif found:
        for one in found:
            say(f"{file}: {one}")
        say(f"{len(found)} {'fault' if len(found) == 1 else 'faults'}; nothing was recorded.")
    elif dry_run:
        show(table("", ("in the file", "would be done"), [(step.place, step.says) for step in planned]))
        say("Nothing was recorded. Leave --dry-run away to take it over.")
    else:
        rows = [(step.place, step.says, "before" if repeated else "now") for step, repeated in done]
        show(table("", ("in the file", "done", ""), rows))
        say(f"Took over {len(agency.contracts)} retainers of {len(agency.clients)} clients.")
    return ExitStatus.WRONG_INPUT if found else ExitStatus.OK
