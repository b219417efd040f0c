"""The hash that chains a stream: whoever has a stream's facts can check that none is missing or changed.

hash = SHA-256 over, each on a line: the hash before (of the first: the stream's id), version, tag, the instant in
microseconds since 1970, the actor, and the payload as it is stored, sealed fields included.
"""

from hashlib import sha256


def chained(before: str, stream: str, version: int, tag: str, recorded_at_us: int, actor: str, payload: bytes) -> str:
    """In hex; `before` is empty for the first event of a stream."""
    head = f"{before or stream}\n{version}\n{tag}\n{recorded_at_us}\n{actor}\n"
    return sha256(head.encode() + payload).hexdigest()
