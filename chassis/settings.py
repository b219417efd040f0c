"""Settings: the only reader of the environment. `retainer config` shows them all with their meaning and origin.

Every variable is named `RETAINER_…`; secrets are never shown. Under `retainer up` the supervisor passes each service its
addresses and paths; in Kubernetes they come from the manifest.
"""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Filled by the engineer of the door; fields that others may rely on stand here."""

    model_config = SettingsConfigDict(env_prefix="RETAINER_", frozen=True, extra="ignore")

    data_dir: Path = Path("data")
    rehearsal: bool = False
    """Take the time of a command from the call (`retainer-now`); never in production."""
