"""The alerts, made from this file: `python deploy/prometheus/rules.py` writes rules.yaml.

Objectives are watched by how fast their budget of misses burns, over a long and a short window at once (Google's SRE
workbook, chapter 5): 14.4 times over an hour or 6 times over six hours wakes somebody, 3 times over a day or once over
three days makes a ticket. The short window lets the alert end soon after its cause. Every alert has a section of its
own in docs/operations.md, under its name.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

WRITTEN_TO = Path(__file__).with_name("rules.yaml")
RUNBOOK = "docs/operations.md#"

COMMANDS = (
    'grpc_type="unary", grpc_service=~"retainer.(contracts|timelog|billing|notify)[.].*",'
    ' grpc_method!~"(Get|List|Plan|Watch).*"'
)
BULK = "ApplyImport|BatchLogTime|CloseBoundaries|KeepCalendar|RemindOverdue|TakeOver"
"""Commands that do many things at once: how long they take is a matter of how many."""
SINGLE = COMMANDS.replace('(Get|List|Plan|Watch).*"', f'(Get|List|Plan|Watch).*|{BULK}"')
OUR_FAULT = "Internal|Unknown|Unavailable|DataLoss|DeadlineExceeded|ResourceExhausted"
TIMELOG_IN_BUDGET = 'job="billing", source="timelog"'


ARCHIVE = "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"
BACKUPS = (
    f"retainer_backup_finished_timestamp_seconds or {ARCHIVE}"
    ' or kube_cronjob_status_last_successful_time{namespace="retainer", cronjob=~".*backup.*"}'
)
"""What tells of backups: `retainer backup` beside the data folder, PostgreSQL's archive, a job on Kubernetes."""


class Objective(NamedTuple):
    """`missed` is the share of misses over `$window`, by job; `budget` the share that is allowed."""

    alert: str
    record: str
    missed: str
    budget: float
    summary: str
    description: str


OBJECTIVES = (
    Objective(
        "RetainerCommandsFail",
        "retainer:commands_failed:ratio_rate",
        f'(sum by (job) (rate(grpc_server_handled_total{{{COMMANDS}, grpc_code=~"{OUR_FAULT}"}}[$window]))'
        f" or 0 * sum by (job) (rate(grpc_server_handled_total{{{COMMANDS}}}[$window])))"
        f" / sum by (job) (rate(grpc_server_handled_total{{{COMMANDS}}}[$window]))",
        0.001,
        "{{ $labels.job }} does not answer commands",
        "{{ $value | humanizePercentage }} of its commands failed by no fault of the caller; the objective is 0.1 %.",
    ),
    Objective(
        "RetainerCommandsSlow",
        "retainer:commands_slow:ratio_rate",
        f'1 - sum by (job) (rate(grpc_server_handling_seconds_bucket{{{SINGLE}, le="0.1"}}[$window]))'
        f" / sum by (job) (rate(grpc_server_handling_seconds_count{{{SINGLE}}}[$window]))",
        0.01,
        "{{ $labels.job }} answers commands slowly",
        "{{ $value | humanizePercentage }} of its commands took more than 100 ms; the objective is 1 %.",
    ),
    Objective(
        "RetainerBudgetLate",
        "retainer:budget_late:ratio_rate",
        f'1 - sum by (job) (rate(retainer_visible_seconds_bucket{{{TIMELOG_IN_BUDGET}, le="1.0"}}[$window]))'
        f" / sum by (job) (rate(retainer_visible_seconds_count{{{TIMELOG_IN_BUDGET}}}[$window]))",
        0.001,
        "Logged time is late in the budget",
        "{{ $value | humanizePercentage }} of timelog's facts were seen in the budget after more than a second; the"
        " objective is 0.1 %.",
    ),
)
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
BURNS = (("page", 14.4, "1h", "5m"), ("page", 6, "6h", "30m"), ("ticket", 3, "1d", "2h"), ("ticket", 1, "3d", "6h"))


class Condition(NamedTuple):
    """What must not stay so for longer than `held`."""

    alert: str
    holds: str
    held: str
    severity: str
    summary: str
    description: str


