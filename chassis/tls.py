"""TLS at the doors and towards others, from PEM files that are read again when they change.

One certificate shows who a process is, to callers and to those that it calls. Where `tls_client_ca` is set, a door
takes callers with a certificate of that authority alone (mutual TLS). Without a certificate nothing is encrypted: for
one machine, or behind something that does it.
"""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import grpc

from chassis.settings import Settings, SettingsWrong
from chassis.watched import Watched


class Pem(NamedTuple):
    """A private key and its chain of certificates."""

    key: bytes
    chain: bytes


class Doorplate:
    """What a door shows, and whom it lets in; grpc asks at each handshake whether it has changed."""

    def __init__(self, settings: Settings) -> None:
        self._chain, self._key = _pair(settings.tls_certificate, settings.tls_key, "RETAINER_TLS")
        self._client_ca = _watched(settings.tls_client_ca, "RETAINER_TLS_CLIENT_CA") if settings.tls_client_ca else None
        self._shown: tuple[bytes, ...] = ()

    def credentials(self) -> grpc.ServerCredentials:
        first = self._changed()
        assert first is not None
        return grpc.dynamic_ssl_server_credentials(
            first,
            self._changed,  # type: ignore[arg-type]  # None is what grpc's documentation asks for
            require_client_authentication=self._client_ca is not None,
        )

    def _changed(self) -> "grpc.ServerCertificateConfiguration | None":
        """What to show from now on, or None where nothing has changed."""
        found = (self._key.now(), self._chain.now(), self._client_ca.now() if self._client_ca else b"")
        if found == self._shown:
            return None
        self._shown = found
        key, chain, client_ca = found
        return grpc.ssl_server_certificate_configuration([(key, chain)], root_certificates=client_ca or None)


class Passport:
    """What we show to others, and whose certificates we trust."""

    def __init__(self, settings: Settings) -> None:
        assert settings.tls_ca is not None
        self._ca = _watched(settings.tls_ca, "RETAINER_TLS_CA")
        self._own = (
            _pair(settings.tls_certificate, settings.tls_key, "RETAINER_TLS") if settings.tls_certificate else None
        )
        self._made: tuple[tuple[bytes, ...], grpc.ChannelCredentials] | None = None
        name = settings.tls_name
        self.options = (("grpc.ssl_target_name_override", name),) if name else ()

    def credentials(self) -> grpc.ChannelCredentials:
        """The same object as long as no file has changed."""
        ca = self._ca.now()
        chain, key = (self._own[0].now(), self._own[1].now()) if self._own else (None, None)
        files = (ca, chain or b"", key or b"")
        if self._made is None or self._made[0] != files:
            made = grpc.ssl_channel_credentials(root_certificates=ca, private_key=key, certificate_chain=chain)
            self._made = (files, made)
        return self._made[1]


def doorplate_of(settings: Settings) -> Doorplate | None:
    """None where the settings name no certificate; `SettingsWrong` where what they name cannot be read."""
    if settings.tls_certificate is None:
        if settings.tls_client_ca is not None:
            raise SettingsWrong("RETAINER_TLS_CLIENT_CA: set RETAINER_TLS_CERTIFICATE and RETAINER_TLS_KEY too")
        return None
    return Doorplate(settings)


def passport_of(settings: Settings) -> Passport | None:
    """None where the settings name no authority: then others are called without TLS."""
    return None if settings.tls_ca is None else Passport(settings)


def bus_context_of(settings: Settings, url: str) -> "BusTls | None":
    """For the connection to NATS; None where neither the address (tls://) nor the settings ask for TLS."""
    if not (url.startswith("tls://") or settings.nats_ca):
        return None
    return BusTls(settings)


class BusTls:
    """An SSL context for NATS; `renew` reads our own certificate again, for the next handshake."""

    def __init__(self, settings: Settings) -> None:
        self._certificate = settings.nats_certificate or settings.tls_certificate
        self._key = settings.nats_key or settings.tls_key
        ca = settings.nats_ca or settings.tls_ca
        self.name = settings.tls_name
        try:
            self.context = ssl.create_default_context(cafile=str(ca) if ca else None)
            self.renew()
        except (OSError, ssl.SSLError) as error:
            raise SettingsWrong(f"RETAINER_NATS_CA, RETAINER_NATS_CERTIFICATE: cannot be used: {error}") from None

    def renew(self) -> None:
        if self._certificate:
            self.context.load_cert_chain(self._certificate, self._key)


def _pair(chain: Path | None, key: Path | None, prefix: str) -> tuple[Watched[bytes], Watched[bytes]]:
    if chain is None or key is None:
        raise SettingsWrong(f"{prefix}_CERTIFICATE and {prefix}_KEY belong together: set both")
    return _watched(chain, f"{prefix}_CERTIFICATE"), _watched(key, f"{prefix}_KEY")


def _watched(path: Path, variable: str) -> Watched[bytes]:
    try:
        return Watched(path, _pem_in(path.name))
    except (OSError, ValueError) as error:
        raise SettingsWrong(f"{variable}: {path} cannot be used: {error}") from None


def _pem_in(name: str) -> Callable[[bytes], bytes]:
    def read(content: bytes) -> bytes:
        if b"-----BEGIN " not in content or b"-----END " not in content:
            raise ValueError(f"{name} holds nothing in PEM")
        return content

    return read
