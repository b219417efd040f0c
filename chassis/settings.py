"""Settings: the only reader of the environment. `retainer config` shows them all with their meaning and origin.

Every variable is named `RETAINER_…`; what concerns one service only is `RETAINER_SERVICES__<NAME>__…`. Secrets are
never shown. Under `retainer up` the supervisor passes each service its addresses and paths; in Kubernetes they come
from the manifest. What is derived from the data folder is derived here, so that nobody else knows its layout.
"""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.secret_files import kept_secret

KEY_BYTES = 32


class SettingsWrong(Exception):
    """The settings cannot be used as they stand; the message names the variable and the remedy."""


class LogFormat(StrEnum):
    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class Cores(StrEnum):
    APART = "apart"
    ANY = "any"


class ServiceSettings(BaseModel, frozen=True, extra="forbid"):
    """What is one service's own."""

    listen: str = Field("127.0.0.1:0", description="Host and port of the gRPC door; 0 takes the last or a free port")
    metrics_listen: str = Field("127.0.0.1:0", description="Host and port of /metrics; port 0 takes a free one")
    health_listen: str = Field("", description="Host and port of health alone, without TLS, for probes; empty: none")
    address: str = Field("", description="Where others reach the service; empty: as its file in <data>/run says")
    crash_at: str = Field("", description="In a rehearsal: the point at which the process dies (chassis.crash)")
    store_url: str = Field("", description="Its event store, where it is another than RETAINER_STORE_URL")
    views_url: str = Field("", description="Its views, where they are elsewhere than RETAINER_VIEWS_URL")
    keys_url: str = Field("", description="Its keyring, where it is elsewhere than RETAINER_KEYS_URL")


