"""The dashboard in the repository is the one that its program makes, and each panel says what it shows."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def operators() -> ModuleType:
    spec = importlib.util.spec_from_file_location("operators", ROOT / "deploy/grafana/operators.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_program_makes(operators: ModuleType) -> None:
    assert operators.WRITTEN_TO.read_text() == operators.made(), "run: python deploy/grafana/operators.py"


def test_each_panel_has_a_description_a_unit_and_its_datasource_as_a_variable(operators: ModuleType) -> None:
    panels = [panel for panel in json.loads(operators.made())["panels"] if panel["type"] != "row"]
    assert len(panels) == sum(len(row) for row in operators.ROWS.values())
    for panel in panels:
        assert panel["description"].endswith(".")
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"]["uid"] == "${datasource}"
        assert all(target["expr"] and target["refId"] for target in panel["targets"])
