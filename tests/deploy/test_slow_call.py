"""From a figure on the dashboard to what happened: the exemplar of a call names the trace, the trace the facts."""

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from datetime import UTC, date, datetime
from secrets import token_hex
from typing import Any

import grpc
import pytest

from messages.dates import date_message, seconds_message
from retainer.demo.agency import AGENCY, CARE
from tests.deploy.watched import ROOT, Watched, wait_until
from wire.retainer.timelog.v1.time_entry_pb2 import LogTimeRequest, TimeEntry
from wire.retainer.timelog.v1.time_entry_pb2_grpc import TimeEntryServiceStub

pytestmark = pytest.mark.xdist_group("watched")


def exemplars(watched: Watched, query: str) -> list[dict[str, Any]]:
    asked = urllib.parse.urlencode(
        {
            "query": query,
            "start": f"{datetime.now(UTC).timestamp() - 600}",
            "end": f"{datetime.now(UTC).timestamp() + 60}",
        }
    )
    with urllib.request.urlopen(f"http://{watched.prometheus}/api/v1/query_exemplars?{asked}", timeout=15) as answer:
        return [one for series in json.load(answer)["data"] for one in series["exemplars"]]


def test_the_exemplar_of_a_call_leads_to_its_facts_in_every_service(watched: Watched) -> None:
    trace = token_hex(16)
    entry = TimeEntry(
        contract=f"contracts/{CARE}",
        person="people/anna",
        work_date=date_message(date(2026, 3, 30)),
        worked=seconds_message(600),
    )
    with grpc.insecure_channel(watched.house.address("timelog")) as channel:
        TimeEntryServiceStub(channel).LogTime(
            LogTimeRequest(entry_id=f"traced-{trace[:8]}", entry=entry),
            metadata=(
                *watched.house.metadata(AGENCY, datetime.now(UTC)),
                ("traceparent", f"00-{trace}-{token_hex(8)}-01"),
            ),
            timeout=30,
        )
    latency = 'grpc_server_handling_seconds_bucket{grpc_method="LogTime"}'
    wait_until(
        lambda: any(one["labels"] == {"trace_id": trace} for one in exemplars(watched, latency)), "the call's exemplar"
    )
    command = [sys.executable, "-m", "retainer", "events", "tail", "--all", "--correlation", trace, "--limit", "3"]
    where = ["--json", "--data", str(watched.house.data_dir), "--agency", AGENCY]
    told = subprocess.run([*command, *where], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    facts = [json.loads(line) for line in told.splitlines()]
    assert "timelog.TimeLogged@1" in {fact["headers"]["ce-type"] for fact in facts}
    assert all(fact["headers"]["ce-traceparent"].split("-")[1] == trace for fact in facts)
    assert {fact["subject"].split(".")[2] for fact in facts} > {"timelog"}, "another service's facts are in the trace"
