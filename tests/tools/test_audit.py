"""The audit of dependencies: what the advisories say, by an index that has every page, and by one that has not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from requests import ConnectTimeout

from tools.advisories import Advisories, Findings, audited
from tools.audit import dependencies

FLAW = {
    "id": "PYSEC-2026-1",
    "aliases": [],
    "details": "it lets everybody in",
    "fixed_in": ["2.1"],
    "published": "2026-01-01T00:00:00Z",
}


@contextmanager
def index(pages: dict[str, Any]) -> Iterator[str]:
    """An index that has these pages alone, by path."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(200 if page else 404)
            self.end_headers()
            self.wfile.write(json.dumps(page).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Not to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def page(version: str, *flaws: Any) -> Any:
    return {"info": {"version": version}, "vulnerabilities": list(flaws)}


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    file = tmp_path / "locked.txt"
    pins = [f"{name}==2.0 \\\n    --hash=sha256:{'0' * 64}" for name in ("new", "old", "flawed", "paged")]
    file.write_text("\n".join(pins) + "\n")
    return file


def test_a_project_tells_of_its_newest_version_where_the_versions_have_no_pages(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {
        "/pypi/new/json": page("2.0"),
        "/pypi/old/json": page("2.1"),
        "/pypi/flawed/json": page("2.0", FLAW),
        "/pypi/paged/2.0/json": page("2.0"),
        "/pypi/paged/json": page("3.0", FLAW),
    }
    with index(pages) as address:
        _asked_at(address, monkeypatch)
        found = audited(locked)
    assert sorted(found.clean) == ["new 2.0", "paged 2.0"]
    assert found.unknown == ["old 2.0"]
    assert found.flawed == {"flawed 2.0": ["PYSEC-2026-1 (gone in 2.1)"]}


def _asked_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the index were PyPI."""
    init = Advisories.__init__

    def begin(advisories: Advisories) -> None:
        init(advisories)
        get = advisories.session.get

        def here(url: str, **how: Any) -> Any:
            return get(address + "/pypi/" + url.partition("/pypi/")[2], **how)

        advisories.session.get = here  # type: ignore[method-assign]

    monkeypatch.setattr(Advisories, "__init__", begin)


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
