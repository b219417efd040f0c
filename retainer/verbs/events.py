"""`retainer events tail`: facts as they are published."""

import asyncio
import json
from contextlib import aclosing
from typing import Any

from chassis.message import CORRELATION
from chassis.tls import bus_context_of
from retainer.failures import ExitStatus, Failure
from retainer.output import json_line, say
from retainer.place import SERVICES
from retainer.subscription import Fact, NoBus, facts
from retainer.verbs.asking import DEFAULT, Options


def tail(
    *,
    service: str = "",
    type: str = "",
    correlation: str = "",
    all: bool = False,
    limit: int = 0,
    options: Options = DEFAULT,
) -> None:
    """Show facts as they are published, until Ctrl-C: of every agency, or of the one that --agency names.

    Example: retainer events tail --service billing --type InvoiceIssued
    Example: retainer events tail --all --limit 20 --json
    Example: retainer events tail --all --correlation 4bf92f3577b34da6a3ce929d0e0e4736

    Parameters
    ----------
    service
        contracts, timelog, billing or notify; all where none is named.
    type
        The event's name, like TimeLogged or timelog.TimeLogged.
    correlation
        Of one call alone: the correlation id of its answer, or the id of its trace.
    all
        From the first fact ever, not from now on.
    limit
        Stop after so many.
    """
    if service and service not in SERVICES:
        raise Failure(f"there is no service {service!r}: take one of {', '.join(SERVICES)}")
    wanted = type.rpartition(".")[2].partition("@")[0]
    asyncio.run(_tail(options, service, wanted, correlation, all, limit))


async def _tail(options: Options, service: str, wanted: str, correlation: str, all: bool, limit: int) -> None:
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
        tls=bus_context_of(place.settings, url),
    )
    try:
        async with aclosing(published):
            async for fact in published:
                if correlation and fact.headers.get(CORRELATION) != correlation:
                    continue
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
