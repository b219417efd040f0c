"""deploy/k8s: what kubectl renders is valid, and says the same as settings and code."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from chassis.settings import ServiceSettings, Settings

ROOT = Path(__file__).parents[2]
SERVICES = ("contracts", "timelog", "billing", "notify")
KUBECTL = Path(sys.executable).with_name("kubectl")


@pytest.fixture(scope="module")
def manifests() -> list[dict[str, Any]]:
    rendered = subprocess.run(
        [KUBECTL, "kustomize", ROOT / "deploy/k8s/base"], check=True, capture_output=True, text=True
    ).stdout
    return [document for document in yaml.safe_load_all(rendered) if document]


def kind(manifests: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [manifest for manifest in manifests if manifest["kind"] == name]


def pods(manifests: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for manifest in kind(manifests, "StatefulSet"):
        spec = manifest["spec"]["template"]["spec"]
        yield manifest["metadata"]["name"], spec, spec["containers"][0]


def variables(manifests: list[dict[str, Any]]) -> dict[str, str]:
    """Every RETAINER_ variable that any pod gets, with its value ('' where a secret holds it)."""
    found: dict[str, str] = {}
    for config in kind(manifests, "ConfigMap"):
        found |= {name: value for name, value in config["data"].items() if name.startswith("RETAINER_")}
    for _, _, container in pods(manifests):
        for variable in container.get("env", []):
            if variable["name"].startswith("RETAINER_"):
                found[variable["name"]] = variable.get("value", "")
    return found


def test_every_manifest_fits_its_schema(manifests: list[dict[str, Any]]) -> None:
    assert {manifest["kind"] for manifest in manifests} == {"Namespace", "ConfigMap", "Service", "StatefulSet"}
    for manifest in manifests:
        kubernetes_validate.validate(manifest, "1.33", strict=True)


def test_every_variable_is_a_setting(manifests: list[dict[str, Any]]) -> None:
    for variable in variables(manifests):
        parts = variable.removeprefix("RETAINER_").lower().split("__")
        match parts:
            case [name]:
                assert name in Settings.model_fields, variable
            case ["services", service, name]:
                assert service in SERVICES and name in ServiceSettings.model_fields, variable
            case _:
                pytest.fail(f"{variable} is no setting")


def test_the_settings_load_from_the_manifest(manifests: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RETAINER_")]:
        monkeypatch.delenv(name)
    for name, value in variables(manifests).items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.production
    for service in SERVICES:
        assert settings.of(service).address == f"retainer-{service}:8080"
        assert settings.of(service).listen == "0.0.0.0:8080"


def test_each_service_runs_its_own_module_on_the_ports_it_names(manifests: list[dict[str, Any]]) -> None:
    found = {name: container for name, _, container in pods(manifests) if name != "nats"}
    assert set(found) == {f"retainer-{service}" for service in SERVICES}
    for name, container in found.items():
        module = f"services.{name.removeprefix('retainer-')}"
        assert container["command"] == ["python", "-m", module]
        assert importlib.util.find_spec(f"{module}.__main__") is not None
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        own = {variable["name"]: variable.get("value", "") for variable in container["env"]}
        prefix = f"RETAINER_{module.upper().replace('.', '__')}__"
        assert own[f"{prefix}LISTEN"].endswith(f":{ports['grpc']}")
        assert own[f"{prefix}METRICS_LISTEN"].endswith(f":{ports['metrics']}")
        assert container["readinessProbe"]["grpc"]["port"] == ports["grpc"]


def test_services_point_at_ports_that_exist(manifests: list[dict[str, Any]]) -> None:
    ports = {name: {port["name"] for port in container["ports"]} for name, _, container in pods(manifests)}
    for service in kind(manifests, "Service"):
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports[service["metadata"]["name"]]


def test_every_pod_is_restricted(manifests: list[dict[str, Any]]) -> None:
    for name, spec, container in pods(manifests):
        assert spec["securityContext"]["runAsNonRoot"] and not spec["automountServiceAccountToken"], name
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"] and context["capabilities"]["drop"] == ["ALL"], name
        assert not context["allowPrivilegeEscalation"], name
        assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"], name


def test_no_secret_is_in_the_repository(manifests: list[dict[str, Any]]) -> None:
    assert not kind(manifests, "Secret")
    secret = {variable for variable, value in variables(manifests).items() if not value}
    assert secret == {"RETAINER_TOKEN_SECRET", "RETAINER_MASTER_KEY"}