CONDITIONS = (
    Condition(
        "RetainerServiceDown",
        'up{job=~"contracts|timelog|billing|notify"} == 0',
        "2m",
        "page",
        "{{ $labels.job }} is down",
        "Prometheus has not reached {{ $labels.instance }} for two minutes.",
    ),
    Condition(
        "RetainerRelayStopped",
        "retainer_relay_lag_seconds > 60",
        "1m",
        "page",
        "Facts of {{ $labels.job }} do not get onto the bus",
        "The oldest one has waited for {{ $value | humanizeDuration }}.",
    ),
    Condition(
        "RetainerBusLost",
        "retainer_bus_connected == 0",
        "2m",
        "page",
        "{{ $labels.job }} has no connection to NATS",
        "Commands are answered; what they led to reaches nobody else.",
    ),
    Condition(
        "RetainerStreamFull",
        "retainer_bus_stream_bytes / (retainer_bus_stream_limit_bytes > 0) > 0.85",
        "15m",
        "ticket",
        "The stream of {{ $labels.job }} fills up",
        "{{ $value | humanizePercentage }} of what it may hold; a full one refuses what is new.",
    ),
    Condition(
        "RetainerInboxBehind",
        "min_over_time(retainer_inbox_lag_positions[5m]) > 1000",
        "5m",
        "page",
        "{{ $labels.job }} is behind in facts of {{ $labels.source }}",
        "In the last five minutes never fewer than {{ $value }} waited on the bus.",
    ),
    Condition(
        "RetainerDeadLettersWaiting",
        "retainer_dead_letters_waiting > 0",
        "5m",
        "ticket",
        "{{ $value }} facts of {{ $labels.source }} wait in {{ $labels.job }} for a replay",
        "One could not be taken in; those of the same contract wait behind it.",
    ),
    Condition(
        "RetainerViewBehind",
        "min_over_time(retainer_view_lag_positions[5m]) > 1000",
        "5m",
        "page",
        "The view {{ $labels.view }} of {{ $labels.job }} is behind its store",
        "In the last five minutes never by fewer than {{ $value }} positions.",
    ),
    Condition(
        "RetainerDiskFillsUp",
        "retainer_disk_free_bytes / retainer_disk_size_bytes < 0.1"
        " or predict_linear(retainer_disk_free_bytes[6h], 24 * 3600) < 0",
        "30m",
        "page",
        "The disk of {{ $labels.job }} fills up",
        "Less than a tenth is free, or it is full within a day at the pace of the last six hours.",
    ),
    Condition(
        "RetainerLettersGivenUp",
        'sum by (job, channel) (increase(retainer_letters_total{result=~"given_up|undeliverable"}[1h])) > 0',
        "0m",
        "ticket",
        "Letters do not reach their addressees",
        "In the last hour {{ $value | humanize }} were given up or undeliverable by {{ $labels.channel }}.",
    ),
    Condition(
        "RetainerNoBackup",
        f"time() - max({BACKUPS}) > 26 * 3600 or absent({BACKUPS}) or time() - max by (job) ({ARCHIVE}) > 26 * 3600",
        "1h",
        "ticket",
        "There is no recent backup",
        "The last one is older than 26 hours, or nobody tells of any.",
    ),
)


def alert(name: str, expression: str, severity: str, held: str, summary: str, description: str) -> Mapping[str, Any]:
    return {
        "alert": name,
        "expr": expression,
        "for": held,
        "labels": {"severity": severity},
        "annotations": {"summary": summary, "description": description, "runbook_url": f"{RUNBOOK}{name.lower()}"},
    }


def recordings() -> Iterator[Mapping[str, Any]]:
    for objective in OBJECTIVES:
        for window in WINDOWS:
            yield {"record": objective.record + window, "expr": objective.missed.replace("$window", window)}


def burning(objective: Objective) -> Iterator[Mapping[str, Any]]:
    """One alert for each severity; the first of its windows that burns is enough."""
    for severity in ("page", "ticket"):
        ways = [
            f"({objective.record}{long} > {burn * objective.budget:.5g}"
            f" and {objective.record}{short} > {burn * objective.budget:.5g})"
            for kind, burn, long, short in BURNS
            if kind == severity
        ]
        held = "2m" if severity == "page" else "15m"
        yield alert(objective.alert, " or ".join(ways), severity, held, objective.summary, objective.description)


def made() -> str:
    groups = [
        {"name": "retainer-objectives", "rules": list(recordings())},
        {"name": "retainer-burning", "rules": [rule for objective in OBJECTIVES for rule in burning(objective)]},
        {
            "name": "retainer-conditions",
            "rules": [alert(c.alert, c.holds, c.severity, c.held, c.summary, c.description) for c in CONDITIONS],
        },
    ]
    head = "# Made by deploy/prometheus/rules.py. Tests: promtool test rules rules_test.yaml rules_of_days_test.yaml\n"
    return head + yaml.safe_dump({"groups": groups}, sort_keys=False, width=120, allow_unicode=True)


if __name__ == "__main__":
    WRITTEN_TO.write_text(made())
