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
                    f"[{INTERVAL}]))",
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
            "Latency, 99th percentile",
            "How long the slowest hundredth of unary calls took, by method.",
            "s",
            (
                Query(
                    "histogram_quantile(0.99, sum by (le, grpc_service, grpc_method) "
                    f'(rate(grpc_server_handling_seconds_bucket{{grpc_type="unary"}}[{INTERVAL}])))',
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
            (Query(f"sum by (fact) (rate(retainer_facts_recorded_total[{INTERVAL}]))", "{{fact}}"),),
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
