"""The audit of dependencies: what the advisories say, by an index that has every page, and by one that has not."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from requests import ConnectTimeout, PreparedRequest, Response
from requests.adapters import BaseAdapter

from tools.advisories import Advisories, Findings, audited
from tools.audit import dependencies

FLAW = {
    "id": "PYSEC-2026-1",
    "aliases": [],
    "details": "it lets everybody in",
    "fixed_in": ["2.1"],
    "published": "2026-01-01T00:00:00Z",
}


class Index(BaseAdapter):
    """An index that has these pages alone, by what stands behind /pypi/."""

    def __init__(self, pages: dict[str, Any]) -> None:
        super().__init__()
        self._pages = pages

    def send(self, request: PreparedRequest, *args: Any, **how: Any) -> Response:
        answer = Response()
        answer.url = str(request.url)
        page = self._pages.get(answer.url.partition("/pypi/")[2].removesuffix("/json"))
        answer.status_code = 404 if page is None else 200
        answer.raw = io.BytesIO(json.dumps(page).encode())
        answer.request = request
        return answer

    def close(self) -> None:
        """There is nothing to close."""


def page(version: str, *flaws: Any) -> Any:
    return {"info": {"version": version}, "vulnerabilities": list(flaws)}


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    file = tmp_path / "locked.txt"
    names = ("new", "old", "silent", "strange", "flawed", "paged", "gone")
    pins = [f"{name}==2.0 \\\n    --hash=sha256:{'0' * 64}" for name in names]
    file.write_text("\n".join(pins) + "\n")
    return file


def test_a_project_tells_of_its_newest_version_where_the_versions_have_no_pages(locked: Path, tmp_path: Path) -> None:
    advisories = Advisories(tmp_path / "cache")
    pages = {
        "new": page("2.0"),
        "old": page("2.1"),
        "silent": {"info": {"version": "2.0"}},
        "strange": {"detail": "no such page"},
        "flawed": page("2.0", FLAW),
        "paged/2.0": page("2.0"),
        "paged": page("3.0", FLAW),
    }
    advisories.session.mount("https://", Index(pages))
    found = audited(locked, advisories)
    assert sorted(found.clean) == ["new 2.0", "paged 2.0"]
    assert sorted(found.unknown) == ["gone 2.0", "old 2.0", "silent 2.0", "strange 2.0"]
    assert found.flawed == {"flawed 2.0": ["PYSEC-2026-1 (gone in 2.1)"]}


@pytest.mark.parametrize(
    ("found", "status", "says"),
    [
        (Findings(clean=["a 1", "b 2"]), 0, "2 dependencies have no known flaw, 0 have"),
        (Findings(clean=["a 1"], unknown=["b 2"]), 2, "NOT AUDITED: b 2"),
        (Findings(flawed={"a 1": ["X-1 (gone in 2)"]}, unknown=["b 2"]), 1, "a 1: X-1 (gone in 2)"),
    ],
)
def test_what_was_found_is_said(
    found: Findings, status: int, says: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert dependencies(tmp_path / "runtime.txt", lambda _: found) == status
    assert says in capsys.readouterr().out


def test_where_nobody_answers_nothing_was_audited(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def away(_: Path) -> Findings:
        raise ConnectTimeout("no way there")

    assert dependencies(tmp_path / "runtime.txt", away) == 2
    assert "NOT AUDITED: nobody answers: no way there" in capsys.readouterr().out


def test_what_is_not_locked_cannot_be_audited(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    loose = tmp_path / "loose.txt"
    loose.write_text("grpcio\n")
    assert dependencies(loose) == 2
    assert "make lock" in capsys.readouterr().out