class Settings(BaseSettings):
    """All that can be set from outside."""

    model_config = SettingsConfigDict(
        env_prefix="RETAINER_", env_nested_delimiter="__", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    data_dir: Path = Field(Path("data"), description="Holds all that is kept: stores, views, bus, outbox")
    services: dict[str, ServiceSettings] = Field({}, description="What is one service's own, by its name")
    production: bool = Field(False, description="Refuse whatever is made for rehearsals only")
    rehearsal: bool = Field(False, description="Take the time of a command from the call (retainer-now)")
    clock: datetime | None = Field(None, description="In a rehearsal: the instant at which the clock begins to run")

    store_url: str = Field("", description="Event stores: postgresql://… for all; empty: SQLite in the data folder")
    views_url: str = Field("", description="Views: postgresql://… for all; empty: as the stores")
    keys_url: str = Field("", description="Keyrings: postgresql://… for all, never backed up with the stores")
    nats_url: str = Field("", description="NATS servers, with commas between; empty: as <data>/run/nats.json says")
    nats_user: str = Field("", description="The user at NATS; empty: as secrets/bus-users.json says")
    nats_password: SecretStr = Field(SecretStr(""), description="The password at NATS")
    nats_replicas: int = Field(1, ge=1, le=5, description="Servers of a NATS cluster that keep each stream")
    nats_stream_bytes: int = Field(-1, description="The most a service's stream may hold; -1: what the server has")

    nats_ca: Path | None = Field(None, description="Whose certificates of NATS are good; empty: RETAINER_TLS_CA")
    nats_certificate: Path | None = Field(None, description="What we show to NATS; empty: RETAINER_TLS_CERTIFICATE")
    nats_key: Path | None = Field(None, description="Its private key; empty: RETAINER_TLS_KEY")

    tls_certificate: Path | None = Field(None, description="Chain (PEM) that doors show, and we to others")
    tls_key: Path | None = Field(None, description="Its private key (PEM)")
    tls_ca: Path | None = Field(None, description="Whose certificates of doors are good (PEM); empty: call without TLS")
    tls_client_ca: Path | None = Field(None, description="Doors take only callers with a certificate of this authority")
    tls_name: str = Field("", description="The name that their certificates must have; empty: their address")

    signing_keys_file: Path | None = Field(
        None, description="Sign tokens: a private JWK set (retainer keys make); empty: made in the data folder"
    )
    revoked_file: Path | None = Field(
        None, description="Revoked tokens; empty: secrets/revoked.json of the data folder"
    )
    token_keys: str = Field("", description="Keys of others whose tokens are good too: a file or https URL (JWK set)")
    token_issuer: str = Field("", description="Who must have issued a token that RETAINER_TOKEN_KEYS read (iss)")
    token_audience: str = Field("", description="For whom such a token must be (aud); empty: that is not looked at")
    token_keys_refresh_seconds: float = Field(300.0, ge=1, description="How often they are fetched again from a URL")
    token_keys_kept_seconds: float = Field(86_400.0, ge=0, description="How long they are kept while it is away")
    token_secret: SecretStr = Field(
        SecretStr(""), description="Of version 0.1.0: keep it set where it was, request ids are known by it"
    )
    master_key: SecretStr = Field(
        SecretStr(""), description="Wraps the keys of subjects, 32 bytes in base64; empty: a file in the data folder"
    )

    agency: str = Field("agency", description="The agency for which the command retainer speaks")
    token: SecretStr = Field(
        SecretStr(""),
        description="What the command retainer calls with; empty: an owner's token, made with the signing keys",
    )

    retention_years: int = Field(10, ge=0, le=100, description="How long issued documents are kept by law")
    grace_seconds: float = Field(10.0, ge=0, le=600, description="How long running calls may take to end at a stop")
    deadline_seconds: float = Field(15.0, gt=0, description="The deadline of a call that names none")
    longest_deadline_seconds: float = Field(120.0, gt=0, description="No call lasts longer, whatever it asks for")
    calls_per_second: float = Field(5_000, ge=0, description="Calls of one token; 0: as many as it likes")
    calls_at_once: int = Field(10_000, gt=0, description="How many it may save up while it is quiet")
    streams_per_token: int = Field(200, gt=0, description="Watches of one token at once")
    page_rows: int = Field(1_000, gt=0, le=1_000, description="Rows on the largest page of a listing")
    message_bytes: int = Field(16 * 1024 * 1024, gt=0, description="The largest message that a door takes")
    cores: Cores = Field(
        Cores.APART,
        description="`retainer up`: apart gives the service in front half of the cores; any leaves it to the system",
    )
    log_format: LogFormat = Field(LogFormat.AUTO, description="json, console, or auto: console at a terminal")
    traces_url: str = Field("", description="Where traces go by OTLP over gRPC, as http://host:4317; empty: nowhere")
    traces_share: float = Field(
        0.01, ge=0, le=1, description="Share of calls that bring no traceparent and begin a trace of their own"
    )
    log_level: str = Field("info", description="debug, info, warning or error")

    smtp_host: str = Field("", description="The mail server; empty: letters go into the outbox folder")
    smtp_port: int = Field(587, gt=0, le=65535, description="Its port")
    smtp_user: str = Field("", description="The user at the mail server, where it asks for one")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password at the mail server")
    smtp_tls: str = Field("starttls", pattern="^(starttls|tls|none)$", description="starttls, tls or none")
    mail_from: str = Field("", description="Sender of letters; empty: the address in the agency's profile")
    outbox_dir: Path | None = Field(None, description="Where letters lie as .eml; empty: outbox in the data folder")

    @field_validator("clock")
    @classmethod
    def _aware(cls, clock: datetime | None) -> datetime | None:
        return clock if clock is None or clock.tzinfo else clock.replace(tzinfo=UTC)

    @model_validator(mode="after")
    def _no_rehearsal_in_production(self) -> "Settings":
        crash_at = any(service.crash_at for service in self.services.values())
        if self.production and (self.rehearsal or self.clock or crash_at):
            raise ValueError(
                "RETAINER_PRODUCTION excludes RETAINER_REHEARSAL, RETAINER_CLOCK, crash points: unset them"
            )
        if (self.clock or crash_at) and not self.rehearsal:
            raise ValueError("RETAINER_CLOCK and crash points are for rehearsals: set RETAINER_REHEARSAL=true too")
        return self

    def of(self, service: str) -> ServiceSettings:
        return self.services.get(service) or ServiceSettings()

    def store_of(self, service: str) -> str:
        return self.of(service).store_url or self.store_url or self._sqlite(service, "events.db")

    def views_of(self, service: str) -> str:
        own = self.of(service)
        return own.views_url or self.views_url or own.store_url or self.store_url or self._sqlite(service, "views.db")

    def keys_of(self, service: str) -> str:
        return self.of(service).keys_url or self.keys_url or self._sqlite(service, "keys.db")

    def folder(self, *names: str) -> Path:
        """A folder inside the data folder, made if there is none; for this user alone."""
        folder = self.data_dir.absolute().joinpath(*names)
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @property
    def outbox(self) -> Path:
        return self.outbox_dir or self.data_dir.absolute() / "outbox"

    def running(self, name: str) -> dict[str, Any]:
        """What a running process of this data folder said of itself (`address`, `metrics`, `pid`, `ready`; `url` for
        NATS); empty where there is none."""
        try:
            said = json.loads(self._run_file(name).read_bytes())
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def say_running(self, name: str, said: Mapping[str, Any]) -> None:
        """Write the file that `running` reads, at once or not at all."""
        path = self._run_file(name)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(json.dumps(said) + "\n")
        beside.replace(path)

    @property
    def signing_keys_path(self) -> Path:
        return self.signing_keys_file or self.folder("secrets") / "signing-keys.json"

    @property
    def bus_logins_path(self) -> Path:
        """Users of the bus that `retainer up` runs."""
        return self.folder("secrets") / "bus-users.json"

    @property
    def issued_path(self) -> Path:
        """The list of tokens that were made here, without the tokens."""
        return self.folder("secrets") / "issued.jsonl"

    @property
    def revoked_path(self) -> Path:
        return self.revoked_file or self.folder("secrets") / "revoked.json"

    def master_key_bytes(self) -> bytes:
        """What wraps the keys of subjects."""
        given = self.master_key.get_secret_value()
        try:
            key = base64.b64decode(given, validate=True) if given else self._kept_master_key()
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            raise SettingsWrong(f"RETAINER_MASTER_KEY is not {KEY_BYTES} bytes in base64")
        return key

    def request_key(self) -> bytes:
        """What the hash of a request's body is keyed with. A house that was begun by version 0.1.0 keeps that one's: a
        command may be repeated after the upgrade, and to a replica of the other version meanwhile."""
        kept = self.folder("secrets") / "token.secret"
        given = self.token_secret.get_secret_value().encode()
        if given or kept.exists():
            return sha256(b"requests:" + (given or base64.b64decode(kept.read_bytes()))).digest()
        return sha256(b"requests:" + self.master_key_bytes()).digest()

    def _run_file(self, name: str) -> Path:
        return self.folder("run") / f"{name}.json"

    def _sqlite(self, service: str, name: str) -> str:
        return f"sqlite:///{self.folder(service)}/{name}"

    def _kept_master_key(self) -> bytes:
        path = self.folder("secrets") / "master.key"
        return base64.b64decode(kept_secret(path, lambda: base64.b64encode(secrets.token_bytes(KEY_BYTES))))


def load() -> Settings:
    """The settings of this process, or `SettingsWrong` in words for a person."""
    if os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").lower() in ("y", "yes", "t", "true", "on", "1"):
        raise SettingsWrong(
            "POSTGRES_ENABLE_DB_FUNCTIONS drops the lock that keeps positions in order, and readers would miss events:"
            " unset it"
        )
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsWrong("; ".join(_in_words(detail) for detail in error.errors())) from None


def surroundings(**variables: str) -> dict[str, str]:
    """The environment for a system apart from ours: without anything that is set for ours, and with `variables`."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("RETAINER_")}, **variables}


class Explained(NamedTuple):
    """One line of `retainer config`."""

    variable: str
    meaning: str
    value: str
    origin: str


def explain(settings: Settings) -> Iterator[Explained]:
    """Every setting with its meaning, its value (secrets hidden) and where it comes from."""
    given = {name.upper() for name in os.environ}
    for name, field in Settings.model_fields.items():
        if name != "services":
            variable = f"RETAINER_{name.upper()}"
            origin = "environment" if variable in given else "default"
            yield Explained(variable, field.description or "", _shown(getattr(settings, name)), origin)
    for service, own in sorted(settings.services.items()):
        for name, field in ServiceSettings.model_fields.items():
            variable = f"RETAINER_SERVICES__{service.upper()}__{name.upper()}"
            origin = "environment" if name in own.model_fields_set else "default"
            yield Explained(variable, field.description or "", _shown(getattr(own, name)), origin)


def _shown(value: object) -> str:
    """A value as a person may see it: no secret, and no password inside of an address."""
    if isinstance(value, SecretStr):
        return "(hidden)" if value.get_secret_value() else ""
    text = "" if value is None else str(value)
    head, at, tail = text.rpartition("@")
    if at and "://" in head:
        scheme, _, user = head.partition("://")
        text = f"{scheme}://{user.partition(':')[0]}:(hidden)@{tail}"
    return text


def _in_words(detail: Any) -> str:
    where = "__".join(str(part) for part in detail["loc"]).upper()
    what = detail["msg"].removeprefix("Value error, ")
    return f"RETAINER_{where}: {what}" if where else what
