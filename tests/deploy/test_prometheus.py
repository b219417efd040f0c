"""deploy/prometheus/prometheus.yaml: right by promtool, and a real Prometheus finds the house by it.

There is no Kubernetes to ask, and Debian's Prometheus is built without it; so a file names the pods in its place, with
the labels by which Kubernetes would name those of the rendered overlay. Which are kept, under which address and job, is
decided by ours as it stands.
"""

import json
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.rendered import SERVICES, Pod, rendered
from tests.deploy.watched import RULES, Watched, prometheus, wait_until

CONFIGURATION = RULES.with_name("prometheus.yaml")
META = "__meta_kubernetes_pod_"


def with_pods_named_in(pods: Path) -> dict[str, Any]:
    """The configuration, with the one thing changed that cannot be here: who names the pods."""
    configuration: dict[str, Any] = yaml.safe_load(CONFIGURATION.read_text())
    configuration["rule_files"] = [str(RULES.parent / name) for name in configuration["rule_files"]]
    for job in configuration["scrape_configs"]:
        assert job.pop("kubernetes_sd_configs") == [{"role": "pod", "namespaces": {"names": ["retainer"]}}]
        job["file_sd_configs"] = [{"files": [str(pods)]}]
    return configuration


def test_promtool_finds_it_right(binaries: Path, tmp_path: Path) -> None:
    (tmp_path / "pods.json").write_text("[]")
    checked = tmp_path / "prometheus.json"
    checked.write_text(json.dumps(with_pods_named_in(tmp_path / "pods.json")))
    command = [binaries / "promtool", "check", "config", checked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rule files found" in done.stdout and f"{RULES}" in done.stdout


def meta_name(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)


def as_discovered(pod: Pod, template: Mapping[str, Any], metrics: str) -> dict[str, Any]:
    """A pod by the labels that Prometheus has of it, with the house's own address in the place of the pod's."""
    host, _, port = metrics.rpartition(":")
    labels = {f"{META}ip": host}
    labels |= {f"{META}label_{meta_name(name)}": value for name, value in pod.labels.items()}
    annotations = template.get("annotations", {})
    labels |= {f"{META}annotation_{meta_name(name)}": value for name, value in annotations.items()}
    if f"{META}annotation_prometheus_io_port" in labels:
        assert int(annotations["prometheus.io/port"]) == pod.ports["metrics"]
        labels[f"{META}annotation_prometheus_io_port"] = port
    return {"targets": [f"{host}:1"], "labels": labels}


@pytest.mark.xdist_group("watched")
def test_it_finds_the_services_and_nothing_else(binaries: Path, watched: Watched, tmp_path: Path) -> None:
    house = rendered("overlays/prod")
    templates = {one["metadata"]["name"]: one["spec"]["template"]["metadata"] for one in house.kind("StatefulSet")}
    found = []
    for pod in house.pods():
        if pod.name in templates:
            service = pod.name.removeprefix("retainer-")
            metrics = watched.house.metrics_address(service) if service in SERVICES else "127.0.0.1:1"
            found.append(as_discovered(pod, templates[pod.name], metrics))
    clusters = [cluster["metadata"]["name"] for cluster in house.kind("Cluster")]
    for name in (*clusters, "somebody-elses"):
        labels = {f"{META}ip": "127.0.0.1", f"{META}label_cnpg_io_cluster": name}
        found += [{"targets": ["127.0.0.1:1"], "labels": labels}]
    pods = tmp_path / "pods.json"
    pods.write_text(json.dumps(found))
    configuration = with_pods_named_in(pods)
    configuration["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
    with prometheus(binaries, tmp_path, configuration) as address:

        def targets() -> dict[str, str]:
            """Job -> where it is scraped, and how it is."""
            try:
                with urllib.request.urlopen(f"http://{address}/api/v1/targets?state=active", timeout=15) as answer:
                    active = json.load(answer)["data"]["activeTargets"]
            except OSError:  # it is starting
                return {}
            return {one["labels"]["job"]: f"{one['labels']['instance']} {one['health']}" for one in active}

        wait_until(lambda: targets().keys() >= set(SERVICES), "the services to be found")
        wanted = {service: f"{watched.house.metrics_address(service)} up" for service in SERVICES}
        wait_until(lambda: wanted.items() <= targets().items(), "a scrape of every service")
        others = {job: said for job, said in targets().items() if job not in SERVICES}
        assert set(others) == set(clusters) and all(said.startswith("127.0.0.1:9187 ") for said in others.values())
