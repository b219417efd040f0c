"""What kubectl makes of deploy/k8s, as pods with their commands, environments, ports and probes."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
KUBECTL = Path(sys.executable).with_name("kubectl")
SERVICES = ("contracts", "timelog", "billing", "notify")

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Pod:
    """One workload's pod: its only container and what surrounds it."""

    name: str
    replicas: int
    labels: Mapping[str, str]
    spec: Manifest
    container: Manifest

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.container.get("ports", [])}

    @property
    def probes(self) -> dict[str, Manifest]:
        return {name: probe for name, probe in self.container.items() if name.endswith("Probe")}


@dataclass(frozen=True)
class Rendered:
    documents: tuple[Manifest, ...]

    def kind(self, kind: str) -> list[Manifest]:
        return [document for document in self.documents if document["kind"] == kind]

    def named(self, kind: str, name: str) -> Manifest:
        """The one of that name; a generated ConfigMap is found by the name before its hash."""
        return next(one for one in self.kind(kind) if one["metadata"]["name"].startswith(name))

    def pods(self) -> Iterator[Pod]:
        """Of everything that runs for long or by the clock."""
        for manifest in self.documents:
            match manifest["kind"]:
                case "StatefulSet" | "Deployment" | "Job":
                    template = manifest["spec"]["template"]
                case "CronJob":
                    template = manifest["spec"]["jobTemplate"]["spec"]["template"]
                case _:
                    continue
            for container in template["spec"]["containers"]:
                yield Pod(
                    manifest["metadata"]["name"],
                    manifest["spec"].get("replicas", 1),
                    template["metadata"].get("labels", {}),
                    template["spec"],
                    container,
                )

    def services(self) -> Iterator[Pod]:
        """The pods of the four services."""
        yield from (pod for pod in self.pods() if pod.name in {f"retainer-{service}" for service in SERVICES})

    def environment(self, pod: Pod, secrets: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """As the kubelet would put it together; `KeyError` where a secret or a map is named that is not there."""
        found: dict[str, str] = {}
        for source in pod.container.get("envFrom", []):
            found |= self.named("ConfigMap", source["configMapRef"]["name"])["data"]
        for variable in pod.container.get("env", []):
            match variable:
                case {"value": value}:
                    found[variable["name"]] = value
                case {"valueFrom": {"secretKeyRef": {"name": name, "key": key}}}:
                    found[variable["name"]] = secrets[name][key]
                case {"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}:
                    found[variable["name"]] = f"{pod.name}-0"
                case _:
                    raise KeyError(variable)
        return found

    def secret_files(self, pod: Pod, secrets: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """Path -> content of what is mounted from secrets; `KeyError` where one is named that is not there."""
        mounts = {mount["name"]: mount["mountPath"] for mount in pod.container.get("volumeMounts", [])}
        return {
            f"{mounts[volume['name']]}/{item['path']}": secrets[volume["secret"]["secretName"]][item["key"]]
            for volume in pod.spec.get("volumes", [])
            if "secret" in volume
            for item in volume["secret"].get("items", [])
        }


@cache
def rendered(place: str) -> Rendered:
    """`place` below deploy/k8s: `base`, `overlays/dev`."""
    command = [str(KUBECTL), "kustomize", str(ROOT / "deploy/k8s" / place)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return Rendered(tuple(document for document in yaml.safe_load_all(said.stdout) if document))
