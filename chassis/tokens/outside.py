"""Keys of others whose tokens are good here too: an identity provider's, from a file or a JWKS URL.

What was fetched is kept while the URL is away, for a day where the settings say nothing else. A token that names a key
we have not seen makes us fetch again, at most every ten seconds. A reply is at most 64 KiB and 32 keys, redirects are
not followed, and http is for this machine alone.
"""

import asyncio
import ipaddress
import logging
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from chassis.settings import Settings, SettingsWrong
from chassis.tokens.keys import KeysMalformed, PublicKeys, public_keys_in
from chassis.watched import Watched

LARGEST_SET = 64 * 1024
FETCH_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 10.0
NO_KEYS: PublicKeys = MappingProxyType({})

log = logging.getLogger(__name__)


class KeysAway(Exception):
    """The set cannot be fetched, or is none."""


class OutsideKeys:
    """`reading` gives the keys as they are known now; `run` keeps them fresh, where they come from a URL."""

    def __init__(
        self,
        *,
        file: Path | None = None,
        url: str = "",
        issuer: str = "",
        audience: str = "",
        refresh_seconds: float = 300.0,
        kept_seconds: float = 86_400.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self.audience = audience
        self._file = Watched(file, public_keys_in) if file is not None else None
        self._url = url
        self._refresh_seconds = refresh_seconds
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._fetched = NO_KEYS
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()

    def reading(self) -> PublicKeys:
        """The same object as long as nothing has changed."""
        if self._file is not None:
            return self._file.now()
        if self._fetched and self._clock() - self._fetched_at > self._kept_seconds:
            log.error("the keys of %s are dropped: it has been away for too long", self._url)
            self._fetched = NO_KEYS
        return self._fetched

    async def look_again(self) -> None:
        """Somebody names a key that is not among them: fetch, unless that was done a moment ago."""
        if self._url:
            async with self._fetching:
                if self._clock() - self._tried_at >= LOOK_AGAIN_SECONDS:
                    await self._fetch()

    async def run(self) -> None:
        """Keep them fresh until cancelled."""
        while True:
            if self._url:
                async with self._fetching:
                    await self._fetch()
            await asyncio.sleep(self._refresh_seconds)

    async def _fetch(self) -> None:
        self._tried_at = self._clock()
        try:
            fetched = public_keys_in(await asyncio.to_thread(_fetched_from, self._url))
        except (KeysAway, KeysMalformed) as error:
            log.warning("the keys of %s cannot be fetched, those known are kept: %s", self._url, error)
            return
        self._fetched_at = self._clock()
        if {kid: key.as_dict() for kid, key in fetched.items()} != {k: v.as_dict() for k, v in self._fetched.items()}:
            self._fetched = fetched


def outside_keys_of(settings: Settings) -> OutsideKeys | None:
    """As the settings name them; None where they name none. `SettingsWrong`."""
    named = settings.token_keys
    if not named:
        return None
    said: dict[str, Any] = {
        "issuer": settings.token_issuer,
        "audience": settings.token_audience,
        "refresh_seconds": settings.token_keys_refresh_seconds,
        "kept_seconds": settings.token_keys_kept_seconds,
    }
    if not settings.token_issuer:
        raise SettingsWrong("RETAINER_TOKEN_KEYS: set RETAINER_TOKEN_ISSUER too, so that no other's token is good")
    if "://" not in named:
        try:
            return OutsideKeys(file=Path(named), **said)
        except (OSError, ValueError) as error:
            raise SettingsWrong(f"RETAINER_TOKEN_KEYS: {named} cannot be used: {error}") from None
    if not _may_be_fetched(named):
        raise SettingsWrong("RETAINER_TOKEN_KEYS: keys are fetched by https, by http from this machine alone")
    return OutsideKeys(url=named, **said)


def _may_be_fetched(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.scheme == "http" and parts.hostname == "localhost"


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> NoReturn:
        raise KeysAway("it answers with a redirect: name the place itself")


def _fetched_from(url: str) -> bytes:
    opener: OpenerDirector = build_opener(ProxyHandler({}), _NoRedirects())
    try:
        with opener.open(Request(url, headers={"Accept": "application/json"}), timeout=FETCH_SECONDS) as reply:
            content: bytes = reply.read(LARGEST_SET + 1)
    except (URLError, OSError, ValueError) as error:
        raise KeysAway(str(error)) from None
    if len(content) > LARGEST_SET:
        raise KeysAway(f"the set is larger than {LARGEST_SET} bytes")
    return content
