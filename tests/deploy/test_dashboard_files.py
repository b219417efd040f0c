"""The dashboards in the repository are those that their programs make, and each panel says what it shows."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.watched import ROOT, made_by
from vocabulary.money import digits

BOARDS = ("operators", "business")
SOURCES = {"prometheus": "${datasource}", "grafana-postgresql-datasource": "${views}"}


def panels_of(board: str) -> list[dict[str, Any]]:
    made = json.loads(made_by(f"grafana/{board}").made())
    return [panel for panel in made["panels"] if panel["type"] != "row"]


@pytest.mark.parametrize("board", BOARDS)
def test_the_file_is_what_the_program_makes(board: str) -> None:
    module = made_by(f"grafana/{board}")
    assert module.WRITTEN_TO.read_text() == module.made(), f"run: python deploy/grafana/{board}.py"


@pytest.mark.parametrize("board", BOARDS)
def test_each_panel_has_a_description_a_unit_and_its_datasource_as_a_variable(board: str) -> None:
    panels = panels_of(board)
    assert len(panels) == sum(len(row) for row in made_by(f"grafana/{board}").ROWS.values())
    for panel in panels:
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"]["uid"] == SOURCES[panel["datasource"]["type"]]
        for target in panel["targets"]:
            assert target["refId"]
            assert target.get("expr") or target["rawSql"]
            assert target["datasource"] == panel["datasource"]


def test_uids_are_fixed() -> None:
    made = [json.loads(made_by(f"grafana/{board}").made()) for board in BOARDS]
    assert [board["uid"] for board in made] == ["retainer-operators", "retainer-business"]


def test_provisioned_datasources_are_of_the_types_that_the_dashboards_ask_for() -> None:
    provisioned = yaml.safe_load(
        (ROOT / "deploy/grafana/provisioning/datasources/retainer.yaml").read_text().replace("$", "")
    )
    assert {source["type"] for source in provisioned["datasources"]} == set(SOURCES)


def test_kustomize_labels_the_dashboards_for_the_sidecar() -> None:
    kustomization = yaml.safe_load((ROOT / "deploy/grafana/kustomization.yaml").read_text())
    assert kustomization["generatorOptions"]["labels"] == {"grafana_dashboard": "1"}
    [generator] = kustomization["configMapGenerator"]
    assert sorted(generator["files"]) == sorted(f"dashboards/{board}.json" for board in BOARDS)


def test_the_questions_know_the_minor_units_of_every_currency() -> None:
    """R1; currencies without a minor unit cannot be invoiced and are not asked for."""
    sql = (ROOT / "deploy/grafana/sql/questions.sql").read_text()
    body = sql[sql.index("FUNCTION dashboards.minor_units") :].split("$$")[1]
    told = {
        currency: int(one)
        for currencies, one in re.findall(r"currency IN \(([^)]*)\) THEN (\d+)", body)
        for currency in re.findall(r"[A-Z]{3}", currencies)
    }
    from iso4217 import Currency

    invoiced = {currency.code for currency in Currency if currency.exponent is not None}
    assert {code: 10 ** digits(code) for code in invoiced if digits(code) != 2} == told


@pytest.mark.parametrize(
    ("folder", "name", "files"),
    [
        ("grafana", "retainer-dashboards", {"business.json", "operators.json"}),
        ("prometheus", "retainer-prometheus-rules", {"rules.yaml"}),
    ],
)
def test_kustomize_renders_what_a_cluster_mounts(folder: str, name: str, files: set[str]) -> None:
    kubectl = Path(sys.executable).with_name("kubectl")
    rendered = subprocess.run(
        [kubectl, "kustomize", ROOT / "deploy" / folder], capture_output=True, text=True, check=True
    )
    config = yaml.safe_load(rendered.stdout)
    assert (config["kind"], config["metadata"]["name"]) == ("ConfigMap", name)
    assert config["data"].keys() == files
    assert ("grafana_dashboard" in config["metadata"].get("labels", {})) is (folder == "grafana")
