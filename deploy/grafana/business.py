"""The business dashboard, made from this file: `python deploy/grafana/business.py` writes dashboards/business.json.

Prometheus counts totals; what is an agency's, a client's or a contract's comes from the views by the questions of
sql/questions.sql, which a read-only role may ask. The end of the dashboard's range is the day that it speaks of.
"""

from pathlib import Path

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import VariableRefresh
from panels import INTERVAL, VIEWS, Panel, Query, Question, Rows, board, metrics_variable, views_variable

WRITTEN_TO = Path(__file__).with_name("dashboards") / "business.json"
AGENCY = "${agency:sqlstring}"
SINCE, UNTIL = "$__timeFrom()", "$__timeTo()"
SPAN = f"{AGENCY}, {SINCE}, {UNTIL}"
NOW = f"{AGENCY}, {UNTIL}"
AGENCIES = "SELECT agency FROM dashboards.agencies()"

ROWS: Rows = {
    "Contracts": (
        Panel(
            "Active contracts",
            "Contracts that run on the last day of the range, and those that are paused then or agreed and not begun.",
            "short",
            (
                Question(
                    f"SELECT state, count(*) AS contracts FROM dashboards.contracts({NOW})"
                    " WHERE state <> 'ended' GROUP BY state ORDER BY state"
                ),
            ),
            "stat",
            width=6,
        ),
        Panel(
            "Recurring revenue a month",
            "Fees, access fees and minimums of the contracts that run on the last day of the range, by the terms then"
            " in force, by currency; a year's fee counts in twelfths, one that is due once not at all. Net of tax.",
            "short",
            (
                Question(
                    f"SELECT currency, sum(monthly) AS monthly FROM dashboards.recurring_revenue({NOW})"
                    " GROUP BY currency ORDER BY currency"
                ),
            ),
            "stat",
            width=6,
        ),
        Panel(
            "Open receivables",
            "What clients owe of documents that were issued, by currency, as it is now.",
            "short",
            (
                Question(
                    f"SELECT currency, sum(open) AS open FROM dashboards.receivables({NOW})"
                    " WHERE NOT uncollectible GROUP BY currency ORDER BY currency"
                ),
            ),
            "stat",
            width=6,
        ),
        Panel(
            "Billable share of time",
            "Hours logged as billable out of all hours logged in the range.",
            "percentunit",
            (
                Question(
                    "SELECT sum(coalesce(billable, 0))"
                    " / nullif(sum(coalesce(billable, 0) + coalesce(unbillable, 0)), 0) AS share"
                    f" FROM dashboards.hours({SPAN})"
                ),
            ),
            "stat",
            width=6,
        ),
        Panel(
            "Recurring revenue over time",
            "What it was on the first of each month, by currency.",
            "short",
            (
                Question(
                    "SELECT month AS time, r.currency AS metric, sum(r.monthly) AS value"
                    f" FROM generate_series(date_trunc('month', {SINCE}::timestamptz), {UNTIL}::timestamptz,"
                    f" interval '1 month') month"
                    # An hour at which the first of the month has begun everywhere.
                    f" CROSS JOIN LATERAL dashboards.recurring_revenue({AGENCY}, month + interval '14 hours') r"
                    " GROUP BY 1, 2 ORDER BY 1, 2",
                    over_time=True,
                ),
            ),
            "bars",
            width=12,
        ),
        Panel(
            "Recurring revenue by client",
            "What each client's running contracts bring in a month, most first.",
            "short",
            (
                Question(
                    "SELECT client_id AS client, currency, count(*) AS contracts, sum(monthly) AS monthly"
                    f" FROM dashboards.recurring_revenue({NOW}) GROUP BY 1, 2 ORDER BY monthly DESC"
                ),
            ),
            "table",
            width=12,
        ),
    ),
    "Work": (
        Panel(
            "Hours logged by week",
            "Billable time and time that is kept for the record only, by the week of its local date.",
            "h",
            (
                Question(
                    "SELECT date_trunc('week', day::timestamp) AS time, sum(coalesce(billable, 0)) AS billable,"
                    f" sum(coalesce(unbillable, 0)) AS unbillable FROM dashboards.hours({SPAN}) GROUP BY 1 ORDER BY 1",
                    over_time=True,
                ),
            ),
            "bars",
        ),
        Panel(
            "Hours by client",
            "Billable hours in the range, most first.",
            "h",
            (
                Question(
                    "SELECT client_id AS client, sum(coalesce(billable, 0)) AS hours"
                    f" FROM dashboards.hours({SPAN}) GROUP BY 1 ORDER BY hours DESC"
                ),
            ),
            "columns",
        ),
        Panel(
            "Hours by person",
            "Hours in the range, and what of them is billable.",
            "h",
            (
                Question(
                    "SELECT person_id AS person, sum(coalesce(billable, 0) + coalesce(unbillable, 0)) AS hours,"
                    " sum(coalesce(billable, 0)) / nullif(sum(coalesce(billable, 0) + coalesce(unbillable, 0)), 0)"
                    " AS billable_share"
                    f" FROM dashboards.hours({SPAN}) GROUP BY 1 ORDER BY hours DESC"
                ),
            ),
            "table",
            units={"billable_share": "percentunit"},
        ),
    ),
    "Budgets": (
        Panel(
            "Utilisation of budgets",
            "What was used out of what is available (allowance, carried and borrowed) in the period that each contract"
            " is in on the last day of the range. Contracts without an allowance are not shown.",
            "percentunit",
            (
                Question(
                    "SELECT title || ' (' || client_id || ')' AS contract, used_share"
                    f" FROM dashboards.budgets({NOW}) WHERE used_share IS NOT NULL ORDER BY used_share DESC"
                ),
            ),
            "gauges",
        ),
        Panel(
            "Budgets near their end",
            "Contracts that have used three quarters or more of what is available in the period, most used first."
            " Hours, money or units, as `measure` says; `waiting` are hours that wait for approval (R13).",
            "short",
            (
                Question(
                    "SELECT contract_id AS contract, client_id AS client, measure, available, used, remaining, overage,"
                    f" waiting, used_share, ends_on FROM dashboards.budgets({NOW})"
                    " WHERE used_share >= 0.75 ORDER BY used_share DESC"
                ),
            ),
            "table",
            width=16,
            units={"used_share": "percentunit", "ends_on": "string"},
        ),
        Panel(
            "Overage by month",
            "What was used beyond what was available, by the month in which the period began and by measure.",
            "short",
            (
                Question(
                    "SELECT date_trunc('month', starts_on::timestamp) AS time, measure AS metric, sum(overage) AS value"
                    f" FROM dashboards.periods({SPAN}) WHERE overage > 0 GROUP BY 1, 2 ORDER BY 1, 2",
                    over_time=True,
                ),
            ),
            "bars",
        ),
        Panel(
            "Overage by contract",
            "Overage of the periods that began in the range, what of it a client has still to approve or decline (R18),"
            " and what lapsed unused (R17).",
            "short",
            (
                Question(
                    "SELECT contract_id AS contract, client_id AS client, measure, sum(overage) AS overage,"
                    " sum(undecided) AS undecided, sum(expired) AS expired"
                    f" FROM dashboards.periods({SPAN}) GROUP BY 1, 2, 3"
                    " HAVING sum(overage) > 0 OR sum(expired) > 0 ORDER BY overage DESC"
                ),
            ),
            "table",
            width=16,
        ),
    ),
    "Money": (
        Panel(
            "Invoiced by month",
            "Gross totals of invoices less credit notes, by the month of issue and currency.",
            "short",
            (
                Question(
                    "SELECT date_trunc('month', issued_on::timestamp) AS time, currency AS metric, sum(gross) AS value"
                    f" FROM dashboards.invoices({SPAN}) GROUP BY 1, 2 ORDER BY 1, 2",
                    over_time=True,
                ),
            ),
            "bars",
        ),
        Panel(
            "Paid by month",
            "Payments less refunds, by the month of payment and currency.",
            "short",
            (
                Question(
                    "SELECT date_trunc('month', paid_on::timestamp) AS time, currency AS metric, sum(amount) AS value"
                    f" FROM dashboards.payments({SPAN}) GROUP BY 1, 2 ORDER BY 1, 2",
                    over_time=True,
                ),
            ),
            "bars",
        ),
        Panel(
            "Receivables by age",
            "What is open now, by how long after its due date it is on the last day of the range, and by currency.",
            "short",
            (
                Question(
                    "SELECT age || ', ' || currency AS age, sum(open) AS open"
                    f" FROM dashboards.receivables({NOW}) WHERE NOT uncollectible GROUP BY age, currency ORDER BY 1"
                ),
            ),
            "columns",
        ),
        Panel(
            "Receivables by client",
            "Documents with an open amount, the longest overdue first, with the reminders that went out (R33).",
            "short",
            (
                Question(
                    "SELECT client_id AS client, number, currency, open, due_on, days_overdue, reminders, uncollectible"
                    f" FROM dashboards.receivables({NOW}) ORDER BY days_overdue DESC, due_on, number"
                ),
            ),
            "table",
            width=24,
            units={"days_overdue": "d", "due_on": "string"},
        ),
    ),
    "Letters": (
        Panel(
            "Letters by kind",
            "What clients were written in the range, by kind and by what has become of it.",
            "short",
            (
                Question(
                    f"SELECT kind, stage, count(*) AS letters FROM dashboards.letters({SPAN}) GROUP BY 1, 2"
                    " ORDER BY letters DESC"
                ),
            ),
            "table",
        ),
        Panel(
            "Letters by week",
            "Letters queued, by week and stage; given up and undeliverable deserve a look.",
            "short",
            (
                Question(
                    "SELECT date_trunc('week', queued_at AT TIME ZONE 'UTC') AS time, stage AS metric,"
                    f" count(*) AS value FROM dashboards.letters({SPAN}) GROUP BY 1, 2 ORDER BY 1, 2",
                    over_time=True,
                ),
            ),
            "bars",
        ),
        Panel(
            "Letters of the whole house",
            "Letters of all agencies by channel and result, as notify counts them.",
            "short",
            (
                Query(
                    f"sum by (channel, result) (increase(retainer_letters_total[{INTERVAL}]))",
                    "{{channel}} {{result}}",
                ),
            ),
            "bars",
        ),
        Panel(
            "Business facts of the whole house",
            "Contracts activated, time logged, thresholds reached, invoices issued, payments received: all agencies.",
            "short",
            (
                Query(
                    'sum by (fact) (increase(retainer_facts_recorded_total{fact=~"contracts.ContractActivated'
                    "|timelog.TimeLogged|billing.ThresholdReached|billing.InvoiceIssued|billing.PaymentReceived"
                    f'"}}[{INTERVAL}]))',
                    "{{fact}}",
                ),
            ),
            "bars",
            width=24,
        ),
    ),
}


def made() -> str:
    agency = (
        dashboard.QueryVariable("agency")
        .label("Agency")
        .datasource(VIEWS)
        .query(AGENCIES)
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
    )
    return board(
        "Retainer: business",
        "retainer-business",
        "Contracts, recurring revenue, hours, budgets, overage, receivables and letters of one agency.",
        ROWS,
        [views_variable(), metrics_variable(), agency],
        since="now-6M",
    )


if __name__ == "__main__":
    WRITTEN_TO.write_text(made())
