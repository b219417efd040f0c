"""`retainer verify`: whether everything that is kept fits together."""

import asyncio
from typing import Annotated

import msgspec
from cyclopts import Parameter

from retainer.failures import ExitStatus
from retainer.output import console, json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options
from retainer.words import named
from wire.retainer.billing.v1.proof_pb2 import VerifyAccountRequest


def verify(
    contract: str = "",
    /,
    *,
    views: Annotated[bool, Parameter(negative="--no-views")] = True,
    options: Options = DEFAULT,
) -> ExitStatus:
    """Read all stores from the first fact on, and say what does not fit; the house may run meanwhile.

    With a contract its account alone is recomputed by the running house, as whoever may see it can ask: its chain of
    hashes, its figures and totals, what it asked (R27), and its view; the first event that does not fit is named.

    Checked are positions, streams, chains and the sequences of each agency; that the invoices of every contract add up
    to what its statements charge (R27), and numbers without gap or repeat (R30); every view against one that is built
    beside it; that there is a key for all that is sealed; and that what services took in of each other is still there.
    Exit status 1 where something does not fit.

    Example: retainer verify
    Example: retainer verify --no-views --json
    Example: retainer verify web-2026

    Parameters
    ----------
    contract
        Contract id; the whole house where none is named.
    views
        Compare each view with one that is built from the facts (takes as long as a rebuild).
    """
    if contract:
        return _account(contract, options)
    from retainer.moves import in_words
    from retainer.verification import verify as verified

    with console(stderr=True).status("Reading …") as status, in_words():
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


def _account(contract: str, options: Options) -> ExitStatus:
    """One account, by the running house."""
    with options.client() as client:
        found = client.ask(VerifyAccountRequest(contract=named("contracts", contract)), timeout_seconds=120)
    if options.json:
        json_out(found)
    else:
        for flaw in found.flaws:
            say(f"event {flaw.version} ({flaw.event_id}): {flaw.message}" if flaw.version else flaw.message)
        fits = "Everything fits together" if not found.flaws else f"{len(found.flaws)} things do not fit"
        say(f"{fits}: {found.version} events, head {found.head_hash}.")
    return ExitStatus.DIFFERS if found.flaws else ExitStatus.OK
