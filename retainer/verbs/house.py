"""`retainer rebuild`, `republish`, `replay`: for who runs the house; they need its token secret."""

from retainer.client import Client
from retainer.failures import Failure
from retainer.output import console, json_out, say
from retainer.place import SERVICES
from retainer.verbs.asking import DEFAULT, Options
from wire.retainer.operations.v1 import operations_pb2 as operations

LONG_SECONDS = 110.0


def house_client(options: Options, service: str) -> Client:
    """A client whose questions of operation go to one service."""
    where = options.place()
    return Client(where, where.operator_token(), operated=service)


def rebuild(service: str, views: tuple[str, ...] = (), /, *, options: Options = DEFAULT) -> None:
    """Fill a service's views anew from its log, beside the live ones, and swap; it goes on serving.

    Example: retainer rebuild billing
    Example: retainer rebuild billing budgets

    Parameters
    ----------
    service
        contracts, timelog, billing or notify.
    views
        Names of views; all where none is named.
    """
    with house_client(options, _known(service)) as client, console(stderr=True).status(f"Rebuilding {service} …"):
        reply = client.ask(operations.RebuildViewsRequest(views=views), timeout_seconds=LONG_SECONDS)
    if options.json:
        json_out(reply)
        return
    for rebuilt in reply.rebuilt:
        say(f"{service}: {rebuilt.view} rebuilt from {rebuilt.facts} facts")


def republish(service: str = "", /, *, options: Options = DEFAULT) -> None:
    """Make the stream of facts on the bus anew from the store, whole.

    Example: retainer republish billing

    Parameters
    ----------
    service
        contracts, timelog, billing or notify; all where none is named.
    """
    done = {}
    for name in (_known(service),) if service else SERVICES:
        with house_client(options, name) as client, console(stderr=True).status(f"Republishing {name} …"):
            done[name] = client.ask(operations.RepublishRequest(), timeout_seconds=LONG_SECONDS).position
        if not options.json:
            say(f"{name}: publishing its facts anew, up to position {done[name]}")
    if options.json:
        json_out(done)


def replay(service: str, /, *, options: Options = DEFAULT) -> None:
    """Try again the facts of other services that a service could not take in.

    Example: retainer replay billing

    Parameters
    ----------
    service
        contracts, timelog, billing or notify.
    """
    done = []
    with house_client(options, _known(service)) as client:
        waiting = client.ask(operations.ListDeadLettersRequest()).partitions
        for dead in waiting:
            request = operations.ReplayDeadLettersRequest(
                source=dead.source, agency=dead.agency, partition=dead.partition
            )
            replayed = client.ask(request, timeout_seconds=LONG_SECONDS).replayed
            done.append({"source": dead.source, "partition": dead.partition, "replayed": replayed})
            if not options.json:
                say(f"{service}: took in {replayed} facts of {dead.source} about {dead.partition}")
    if options.json:
        json_out(done)
    elif not waiting:
        say(f"{service}: nothing waits.")


def _known(service: str) -> str:
    if service not in SERVICES:
        raise Failure(f"there is no service {service!r}: take one of {', '.join(SERVICES)}")
    return service
