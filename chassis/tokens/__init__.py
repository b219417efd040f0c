"""Bearer tokens: JWTs signed with Ed25519, read by the id of their key.

keys          the house's own signing keys, two at a time, in a file that is read again when it changes
outside       keys of others (an identity provider) whose tokens are good here too: a file or a JWKS URL
revocations   tokens that are no longer good before they expire
tokens        issue and read
"""

from chassis.tokens.keys import SigningKeys
from chassis.tokens.outside import OutsideKeys, outside_keys_of
from chassis.tokens.revocations import Revocations, RevocationsFile
from chassis.tokens.tokens import Issued, Tokens, tokens_of

__all__ = [
    "Issued",
    "OutsideKeys",
    "Revocations",
    "RevocationsFile",
    "SigningKeys",
    "Tokens",
    "outside_keys_of",
    "tokens_of",
]
