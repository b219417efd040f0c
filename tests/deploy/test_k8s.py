"""deploy/k8s: what kubectl renders is valid, and says the same as settings and code."""

import importlib.util
import os
import re
import warnings
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from chassis.bus_users import users_conf
from chassis.settings import ServiceSettings, Settings
from retainer.app import make_app
from services import HEARS
from tests.deploy.rendered import ROOT, SERVICES, Manifest, Pod, Rendered, rendered

PLACES = ("base", "overlays/dev", "overlays/prod", "overlays/recovered", "jobs/migrate", "jobs/moment")
HOUSES = PLACES[:3]
FOREIGN = ("postgresql.cnpg.io/", "barmancloud.cnpg.io/", "cert-manager.io/")
"""Whose schemas kubernetes-validate does not have."""
FOREIGN_ALONE = "jobs/moment"
"""Holds nothing but a cluster of CloudNativePG: none of it is checked by a schema."""


@pytest.fixture(params=HOUSES)
def house(request: pytest.FixtureRequest) -> Rendered:
    return rendered(request.param)


def variables(house: Rendered) -> set[str]:
    """Every RETAINER_ variable that a service's pod gets."""
    given = {name for config in house.kind("ConfigMap") for name in config["data"]}
    given |= {variable["name"] for pod in house.services() for variable in pod.container.get("env", [])}
    return {name for name in given if name.startswith("RETAINER_")}


@pytest.mark.parametrize("place", PLACES)
def test_every_manifest_fits_its_schema(place: str) -> None:
    manifests = [one for one in rendered(place).documents if not one["apiVersion"].startswith(FOREIGN)]
    assert manifests or place == FOREIGN_ALONE
    for manifest in manifests:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            kubernetes_validate.validate(manifest, "1.33", strict=True)


def test_every_variable_is_a_setting(house: Rendered) -> None:
    for variable in variables(house):
        parts = variable.removeprefix("RETAINER_").lower().split("__")
        match parts:
            case [name]:
                assert name in Settings.model_fields, variable
            case ["services", service, name]:
                assert service in SERVICES and name in ServiceSettings.model_fields, variable
            case _:
                pytest.fail(f"{variable} is no setting")


def test_each_service_loads_its_settings_from_the_manifest(house: Rendered, monkeypatch: pytest.MonkeyPatch) -> None:
    class AnySecret(dict[str, dict[str, str]]):
        def __missing__(self, name: str) -> dict[str, str]:
            return dict.fromkeys(("uri", "master-key", *SERVICES, "operator"), "postgresql://retainer@db/retainer")

    for pod in house.services():
        for name in [name for name in os.environ if name.startswith("RETAINER_")]:
            monkeypatch.delenv(name)
        for name, value in house.environment(pod, AnySecret()).items():
            monkeypatch.setenv(name, value)
        settings = Settings()
        assert settings.production is not settings.rehearsal
        for service in SERVICES:
            assert settings.of(service).address == f"retainer-{service}:8080"
        assert settings.of(pod.name.removeprefix("retainer-")).listen == "0.0.0.0:8080"


def test_each_service_runs_its_own_module_on_the_ports_it_names(house: Rendered) -> None:
    found = {pod.name: pod for pod in house.services()}
    assert set(found) == {f"retainer-{service}" for service in SERVICES}
    for name, pod in found.items():
        module = f"services.{name.removeprefix('retainer-')}"
        assert pod.container["command"] == ["python", "-m", module]
        assert importlib.util.find_spec(f"{module}.__main__") is not None
        own = {variable["name"]: variable.get("value", "") for variable in pod.container["env"]}
        prefix = f"RETAINER_{module.upper().replace('.', '__')}__"
        assert own[f"{prefix}LISTEN"].endswith(f":{pod.ports['grpc']}")
        assert own[f"{prefix}METRICS_LISTEN"].endswith(f":{pod.ports['metrics']}")
        asked = pod.ports.get("health", pod.ports["grpc"])  # probes speak no TLS
        assert {probe["grpc"]["port"] for probe in pod.probes.values()} == {asked}


def test_services_point_at_ports_that_exist(house: Rendered) -> None:
    ports = {pod.name: set(pod.ports) for pod in house.pods()}
    for service in house.kind("Service"):
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports[service["metadata"]["name"]]


def test_every_pod_is_restricted(house: Rendered) -> None:
    for pod in house.pods():
        assert pod.spec["securityContext"]["runAsNonRoot"] and not pod.spec["automountServiceAccountToken"], pod.name
        context = pod.container["securityContext"]
        assert context["readOnlyRootFilesystem"] and context["capabilities"]["drop"] == ["ALL"], pod.name
        assert not context["allowPrivilegeEscalation"], pod.name
        assert pod.container["resources"]["limits"]["memory"] and pod.container["resources"]["requests"]["cpu"]


