"""A case file by public calls against a running system that rehearses, in a fresh agency each time."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from chassis.auth import Identity, Role
from retainer.case_told import Case
from retainer.client import Client
from retainer.failures import Failure
from retainer.place import SERVICES, Place, place
from retainer.rehearsal import Rehearsal
from services import PORTS

LOCAL: Final = ("localhost", "127.0.0.1", "::1")


def through(case: Case, host: str, here: Place) -> dict[str, Any]:
    """Periods and invoices as the services answer them; `Flaw` where one of them refuses a fact."""
    where = place_of(host, here)
    agency = f"case-{uuid4().hex[:12]}"
    token = where.tokens().issue(Identity(agency, "owner", Role.OWNER), days=1)
    with Client(where, token) as client:
        return Rehearsal(case, client).play()


def place_of(host: str, here: Place) -> Place:
    """A data folder, this machine's system, or a host whose services listen at their own addresses or usual ports."""
    if Path(host).is_dir():
        return place(Path(host))
    name, _, port = host.rpartition(":") if host.count(":") == 1 else (host, "", "")
    if name in LOCAL and here.run_file("billing"):
        return here
    if port and not port.isdigit():
        raise Failure(f"--through {host!r}: {port!r} is no port")
    settings = here.settings
    known = {
        service: settings.of(service).model_copy(
            update={"address": settings.of(service).address or f"{name}:{PORTS[service]}"}
        )
        for service in SERVICES
    }
    return replace(here, settings=settings.model_copy(update={"services": known}))
