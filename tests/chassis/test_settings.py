"""Settings: one place, every variable explained, secrets hidden, nonsense refused in words."""

import base64
import os
import stat
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from chassis.run import clock_of
from chassis.settings import Settings, SettingsWrong, explain, load
from chassis.tokens import SigningKeys


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("RETAINER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RETAINER_DATA_DIR", str(tmp_path / "data"))


def test_everything_lies_under_the_data_folder(tmp_path: Path) -> None:
    settings = load()
    assert settings.store_of("timelog") == f"sqlite:///{tmp_path}/data/timelog/events.db"
    assert settings.views_of("timelog") == f"sqlite:///{tmp_path}/data/timelog/views.db"
    assert settings.keys_of("timelog") == f"sqlite:///{tmp_path}/data/timelog/keys.db"
    assert settings.outbox == tmp_path / "data" / "outbox"
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_one_variable_moves_all_services_to_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAINER_STORE_URL", "postgresql://db/retainer")
    assert load().store_of("billing") == load().views_of("billing") == "postgresql://db/retainer"
    assert load().keys_of("billing").startswith("sqlite:"), "keys are never kept with the stores unasked"


def test_a_service_may_have_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAINER_SERVICES__BILLING__STORE_URL", "postgresql://other/retainer")
    monkeypatch.setenv("RETAINER_SERVICES__BILLING__LISTEN", "0.0.0.0:8080")
    monkeypatch.setenv("RETAINER_SERVICES__TIMELOG__KEYS_URL", "postgresql://keys/retainer")
    settings = load()
    assert settings.keys_of("timelog") == "postgresql://keys/retainer"
    assert settings.keys_of("contracts").startswith("sqlite:")
    assert settings.store_of("billing") == settings.views_of("billing") == "postgresql://other/retainer"
    assert settings.of("billing").listen == "0.0.0.0:8080"
    assert settings.store_of("timelog").startswith("sqlite:")


def test_request_ids_of_version_0_1_0_are_known_by_the_secret_that_it_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """There they were hashed with a key from the token secret, given or kept in the data folder."""
    own = load().request_key()
    secret = b"s" * 40
    (tmp_path / "data" / "secrets" / "token.secret").write_bytes(base64.b64encode(secret))
    of_before = sha256(b"requests:" + secret).digest()
    assert load().request_key() == of_before != own
    monkeypatch.setenv("RETAINER_TOKEN_SECRET", "t" * 40)
    assert load().request_key() == sha256(b"requests:" + b"t" * 40).digest()


def test_secrets_are_made_once_and_for_us_alone(tmp_path: Path) -> None:
    first, second = load(), load()
    assert first.master_key_bytes() == second.master_key_bytes() != first.request_key()
    assert first.request_key() == second.request_key()
    assert SigningKeys.of(first).signing()[0] == SigningKeys.of(second).signing()[0]
    for name in ("signing-keys.json", "master.key"):
        assert stat.S_IMODE((tmp_path / "data" / "secrets" / name).stat().st_mode) == 0o600
    made = sorted(path.name for path in (tmp_path / "data" / "secrets").iterdir())
    assert made == ["master.key", "signing-keys.json"]


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SMTP_PORT", "many", "RETAINER_SMTP_PORT"),
        ("GRACE_SECONDS", "-1", "RETAINER_GRACE_SECONDS"),
        ("SERVICES__TIMELOG__LISTN", "x", "RETAINER_SERVICES__TIMELOG__LISTN"),
        ("CLOCK", "2026-01-01T00:00:00Z", "rehearsal"),
        ("SERVICES__BILLING__CRASH_AT", "append.after", "rehearsal"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str) -> None:
    monkeypatch.setenv(f"RETAINER_{variable}", value)
    with pytest.raises(SettingsWrong, match=says):
        load()


@pytest.mark.parametrize("made_for_rehearsals", ["REHEARSAL", "CLOCK", "SERVICES__BILLING__CRASH_AT"])
def test_production_and_rehearsals_exclude_each_other(
    monkeypatch: pytest.MonkeyPatch, made_for_rehearsals: str
) -> None:
    monkeypatch.setenv("RETAINER_PRODUCTION", "true")
    load()
    monkeypatch.setenv("RETAINER_REHEARSAL", "true")
    value = {"REHEARSAL": "true", "CLOCK": "2026-01-01T00:00:00Z"}.get(made_for_rehearsals, "append.after")
    monkeypatch.setenv(f"RETAINER_{made_for_rehearsals}", value)
    with pytest.raises(SettingsWrong, match="RETAINER_PRODUCTION"):
        load()


@pytest.mark.parametrize(("name", "value"), [("MASTER_KEY", "%%%"), ("MASTER_KEY", "YWJj")])
def test_a_weak_secret_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"RETAINER_{name}", value)
    with pytest.raises(SettingsWrong, match=f"RETAINER_{name}"):
        load().master_key_bytes()


def test_every_setting_is_explained_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAINER_MASTER_KEY", "s3cret" * 8)
    monkeypatch.setenv("RETAINER_STORE_URL", "postgresql://retainer:s3cret@db/retainer")
    monkeypatch.setenv("RETAINER_SERVICES__TIMELOG__LISTEN", "127.0.0.1:7402")
    lines = list(explain(load()))
    assert all(line.meaning for line in lines)
    assert not [line for line in lines if "s3cret" in line.value]
    shown = {line.variable: (line.value, line.origin) for line in lines}
    assert shown["RETAINER_MASTER_KEY"] == ("(hidden)", "environment")
    assert shown["RETAINER_STORE_URL"] == ("postgresql://retainer:(hidden)@db/retainer", "environment")
    assert shown["RETAINER_SERVICES__TIMELOG__LISTEN"] == ("127.0.0.1:7402", "environment")
    assert shown["RETAINER_SMTP_PORT"] == ("587", "default")
    assert {line.variable for line in lines} >= {f"RETAINER_{name.upper()}" for name in Settings.model_fields} - {
        "RETAINER_SERVICES"
    }


def test_the_clock_of_a_rehearsal_begins_where_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAINER_REHEARSAL", "true")
    monkeypatch.setenv("RETAINER_CLOCK", "2026-03-01T00:00:00")
    clock = clock_of(load())
    before, after = clock(), clock()
    assert datetime(2026, 3, 1, tzinfo=UTC) <= before <= after < datetime(2026, 3, 1, 1, tzinfo=UTC)


def test_what_runs_is_read_from_its_file_and_rubbish_is_nobody() -> None:
    settings = load()
    assert settings.running("timelog") == {}
    settings.say_running("timelog", {"pid": 7, "address": "127.0.0.1:1"})
    assert settings.running("timelog") == {"pid": 7, "address": "127.0.0.1:1"}
    for rubbish in ("", "[1]", "{"):
        (settings.folder("run") / "timelog.json").write_text(rubbish)
        assert settings.running("timelog") == {}
