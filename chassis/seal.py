"""AES-256-GCM, and nothing more: a text sealed with a subject's key, a key wrapped by the master key.

A sealed text is base64 of a 12-byte nonce and the ciphertext with its tag. The `bound_to` text is authenticated with
it, so that what was sealed for one subject cannot be passed off as another's.
"""

import os
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class SealBroken(Exception):
    """The text was not sealed with this key for this subject."""


def sealed(key: bytes, text: str, bound_to: str, nonce: bytes | None = None) -> str:
    """`nonce` is given by golden samples alone."""
    nonce = nonce or os.urandom(NONCE_BYTES)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), bound_to.encode())).decode()


def open_sealed(key: bytes, text: str, bound_to: str) -> str:
    try:
        raw = b64decode(text, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"a text of {bound_to} does not open with its key") from error


class MasterKey:
    """Wraps the keys of subjects, so that a stolen key store is worth nothing without the settings."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, not {len(key)}")
        self._cipher = AESGCM(key)

    def fresh(self) -> bytes:
        return AESGCM.generate_key(KEY_BYTES * 8)

    def wrap(self, key: bytes, bound_to: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, bound_to.encode())

    def unwrap(self, wrapped: bytes, bound_to: str) -> bytes:
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to.encode())
        except InvalidTag as error:
            raise SealBroken(f"the key of {bound_to} was not wrapped by this master key") from error
