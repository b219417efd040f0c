"""The alerts: made by their program, tested by promtool, each with a section of the runbook, and asking for what a
running house tells."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.deploy.watched import ROOT, RULES, Watched, made_by, wait_until

OF_OTHERS = ("barman_", "kube_")
"""Metrics of what runs beside us on Kubernetes."""
MEASURED = ("RetainerCommandsSlow", "RetainerBudgetLate")
"""Objectives that a busy machine may truly miss, in the house's own counts."""
NAMES = sorted(
    {
        rule["alert"]
        for group in yaml.safe_load(RULES.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
)


def test_the_file_is_what_the_program_makes() -> None:
    assert RULES.read_text() == made_by("prometheus/rules").made(), "run: python deploy/prometheus/rules.py"


@pytest.mark.parametrize("alert", NAMES)
def test_each_alert_has_a_section_of_the_runbook(alert: str) -> None:
    operations = (ROOT / "docs/operations.md").read_text()
    section = re.search(rf"^### {alert}\n(.*?)(?=^##|\Z)", operations, re.MULTILINE | re.DOTALL)
    assert section, f"docs/operations.md has no section ### {alert}"
    for part in ("**Means.**", "**First look.**", "**Remedy.**"):
        assert part in section[1]


@pytest.mark.timeout(300)
def test_promtool_finds_the_rules_right_and_their_tests_hold(binaries: Path) -> None:
    for words in (["check", "rules", "rules.yaml"], ["test", "rules", "rules_test.yaml", "rules_of_days_test.yaml"]):
        done = subprocess.run(
            [binaries / "promtool", *words], cwd=RULES.parent, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_tested() -> None:
    tests = [yaml.safe_load(path.read_text())["tests"] for path in sorted(RULES.parent.glob("*_test.yaml"))]
    cases = [case for file in tests for test in file for case in test["alert_rule_test"]]
    assert {case["alertname"] for case in cases if case["exp_alerts"]} == set(NAMES)
    of_objectives = {objective.alert for objective in made_by("prometheus/rules").OBJECTIVES}
    assert of_objectives <= {case["alertname"] for case in cases if not case["exp_alerts"]}, (
        "and none where all is well"
    )


@pytest.mark.xdist_group("watched")
def test_every_rule_is_evaluated_and_nothing_pages_in_a_house_that_is_well(watched: Watched) -> None:
    wait_until(lambda: all(rule["health"] != "unknown" for rule in watched.rules()), "the first evaluation")
    rules = watched.rules()
    assert {rule["name"] for rule in rules if rule["type"] == "alerting"} == set(NAMES)
    assert [rule for rule in rules if rule["health"] != "ok"] == []
    pages = {
        (rule["name"], alert["labels"].get("job", ""))
        for rule in watched.rules()
        if rule["type"] == "alerting" and rule["labels"]["severity"] == "page"
        for alert in rule["alerts"]
        if alert["state"] == "firing"
    }
    assert pages <= truly_missed(watched)


def truly_missed(watched: Watched) -> set[tuple[str, str]]:
    """Alert and service of each measured objective that the house has missed since it was started, by its counts alone:
    no window, no rate. A page wants six times the objective, so it never stands where this does not."""
    found = set()
    for objective in made_by("prometheus/rules").OBJECTIVES:
        if objective.alert in MEASURED:
            counts = re.sub(r"rate\(([^()]*(?:\([^()]*\)[^()]*)*)\[\$window\]\)", r"\1", objective.missed)
            assert "$window" not in counts
            shares = watched.ask(counts)
            assert shares, f"the house counts nothing of {objective.alert}"
            found |= {
                (objective.alert, one["metric"]["job"]) for one in shares if float(one["value"][1]) > objective.budget
            }
    return found


@pytest.mark.xdist_group("watched")
def test_every_ratio_has_data(watched: Watched) -> None:
    recorded = [rule["query"] for rule in watched.rules() if rule["type"] == "recording"]
    assert len(recorded) == 21
    assert [query for query in recorded if not watched.figures(query)] == []


@pytest.mark.xdist_group("watched")
def test_every_metric_that_an_alert_asks_for_is_told_by_the_house(watched: Watched) -> None:
    asked = {
        name
        for rule in watched.rules()
        if rule["type"] == "alerting"
        for name in re.findall(r"\b(?:retainer|grpc|barman|kube)_[a-z_]+", rule["query"])
    }
    assert len(asked) > 10
    assert [name for name in sorted(asked) if not name.startswith(OF_OTHERS) and not watched.ask(name)] == []


@pytest.mark.xdist_group("watched")
def test_a_backup_that_ended_well_is_told(watched: Watched, tmp_path: Path) -> None:
    [*before] = watched.figures("max(retainer_backup_finished_timestamp_seconds)")
    assert before == [0]
    where = ["--data", str(watched.house.data_dir)]
    command = [sys.executable, "-m", "retainer", "backup", str(tmp_path / "events"), *where]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(
        lambda: watched.figures("time() - min(retainer_backup_finished_timestamp_seconds) < 300") != [],
        "every service to tell of the backup",
    )
