"""Who may do what on the bus: the accounts and users of a nats-server, as a piece of its configuration.

    HOUSE                    the account that holds the streams
    ├── <service>            publishes its own facts, keeps its own stream, reads those of the services it hears
    └── operator             reads everything (`retainer events tail`); makes, changes and deletes no stream
    SUBSCRIBER-<agency>~<name>   an account of its own for each subscriber: one agency's facts, and nothing else

A subscriber has an account of its own because JetStream delivers to whatever subject a request names for its answers:
in one account with the services he could have facts delivered into a stream. Across accounts his subjects are his own.
He finds the JetStream API under the prefix `house.api`, for one pull consumer on each stream, named as his user.

The standard library and the settings are enough here: the supervisor writes this too.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chassis.secret_files import kept_secret, locked, replace_secret
from chassis.settings import Settings

HOUSE = "HOUSE"
OPERATOR = "operator"
API_PREFIX = "house.api"
"""What a subscriber's client takes for `$JS.API`."""

Hears = Mapping[str, Sequence[str]]
"""Service -> the services whose facts it hears."""
Password = Callable[[str], str]
"""User -> its password as the configuration writes it: in quotation marks, or `$VARIABLE`."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody outside who reads the facts of one agency."""

    agency: str
    name: str = "main"

    @property
    def user(self) -> str:
        """Also the name of its consumers."""
        return f"{subject_word(self.agency)}~{self.name}"

    @property
    def facts(self) -> str:
        return f"retainer.{subject_word(self.agency)}.>"


@dataclass(frozen=True, slots=True)
class Rights:
    """Subjects that a user may publish to and subscribe to."""

    publish: Sequence[str]
    subscribe: Sequence[str]
    never: Sequence[str] = ()
    """Not to be published to, although `publish` would let it."""


def stream_name(service: str) -> str:
    """The JetStream stream of a service's facts."""
    return f"retainer-{service}"


def subject_word(agency: str) -> str:
    """An agency's id as a word of a subject: a dot would end it."""
    return agency.replace(".", "%2E")


def inbox_prefix(user: str) -> str:
    """Where answers to a user come: nobody else listens there."""
    return f"_INBOX_{user}"


def rights_of_service(service: str, hears: Sequence[str]) -> Rights:
    """Its own facts and stream; consumers on the streams that it hears."""
    own = stream_name(service)
    publish = [f"retainer.*.{service}.>"]
    publish += [f"$JS.API.STREAM.{verb}.{own}" for verb in ("INFO", "CREATE", "UPDATE", "DELETE", "MSG.GET")]
    for source in map(stream_name, hears):
        publish += [f"$JS.API.STREAM.INFO.{source}", f"$JS.API.DIRECT.GET.{source}"]
        publish += [f"$JS.API.CONSUMER.{verb}.{source}.*" for verb in ("CREATE", "INFO", "DELETE", "MSG.NEXT")]
    return Rights(publish, [f"{inbox_prefix(service)}.>", "$JS.EVENT.ADVISORY.CONSUMER.DELETED.>"])


def rights_of_operator() -> Rights:
    never = [f"$JS.API.STREAM.{verb}.>" for verb in ("CREATE", "UPDATE", "DELETE", "PURGE", "RESTORE", "MSG.DELETE")]
    return Rights(["$JS.API.>"], [f"{inbox_prefix(OPERATOR)}.>", "_INBOX.>", "retainer.>", "$JS.EVENT.>"], never)


def users_conf(hears: Hears, password: Password, subscribers: Sequence[Subscriber] = ()) -> str:
    """The block `accounts` of a nats-server's configuration; the rest of it is up to who runs the server."""
    lines = ["accounts {", f"  {HOUSE} {{", "    jetstream: enabled", "    users: ["]
    for service, heard in hears.items():
        lines += _user(service, password, rights_of_service(service, heard))
    lines += [*_user(OPERATOR, password, rights_of_operator()), "    ]", "    exports: ["]
    for subscriber in subscribers:
        account = f'accounts: ["{_account(subscriber)}"]'
        lines.append(f'      {{stream: "{subscriber.facts}", {account}}}')
        for subject, streams in _calls(subscriber, hears):
            kind = ", response_type: stream" if streams else ""
            lines.append(f'      {{service: "{subject}"{kind}, {account}}}')
    lines += ["    ]", "  }"]
    for subscriber in subscribers:
        lines += _subscriber_account(subscriber, password, hears)
    return "\n".join([*lines, "}", ""])


def _account(subscriber: Subscriber) -> str:
    return f"SUBSCRIBER-{subscriber.user}"


