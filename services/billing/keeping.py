"""Big accounts are proved in the background and kept with the proof: a question after a start is answered soon.

Every account of `BIG` events or more is verified again (chain, figures, totals) once it has grown by a twentieth, and
what was proved is kept: verifying goes on from it over the same bytes, and its account is where reading begins.
"""

import asyncio
import logging
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import vocabulary
from chassis.parts import Parts
from chassis.settings import Settings
from chassis.store import Decider
from chassis.store.kept import KeptState, KeptStates, Packing
from services import billing
from services.billing import streams
from services.billing.api.recount import Recount
from services.billing.deciders import ACCOUNT
from services.billing.domain.account.state import Account
from services.billing.domain.packing import REDUCERS, completed, parts_of
from services.billing.domain.proving import AccountProof
from services.billing.views import budget

BIG = 10_000
"""Events; a smaller account is made of them in a few tenths of a second."""
A_TWENTIETH = 20
LOOK_SECONDS = 20.0
READ = (
    "services.billing.domain",
    "services.billing.events",
    "vocabulary",
    "datetime",
    "immutables._map",
    "msgspec._utils",
)
MADE_OF = ("immutables", "msgspec", "tzdata")
"""Packages that decide what a kept account looks like, or on which date an instant lies."""

log = logging.getLogger(__name__)


def kept_accounts(settings: Settings) -> KeptStates:
    """In the data folder of this process; sealed with a key of its own."""
    key = sha256(b"kept accounts:" + settings.master_key_bytes()).digest()
    return KeptStates(packing(), settings.folder("billing") / "accounts", key)


async def keep_accounts(parts: Parts) -> None:
    """Whatever is big and has grown, one account after another."""
    kept_versions: dict[str, int] = {}
    while True:
        for row in await budget.big_accounts(parts.views, BIG):
            stream = streams.account(row["agency"], row["contract_id"])
            if stream not in kept_versions:
                found = await parts.store.kept.find(stream)
                kept_versions[stream] = 0 if found is None else found.version
            if row["version"] - kept_versions[stream] >= row["version"] // A_TWENTIETH:
                kept_versions[stream] = await prove_and_keep(parts, stream)
        await asyncio.sleep(LOOK_SECONDS)


async def prove_and_keep(parts: Parts, stream: str) -> int:
    """The version that was proved and kept, or that of an account that does not fit, which is only told of."""
    recount = Recount(parts.store, stream, await parts.store.kept.take(stream))
    if await recount.read_on():
        kept = KeptState(recount.version, recount.head, recount.proof)
        await parts.store.kept.keep(stream, kept)
        parts.store.kept.remember(stream, kept)
    else:
        log.error("%s does not fit together: `retainer verify` says where", stream)
    return recount.version


def packing() -> Packing:
    """A kept account is an `AccountProof`."""
    return Packing(_made_by(), READ, parts_of, REDUCERS, completed, _state)


def _state(decider: Decider[object, object], proof: AccountProof) -> Account | None:
    return proof.account if decider is ACCOUNT else None


def _made_by() -> str:
    """A hash of everything that has a say in what an account is."""
    folder = Path(billing.__file__).parent
    sources = [
        folder / "events.py",
        *folder.joinpath("domain").rglob("*.py"),
        *Path(vocabulary.__file__).parent.glob("*.py"),
    ]
    digest = sha256(f"{sys.version} {[version(package) for package in MADE_OF]}".encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()
