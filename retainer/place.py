"""Where a running system is: `RETAINER_SERVICES__<NAME>__ADDRESS`, else the run files of the data folder.

`retainer up` writes `<data>/run/<service>.json` when a service has opened its door and removes it when it closes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.auth import EVERY_AGENCY, Identity, Role
from chassis.bus_users import OPERATOR, login_of
from chassis.settings import Settings, SettingsWrong, load
from chassis.tokens import RevocationsFile, SigningKeys, Tokens
from retainer.failures import ExitStatus, Failure

SERVICES = ("contracts", "timelog", "billing", "notify")


@dataclass(frozen=True, slots=True)
class Place:
    """A system as the command reaches it: one data folder's, or the one that the settings name."""

    settings: Settings

    @property
    def data_dir(self) -> Path:
        return self.settings.data_dir.absolute()

    def run_file(self, name: str) -> Mapping[str, Any]:
        """What a running process wrote about itself, or nothing; one that stopped in order left `pid` 0."""
        if not self.data_dir.is_dir():
            return {}
        said = self.settings.running(name)
        return said if said.get("pid") else {}

    def address(self, service: str) -> str:
        """Host and port of a service's door; `Failure` where it runs nowhere that we know of."""
        address = self.settings.of(service).address or str(self.run_file(service).get("address", ""))
        if not address:
            raise Failure(
                f"no running system in {self.data_dir}: start one with `retainer up`, or name its data folder with"
                f" --data or RETAINER_DATA_DIR, or its address with RETAINER_SERVICES__{service.upper()}__ADDRESS",
                ExitStatus.UNAVAILABLE,
            )
        return address

    def metrics(self, service: str) -> str:
        """Where a service shows its metrics; empty where that is not known."""
        return str(self.run_file(service).get("metrics", ""))

    def addresses(self) -> Iterator[tuple[str, str]]:
        for service in SERVICES:
            yield service, self.address(service)

    def channel(self, service: str, options: Sequence[tuple[str, Any]]) -> Any:
        """A channel to a service's door, with TLS where the settings say whose certificates are good."""
        import grpc  # whoever prints help does without

        from chassis.tls import passport_of

        try:
            passport = passport_of(self.settings)
            if passport is None:
                return grpc.insecure_channel(self.address(service), options=options)
            credentials = passport.credentials()
        except SettingsWrong as error:
            raise Failure(str(error)) from None
        return grpc.secure_channel(self.address(service), credentials, options=(*options, *passport.options))

    def bus_url(self) -> str:
        """The servers that the settings name, else the one that runs here; empty where there is none."""
        return self.settings.nats_url or str(self.run_file("nats").get("url", ""))

    def bus_login(self) -> tuple[str, str]:
        """User and password for who runs the house; empty where the bus asks for none."""
        return login_of(self.settings, OPERATOR)

    def tokens(self) -> Tokens:
        """The means to issue tokens: for whoever may read the signing keys of this system."""
        return Tokens(self.signing_keys())

    def signing_keys(self) -> SigningKeys:
        """`Failure` where they are out of reach."""
        self._must_have_secrets()
        try:
            return SigningKeys.of(self.settings)
        except (OSError, SettingsWrong) as error:
            raise Failure(
                f"the signing keys of {self.data_dir} cannot be read ({error}): set RETAINER_TOKEN to a token that"
                " `retainer token` gave",
                ExitStatus.DENIED,
            ) from None

    def revocations(self) -> RevocationsFile:
        self._must_have_secrets()
        try:
            return RevocationsFile.of(self.settings)
        except (OSError, SettingsWrong) as error:
            raise Failure(f"what is revoked cannot be read: {error}", ExitStatus.DENIED) from None

    def _must_have_secrets(self) -> None:
        if self.settings.signing_keys_file is None and not self.data_dir.is_dir():
            raise Failure(
                f"there is no data folder {self.data_dir}: run `retainer up` there first, or set"
                " RETAINER_SIGNING_KEYS_FILE",
                ExitStatus.UNAVAILABLE,
            )

    def operator_token(self) -> str:
        """For what concerns the house and no agency: rebuild, republish, doctor."""
        return self.tokens().issue(Identity(EVERY_AGENCY, "operator", Role.SERVICE), days=1)

    def own_token(self) -> str:
        """What the command calls with: RETAINER_TOKEN, else an owner's token of RETAINER_AGENCY made on the spot."""
        given = self.settings.token.get_secret_value()
        return given or self.tokens().issue(Identity(self.settings.agency, "owner", Role.OWNER), days=1)


def place(data: Path | None = None, agency: str = "", token: str = "") -> Place:
    """The place that the settings name, with what the command line says instead."""
    try:
        settings = load()
    except SettingsWrong as error:
        raise Failure(str(error)) from None
    said: dict[str, Any] = {}
    if data is not None:
        said["data_dir"] = data
    if agency:
        said["agency"] = agency
    if token:
        said["token"] = type(settings.token)(token)
    return Place(settings.model_copy(update=said))
