"""`retainer events user` and `events users`: who may read facts on the bus."""

import asyncio
import os
import re
import signal
import time
from collections.abc import Callable

from chassis.bus_users import (
    API_PREFIX,
    Subscriber,
    add_subscriber,
    remove_subscriber,
    stream_name,
    users_conf,
)
from chassis.house_bus import write_users_conf
from chassis.tls import bus_context_of
from retainer.failures import ExitStatus, Failure
from retainer.output import json_out, say
from retainer.place import Place
from retainer.subscription import answers
from retainer.verbs.asking import DEFAULT, Options
from services import HEARS
from vocabulary.identity import IdMalformed, check_id

RELOAD_SECONDS = 0.3
MOST_TIMES = 20


def user(agency: str, /, *, name: str = "main", remove: bool = False, options: Options = DEFAULT) -> None:
    """Let somebody read the facts of one agency on the bus that `retainer up` runs, and print the login.

    It may listen to retainer.<agency>.>, and have one pull consumer on each stream, named as the user, through the
    JetStream API at the prefix house.api. It may publish nothing and sees no other agency.

    Example: retainer events user nordlicht --name crm
    Example: retainer events user nordlicht --name crm --remove

    Parameters
    ----------
    agency
        Whose facts.
    name
        Tells several subscribers of one agency apart.
    remove
        Take the login away again.
    """
    subscriber = _subscriber(agency, name)
    place = options.place()
    if place.settings.nats_url or not place.data_dir.is_dir():
        raise Failure(
            "this is for the bus of a data folder that `retainer up` runs; for a server of your own put what"
            " `retainer events users` prints into its configuration"
        )
    path = place.settings.bus_logins_path
    if remove:
        if not remove_subscriber(path, subscriber):
            raise Failure(f"there is no {subscriber.user}", ExitStatus.NOT_FOUND)
        _tell_the_server(place)
        json_out({"removed": subscriber.user}) if options.json else say(f"{subscriber.user} may no longer read.")
        return
    password = add_subscriber(path, subscriber)
    url = place.bus_url()
    tls = bus_context_of(place.settings, url)
    asked = f"{API_PREFIX}.CONSUMER.INFO.{stream_name('contracts')}.{subscriber.user}"
    _tell_the_server(place, until=lambda: asyncio.run(answers(url, subscriber.user, password, asked, tls)))
    login = {
        "url": url,
        "user": subscriber.user,
        "password": password,
        "subject": subscriber.facts,
        "api_prefix": API_PREFIX,
        "consumer": subscriber.user,
        "streams": [stream_name(service) for service in HEARS],
    }
    if options.json:
        json_out(login)
        return
    for what, value in login.items():
        say(f"{what.replace('_', ' '):<12}{' '.join(value) if isinstance(value, list) else value}")


def users(*subscribers: str) -> None:
    """Print the accounts and users for a nats-server of your own: each service's least rights, and subscribers.

    Passwords are variables of the server's environment (RETAINER_NATS_PASSWORD_TIMELOG and so on); let them begin with
    a letter. What it prints belongs at the top of nats.conf.

    Example: retainer events users
    Example: retainer events users nordlicht~crm

    Parameters
    ----------
    subscribers
        Agency and name of who may read that agency's facts.
    """
    outside = [_subscriber(*said.partition("~")[::2]) for said in subscribers]
    print(users_conf(HEARS, lambda named: f"${variable(named)}", outside), end="")


def variable(user: str) -> str:
    """The variable that holds a user's password."""
    return f"RETAINER_NATS_PASSWORD_{re.sub('[^A-Z0-9]', '_', user.upper())}"


def _subscriber(agency: str, name: str) -> Subscriber:
    try:
        return Subscriber(check_id(agency, "agency"), check_id(name or "main", "name").replace(".", "-"))
    except IdMalformed as error:
        raise Failure(f"{error.message} (at {error.field})") from None


def _tell_the_server(place: Place, *, until: Callable[[], bool] = lambda: True) -> None:
    """A running server reads its users again at SIGHUP; one that is not running will at its start.

    It is told twice at least: at the first time nats-server takes the accounts, and only at the next it connects what
    one of them lets the other call.
    """
    write_users_conf(place.settings, HEARS)
    pid = place.run_file("nats").get("pid")
    if not isinstance(pid, int) or pid <= 1:
        return
    for told in range(1, MOST_TIMES):
        try:
            os.kill(pid, signal.SIGHUP)
        except ProcessLookupError:
            return
        time.sleep(RELOAD_SECONDS)
        if told > 1 and until():
            return
    raise Failure("nats-server has not taken the login over: see <data>/logs/nats.log", ExitStatus.UNAVAILABLE)
