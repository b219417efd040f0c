"""No secret gets into a log or an answer: a house with known secrets, calls that go wrong, and a search for them."""

import base64
import json
import secrets
from pathlib import Path

import pytest

from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import Desk


def test_known_secrets_are_in_no_log_and_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    master, smtp = base64.b64encode(secrets.token_bytes(32)).decode(), f"smtp-{secrets.token_hex(12)}"
    data = tmp_path / "data"
    data.mkdir()
    variables = {
        "RETAINER_MASTER_KEY": master,
        "RETAINER_SMTP_HOST": "127.0.0.1",
        "RETAINER_SMTP_PORT": "1",
        "RETAINER_SMTP_USER": "post",
        "RETAINER_SMTP_PASSWORD": smtp,
        "RETAINER_SMTP_TLS": "none",
        "RETAINER_LOG_LEVEL": "debug",
    }
    with RunningHouse(data, **variables) as house:
        desk = Desk(house, "studio", capsys)
        token = desk.done("token").out.strip()
        said = provoked(desk, token)
        house.kill("notify")
        house.wait_ready()
        said += desk("config", "--json").out + desk("doctor", "--json").out
        signing = json.loads((data / "secrets" / "signing-keys.json").read_text())["keys"][0]["d"]
        logins = json.loads((data / "secrets" / "bus-users.json").read_text())["passwords"].values()
    known = {master, smtp, signing, token, token.rpartition(".")[2], *logins}
    logs = [*data.glob("*.log"), *data.glob("logs/*")]
    assert logs
    for text in (said, *(path.read_text(errors="replace") for path in logs)):
        assert not [secret for secret in known if secret in text]


def provoked(desk: Desk, token: str) -> str:
    """What is said where things go wrong: forged tokens, unknown things, refused orders."""
    said = [
        desk("client", "list", "--token", token[:-6] + "AAAAAA"),
        desk("client", "list", "--token", f"{token}.{token}"),
        desk("client", "show", "nobody"),
        desk("client", "add", "bad id", "--name", "X"),
        desk("log", "nowhere", "1:00", "--person", "nobody"),
        desk("events", "tail", "--service", "nobody"),
    ]
    assert all(one.status is not ExitStatus.OK for one in said)
    return "".join(one.out + one.err for one in said)