def test_the_bus_knows_the_users_that_the_code_makes(house: Rendered) -> None:
    said = house.named("ConfigMap", "nats-config")["data"]["users.conf"]
    made = users_conf(HEARS, lambda user: f"$RETAINER_NATS_PASSWORD_{user.upper()}")
    assert said.partition("\n")[2] == made, "run: make deploy"
    bus = next(pod for pod in house.pods() if pod.name == "nats")
    given = {variable["name"] for variable in bus.container["env"]}
    assert {f"RETAINER_NATS_PASSWORD_{user.upper()}" for user in (*SERVICES, "operator")} <= given
    for pod in house.services():
        own = {variable["name"]: variable.get("value", "") for variable in pod.container["env"]}
        assert own["RETAINER_NATS_USER"] == pod.name.removeprefix("retainer-")


def test_no_secret_is_in_the_repository(house: Rendered) -> None:
    assert not house.kind("Secret")
    for config in house.kind("ConfigMap"):
        for name, value in config["data"].items():
            assert not re.search(r"(SECRET|PASSWORD|MASTER_KEY|TOKEN)$", name), name
            assert not re.search(r"(?i)(password|token)\s*[:=]\s*[\"']?(?!\$)[\w+/]{8,}", value), name


def reached_from(house: Rendered, target: Pod, port: int) -> list[dict[str, object]]:
    """The `from` clauses of policies that let somebody in at a port of the pod."""
    found = []
    for policy in house.kind("NetworkPolicy"):
        wanted = policy["spec"]["podSelector"].get("matchLabels", {})
        if wanted.items() <= target.labels.items():
            for rule in policy["spec"].get("ingress", []):
                if any(one["port"] == port for one in rule.get("ports", [])):
                    found.extend(rule["from"])
    return found


