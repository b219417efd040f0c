"""deploy/Dockerfile: clean by hadolint, and it holds every package that the project has."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

from chassis.settings import ServiceSettings, Settings
from services import PORTS
from tests.deploy.rendered import ROOT, SERVICES

DOCKERFILE = ROOT / "deploy/Dockerfile"
COMPOSE = ROOT / "compose.yaml"


def test_hadolint_has_nothing_to_say() -> None:
    said = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), DOCKERFILE], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stdout) == (0, "")


def test_every_package_is_in_the_image_and_let_through_to_its_build() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "tools", "examples"}
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE.read_text(), re.MULTILINE))
    assert copied == packages
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_through == packages | set(re.findall(r"requirements/\w+\.txt", DOCKERFILE.read_text()))


def test_compose_says_the_same_as_settings_and_code() -> None:
    compose = yaml.safe_load(COMPOSE.read_text())
    services = compose["services"]
    assert set(services) == {"nats", *SERVICES}
    for name in SERVICES:
        service = services[name]
        assert service["command"] == ["python", "-m", f"services.{name}"]
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        environment = service["environment"]
        for variable in environment:
            match variable.removeprefix("RETAINER_").lower().split("__"):
                case [setting]:
                    assert setting in Settings.model_fields, variable
                case ["services", other, setting]:
                    assert other in SERVICES and setting in ServiceSettings.model_fields, variable
        own = f"RETAINER_SERVICES__{name.upper()}__"
        listens = environment[f"{own}LISTEN"].rpartition(":")[2]
        assert service["ports"] == [f"127.0.0.1:{PORTS[name]}:{listens}"]
        for other in SERVICES:
            assert environment[f"RETAINER_SERVICES__{other.upper()}__ADDRESS"] == f"{other}:{listens}"
        assert all(mount.partition(":")[0] in compose["volumes"] for mount in service["volumes"])
