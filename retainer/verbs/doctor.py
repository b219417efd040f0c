"""`retainer doctor`: is the house well, and what to do where it is not."""

from dataclasses import asdict

from retainer.checks import Verdict, findings
from retainer.failures import ExitStatus
from retainer.output import console, json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options

STYLES = {Verdict.WELL: "green", Verdict.LOOK: "yellow", Verdict.BAD: "red"}


def doctor(*, options: Options = DEFAULT) -> ExitStatus:
    """Check NATS, stores, positions, clock, disk, permissions and who sends invoices; say what to do. Exit status 1
    where it is bad.

    Example: retainer doctor
    """
    with console(stderr=True).status("Looking …"):
        found = list(findings(options.place()))
    bad = [finding for finding in found if finding.verdict is Verdict.BAD]
    if options.json:
        json_out({"well": not bad, "findings": [asdict(finding) for finding in found]})
    else:
        from rich.text import Text

        rows = [(one.what, Text(one.verdict.value, style=STYLES[one.verdict]), one.found, one.remedy) for one in found]
        show(table("", ("what", "is", "found", "what to do"), rows))
        say("All is well." if not bad else f"{len(bad)} of {len(found)} checks are bad; see what to do on the right.")
    return ExitStatus.DIFFERS if bad else ExitStatus.OK
