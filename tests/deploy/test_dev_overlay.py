"""The rendered `dev` overlay, each container as a plain process: its command, its environment, its ports, its probes;
and the demo's tour against them.

A pod has an address of its own, so each gets one of this machine's (127.x.y.n) and keeps its ports. The names of
Services become these addresses, the mounts become folders; nothing else of the manifests is changed.
"""

import base64
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.settings import ServiceSettings, Settings
from chassis.tokens.keys import fresh_set
from retainer.client import connect
from retainer.demo.agency import AGENCY
from retainer.demo.quarter import play
from retainer.place import Place
from tests.deploy.rendered import ROOT, SERVICES, Pod, Rendered, rendered

START_SECONDS = 90.0
STOP_SECONDS = 60.0
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="every address of 127.0.0.0/8 is there on Linux alone")


@dataclass
class Host:
    """What a node would be to one pod."""

    pod: Pod
    address: str
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    def at_home(self, text: str, names: dict[str, str]) -> str:
        """Paths of mounts, addresses and names of Services, as they are on this machine."""
        text = text.replace("0.0.0.0", self.address)
        for name, address in names.items():
            text = text.replace(f"{name}:", f"{address}:")
        return str(self.folder / text[1:]) if text.startswith(("/data", "/etc/")) else text

    def start(self, environment: dict[str, str], command: list[str]) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={"PATH": os.environ["PATH"], **environment}, stdout=log, stderr=log
            )

    def started(self, probe: str) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "log").read_text()
        return self.probe(probe)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def probe(self, name: str) -> bool:
        """Whether the pod's probe of that name says yes."""
        match self.pod.probes[name]:
            case {"grpc": {"port": port, **rest}}:
                with grpc.insecure_channel(f"{self.address}:{port}") as channel:
                    asked = health_pb2.HealthCheckRequest(service=str(rest.get("service", "")))
                    try:
                        said = health_pb2_grpc.HealthStub(channel).Check(asked, timeout=2)
                    except grpc.RpcError:
                        return False
                    return bool(said.status == health_pb2.HealthCheckResponse.SERVING)
            case {"httpGet": {"path": path, "port": port}}:
                number = self.pod.ports[port] if isinstance(port, str) else port
                try:
                    with urllib.request.urlopen(f"http://{self.address}:{number}{path}", timeout=2) as answer:
                        return bool(answer.status == 200)
                except OSError:
                    return False
            case other:
                raise AssertionError(f"a probe of another kind: {other}")


def wait_until(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < until, f"{what}: not within {START_SECONDS:.0f} s"
        time.sleep(0.1)


def made_secrets() -> dict[str, dict[str, str]]:
    """As docs/operations.md says how to make them."""

    def fresh() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "retainer-secrets": {"signing-keys": fresh_set().decode(), "master-key": fresh()},
        "retainer-nats": {user: f"n{secrets.token_hex(16)}" for user in (*SERVICES, "operator")},
    }


@dataclass
class Cluster:
    hosts: dict[str, Host]
    names: dict[str, str]
    secrets: dict[str, dict[str, str]]

    def place(self, folder: Path) -> Place:
        """The cluster as the command `retainer` reaches it, with the addresses of its Services."""
        services = {
            name: ServiceSettings(address=f"{self.names[f'retainer-{name}']}:8080", listen="127.0.0.1:0")
            for name in SERVICES
        }
        keys = folder / "signing-keys.json"
        keys.write_text(self.secrets["retainer-secrets"]["signing-keys"])
        return Place(
            Settings().model_copy(
                update={"data_dir": folder, "agency": AGENCY, "services": services, "signing_keys_file": keys}
            )
        )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    house = rendered("overlays/dev")
    folder = tmp_path_factory.mktemp("cluster")
    net = f"127.{os.getpid() % 200 + 10}.{secrets.randbelow(250)}"
    lasting = [pod for pod in house.pods() if pod.probes]
    hosts = {pod.name: Host(pod, f"{net}.{number}", folder / pod.name) for number, pod in enumerate(lasting, start=1)}
    names = {name: host.address for name, host in hosts.items()}
    made = Cluster(hosts, names, made_secrets())
    with ExitStack() as stack:
        for host in hosts.values():
            host.folder.mkdir()
            start_nats(host, house, made) if host.pod.name == "nats" else start_service(host, house, made)
            stack.callback(end, host)
        for host in hosts.values():
            wait_until(partial(host.started, "startupProbe"), f"{host.pod.name} starts")
        yield made


