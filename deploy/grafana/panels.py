"""What our dashboards are made of: rows of panels that each say what they ask, in which unit, and what it means.

Datasources are variables, uids are fixed, and every panel has a description: who opens one knows what he looks at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grafana_foundation_sdk.builders import barchart, bargauge, common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as words
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, DataSourceRef, DynamicConfigValue

METRICS = DataSourceRef(type_val="prometheus", uid="${datasource}")
POSTGRESQL = "grafana-postgresql-datasource"
VIEWS = DataSourceRef(type_val=POSTGRESQL, uid="${views}")
INTERVAL = "$__rate_interval"
Kind = Literal["lines", "bars", "stat", "table", "columns", "gauges"]


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, and how a line is named."""

    expression: str
    legend: str


@dataclass(frozen=True, slots=True)
class Question:
    """SQL on the views, in the functions of sql/questions.sql; `over_time` where its first column is `time`."""

    sql: str
    over_time: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    description: str
    unit: str
    queries: tuple[Query | Question, ...]
    kind: Kind = "lines"
    width: int = 8
    units: Mapping[str, str] | None = None
    """Of columns that have another one than the panel."""


Rows = Mapping[str, Sequence[Panel]]


class SqlTarget(Dataquery):
    """A question as Grafana's PostgreSQL datasource takes it; the SDK has no builder for it."""

    def __init__(self, question: Question, ref_id: str) -> None:
        self._question, self._ref_id = question, ref_id

    def build(self) -> "SqlTarget":
        return self

    def to_json(self) -> Mapping[str, Any]:
        return {
            "datasource": VIEWS,
            "editorMode": "code",
            "format": "time_series" if self._question.over_time else "table",
            "rawQuery": True,
            "rawSql": self._question.sql,
            "refId": self._ref_id,
        }


def board(title: str, uid: str, description: str, rows: Rows, variables: Sequence[Any], since: str) -> str:
    """The dashboard as the JSON that Grafana reads."""
    made = (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(description)
        .tags(["retainer"])
        .refresh("30s" if since == "now-1h" else "5m")
        .time(since, "now")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .readonly()
    )
    for variable in variables:
        made = made.with_variable(variable)
    for row, panels in rows.items():
        made = made.with_row(dashboard.Row(row))
        for panel in panels:
            made = made.with_panel(_drawn(panel))
    return JSONEncoder(sort_keys=True, indent=2).encode(made.build()) + "\n"


def metrics_variable() -> dashboard.DatasourceVariable:
    return dashboard.DatasourceVariable("datasource").label("Prometheus").type("prometheus")


def views_variable() -> dashboard.DatasourceVariable:
    return dashboard.DatasourceVariable("views").label("Views").type(POSTGRESQL)


def _drawn(panel: Panel) -> Any:
    source = VIEWS if isinstance(panel.queries[0], Question) else METRICS
    drawn = (
        _canvas(panel)
        .title(panel.title)
        .description(panel.description)
        .unit(panel.unit)
        .datasource(source)
        .span(panel.width)
        .height(4 if panel.kind == "stat" else 8)
    )
    for column, unit in (panel.units or {}).items():
        drawn = drawn.override_by_name(column, [DynamicConfigValue("unit", unit)])
    for ref_id, query in zip("ABCDEF", panel.queries, strict=False):
        drawn = drawn.with_target(_target(query, ref_id))
    return drawn


def _canvas(panel: Panel) -> Any:
    # Each row of an answer in SQL is a value of its own, named by its text column; of a line in PromQL the last one is.
    every_value = common.ReduceDataOptions().values(True).calcs([])
    last = common.ReduceDataOptions().calcs(["lastNotNull"])
    shown = every_value if isinstance(panel.queries[0], Question) else last
    match panel.kind:
        case "lines":
            return timeseries.Panel().min(0)
        case "bars":
            stacked = common.StackingConfig().mode(words.StackingMode.NORMAL)
            bars = timeseries.Panel().min(0).draw_style(words.GraphDrawStyle.BARS)
            return bars.fill_opacity(80).stacking(stacked)
        case "stat":
            return stat.Panel().reduce_options(shown).graph_mode(words.BigValueGraphMode.NONE)
        case "table":
            return table.Panel()
        case "columns":
            return barchart.Panel().min(0)
        case "gauges":
            gauges = bargauge.Panel().min(0).max(1).reduce_options(shown)
            return gauges.orientation(words.VizOrientation.HORIZONTAL)


def _target(query: Query | Question, ref_id: str) -> Builder[Any]:
    match query:
        case Question():
            return SqlTarget(query, ref_id)  # type: ignore[return-value]
        case Query(expression, legend):
            promql = prometheus.Dataquery().ref_id(ref_id).expr(expression).legend_format(legend).datasource(METRICS)
            return promql.exemplar("_bucket" in expression)