def _calls(subscriber: Subscriber, hears: Hears) -> Iterator[tuple[str, bool]]:
    """Subjects of the house that a subscriber may call, and whether many messages answer."""
    user = subscriber.user
    for stream in map(stream_name, hears):
        yield f"$JS.API.CONSUMER.CREATE.{stream}.{user}.{subscriber.facts}", False
        yield f"$JS.API.CONSUMER.INFO.{stream}.{user}", False
        yield f"$JS.API.CONSUMER.DELETE.{stream}.{user}", False
        yield f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{user}", True
        yield f"$JS.ACK.{stream}.{user}.>", False


def _local(subject: str) -> str:
    return subject.replace("$JS.API", API_PREFIX)


def _subscriber_account(subscriber: Subscriber, password: Password, hears: Hears) -> list[str]:
    calls = [subject for subject, _ in _calls(subscriber, hears)]
    rights = Rights([_local(subject) for subject in calls], ["_INBOX.>", subscriber.facts])
    lines = [f'  "{_account(subscriber)}" {{', "    users: [", *_user(subscriber.user, password, rights), "    ]"]
    lines += ["    imports: [", f'      {{stream: {{account: {HOUSE}, subject: "{subscriber.facts}"}}}}']
    for subject in calls:
        to = f', to: "{_local(subject)}"' if _local(subject) != subject else ""
        lines.append(f'      {{service: {{account: {HOUSE}, subject: "{subject}"}}{to}}}')
    return [*lines, "    ]", "  }"]


def _user(user: str, password: Password, rights: Rights) -> list[str]:
    deny = f", deny: {json.dumps(list(rights.never))}" if rights.never else ""
    return [
        f'      {{user: "{user}", password: {password(user)}, permissions: {{',
        f"        publish: {{allow: {json.dumps(list(rights.publish))}{deny}}}",
        f"        subscribe: {{allow: {json.dumps(list(rights.subscribe))}}}",
        "      }}",
    ]


@dataclass(frozen=True, slots=True)
class BusLogins:
    """The passwords of the bus that `retainer up` runs, and its subscribers: `secrets/bus-users.json`."""

    passwords: Mapping[str, str] = field(default_factory=dict)
    subscribers: Sequence[Subscriber] = ()

    def conf(self, hears: Hears) -> str:
        return users_conf(hears, lambda user: json.dumps(self.passwords[user]), self.subscribers)


def logins_in(path: Path) -> BusLogins:
    """What the file says; none where there is no file."""
    try:
        return _read(path.read_bytes())
    except FileNotFoundError:
        return BusLogins()


def login_of(settings: Settings, user: str) -> tuple[str, str]:
    """User and password: as the settings say, else what was made for the bus of the data folder; empty for none."""
    if settings.nats_user:
        return settings.nats_user, settings.nats_password.get_secret_value()
    password = logins_in(settings.bus_logins_path).passwords.get(user, "")
    return (user, password) if password else ("", "")


def kept_logins(path: Path, services: Sequence[str]) -> BusLogins:
    """The same, made where there is none; every service and the operator has a password afterwards."""
    kept = _read(kept_secret(path, lambda: _written(BusLogins())))
    missing = [user for user in (*services, OPERATOR) if user not in kept.passwords]
    if missing:
        with locked(path):
            kept = _read(path.read_bytes())
            fresh = {user: f"p{secrets.token_urlsafe(24)}" for user in missing}
            kept = BusLogins({**fresh, **kept.passwords}, kept.subscribers)
            replace_secret(path, _written(kept))
    return kept


def add_subscriber(path: Path, subscriber: Subscriber) -> str:
    """The subscriber's password, made at the first time."""
    with locked(path):
        kept = logins_in(path)
        password = kept.passwords.get(subscriber.user) or f"p{secrets.token_urlsafe(24)}"
        others = [other for other in kept.subscribers if other != subscriber]
        replace_secret(path, _written(BusLogins({**kept.passwords, subscriber.user: password}, [*others, subscriber])))
    return password


def remove_subscriber(path: Path, subscriber: Subscriber) -> bool:
    """Whether there was one."""
    with locked(path):
        kept = logins_in(path)
        others = [other for other in kept.subscribers if other != subscriber]
        passwords = {user: password for user, password in kept.passwords.items() if user != subscriber.user}
        replace_secret(path, _written(BusLogins(passwords, others)))
    return len(others) < len(kept.subscribers)


def _read(content: bytes) -> BusLogins:
    said: Any = json.loads(content)
    return BusLogins(
        dict(said["passwords"]), [Subscriber(str(one["agency"]), str(one["name"])) for one in said["subscribers"]]
    )


def _written(logins: BusLogins) -> bytes:
    subscribers = [{"agency": one.agency, "name": one.name} for one in logins.subscribers]
    return json.dumps({"passwords": dict(logins.passwords), "subscribers": subscribers}, indent=1).encode() + b"\n"
