"""docs/asyncapi.json and docs/schemas are what the catalogs say, and what they are called."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft7Validator, Draft202012Validator

from tests.node import npm
from tools import asyncapi
from tools.asyncapi import SCHEMAS, document, main, schema_files

GOLDEN = Path(__file__).parents[1] / "golden"
SAMPLES = sorted(GOLDEN.glob("*/*.json"))


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(document())
    return made


def test_what_is_in_the_repository_is_what_the_catalogs_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_file_that_nobody_makes_is_drift_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asyncapi, "ROOT", tmp_path)
    monkeypatch.setattr(asyncapi, "DOCUMENT", tmp_path / "asyncapi.json")
    monkeypatch.setattr(asyncapi, "SCHEMAS", tmp_path / "schemas")
    assert main([]) == main(["--check"]) == 0
    stale = tmp_path / "schemas/timelog/NeverHappened@1.json"
    stale.write_text("{}\n")
    assert main(["--check"]) == 1
    assert "NeverHappened@1.json" in capsys.readouterr().err
    assert main([]) == main(["--check"]) == 0
    assert not stale.exists()


def test_every_event_ever_published_has_a_channel_a_message_and_a_schema(described: dict[str, Any]) -> None:
    assert {f"{path.parent.name}/{path.name}" for path in SAMPLES} == {
        f"{path.parent.name}/{path.name}" for path in schema_files()
    }
    assert len(described["components"]["messages"]) == len(SAMPLES)
    assert {name for message in described["channels"].values() for name in message["messages"]} == set(
        described["components"]["messages"]
    )


def test_a_library_reads_the_document_as_asyncapi_3(described: dict[str, Any]) -> None:
    pathless = {**described["servers"]["bus"], "pathname": ""}  # which the library wants and the specification does not
    read = ApplicationSchema.model_validate({**described, "servers": {"bus": pathless}})
    assert read.asyncapi == "3.0.0"
    assert len(read.channels) == len(described["channels"])


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for reference in references(described):
        found: Any = described
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_what_was_ever_stored_fits_its_schemas(sample: Path, described: dict[str, Any]) -> None:
    payload = json.loads(sample.read_text())
    schema = json.loads((SCHEMAS / sample.parent.name / sample.name).read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(payload)
    key = f"{sample.parent.name}.{sample.stem}".replace("@", "-")
    within = {"$ref": f"#/components/schemas/{key}", "components": described["components"]}
    Draft7Validator(within).validate(payload)
    with pytest.raises(Exception, match=r"required|type"):
        Draft202012Validator(schema).validate({})


@pytest.mark.long
def test_the_specification_s_own_schema_accepts_the_document(described: dict[str, Any], tmp_path: Path) -> None:
    """Out of the package that AsyncAPI's own tools read."""
    command = npm("install", "--no-save", "--ignore-scripts", "@asyncapi/specs@6.11.1")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no npm registry is reachable")
    schema = json.loads((tmp_path / "node_modules/@asyncapi/specs/schemas/3.0.0.json").read_text())
    Draft7Validator(schema).validate(described)
    assert list(Draft7Validator(schema).iter_errors({**described, "asyncapi": "2.0.0"}))


def references(value: Any) -> Iterator[str]:
    match value:
        case dict():
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for one in value.values():
                yield from references(one)
        case list():
            for one in value:
                yield from references(one)
        case _:
            return
