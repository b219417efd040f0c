"""`retainer events tail`: facts as they are published."""

import asyncio
import json
from contextlib import aclosing
from typing import Any

from retainer.failures import ExitStatus, Failure
from retainer.output import json_line, say
from retainer.place import SERVICES
from retainer.subscription import Fact, NoBus, facts
from retainer.verbs.asking import DEFAULT, Options


def tail(
    *,
    service: str = "",
    type: str = "",
    all: bool = False,
    limit: int = 0,
    options: Options = DEFAULT,
) -> None:
    """Show facts as they are published, until Ctrl-C: of every agency, or of the one that --agency names.

    Example: retainer events tail --service billing --type InvoiceIssued
    Example: retainer events tail --all --limit 20 --json

    Parameters
    ----------
    service
        contracts, timelog, billing or notify; all where none is named.
    type
        The event's name, like TimeLogged or timelog.TimeLogged.
    all
        From the first fact ever, not from now on.
    limit
        Stop after so many.
    """
    if service and service not in SERVICES:
        raise Failure(f"there is no service {service!r}: take one of {', '.join(SERVICES)}")
    wanted = type.rpartition(".")[2].partition("@")[0]
    asyncio.run(_tail(options, service, wanted, all, limit))


async def _tail(options: Options, service: str, wanted: str, all: bool, limit: int) -> None:
    place = options.place()
    url = place.bus_url()
    if not url:
        raise Failure(
            f"no bus is running in {place.data_dir}: start the system with `retainer up`, or set RETAINER_NATS_URL",
            ExitStatus.UNAVAILABLE,
        )
    count = 0
    published = facts(
        url,
        service=service,
        agency=options.agency,
        name=wanted,
        all=all,
        login=place.bus_login(),
    )
    try:
        async with aclosing(published):
            async for fact in published:
                _show(fact, as_json=options.json)
                count += 1
                if limit and count >= limit:
                    return
    except NoBus as error:
        raise Failure(str(error), ExitStatus.UNAVAILABLE) from None


def _show(fact: Fact, *, as_json: bool) -> None:
    payload: Any = json.loads(fact.payload)
    if as_json:
        json_line({"subject": fact.subject, "headers": fact.headers, "data": payload})
        return
    headers = fact.headers
    text = json.dumps({key: value for key, value in payload.items() if key != "fact"}, ensure_ascii=False)
    say(f"{headers.get('ce-time', '')}  {headers.get('ce-type', '')}  {headers.get('ce-subject', '')}  {text}")
