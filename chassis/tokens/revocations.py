"""Tokens that are no longer good before they expire: one by its id, or all that were issued before an instant.

They stand in a file, `secrets/revoked.json` of the data folder or the one that the settings name; every process reads
it again within a second. What has expired by itself is dropped when the file is next written.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chassis.secret_files import locked, replace_secret
from chassis.settings import Settings, SettingsWrong
from chassis.watched import Watched

EVERYWHERE = "*"
LONGEST_DAYS = 3660
"""No token is good for longer, so that what was revoked need not be kept for ever."""


@dataclass(frozen=True, slots=True)
class Revocations:
    """`before` maps (agency or `*`, subject or empty for all) to the instant before which nothing is good."""

    ids: Mapping[str, float] = field(default_factory=dict)
    """Token id -> when it would have expired."""
    before: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def name(self, token_id: str, agency: str, subject: str, issued_at: float) -> bool:
        """Whether this token is among them."""
        if token_id in self.ids:
            return True
        scopes = ((EVERYWHERE, ""), (agency, ""), (agency, subject))
        return bool(self.before) and any(issued_at < self.before.get(scope, 0.0) for scope in scopes)


class RevocationsFile:
    """What is revoked, as the file says now."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._watched = Watched(path, _read, absent=Revocations())
        self._clock = clock

    @classmethod
    def of(cls, settings: Settings) -> "RevocationsFile":
        path = settings.revoked_path
        try:
            return cls(path)
        except (OSError, ValueError) as error:
            raise SettingsWrong(f"RETAINER_REVOKED_FILE: {path} cannot be used: {error}") from None

    @property
    def path(self) -> Path:
        return self._watched.path

    def now(self) -> Revocations:
        return self._watched.now()

    def revoke(self, token_id: str, expires_at: float) -> None:
        """This token is not good from now on."""
        self._change(lambda said: Revocations({**said.ids, token_id: expires_at}, said.before))

    def revoke_all_before(self, instant: float, agency: str, subject: str = "") -> None:
        """Nothing that was issued before is good: of a subject, of an agency, or (`*`) of anybody."""
        self._change(lambda said: Revocations(said.ids, {**said.before, (agency, subject): instant}))

    def _change(self, change: Callable[[Revocations], Revocations]) -> None:
        with locked(self.path):
            said = _read(self.path.read_bytes()) if self.path.exists() else Revocations()
            replace_secret(self.path, _written(change(said), self._clock()))


def _read(content: bytes) -> Revocations:
    said: Any = json.loads(content)
    try:
        return Revocations(
            {str(token["id"]): float(token["expires_at"]) for token in said.get("tokens", ())},
            {(str(all["agency"]), str(all.get("subject", ""))): float(all["before"]) for all in said.get("all", ())},
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError('it is not {"tokens": [{"id", "expires_at"}], "all": [{"agency", "before"}]}') from error


def _written(said: Revocations, now: float) -> bytes:
    tokens = [{"id": id, "expires_at": expires} for id, expires in said.ids.items() if expires > now]
    oldest = now - LONGEST_DAYS * 86_400
    everything = [
        {"agency": agency, "subject": subject, "before": before}
        for (agency, subject), before in said.before.items()
        if before > oldest
    ]
    return json.dumps({"tokens": tokens, "all": everything}, indent=1).encode() + b"\n"
