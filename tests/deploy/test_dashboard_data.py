"""Every panel finds data: its PromQL on a real Prometheus that scrapes a running house, its SQL on a PostgreSQL that
holds the house's views, asked by a role that may do nothing else."""

import re

import psycopg
import pytest

from retainer.demo.agency import AGENCY, CARE, NEWS, SHOP
from tests.deploy.watched import ROOT, Watched, made_by

pytestmark = pytest.mark.xdist_group("watched")

SINCE, UNTIL = "'2025-12-15T00:00:00Z'", "'2026-03-31T12:00:00Z'"


def asked_of_sql(sql: str, agency: str = AGENCY) -> str:
    """As Grafana fills in its variables and macros."""
    filled = sql.replace("${agency:sqlstring}", f"'{agency}'")
    return filled.replace("$__timeFrom()", SINCE).replace("$__timeTo()", UNTIL)


@pytest.mark.parametrize("board", ["operators", "business"])
def test_every_panel_finds_data(watched: Watched, board: str) -> None:
    made = made_by(f"grafana/{board}")
    panels = made_by("grafana/panels")
    empty = []
    for panel in (panel for row in made.ROWS.values() for panel in row):
        for query in panel.queries:
            if isinstance(query, panels.Question):
                found = bool(watched.select(asked_of_sql(query.sql)))
            else:
                found = bool(watched.figures(query.expression.replace(panels.INTERVAL, "2m")))
            if not found:
                empty.append((panel.title, query))
    assert not empty


def test_the_variable_offers_the_agencies_of_the_reader(watched: Watched) -> None:
    agencies = made_by("grafana/business").AGENCIES
    assert watched.select(agencies) == [(AGENCY,)]
    assert watched.select(agencies, user="stranger") == []


def test_a_reader_of_another_agency_sees_nothing_by_any_panel(watched: Watched) -> None:
    panels = made_by("grafana/panels")
    questions = [
        query
        for row in made_by("grafana/business").ROWS.values()
        for panel in row
        for query in panel.queries
        if isinstance(query, panels.Question)
    ]
    for question in questions:
        rows = watched.select(asked_of_sql(question.sql), user="stranger")
        assert all(value is None for row in rows for value in row), question.sql


@pytest.mark.parametrize("table", ["billing_views.invoices", "timelog_views.entry", "dashboards.reader"])
def test_a_reader_has_no_right_to_any_table(watched: Watched, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        watched.select(f"SELECT * FROM {table}")


RELATIONS = """
SELECT n.nspname || '.' || c.relname, r.right FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS r("right")
  WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND has_table_privilege('grafana', c.oid, r.right)
"""
SCHEMAS = """
SELECT n.nspname, has_schema_privilege('grafana', n.oid, 'CREATE') FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND has_schema_privilege('grafana', n.oid, 'USAGE')
"""


def test_no_right_of_a_reader_reaches_beyond_the_questions(watched: Watched) -> None:
    """As the catalog of PostgreSQL knows it, for everything in the database: views, keys, the list of readers."""
    with psycopg.connect(watched.views) as administrator:
        kept = {str(row[0]) for row in administrator.execute("SELECT DISTINCT schemaname FROM pg_tables").fetchall()}
        assert {"contracts_keys", "timelog_keys", "billing_views", "contracts_views"} <= kept
        assert administrator.execute(RELATIONS.encode()).fetchall() == []
        assert dict(administrator.execute(SCHEMAS.encode()).fetchall()) == {"dashboards": False, "public": False}
        row = administrator.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,"
            " pg_has_role('grafana', 'pg_read_all_data', 'MEMBER'),"
            " pg_has_role('grafana', 'pg_read_server_files', 'MEMBER') FROM pg_roles WHERE rolname = 'grafana'"
        ).fetchone()
        assert row == (False, False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM contracts_keys.subject_keys",
        "SELECT * FROM timelog_keys.subject_keys",
        "INSERT INTO dashboards.reader (name, agency) VALUES ('grafana', '*')",
        "DELETE FROM billing_views.invoices",
        "CREATE TABLE dashboards.mine (line text)",
        "CREATE TABLE public.mine (line text)",
        "CREATE OR REPLACE FUNCTION dashboards.may_read(wanted text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SET ROLE postgres",
    ],
)
def test_a_reader_who_lifts_his_own_restriction_may_still_do_none_of_it(watched: Watched, statement: str) -> None:
    """That his transactions are read-only is a setting that he may change; his rights are not."""
    with psycopg.connect(watched.views, user="grafana", autocommit=True) as reader:
        reader.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(statement.encode())