def start_nats(host: Host, house: Rendered, cluster: Cluster) -> None:
    for name, text in house.named("ConfigMap", "nats-config")["data"].items():
        path = host.folder / "etc/nats" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        listens = f"host: {host.address}\n" if name == "nats.conf" else ""
        path.write_text(listens + text.replace("/data/", f"{host.folder}/data/"))
    arguments = [host.at_home(word, {}) for word in host.pod.container["args"]]
    host.start(house.environment(host.pod, cluster.secrets), [str(BIN / "nats-server"), *arguments])


def start_service(host: Host, house: Rendered, cluster: Cluster) -> None:
    environment = {
        name: host.at_home(value, cluster.names) for name, value in house.environment(host.pod, cluster.secrets).items()
    }
    for path, text in house.secret_files(host.pod, cluster.secrets).items():
        file = Path(host.at_home(path, {}))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    program, *arguments = host.pod.container["command"]
    host.start(environment, [str(BIN / program), *arguments])


def end(host: Host) -> None:
    if host.process is not None and host.process.poll() is None:
        host.process.kill()
        host.process.wait(10)


def test_the_demos_quarter_is_played_on_the_pods(cluster: Cluster, tmp_path: Path) -> None:
    for host in cluster.hosts.values():
        for probe in host.pod.probes:
            wait_until(partial(host.started, probe), f"{host.pod.name} says yes to its {probe}")
    with connect(cluster.place(tmp_path)) as client:
        told = play(client, tmp_path / "invoices", lambda step: None)
    assert [invoice.number for invoice in told.invoices][-1] == "2026-0010"
    assert all(document.read_bytes().startswith(b"%PDF") for document in told.documents.values())
    assert list((cluster.hosts["retainer-notify"].folder / "data/outbox").rglob("*.eml"))


def test_the_nightly_backup_copies_stores_and_keys_of_all_pods(cluster: Cluster, tmp_path: Path) -> None:
    house = rendered("overlays/dev")
    job = Host(next(pod for pod in house.pods() if pod.name == "retainer-backup"), "127.0.0.1", tmp_path)
    for mount in job.pod.container["volumeMounts"]:
        place = tmp_path / mount["mountPath"][1:]
        place.parent.mkdir(parents=True, exist_ok=True)
        if "subPath" in mount:
            place.symlink_to(cluster.hosts[f"retainer-{mount['subPath']}"].folder / "data" / mount["subPath"])
        else:
            place.mkdir()
    environment = {
        name: job.at_home(value, cluster.names) for name, value in house.environment(job.pod, cluster.secrets).items()
    }
    program, *arguments = [
        str(tmp_path / word[1:]) if word.startswith("/") else word for word in job.pod.container["command"]
    ]
    job.start(environment, [str(BIN / program), *arguments])
    assert job.process is not None
    assert job.process.wait(START_SECONDS) == 0, (tmp_path / "log").read_text()
    (events,) = (tmp_path / "backups/events").iterdir()
    assert {path.name for path in events.iterdir()} >= {"manifest.json"}
    assert len(list(events.rglob("*.db"))) == len(SERVICES)
    assert list((tmp_path / "backup-keys/keys").iterdir())


def test_each_pod_shows_metrics_where_prometheus_looks_for_them(cluster: Cluster) -> None:
    for host in cluster.hosts.values():
        if host.pod.name == "nats":
            continue
        annotations: dict[str, Any] = rendered("overlays/dev").named("StatefulSet", host.pod.name)["spec"]["template"][
            "metadata"
        ]["annotations"]
        with urllib.request.urlopen(f"http://{host.address}:{annotations['prometheus.io/port']}/metrics") as page:
            assert b"grpc_server_handled_total" in page.read()


def test_each_pod_stops_in_order_within_its_grace(cluster: Cluster) -> None:
    services = [host for host in cluster.hosts.values() if host.pod.name != "nats"]
    for host in services:
        begun = time.monotonic()
        assert host.stop() == 0, host.pod.name
        assert time.monotonic() - begun < host.pod.spec["terminationGracePeriodSeconds"]
