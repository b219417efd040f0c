"""The whole house with mutual TLS at its doors, on its bus and between its services."""

import asyncio
from pathlib import Path

import pytest
import trustme

from chassis.keys_api import fetch_from
from chassis.neighbours import Neighbours
from chassis.settings import Settings
from chassis.tokens import tokens_of
from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import Desk


async def lent_key(settings: Settings) -> bytes | None:
    """As notify gets it from contracts."""
    neighbours = Neighbours(settings, tokens_of(settings), "notify")
    (lent,) = await fetch_from(neighbours, "contracts")("studio", ["client/acme"])
    await neighbours.close()
    return lent.key


@pytest.mark.long
def test_everybody_shows_a_certificate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    made = authority.issue_cert("127.0.0.1", "localhost")
    chain, key, ca = (tmp_path / name for name in ("chain.pem", "key.pem", "ca.pem"))
    chain.write_bytes(made.cert_chain_pems[0].bytes())
    key.write_bytes(made.private_key_pem.bytes())
    ca.write_bytes(authority.cert_pem.bytes())
    files = {"tls_certificate": chain, "tls_key": key, "tls_ca": ca, "tls_client_ca": ca}
    variables = {f"RETAINER_{name.upper()}": str(path) for name, path in files.items()}
    (tmp_path / "data").mkdir()
    with RunningHouse(tmp_path / "data", **variables) as house:
        desk = Desk(house, "studio", capsys)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        desk.done("client", "add", "acme", "--name", "Acme", "--contact", "ida=Ida <ida@acme.example>")
        found = desk("doctor", "--json").json["findings"]
        assert [one for one in found if one["verdict"] == "bad"] == []
        seen = desk.done("events", "tail", "--all", "--limit", "1", "--service", "contracts", "--json").out
        assert "contracts.ClientAdded" in seen
        settings = Settings(data_dir=house.data_dir, **files)  # type: ignore[arg-type]
        assert asyncio.run(lent_key(settings))
        monkeypatch.delenv("RETAINER_TLS_CERTIFICATE")
        assert desk("client", "list").status is ExitStatus.UNAVAILABLE