def test_no_panel_tells_who_somebody_is(watched: Watched) -> None:
    """Names, addresses and what was written into an entry are sealed in the views, and stay so in every answer."""
    panels = made_by("grafana/panels")
    told = [
        str(value)
        for row in made_by("grafana/business").ROWS.values()
        for panel in row
        for query in panel.queries
        if isinstance(query, panels.Question)
        for answer in watched.select(asked_of_sql(query.sql))
        for value in answer
    ]
    assert told
    personal = re.compile("@|Anna Berg|Tom Reed|Grünhöfer|Harbor Lane|Joe Marsh|Tierklinik|Ute Fels|Studio Nordlicht")
    assert [value for value in told if personal.search(value)] == []


def test_figures_are_those_of_the_sample_agency(watched: Watched) -> None:
    revenue = watched.select(
        asked_of_sql(
            "SELECT contract_id, currency, monthly FROM dashboards.recurring_revenue(${agency:sqlstring},"
            " $__timeTo()) ORDER BY contract_id"
        )
    )
    assert [(contract, currency, int(monthly)) for contract, currency, monthly in revenue] == [
        (CARE, "EUR", 3600),  # the fee of 40 hours a month
        (NEWS, "EUR", 0),  # a bank brings in what is bought
        (SHOP, "USD", 2500),  # the minimum of hourly terms
    ]
    with_allowance = watched.select(
        asked_of_sql(
            "SELECT contract_id, measure, starts_on::text, available > 0, used > 0"
            " FROM dashboards.budgets(${agency:sqlstring}, $__timeTo()) WHERE contract_id = '" + CARE + "'"
        )
    )
    assert with_allowance == [(CARE, "hours", "2026-03-01", True, True)]
    [(numbers, gross)] = watched.select(
        asked_of_sql(
            "SELECT count(*), sum(gross) FROM dashboards.invoices(${agency:sqlstring}, $__timeFrom(),"
            " $__timeTo()) WHERE currency = 'EUR' AND contract_id = '" + CARE + "'"
        )
    )
    assert numbers == 3
    assert gross > 3 * 3600  # with tax


def test_a_rebuild_does_not_take_the_questions_away(watched: Watched) -> None:
    from retainer.client import Client
    from retainer.place import Place
    from wire.retainer.operations.v1.operations_pb2 import RebuildViewsRequest

    place = Place(watched.house.settings)
    before = watched.select(
        asked_of_sql("SELECT count(*) FROM dashboards.hours(${agency:sqlstring}, $__timeFrom(), $__timeTo())")
    )
    with Client(place, place.operator_token(), operated="timelog") as operator:
        operator.ask(RebuildViewsRequest(views=["entries"]), timeout_seconds=60)
    after = watched.select(
        asked_of_sql("SELECT count(*) FROM dashboards.hours(${agency:sqlstring}, $__timeFrom(), $__timeTo())")
    )
    assert before == after
    assert before[0][0] > 0


def test_the_questions_may_be_put_in_again_and_the_readers_stay(watched: Watched) -> None:
    with psycopg.connect(watched.views, autocommit=True) as administrator:
        for name in ("role.sql", "questions.sql"):
            administrator.execute((ROOT / "deploy/grafana/sql" / name).read_bytes())
    assert watched.select(made_by("grafana/business").AGENCIES) == [(AGENCY,)]
    assert watched.select(asked_of_sql("SELECT * FROM dashboards.contracts(${agency:sqlstring}, $__timeTo())"))
