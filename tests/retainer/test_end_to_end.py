"""The command on a running house: from the first client to the paid invoice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from retainer.failures import ExitStatus
from retainer.samples import TIME_SHEET
from tests.house import ROOT, RunningHouse
from tests.retainer.desk import TERMS, Desk

MAPS = (
    *("--map", "Brauerei Grünhöfer & Söhne=web-2026", "--map", "Harbor Lane Coffee / Brand and shop=web-2026"),
    *("--person", "Anna Berg=anna", "--person", "Tom Reed=tom"),
    *("--zone", "Europe/Berlin", "--zone", "Tom Reed=America/New_York"),
)


@pytest.fixture
def desk(house: RunningHouse, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, f"cli-{crc32(request.node.name.encode()):08x}", capsys)


@pytest.fixture
def studio(desk: Desk, tmp_path: Path) -> Desk:
    """An agency with two people and one retainer."""
    terms = tmp_path / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("agency", "describe", "--name", "Studio", "--zone", "Europe/Berlin", "--email", "hello@studio.example")
    desk.done("client", "add", "acme", "--name", "Acme GmbH", "--contact", "ida=Ida Weiß <ida@acme.example>")
    desk.done("person", "add", "anna", "--name", "Anna Berg", "--role", "senior", "--zone", "Europe/Berlin")
    desk.done("person", "add", "tom", "--name", "Tom Reed", "--zone", "America/New_York")
    desk.done(
        "contract", "draft", "web-2026", "--client", "acme", "--terms", str(terms), "--title", "Care", "--activate"
    )
    desk.now = "2026-01-16T12:00:00Z"
    return desk


def test_the_whole_road(studio: Desk, tmp_path: Path) -> None:
    assert studio.done("close", "--on", "2026-01-01", now="2026-01-01T08:00:00Z").out.count("2026-0001") == 1
    studio.done("log", "web-2026", "1:35", "--person", "anna", "--on", "2026-01-16", "--id", "e1")
    studio.done("log", "web-2026", "0:10", "--on", "2026-01-16", "--person", "anna", "--rate", "95", "--not-billable")
    budget = _budget(studio)
    assert budget["current"]["used"] == {"time": "6300s"}  # 1:35 is 1:45 in quarters of an hour
    assert "web-2026" in studio.done("budget").out
    assert "1:45" in studio.done("budget", "web-2026", "--on", "2026-01-16").out

    invoice = studio.json("invoice", "show", "2026-0001")
    assert invoice["gross"] == {"currency_code": "EUR", "units": "3570"}  # 3000.00 and 19 %
    assert "3570.00" in studio.done("invoice", "show", "2026-0001").out
    assert "2026-0001" in studio.done("invoice", "list").out
    document = tmp_path / "invoice.pdf"
    studio.done("invoice", "pdf", "2026-0001", str(document))
    assert document.read_bytes().startswith(b"%PDF")

    studio.done("pay", "3570.00", "--invoice", "2026-0001", "--id", "bank-1", "--on", "2026-01-20")
    studio.done("pay", "3570.00", "--invoice", "2026-0001", "--id", "bank-1", "--on", "2026-01-20")
    assert studio.json("invoice", "show", "2026-0001")["state"] == "STATE_PAID"
    assert len(studio.json("payments")["payments"]) == 1


def test_what_a_client_asks_is_answered_by_the_command(studio: Desk, tmp_path: Path) -> None:
    """Why, what was known then, what other terms would have cost, what an order would move, and the proof."""
    studio.done("close", "--on", "2026-01-01", now="2026-01-01T08:00:00Z")
    for number, day in enumerate(("2026-01-12", "2026-01-13", "2026-01-14"), start=1):
        at = f"{day}T18:00:00Z"
        studio.done("log", "web-2026", "11:00", "--person", "anna", "--on", day, "--id", f"e{number}", now=at)
    studio.done("close", "--on", "2026-02-01", now="2026-02-01T08:00:00Z")
    studio.now = "2026-02-03T12:00:00Z"

    said = studio.done("invoice", "explain", "2026-0002", "--line", "1").out  # 33:00 of 30:00 at 130.00
    assert "= 3:00 × 130.00 EUR/h (overage rate)" in said
    assert "part of entry e3" in said
    assert studio.json("invoice", "explain", "2026-0002")["whole"]["value"]["amount"]["units"] == "4034"

    then = studio.json("budget", "web-2026", "--as-of", "2026-01-13T19:00:00Z", "--on", "2026-01-31")
    assert then["current"]["used"] == {"time": "79200s"}
    assert studio.json("contract", "show", "web-2026", "--as-of", "2026-01-10T00:00:00Z")["title"] == "Care"
    assert len(studio.json("invoice", "list", "--as-of", "2026-01-20T00:00:00Z")["invoices"]) == 1

    small = tmp_path / "small.yaml"
    small.write_text("terms: {cycle: month, fee: {amount: 1000.00}, allowance: {hours: 8}, rate: 100.00}\n")
    priced = studio.json("what-if", "web-2026", "--terms", str(small))
    assert (priced["as_agreed"]["charged"]["units"], priced["variants"][0]["charged"]["units"]) == ("3390", "3500")
    assert "small" in studio.done("what-if", "web-2026", "--terms", str(small)).out

    preview = studio.done("entry", "delete", "e3", "--preview").out
    assert "Difference: -464.10 EUR gross. Nothing was recorded." in preview
    refused = studio("contract", "end", "web-2026", "--on", "2026-01-13", "--preview")
    assert refused.status is ExitStatus.REFUSED
    assert "would be refused: " in refused.err
    as_json = studio("contract", "end", "web-2026", "--on", "2026-01-13", "--preview", "--json")
    assert (as_json.status, len(as_json.json["refusals"])) == (ExitStatus.REFUSED, 1)

    assert "Everything fits together" in studio.done("verify", "web-2026").out
    statement, events = tmp_path / "statement.json", tmp_path / "events.jsonl"
    studio.done("events", "export", "web-2026", str(events))
    script = ROOT / "examples" / "check_statement.py"
    for asked in (("account", "web-2026", "--json"), ("statement", "web-2026", "--period", "2026-01-01", "--json")):
        statement.write_text(studio.done(*asked).out)
        checked = subprocess.run(
            [sys.executable, "-I", script, statement, events], capture_output=True, text=True, check=False
        )
        assert (checked.returncode, checked.stdout[:5]) == (0, "fits:"), checked.stdout + checked.stderr


def test_a_request_id_is_obeyed_once(studio: Desk) -> None:
    order = ("log", "web-2026", "0:30", "--person", "anna", "--on", "2026-01-16", "--request-id", "r-1")
    first, second = studio.json(*order), studio.json(*order)
    assert second["receipt"]["name"] == first["receipt"]["name"]
    assert second["receipt"]["repeated_request"]
    assert len(studio.json("entry", "list")["entries"]) == 1


def test_a_dry_run_records_nothing(studio: Desk) -> None:
    assert "Nothing was recorded" in studio.done("log", "web-2026", "0:30", "--person", "anna", "--dry-run").out
    assert studio.json("entry", "list") == {"entries": []}


def test_an_entry_is_corrected_and_deleted(studio: Desk) -> None:
    studio.done("log", "web-2026", "0:30", "--person", "anna", "--on", "2026-01-16", "--id", "e1")
    studio.done("entry", "correct", "e1", "--time", "2:00", "--task", "seo")
    (entry,) = studio.json("entry", "list")["entries"]
    assert (entry["worked"], entry["task"]) == ("7200s", "seo")
    studio.done("entry", "delete", "e1")
    assert studio.json("entry", "list") == {"entries": []}


def test_a_timer_becomes_an_entry(studio: Desk) -> None:
    studio.done("timer", "start", "web-2026", "--person", "anna", "--task", "calls")
    assert "anna" in studio.done("timer", "list").out
    studio.done("timer", "stop", "--person", "anna", now="2026-01-16T13:30:00Z")
    (entry,) = studio.json("entry", "list")["entries"]
    assert entry["worked"] == "5400s"


def test_terms_change_at_a_boundary(studio: Desk, tmp_path: Path) -> None:
    change = tmp_path / "change.yaml"
    change.write_text("fee: {amount: 3500.00}\nrollover: null\n")
    studio.done("contract", "terms", "web-2026", str(change), "--on", "2026-03-01", "--client-consents")
    versions = studio.json("contract", "show", "web-2026")["versions"]
    assert versions[-1]["terms"]["fee"]["amount"]["units"] == "3500"
    assert "rollover" not in versions[-1]["terms"]
    assert "3500.00" in studio.done("contract", "history", "web-2026").out
    off = studio("contract", "terms", "web-2026", str(change), "--on", "2026-03-10", "--client-consents")
    assert off.status is ExitStatus.WRONG_INPUT
    assert "NotABoundary" in off.err


def test_a_time_sheet_comes_in_once(studio: Desk) -> None:
    studio.now = "2026-04-01T12:00:00Z"
    order = ("import", "toggl", str(TIME_SHEET), *MAPS)
    plan = studio.json(*order, "--dry-run")["plan"]
    assert plan["to_log"] > 300
    assert studio.json("entry", "list") == {"entries": []}
    applied = studio.json(*order)["plan"]
    assert applied["to_log"] == plan["to_log"]
    again = studio.json(*order)["plan"]
    assert again.get("to_log", 0) == 0
    assert again["known_already"] == plan["to_log"]
    assert "Tierklinik Seeblick / Newsletter" in studio.done(*order, "--dry-run").out


def test_units_blocks_and_credits_have_verbs_of_their_own(studio: Desk) -> None:
    studio.done("credit", "give", "web-2026", "100.00", "--why", "late delivery", "--on", "2026-01-16", "--id", "c1")
    assert "late delivery" in studio.done("contract", "postings", "web-2026").out
    no_bank = studio("block", "buy", "web-2026", "5:00", "500.00", "--on", "2026-01-16")
    assert no_bank.status is ExitStatus.REFUSED
    assert "NoBank" in no_bank.err


def test_reminders_go_out_once_and_can_be_stopped(studio: Desk) -> None:
    studio.done("close", "--on", "2026-01-01", now="2026-01-01T08:00:00Z")
    late = "2026-01-25T12:00:00Z"  # due on 01-15, the first reminder is due on 01-18
    assert "2026-0001: reminder 1 told" in studio.done("reminders", "send", now=late).out
    assert "Nothing is due" in studio.done("reminders", "send", now=late).out
    studio.done("reminders", "stop", "2026-0001", now=late)
    assert "Nothing is due" in studio.done("reminders", "send", now="2026-03-01T12:00:00Z").out


@pytest.mark.parametrize(
    ("order", "status", "said"),
    [
        (("budget", "ghost"), ExitStatus.NOT_FOUND, "ghost"),
        (("log", "ghost", "1:00", "--person", "anna"), ExitStatus.NOT_FOUND, "ContractUnknown"),
        (("log", "web-2026", "25:00", "--person", "anna"), ExitStatus.WRONG_INPUT, "LongerThanADay"),
        (("log", "web-2026", "1:00", "--person", "anna", "--on", "2025-12-01"), ExitStatus.REFUSED, "OutsideContract"),
        (("log", "web-2026", "1:00"), ExitStatus.WRONG_INPUT, "--person"),
        (("log", "web-2026", "1:00", "--person", "anna", "--rate", "much"), ExitStatus.WRONG_INPUT, "no amount"),
        (("deliver", "web-2026", "9" * 20), ExitStatus.WRONG_INPUT, "UNITS"),
        (("invoice", "show", "2031-0001"), ExitStatus.NOT_FOUND, "2031-0001"),
        (("pay", "1.00", "--id", "p"), ExitStatus.WRONG_INPUT, "who paid"),
        (("budget", "--token", "forged"), ExitStatus.DENIED, "TokenInvalid"),
    ],
)
def test_what_goes_wrong_is_one_line_with_its_status(
    studio: Desk, order: tuple[str, ...], status: ExitStatus, said: str
) -> None:
    wrong = studio(*order)
    assert wrong.status is status, wrong.err
    assert said in wrong.err
    assert wrong.err.count("\n") == 1


def test_a_guest_sees_his_own_client_and_logs_nothing(studio: Desk) -> None:
    guest = studio.done("token", "--role", "guest", "--client", "acme", "--subject", "ida").out.strip()
    stranger = studio.done("token", "--role", "guest", "--client", "other", "--subject", "eve").out.strip()
    assert _budget(studio, "--token", guest)["client"] == "clients/acme"
    assert studio("budget", "web-2026", "--token", stranger).status is ExitStatus.NOT_FOUND
    assert studio("log", "web-2026", "1:00", "--person", "anna", "--token", guest).status is ExitStatus.DENIED


def test_agencies_do_not_see_each_other(studio: Desk) -> None:
    other = Desk(studio.house, f"{studio.agency}-other", studio.screen, studio.now)
    assert other("budget", "web-2026").status is ExitStatus.NOT_FOUND
    assert other.json("client", "list") == {"clients": []}


def test_facts_are_shown_as_they_are_published(studio: Desk) -> None:
    studio.done("letters", "list")  # notify has heard of all that was done, so it is on the bus
    lines = studio.done(
        "events", "tail", "--all", "--service", "timelog", "--type", "PersonAdded", "--limit", "1", "--json"
    )
    fact = json.loads(lines.out.splitlines()[0])
    assert fact["headers"]["ce-type"] == "timelog.PersonAdded@1"
    assert "text" not in fact["data"]["name"]


def test_the_doctor_finds_all_well(studio: Desk) -> None:
    found = studio.json("doctor")
    assert found["well"], found
    assert {"NATS", "disk", "clock", "billing"} <= {finding["what"] for finding in found["findings"]}


def test_the_doctor_names_what_invoices_lack_and_the_command_that_says_it(studio: Desk) -> None:
    def sender() -> dict[str, str]:
        found: list[dict[str, str]] = studio.json("doctor")["findings"]
        return next(one for one in found if one["what"] == "sender")

    assert sender()["verdict"] == "look"
    for lacks in ("its whole address", "a VAT id or a tax number", "an IBAN"):
        assert lacks in sender()["found"]
    assert "e-mail" not in sender()["found"]
    assert sender()["remedy"].startswith("retainer agency describe --street")
    address = ("--street", "Hafenstraße 12", "--postal-code", "20359", "--city", "Hamburg", "--country", "DE")
    studio.done("agency", "describe", *address, "--tax-number", "22/815/08154", "--iban", "DE02120300000000202051")
    assert sender()["verdict"] == "well"
    studio.agency = "nobody-yet"
    assert "a name, its whole address, an e-mail address to write from" in sender()["found"]


def test_views_and_streams_are_made_anew_while_all_serves(studio: Desk) -> None:
    studio.done("log", "web-2026", "0:30", "--person", "anna", "--on", "2026-01-16", "--id", "e1")
    before = _budget(studio)
    assert "rebuilt from" in studio.done("rebuild", "billing").out
    assert _budget(studio) == before
    studio.done("republish", "notify")
    assert studio("rebuild", "payroll").status is ExitStatus.WRONG_INPUT


def test_a_watch_shows_the_budget_now_and_then_each_change(studio: Desk) -> None:
    _budget(studio)
    command = [sys.executable, "-m", "retainer", "budget", "web-2026", "--watch", "--json"]
    where = ["--data", str(studio.house.data_dir), "--agency", studio.agency]
    with subprocess.Popen([*command, *where], stdout=subprocess.PIPE, cwd=ROOT, text=True) as watch:
        assert watch.stdout is not None
        now = json.loads(watch.stdout.readline())
        studio.done("log", "web-2026", "1:00", "--person", "anna", "--on", "2026-01-16")
        then = json.loads(watch.stdout.readline())
        watch.terminate()
    assert now["contract"] == then["contract"] == "contracts/web-2026"
    assert int(then["etag"]) > int(now["etag"])


def test_the_example_subscriber_misses_nothing(studio: Desk, tmp_path: Path) -> None:
    for number in range(5):
        studio.done("log", "web-2026", "0:10", "--person", "anna", "--on", "2026-01-16", "--id", f"e{number}")
    _budget(studio)
    login = studio.json("events", "user", studio.agency)
    url = login["url"].replace("//", f"//{login['user']}:{login['password']}@")
    for until in ("3", "6"):
        command = [sys.executable, "examples/subscriber.py", url, "timelog", studio.agency, "--until", until]
        kept = ["--notebook", str(tmp_path / "place.json")]
        done = subprocess.run([*command, *kept], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert f"{until} facts up to number" in done.stdout
        assert done.stdout.rstrip().endswith("none missed")


def test_a_client_that_is_not_ours_is_served(studio: Desk) -> None:
    """grpcurl knows nothing of our protos: it asks by reflection."""
    grpcurl = Path(sys.executable).with_name("grpcurl")
    address = studio.house.address("billing")
    _budget(studio)
    listed = subprocess.run([grpcurl, "-plaintext", address, "list"], capture_output=True, text=True, check=True)
    assert "retainer.billing.v1.BudgetService" in listed.stdout.split()
    assert "grpc.health.v1.Health" in listed.stdout.split()
    token = studio.house.token(studio.agency)
    asked = subprocess.run(
        [
            *(
                grpcurl,
                "-plaintext",
                "-H",
                f"authorization: Bearer {token}",
                "-d",
                '{"contract": "contracts/web-2026"}',
            ),
            *(address, "retainer.billing.v1.BudgetService/GetBudget"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(asked.stdout)["client"] == "clients/acme"
    denied = subprocess.run(
        [grpcurl, "-plaintext", "-d", "{}", address, "retainer.billing.v1.BudgetService/ListBudgets"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Unauthenticated" in denied.stderr


def test_settings_are_shown_without_secrets(studio: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {**os.environ, "RETAINER_SMTP_HOST": "mail.example.org", "RETAINER_SMTP_PASSWORD": "geheim"}
    command = [sys.executable, "-m", "retainer", "config", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=environment)
    shown = {setting["variable"]: setting for setting in json.loads(done.stdout)}
    assert shown["RETAINER_SMTP_HOST"]["origin"] == "environment"
    assert "geheim" not in done.stdout


def _budget(desk: Desk, *options: str) -> Any:
    return desk.json("budget", "web-2026", "--on", "2026-01-16", *options)


def test_a_past_is_not_invoiced_by_a_slip(studio: Desk, tmp_path: Path) -> None:
    words = ("contract", "draft", "old", "--client", "acme", "--terms", str(tmp_path / "terms.yaml"), "--activate")
    said = studio(*words, now="2026-07-01T12:00:00Z")
    assert said.status is ExitStatus.REFUSED
    assert "--back-dated" in said.err
    studio.done(*words, "--back-dated", now="2026-07-01T12:00:00Z")
