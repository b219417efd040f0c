"""`retainer verify`: whether everything that is kept fits together."""

import asyncio
from typing import Annotated

import msgspec
from cyclopts import Parameter

from retainer.failures import ExitStatus
from retainer.output import console, json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options


def verify(
    *, views: Annotated[bool, Parameter(negative="--no-views")] = True, options: Options = DEFAULT
) -> ExitStatus:
    """Read all stores from the first fact on, and say what does not fit; the house may run meanwhile.

    Checked are positions, streams, chains and the sequences of each agency; that the invoices of every contract add up
    to what its statements charge (R27), and numbers without gap or repeat (R30); every view against one that is built
    beside it; that there is a key for all that is sealed; and that what services took in of each other is still there.
    Exit status 1 where something does not fit.

    Example: retainer verify
    Example: retainer verify --no-views --json

    Parameters
    ----------
    views
        Compare each view with one that is built from the facts (takes as long as a rebuild).
    """
    from retainer.verification import verify as verified

    with console(stderr=True).status("Reading …") as status:
        found = asyncio.run(
            verified(options.place().settings, lambda step: status.update(f"Reading: {step} …"), views=views)
        )
    bad = [flaw for one in found for flaw in one.flaws]
    if options.json:
        json_out({"whole": not bad, "services": [msgspec.to_builtins(one) for one in found]})
    else:
        rows = [(one.service, one.epoch, str(one.position), str(len(one.flaws))) for one in found]
        show(table("", ("service", "epoch", "position", "does not fit"), rows, right=("position", "does not fit")))
        for one in found:
            for flaw in one.flaws:
                say(f"{one.service}: {flaw}")
        say("Everything fits together." if not bad else f"{len(bad)} things do not fit; the first: {bad[0]}")
    return ExitStatus.DIFFERS if bad else ExitStatus.OK
