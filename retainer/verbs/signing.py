"""`retainer keys`: the keys that sign tokens."""

import sys
from datetime import UTC, datetime

from chassis.tokens import SigningKeys
from chassis.tokens.keys import fresh_set, rotate
from retainer.failures import ExitStatus, Failure
from retainer.output import json_out, say, show, table
from retainer.verbs.asking import DEFAULT, Options


def make() -> None:
    """Print a fresh set of signing keys, for a file that RETAINER_SIGNING_KEYS_FILE names and nobody else may read.

    Example: retainer keys make
    """
    sys.stdout.write(fresh_set().decode())


def list_(*, options: Options = DEFAULT) -> None:
    """Show which keys sign and read tokens; --json prints their public halves as a JWK set.

    Example: retainer keys list --json
    """
    keys = _keys(options)
    if options.json:
        json_out(keys.published())
        return
    rows = [
        (
            key.kid,
            datetime.fromtimestamp(key.made_at, UTC).strftime("%Y-%m-%d %H:%M") if key.made_at else "",
            "signs and reads" if key.signs else "reads until the next rotation",
        )
        for key in keys.list()
    ]
    show(table("Signing keys", ("key id", "made", "what it does"), rows))


def rotate_(*, options: Options = DEFAULT) -> None:
    """Sign with a fresh key from now on; tokens of the key before stay good until the next rotation.

    Example: retainer keys rotate
    """
    keys = _keys(options)
    path = options.place().settings.signing_keys_path
    try:
        fresh, gone = rotate(path)
    except (OSError, ValueError) as error:
        raise Failure(f"{path} cannot be changed: {error}", ExitStatus.DENIED) from None
    if options.json:
        json_out({"signs": fresh, "stays": [key.kid for key in keys.list() if key.kid not in gone], "gone": gone})
        return
    say(f"{fresh} signs from now on; running services know within a second.")
    for kid in gone:
        say(f"{kid} is gone: the tokens that it signed are worthless.")


def _keys(options: Options) -> SigningKeys:
    return options.place().signing_keys()