def test_nothing_is_reached_but_by_an_explicit_edge(house: Rendered) -> None:
    deny = house.named("NetworkPolicy", "default-deny")["spec"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for pod in house.services():
        assert reached_from(house, pod, pod.ports["grpc"]), pod.name
        assert reached_from(house, pod, pod.ports["metrics"]), pod.name
    bus = next(pod for pod in house.pods() if pod.name == "nats")
    assert reached_from(house, bus, bus.ports["client"])
    for policy in house.kind("NetworkPolicy"):
        for rule in policy["spec"].get("ingress", []):
            assert rule.get("from"), f"{policy['metadata']['name']} lets everybody in"


@pytest.mark.parametrize("overlay", ["dev", "prod"])
def test_spans_leave_only_where_an_overlay_takes_the_component(overlay: str, tmp_path: Path) -> None:
    """An operator's own overlay, beside ours: with it the services reach the collector, without it nothing does."""
    place = os.path.relpath(ROOT / "deploy/k8s", tmp_path)
    own = {"resources": [f"{place}/overlays/{overlay}"], "components": [f"{place}/components/traces"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(own))
    without, with_it = rendered(f"overlays/{overlay}"), rendered(str(tmp_path))
    assert "RETAINER_TRACES_URL" not in without.named("ConfigMap", "retainer-settings")["data"]
    url = with_it.named("ConfigMap", "retainer-settings")["data"]["RETAINER_TRACES_URL"]
    host, _, port = url.removeprefix("http://").partition(":")
    service, _, namespace = host.partition(".")
    (edge,) = [one for one in with_it.kind("NetworkPolicy") if one not in without.kind("NetworkPolicy")]
    assert edge["spec"]["policyTypes"] == ["Egress"] and len(edge["spec"]["egress"]) == 1
    (rule,) = edge["spec"]["egress"]
    assert rule["ports"] == [{"port": int(port), "protocol": "TCP"}]
    (target,) = rule["to"]
    assert target["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": namespace}
    assert target["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": service}
    wanted = edge["spec"]["podSelector"]["matchLabels"].items()
    assert {pod.name for pod in with_it.pods() if wanted <= pod.labels.items()} == {
        f"retainer-{name}" for name in SERVICES
    }
    kubernetes_validate.validate(edge, "1.33", strict=True)


def test_production_survives_the_loss_of_a_node() -> None:
    house = rendered("overlays/prod")
    budgets = {budget["metadata"]["name"] for budget in house.kind("PodDisruptionBudget")}
    for pod in house.pods():
        if pod.name in budgets:
            assert pod.replicas >= 2, pod.name
            assert pod.spec["topologySpreadConstraints"], pod.name
    assert budgets == {"nats", *(f"retainer-{service}" for service in SERVICES)}
    bus = next(pod for pod in house.pods() if pod.name == "nats")
    assert bus.replicas == 3
    assert house.named("ConfigMap", "retainer-settings")["data"]["RETAINER_NATS_REPLICAS"] == "3"


def test_production_keeps_nothing_on_a_pod() -> None:
    house = rendered("overlays/prod")
    for manifest in house.kind("StatefulSet"):
        if manifest["metadata"]["name"] != "nats":
            assert "volumeClaimTemplates" not in manifest["spec"]
    for pod in house.services():
        names = {variable["name"] for variable in pod.container["env"]}
        assert {"RETAINER_STORE_URL", "RETAINER_KEYS_URL"} <= names
    assert {"retainer-db", "retainer-keys"} == {one["metadata"]["name"] for one in house.kind("Cluster")}


def test_jobs_run_verbs_that_there_are() -> None:
    jobs = [
        pod for place in PLACES for pod in rendered(place).pods() if "--" in " ".join(pod.container.get("command", []))
    ]
    assert {pod.container["command"][3] for pod in jobs} == {"backup", "migrate"}
    for pod in jobs:
        assert pod.container["command"][:3] == ["python", "-m", "retainer"]
        words = pod.container["command"][3:]
        make_app(words).parse_args(words, exit_on_error=False, print_error=False)


def test_production_speaks_tls_everywhere() -> None:
    house = rendered("overlays/prod")
    settings = house.named("ConfigMap", "retainer-settings")["data"]
    assert settings["RETAINER_TLS_CLIENT_CA"] == settings["RETAINER_TLS_CA"]
    assert all(url.startswith("tls://") for url in settings["RETAINER_NATS_URL"].split(","))
    (certificate,) = [one for one in house.kind("Certificate") if one["metadata"]["name"] == "retainer-tls"]
    for service in SERVICES:
        host, _, _ = settings[f"RETAINER_SERVICES__{service.upper()}__ADDRESS"].partition(":")
        assert host in certificate["spec"]["dnsNames"]
    for pod in house.services():
        mounted = {mount["mountPath"] for mount in pod.container["volumeMounts"]}
        assert "/etc/retainer/tls" in mounted


def archive_of(cluster: Manifest) -> tuple[str, str]:
    """Where a database archives its log: object store, and the name it has there."""
    (plugin,) = cluster["spec"]["plugins"]
    assert plugin["name"] == "barman-cloud.cloudnative-pg.io" and plugin["isWALArchiver"]
    parameters = plugin["parameters"]
    return parameters["barmanObjectName"], parameters.get("serverName", cluster["metadata"]["name"])


def recovered_from(cluster: Manifest) -> tuple[str, str]:
    """Which archive a database is bootstrapped out of."""
    source = cluster["spec"]["bootstrap"]["recovery"]["source"]
    (outside,) = [one for one in cluster["spec"]["externalClusters"] if one["name"] == source]
    parameters = outside["plugin"]["parameters"]
    return parameters["barmanObjectName"], parameters["serverName"]


def test_a_commit_of_production_waits_for_a_second_instance_and_is_archived() -> None:
    house = rendered("overlays/prod")
    stores = {one["metadata"]["name"]: one["spec"] for one in house.kind("ObjectStore")}
    scheduled = {one["spec"]["cluster"]["name"]: one["spec"] for one in house.kind("ScheduledBackup")}
    clusters = house.kind("Cluster")
    assert len({archive_of(cluster) for cluster in clusters}) == len(clusters) == 2
    for cluster in clusters:
        spec = cluster["spec"]
        assert spec["instances"] >= 3, "with one instance away a commit must find another one to wait for"
        assert spec["postgresql"]["synchronous"] == {"method": "any", "number": 1, "dataDurability": "required"}
        assert spec["postgresql"]["parameters"]["synchronous_commit"] == "on"
        store, _ = archive_of(cluster)
        assert (
            stores[store]["configuration"]["destinationPath"].startswith("s3://") and stores[store]["retentionPolicy"]
        )
        backup = scheduled[cluster["metadata"]["name"]]
        assert backup["method"] == "plugin" and len(backup["schedule"].split()) == 6  # with seconds
        assert backup["pluginConfiguration"]["name"] == spec["plugins"][0]["name"]


def test_lost_databases_come_back_out_of_the_archives_that_production_fills() -> None:
    filled = {one["metadata"]["name"]: archive_of(one) for one in rendered("overlays/prod").kind("Cluster")}
    recovered = rendered("overlays/recovered")
    lives = {one["metadata"]["name"]: one for one in recovered.kind("Cluster")}
    (then,) = rendered("jobs/moment").kind("Cluster")
    assert recovered_from(then) == filled["retainer-db"] and "plugins" not in then["spec"]
    assert recovered_from(lives["retainer-keys"]) == filled["retainer-keys"]
    assert "initdb" in lives["retainer-db"]["spec"]["bootstrap"]
    for name, cluster in lives.items():
        assert archive_of(cluster) not in filled.values(), "an archive holds the log of one life only"
        assert archive_of(cluster)[0] == filled[name][0]
    assert {pod.replicas for pod in recovered.services()} == {0}
    reached = recovered.named("NetworkPolicy", "the-databases-are-reached")["spec"]
    (selected,) = reached["podSelector"]["matchExpressions"]
    assert set(selected["values"]) == {*lives, then["metadata"]["name"]}
