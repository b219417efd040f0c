"""The runbook: every command in docs/operations.md and docs/security.md is one that there is, and one that a test runs.

A command that stands in no table here fails the test: run it below, or name the test that does.
"""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from retainer.app import make_app
from retainer.failures import ExitStatus
from tests.deploy.rendered import KUBECTL, ROOT, SERVICES, rendered
from tests.house import RunningHouse
from tests.retainer.desk import Desk
from tests.runbook import blocks_below

PAGES = ("docs/operations.md", "docs/security.md")
ELSEWHERE = {
    "backup": "tests/stories/test_rehearsed_restore.py",
    "restore": "tests/stories/test_rehearsed_restore.py",
    "migrate": "tests/stories/test_rehearsed_restore.py",
    "verify": "tests/stories/test_rehearsed_restore.py",
    "erase": "tests/stories/test_erasure.py",
    "keys": "tests/retainer/test_tokens.py",
    "up": "tests/house.py",
    "events tail": "tests/deploy/test_slow_call.py",
    "doctor": "tests/retainer/test_end_to_end.py",
}
"""Verb -> the file that runs it, each of its words in quotation marks."""
HERE = (
    "rebuild contracts",
    "rebuild timelog",
    "rebuild billing",
    "rebuild notify",
    "republish timelog",
    "replay timelog",
    "config",
    "token --role member --subject anna --days 30",
    "token list",
    "token revoke --all --subject anna",
    "events user {agency} --name crm",
    "events user {agency} --name crm --remove",
    "letters list",
)
"""Run below, on a house. A command of the page is one of these where its verb is."""
REHEARSED = "tests/faults/test_lost_database.py"
ARCHIVE = "### PostgreSQL's archive"
"""Its blocks are run by `REHEARSED` word for word."""
KUBECTL_WORDS = ("create", "apply", "scale", "wait", "delete")
OTHERS = {"psql": "tests/deploy/conftest.py"}
"""First word of a command that is not ours -> the file that runs it."""


def commands() -> Iterator[str]:
    """Every command of the pages' blocks: comments, redirections and `&&` taken away."""
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            yield from lines_of(block)


def lines_of(block: str) -> Iterator[str]:
    whole = block.replace("\\\n", " ").replace("; do\n", "; do ")
    for line in re.sub(r"\s#[^\n]*", "", whole).splitlines():
        yield from (part.strip() for part in line.split("&&") if part.strip() and not part.startswith("#"))


def of_ours() -> Iterator[str]:
    for command in commands():
        plain = re.sub(r"^env \w+=\S+ ", "", command).partition(">")[0].strip()
        if plain.startswith("retainer "):
            yield plain


def verbs_here() -> set[str]:
    return {" ".join(word for word in line.split()[:2] if word.isalpha()) for line in HERE}


@pytest.mark.parametrize("command", sorted(set(of_ours())))
def test_it_is_a_command_and_a_test_runs_it(command: str) -> None:
    words = shlex.split(command)[1:]
    make_app(words).parse_args(words, exit_on_error=False, print_error=False)
    named = " ".join(word for word in words[:2] if word.isalpha())
    for verb in (named, words[0]):
        if verb in ELSEWHERE:
            there = (ROOT / ELSEWHERE[verb]).read_text(encoding="utf-8")
            assert all(f'"{word}"' in there for word in verb.split())
            return
    assert named in verbs_here() or words[0] in verbs_here(), f"no test runs: {command}"


def test_the_pages_hold_no_command_of_another_sort() -> None:
    assert f'blocks_below("{ARCHIVE}")' in (ROOT / "tests/faults/archived.py").read_text(encoding="utf-8")
    rehearsed = {line for block in blocks_below(ARCHIVE) for line in lines_of(block)}
    others = [command for command in commands() if command not in rehearsed]
    for command in others:
        first, *rest = re.sub(r"^env \w+=\S+ ", "", command).split()
        match first:
            case "retainer" | "echo" | "export":
                pass
            case "kubectl":
                assert next(word for word in rest if word in KUBECTL_WORDS)
            case _:
                assert f'"{first}' in (ROOT / OTHERS[first]).read_text(encoding="utf-8"), command


@pytest.fixture
def desk(house: RunningHouse, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, f"run-{crc32(request.node.name.encode()):08x}", capsys)


@pytest.mark.parametrize("line", HERE)
def test_it_does_what_the_page_says(line: str, desk: Desk) -> None:
    said = desk(*shlex.split(line.format(agency=desk.agency)))
    removes_nothing = "--remove" in line and said.status is ExitStatus.NOT_FOUND
    assert removes_nothing or said.status is ExitStatus.OK, said.err


def test_each_overlay_and_job_that_is_applied_renders() -> None:
    places = {shlex.split(command)[-1] for command in commands() if command.startswith("kubectl apply -k")}
    assert places == {
        "deploy/k8s/overlays/dev",
        "deploy/k8s/overlays/prod",
        "deploy/k8s/overlays/recovered",
        "deploy/k8s/jobs/migrate",
        "deploy/k8s/jobs/moment",
    }
    for place in places:
        subprocess.run([KUBECTL, "kustomize", ROOT / place], check=True, capture_output=True)


def test_what_kubectl_waits_for_and_deletes_is_there() -> None:
    """The names and labels of the page are those of the manifests."""
    manifests = [one for place in ("overlays/prod", "jobs/migrate", "jobs/moment") for one in rendered(place).documents]
    named = {f"{one['kind'].lower()}/{one['metadata']['name']}" for one in manifests}
    asked = [command for command in commands() if command.startswith("kubectl -n retainer")]
    for command in asked:
        words = shlex.split(command)[3:]
        if words[0] == "wait":
            assert {word for word in words if "/" in word} <= named, command
        if words[:2] == ["delete", "cluster"]:
            assert {f"cluster/{word}" for word in words[2:]} <= named, command
        if "-l" in words:
            label, _, value = words[words.index("-l") + 1].partition("=")
            found = [one for one in manifests if one["metadata"].get("labels", {}).get(label) == value]
            assert {one["metadata"]["name"] for one in found if one["kind"] == "StatefulSet"} == {
                f"retainer-{service}" for service in SERVICES
            }
    assert len(asked) > 8


def test_the_secrets_are_made_as_the_page_says(tmp_path: Path) -> None:
    """With a kubectl that only prints what it would make."""
    (tmp_path / "signing-keys.json").write_text("{}")
    (tmp_path / "kubectl").write_text(f'#!/bin/sh\nexec {KUBECTL} "$@" --dry-run=client -o name\n')
    (tmp_path / "kubectl").chmod(0o755)
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    (block,) = [
        one for one in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL) if "create secret" in one
    ]
    script = "\n".join(line for line in block.splitlines() if not line.startswith("retainer "))
    made = subprocess.run(
        ["sh", "-ec", script],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout.split() == ["namespace/retainer", "secret/retainer-nats", "secret/retainer-secrets"]
