"""`retainer token`: a token to call with."""

from chassis.auth import Identity, Role
from retainer.failures import Failure
from retainer.output import json_out
from retainer.verbs.asking import DEFAULT, Options
from vocabulary.refusal import Refused


def token(
    *,
    role: Role = Role.OWNER,
    subject: str = "",
    client: str = "",
    days: int = 365,
    options: Options = DEFAULT,
) -> None:
    """Make a token for somebody of an agency; needs the token secret of the system.

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
    where = options.place()
    if days < 1:
        raise Failure("--days: a token is good for one day at least")
    identity = Identity(where.settings.agency, subject or role.value, role, client)
    try:
        made = where.tokens().issue(identity, days=days)
    except Refused as error:
        raise Failure(f"{error.message} (at {error.field})") from None
    if options.json:
        json_out({"token": made, "agency": identity.agency, "subject": identity.subject, "role": role.value})
    else:
        print(made)
