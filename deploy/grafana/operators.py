"""The operators' dashboard, made from this file: `python deploy/grafana/operators.py` writes dashboards/operators.json.

Rates are taken over `$__rate_interval`, so that a panel shows data at any zoom. A test compares the file with what this
makes, and asks every query of a real Prometheus that scrapes a running system.
"""

from pathlib import Path

from panels import INTERVAL, Panel, Query, Rows, board, metrics_variable

WRITTEN_TO = Path(__file__).with_name("dashboards") / "operators.json"

ROWS: Rows = {
    "Traffic": (
        Panel(
            "Calls a second",
            "Calls that ended, by service and method. Health checks are left out.",
            "reqps",
            (
                Query(
                    'sum by (grpc_service, grpc_method) (rate(grpc_server_handled_total{grpc_service!~"grpc.*"}'
                    f"[{INTERVAL}])) > 0",
                    "{{grpc_service}}/{{grpc_method}}",
                ),
            ),
        ),
        Panel(
            "Answers by code",
            "Everything but OK deserves a look; Internal and Unavailable deserve it now.",
            "reqps",
            (
                Query(
                    f"sum by (job, grpc_code) (rate(grpc_server_handled_total[{INTERVAL}]))",
                    "{{job}} {{grpc_code}}",
                ),
            ),
        ),
        Panel(
            "Failed calls",
            "Share of calls that failed without their caller's doing, by service; the objective is at most 0.1 %.",
            "percentunit",
            (
                Query(
                    "sum by (job) (rate(grpc_server_handled_total{"
                    'grpc_code=~"Internal|Unknown|Unavailable|DataLoss|DeadlineExceeded|ResourceExhausted"'
                    f"}}[{INTERVAL}])) / sum by (job) (rate(grpc_server_handled_total[{INTERVAL}]))"
                    f" or 0 * sum by (job) (rate(grpc_server_handled_total[{INTERVAL}]))",
                    "{{job}}",
                ),
            ),
        ),
        Panel(
            "Answered within 100 ms",
            "Share of unary calls answered within 100 ms, by service; the objective is 99 %.",
            "percentunit",
            (
                Query(
                    "sum by (job) (rate(grpc_server_handling_seconds_bucket{"
                    f'grpc_type="unary", grpc_service!~"grpc.*", le="0.1"}}[{INTERVAL}]))'
                    " / sum by (job) (rate(grpc_server_handling_seconds_count{"
                    f'grpc_type="unary", grpc_service!~"grpc.*"}}[{INTERVAL}]))',
                    "{{job}}",
                ),
            ),
        ),
        Panel(
            "Calls under way",
            "Calls that have begun and not ended, by service; watches stay for as long as somebody looks.",
            "short",
            (
                Query(
                    "sum by (job) (grpc_server_started_total) - sum by (job) (grpc_server_handled_total)",
                    "{{job}}",
                ),
            ),
        ),
        Panel(
            "Latency, 99th percentile",
            "How long the slowest hundredth of unary calls took, by method. A dot is an exemplar: a call"
            " in a trace, or a slow one, with the id that `retainer events tail --correlation` takes.",
            "s",
            (
                Query(
                    "histogram_quantile(0.99, sum by (le, grpc_service, grpc_method) "
                    f'(rate(grpc_server_handling_seconds_bucket{{grpc_type="unary", grpc_service!~"grpc.*"}}'
                    f"[{INTERVAL}]))) >= 0",
                    "{{grpc_service}}/{{grpc_method}}",
                ),
            ),
        ),
    ),
    "Facts": (
        Panel(
            "Facts recorded a second",
            "Events committed to the stores, by name.",
            "ops",
            (Query(f"sum by (fact) (rate(retainer_facts_recorded_total[{INTERVAL}])) > 0", "{{fact}}"),),
        ),
        Panel(
            "Commands in one append",
            "The mean size of a commit group: above 1 many commands share one write to disk.",
            "short",
            (
                Query(
                    f"sum by (job) (rate(retainer_append_commands_sum[{INTERVAL}])) "
                    f"/ sum by (job) (rate(retainer_append_commands_count[{INTERVAL}]))",
                    "{{job}}",
                ),
            ),
        ),
        Panel(
            "Relay lag",
            "Facts that are recorded and not on the bus yet. It returns to 0 within seconds; else see the runbook.",
            "short",
            (Query("max by (job) (retainer_relay_lag_positions)", "{{job}}"),),
        ),
        Panel(
            "Relay lag in seconds",
            "Age of the oldest fact that is not on the bus yet.",
            "s",
            (Query("max by (job) (retainer_relay_lag_seconds)", "{{job}}"),),
        ),
    ),
    "Inboxes and views": (
        Panel(
            "Visible after, 99th percentile",
            "From when a fact was recorded by one service until the views of another hold what it led to; for the"
            " budget it is billing from timelog.",
            "s",
            (
                Query(
                    "histogram_quantile(0.99, sum by (le, job, source) "
                    f"(rate(retainer_visible_seconds_bucket[{INTERVAL}])))",
                    "{{job}} from {{source}}",
                ),
            ),
        ),
        Panel(
            "Visible within a second",
            "Share of timelog's facts that the budget showed within a second; the objective is 99.9 %.",
            "percentunit",
            (
                Query(
                    'sum(rate(retainer_visible_seconds_bucket{job="billing", source="timelog", le="1.0"}'
                    f"[{INTERVAL}])) / sum(rate(retainer_visible_seconds_count"
                    f'{{job="billing", source="timelog"}}[{INTERVAL}]))',
                    "budget",
                ),
            ),
        ),
        Panel(
            "Inbox lag",
            "Facts of another service that wait on the bus to be taken in.",
            "short",
            (Query("max by (job, source) (retainer_inbox_lag_positions)", "{{job}} from {{source}}"),),
        ),
        Panel(
            "Dead letters waiting",
            "Facts that could not be taken in, and those parked behind them, until they are replayed. Should be 0.",
            "short",
            (Query("max by (job, source) (retainer_dead_letters_waiting)", "{{job}} from {{source}}"),),
        ),
        Panel(
            "Views behind the store",
            "Positions that a view has still to read.",
            "short",
            (Query("max by (job, view) (retainer_view_lag_positions)", "{{job}} {{view}}"),),
        ),
    ),
    "Bus": (
        Panel(
            "Connected",
            "1 while the service has a connection to NATS. Commands are answered without one; facts wait in the store.",
            "short",
            (Query("min by (job) (retainer_bus_connected)", "{{job}}"),),
        ),
        Panel(
            "Time until JetStream answers",
            "99th percentile of a question about the service's own stream, asked every ten seconds.",
            "s",
            (
                Query(
                    "histogram_quantile(0.99, sum by (le, job) (rate(retainer_bus_answer_seconds_bucket"
                    f"[{INTERVAL}])))",
                    "{{job}}",
                ),
            ),
        ),
        Panel(
            "Streams",
            "Size of each service's stream of facts. Streams are kept for ever, and can be made again from the stores.",
            "bytes",
            (Query("max by (job) (retainer_bus_stream_bytes)", "{{job}}"),),
        ),
        Panel(
            "Facts on the bus",
            "Messages in each service's stream.",
            "short",
            (Query("max by (job) (retainer_bus_stream_messages)", "{{job}}"),),
        ),
        Panel(
            "Room in the stream",
            "How full a stream with a limit is; a full one refuses what is new, and the relay waits.",
            "percentunit",
            (
                Query(
                    "max by (job) (retainer_bus_stream_bytes / (retainer_bus_stream_limit_bytes > 0)"
                    " or 0 * retainer_bus_stream_bytes)",
                    "{{job}}",
                ),
            ),
        ),
        Panel(
            "Connections made",
            "To NATS, since the service started: 1 is the first one, each more a reconnect.",
            "short",
            (Query("max by (job) (retainer_bus_connections)", "{{job}}"),),
        ),
    ),
    "Work": (
        Panel(
            "Settlement, 99th percentile",
            "How long one contract's boundary took to settle.",
            "s",
            (
                Query(
                    f"histogram_quantile(0.99, sum by (le) (rate(retainer_settlement_seconds_bucket[{INTERVAL}])))",
                    "settlement",
                ),
            ),
        ),
        Panel(
            "Letters",
            "Letters by channel and result.",
            "short",
            (
                Query(
                    f"sum by (channel, result) (increase(retainer_letters_total[{INTERVAL}]))",
                    "{{channel}} {{result}}",
                ),
            ),
        ),
    ),
    "Processes": (
        Panel(
            "Room on the disk",
            "Share of the disk of the data folder that is free.",
            "percentunit",
            (Query("min by (job) (retainer_disk_free_bytes / retainer_disk_size_bytes)", "{{job}}"),),
        ),
        Panel(
            "Last backup",
            "When the last backup of the data folder was finished; 1970 where there was none. On Kubernetes"
            " the job and the archive tell of their own.",
            "dateTimeFromNow",
            (Query("1000 * max(retainer_backup_finished_timestamp_seconds)", "data folder"),),
            "stat",
        ),
        Panel(
            "Memory",
            "Resident memory of each service.",
            "bytes",
            (Query("max by (job) (process_resident_memory_bytes)", "{{job}}"),),
        ),
        Panel(
            "Processor",
            "Seconds of processor time a second; one service is one process and uses at most about 1.",
            "short",
            (Query(f"sum by (job) (rate(process_cpu_seconds_total[{INTERVAL}]))", "{{job}}"),),
        ),
        Panel(
            "Open files",
            "File descriptors in use.",
            "short",
            (Query("max by (job) (process_open_fds)", "{{job}}"),),
        ),
    ),
}


def made() -> str:
    return board(
        "Retainer: operators",
        "retainer-operators",
        "Traffic, facts on their way, inboxes and views, stores, the bus, settlement and letters, processes.",
        ROWS,
        [metrics_variable()],
        since="now-1h",
    )


if __name__ == "__main__":
    WRITTEN_TO.write_text(made())
