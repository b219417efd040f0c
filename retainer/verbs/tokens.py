"""`retainer token`: make, list and revoke tokens to call with; for whoever may read the signing keys of the system."""

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any

from chassis.auth import Identity, Role
from chassis.tokens import Issued
from retainer.failures import ExitStatus, Failure
from retainer.issued import Entry, entries, note
from retainer.output import json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options
from vocabulary.refusal import Refused

EVERYWHERE = "*"
LONGEST_DAYS = 3650


def make(
    *,
    role: Role = Role.OWNER,
    subject: str = "",
    client: str = "",
    days: int = 365,
    options: Options = DEFAULT,
) -> None:
    """Make a token for somebody of an agency; needs the signing keys of the system.

    Example: retainer token --role member --subject anna
    Example: export RETAINER_TOKEN=$(retainer token --agency nordlicht)

    Parameters
    ----------
    role
        owner and manager may do everything, a member logs his own time, a guest sees his own client's.
    subject
        Who it is for: the id of a person where a member logs time.
    client
        Of which client the guest is.
    days
        How long it is good for.
    """
    if role is Role.GUEST and not client:
        raise Failure("a guest sees the books of one client: name it, like --client acme")
    where = options.place()
    if not 1 <= days <= LONGEST_DAYS:
        raise Failure(f"--days: a token is good for 1 to {LONGEST_DAYS} days")
    identity = Identity(where.settings.agency, subject or role.value, role, client)
    try:
        made = where.tokens().make(identity, days=days)
    except Refused as error:
        raise Failure(f"{error.message} (at {error.field})") from None
    note(where.settings.issued_path, _entry(made, identity))
    if options.json:
        json_out(
            {
                "token": made.token,
                "id": made.id,
                "agency": identity.agency,
                "subject": identity.subject,
                "role": role.value,
                "expires_at": _instant(made.expires_at),
            }
        )
    else:
        print(made.token)


def list_(*, all: bool = False, options: Options = DEFAULT) -> None:
    """List the tokens that `retainer token` made here: whose they are, and whether they are good.

    Example: retainer token list --all --json

    Parameters
    ----------
    all
        Those of every agency, and those that have expired.
    """
    where = options.place()
    revoked, now = where.revocations().now(), time.time()
    rows = []
    for entry in entries(where.settings.issued_path):
        if revoked.name(entry.id, entry.agency, entry.subject, entry.issued_at):
            state = "revoked"
        else:
            state = "good" if entry.expires_at > now else "expired"
        if all or (entry.agency == where.settings.agency and entry.expires_at > now):
            rows.append((entry, state))
    if options.json:
        json_out({"tokens": [{**entry._asdict(), "state": state} for entry, state in rows]})
        return
    if not rows:
        say("No tokens were made here for this agency (--all shows those of every agency).")
        return
    columns = ("id", "agency", "subject", "role", "client", "made", "expires", "state")
    show(table("Tokens", columns, [_row(entry, state) for entry, state in rows]))


def revoke(
    ids: tuple[str, ...] = (),
    /,
    *,
    subject: str = "",
    all: bool = False,
    everywhere: bool = False,
    options: Options = DEFAULT,
) -> None:
    """Make tokens worthless before they expire: by id, or all made so far. The services know within a second.

    Example: retainer token revoke 4f1c0d9be2a7c351
    Example: retainer token revoke --all --subject anna --agency nordlicht
    Example: retainer token revoke --everywhere

    Parameters
    ----------
    ids
        Ids as `retainer token list` shows them, or tokens themselves.
    subject
        With --all: only those of this subject of the agency.
    all
        All tokens of the agency that were made before now, whoever made them.
    everywhere
        All tokens of all agencies that were made before now.
    """
    if bool(ids) == (all or everywhere) or (subject and not all):
        raise Failure("name ids of tokens, or say --all (with --subject for one person's), or --everywhere")
    where = options.place()
    revocations = where.revocations()
    now = time.time()
    known = {entry.id: entry for entry in entries(where.settings.issued_path)}
    try:
        for named in ids:
            token_id, expires_at = _named(named, known)
            revocations.revoke(token_id, expires_at)
        if everywhere:
            revocations.revoke_all_before(now, EVERYWHERE)
        elif all:
            revocations.revoke_all_before(now, where.settings.agency, subject)
    except (OSError, ValueError) as error:
        raise Failure(f"{revocations.path} cannot be changed: {error}", ExitStatus.DENIED) from None
    if ids:
        what = f"{len(ids)} revoked"
    else:
        whose = "everybody" if everywhere else f"{subject or 'everybody'} of {where.settings.agency}"
        what = f"All tokens of {whose} made before {_instant(now)} are revoked"
    if options.json:
        json_out({"revoked": list(ids), "all_before": "" if ids else _instant(now)})
    else:
        say(f"{what}; running services know within a second.")


def _row(entry: Entry, state: str) -> tuple[str, ...]:
    made, expires = _instant(entry.issued_at)[:10], _instant(entry.expires_at)[:10]
    return entry.id, entry.agency, entry.subject, entry.role, entry.client, made, expires, state


def _named(named: str, known: dict[str, Entry]) -> tuple[str, float]:
    """The id of a token, and until when it would have been good."""
    longest = time.time() + LONGEST_DAYS * 86_400
    if named.count(".") == 2:
        try:
            part = named.split(".")[1]
            claims: Any = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            return str(claims["jti"]), min(float(claims["exp"]), longest)
        except (ValueError, KeyError, TypeError):
            raise Failure("this token cannot be read: give its id (retainer token list)") from None
    entry = known.get(named)
    return named, entry.expires_at if entry is not None else longest


def _entry(made: Issued, identity: Identity) -> Entry:
    return Entry(
        made.id,
        identity.agency,
        identity.subject,
        identity.role.value,
        identity.client_id,
        made.issued_at,
        made.expires_at,
    )


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
