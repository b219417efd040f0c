"""Logs: one JSON object a line, with the correlation id, without secrets."""

import json
import logging
from collections.abc import Iterator

import pytest

from chassis.auth import Identity, Role
from chassis.logs import correlation, set_up
from chassis.settings import LogFormat
from chassis.tokens import SigningKeys, Tokens

log = logging.getLogger("chassis.somewhere")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def test_a_line_says_what_where_and_for_whom(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("timelog", LogFormat.JSON, "info")
    correlation.set("job-1")
    log.info("took %d facts in", 3)
    log.debug("not this")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said.pop("timestamp").endswith("Z")
    assert said == {
        "event": "took 3 facts in",
        "level": "info",
        "logger": "chassis.somewhere",
        "service": "timelog",
        "correlation_id": "job-1",
    }


def test_a_traceback_is_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("timelog", LogFormat.JSON, "info")
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        log.exception("it failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "RuntimeError: broken" in json.loads(line)["exception"]


@pytest.mark.parametrize("form", [LogFormat.JSON, LogFormat.CONSOLE])
def test_no_token_and_no_password_gets_into_a_log(capsys: pytest.CaptureFixture[str], form: LogFormat) -> None:
    token = Tokens(SigningKeys.fresh()).issue(Identity("studio", "anna", Role.OWNER))
    set_up("timelog", form, "info")
    log.warning("call with Bearer %s to postgresql://retainer:s3cret@db/x", token)
    try:
        raise RuntimeError(token)
    except RuntimeError:
        log.exception("it failed")
    written = capsys.readouterr().err
    assert token not in written
    assert "s3cret" not in written
