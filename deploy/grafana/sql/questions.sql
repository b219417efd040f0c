-- What dashboards may ask of the views: one function a question, in a schema of its own. Run it with the role that the
-- services have in the database of their views; it may be run again at any time.
--
--   * Functions, and not SQL views, because a rebuild drops tables and swaps others in: a view would hold them fast.
--     Their bodies are looked at when they are called, so that the tables need not be there yet.
--   * They run with the rights of who made them (SECURITY DEFINER), so that a reader needs no right to any table.
--   * A reader sees the agencies that stand beside his name in dashboards.reader, and nothing where none does:
--       INSERT INTO dashboards.reader (name, agency) VALUES ('grafana', 'nordlicht');   -- '*' is every agency
--   * Clients, contracts and people are ids here: their names are sealed in the views, and stay so.
--   * Amounts come in units of their currency and time in hours, as numeric, exact.
--
-- The views of all services must lie in one database (RETAINER_VIEWS_URL for all), in the schemas <service>_views that
-- they have where the address names none.

BEGIN;
CREATE SCHEMA IF NOT EXISTS dashboards;
SET LOCAL check_function_bodies = off;

-- A function whose answer has other columns than before cannot be replaced.
DO $$
DECLARE made regprocedure;
BEGIN
  FOR made IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'dashboards' LOOP
    EXECUTE 'DROP FUNCTION ' || made;
  END LOOP;
END
$$;

CREATE TABLE IF NOT EXISTS dashboards.reader (
  name text NOT NULL,
  agency text NOT NULL,
  PRIMARY KEY (name, agency)
);

CREATE FUNCTION dashboards.may_read(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT 1 FROM dashboards.reader r WHERE r.name = session_user AND r.agency IN (wanted, '*'))
$$;

-- The value of one unit in minor units (ISO 4217): 100 for EUR, 1 for JPY, 1000 for TND.
CREATE FUNCTION dashboards.minor_units(currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT CASE
    WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV',
                      'XAF', 'XOF', 'XPF') THEN 1
    WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000
    WHEN currency IN ('CLF', 'UYW') THEN 10000
    ELSE 100
  END
$$;

CREATE FUNCTION dashboards.agencies() RETURNS TABLE (agency text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT DISTINCT c.agency FROM contracts_views.contract c WHERE dashboards.may_read(c.agency) ORDER BY 1
$$;

-- Contracts that bind, and how they stand at an instant, on the date that it is then in their time zone.
CREATE FUNCTION dashboards.contracts(wanted text, at timestamptz) RETURNS TABLE (
  contract_id text, client_id text, title text, currency text, state text, starts_on date, ends_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.contract_id, c.client_id, c.content::jsonb ->> 'title', c.currency,
    CASE
      WHEN c.starts_on > today.day THEN 'agreed'
      WHEN c.ends_on <> '' AND c.ends_on <= today.day THEN 'ended'
      WHEN EXISTS (SELECT 1 FROM contracts_views.contract_pause p WHERE p.agency = c.agency
        AND p.contract_id = c.contract_id AND p.from_on <= today.day AND p.to_on > today.day) THEN 'paused'
      ELSE 'active'
    END,
    c.starts_on::date, nullif(c.ends_on, '')::date
  FROM contracts_views.contract c
  CROSS JOIN LATERAL (SELECT to_char(at AT TIME ZONE c.time_zone, 'YYYY-MM-DD') AS day) today
  WHERE c.agency = wanted AND c.stage = 'binding' AND dashboards.may_read(wanted)
$$;

-- What active contracts bring in each month whatever is worked: fee, access fee and minimum by the terms then in force,
-- a year's amount in twelfths, a week's 52 times a year; a fee that is due once is not recurring. A paused contract
-- brings in its access fee.
CREATE FUNCTION dashboards.recurring_revenue(wanted text, at timestamptz) RETURNS TABLE (
  contract_id text, client_id text, title text, currency text, monthly numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.contract_id, c.client_id, c.title, c.currency,
    (CASE WHEN c.state = 'active' THEN r.fee * coalesce(fee_span.a_year, 0) + r.minimum * cycle.a_year ELSE 0 END
      + r.access_fee * cycle.a_year) / 12.0 / dashboards.minor_units(c.currency)
  FROM dashboards.contracts(wanted, at) c
  CROSS JOIN LATERAL (SELECT one.* FROM contracts_views.contract_recurring one WHERE one.agency = wanted
    AND one.contract_id = c.contract_id AND one.from_on <= to_char(at, 'YYYY-MM-DD')
    ORDER BY one.from_on DESC LIMIT 1) r
  JOIN (VALUES ('week', 52), ('month', 12), ('quarter', 4), ('year', 1)) cycle (name, a_year) ON cycle.name = r.cycle
  LEFT JOIN (VALUES ('week', 52), ('month', 12), ('quarter', 4), ('year', 1)) fee_span (name, a_year)
    ON fee_span.name = r.fee_every
  WHERE c.state IN ('active', 'paused')
$$;

-- Hours logged from one instant to another, by local date, contract and person.
CREATE FUNCTION dashboards.hours(wanted text, since timestamptz, until timestamptz) RETURNS TABLE (
  day date, contract_id text, client_id text, title text, person_id text, billable numeric, unbillable numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT e.counted_on::date, e.contract_id, c.client_id, c.content::jsonb ->> 'title', e.person_id,
    sum(w.hours) FILTER (WHERE e.billable = 1), sum(w.hours) FILTER (WHERE e.billable = 0)
  FROM timelog_views.entry e
  LEFT JOIN contracts_views.contract c ON c.agency = e.agency AND c.contract_id = e.contract_id
  CROSS JOIN LATERAL (SELECT (e.work::jsonb ->> 'worked')::numeric / 3600 AS hours) w
  WHERE e.agency = wanted AND e.deleted = 0 AND dashboards.may_read(wanted)
    AND e.counted_on >= to_char(since, 'YYYY-MM-DD') AND e.counted_on <= to_char(until, 'YYYY-MM-DD')
  GROUP BY 1, 2, 3, 4, 5
$$;

-- Periods that began in a span, with their figures (R34); `measure` is hours, units, or a currency;
-- what waits for approval is in hours whatever is measured.
CREATE FUNCTION dashboards.periods(wanted text, since timestamptz, until timestamptz) RETURNS TABLE (
  contract_id text, client_id text, title text, starts_on date, ends_on date, settled boolean, measure text,
  available numeric, used numeric, remaining numeric, overage numeric, expired numeric, undecided numeric,
  waiting numeric, used_share numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT p.contract_id, a.client_id, a.title, p.starts_on::date, (f.j ->> 'end')::date, p.settled = 1,
    CASE f.j ->> 'measure' WHEN 'minutes' THEN 'hours' WHEN 'money' THEN a.currency ELSE 'units' END,
    n.available / s.one, n.used / s.one,
    coalesce((f.j ->> 'remaining')::numeric, 0) / s.one, coalesce((f.j ->> 'overage')::numeric, 0) / s.one,
    coalesce((f.j ->> 'expired')::numeric, 0) / s.one, coalesce((f.j ->> 'undecided')::numeric, 0) / s.one,
    coalesce((f.j ->> 'waiting')::numeric, 0) / 60, n.used / nullif(n.available, 0)
  FROM billing_views.budget_periods p
  JOIN billing_views.budget_accounts a ON a.agency = p.agency AND a.contract_id = p.contract_id
  CROSS JOIN LATERAL (SELECT p.figures::jsonb AS j) f
  CROSS JOIN LATERAL (SELECT CASE f.j ->> 'measure' WHEN 'minutes' THEN 60
    WHEN 'money' THEN dashboards.minor_units(a.currency) ELSE 1 END AS one) s
  CROSS JOIN LATERAL (SELECT coalesce((f.j ->> 'used')::numeric, 0) AS used,
    coalesce((f.j ->> 'allowance')::numeric, 0) + coalesce((f.j ->> 'carried')::numeric, 0)
      - coalesce((f.j ->> 'borrowed')::numeric, 0) AS available) n
  WHERE p.agency = wanted AND dashboards.may_read(wanted)
    AND p.starts_on >= to_char(since, 'YYYY-MM-DD') AND p.starts_on <= to_char(until, 'YYYY-MM-DD')
$$;

-- The period that each contract is in at an instant: the latest begun of a contract that has not ended by then.
CREATE FUNCTION dashboards.budgets(wanted text, at timestamptz) RETURNS TABLE (
  contract_id text, client_id text, title text, starts_on date, ends_on date, measure text, available numeric,
  used numeric, remaining numeric, overage numeric, undecided numeric, waiting numeric, used_share numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT DISTINCT ON (p.contract_id) p.contract_id, p.client_id, p.title, p.starts_on, p.ends_on, p.measure,
    p.available, p.used, p.remaining, p.overage, p.undecided, p.waiting, p.used_share
  FROM dashboards.periods(wanted, '0001-01-01', at) p
  JOIN dashboards.contracts(wanted, at) c ON c.contract_id = p.contract_id AND c.state IN ('active', 'paused')
  ORDER BY p.contract_id, p.starts_on DESC
$$;

-- Invoices and credit notes issued in a span, with the gross total and what is open of it now.
CREATE FUNCTION dashboards.invoices(wanted text, since timestamptz, until timestamptz) RETURNS TABLE (
  issued_on date, number text, client_id text, contract_id text, currency text, due_on date, gross numeric,
  open numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT i.issued_on::date, i.number, i.client_id, i.contract_id, i.currency, i.due_on::date,
    i.gross / dashboards.minor_units(i.currency), coalesce(d.open, i.gross) / dashboards.minor_units(i.currency)
  FROM billing_views.invoices i LEFT JOIN billing_views.dues d ON d.agency = i.agency AND d.number = i.number
  WHERE i.agency = wanted AND i.number <> '' AND dashboards.may_read(wanted)
    AND i.issued_on >= to_char(since, 'YYYY-MM-DD') AND i.issued_on <= to_char(until, 'YYYY-MM-DD')
$$;

-- Payments received in a span; refunds are negative.
CREATE FUNCTION dashboards.payments(wanted text, since timestamptz, until timestamptz) RETURNS TABLE (
  paid_on date, client_id text, currency text, amount numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT p.paid_on::date, p.client_id, p.currency, p.amount / dashboards.minor_units(p.currency)
  FROM billing_views.payments p
  WHERE p.agency = wanted AND dashboards.may_read(wanted)
    AND p.paid_on >= to_char(since, 'YYYY-MM-DD') AND p.paid_on <= to_char(until, 'YYYY-MM-DD')
$$;

-- Documents of which something is open now, and how long after their due date they are at an instant.
CREATE FUNCTION dashboards.receivables(wanted text, at timestamptz) RETURNS TABLE (
  number text, client_id text, contract_id text, currency text, due_on date, days_overdue integer, age text,
  open numeric, reminders integer, uncollectible boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT d.number, d.client_id, d.contract_id, d.currency, d.due_on::date, greatest(late.days, 0),
    CASE WHEN late.days <= 0 THEN '0 not due' WHEN late.days <= 30 THEN '1 to 30 days' WHEN late.days <= 60
      THEN '31 to 60 days' WHEN late.days <= 90 THEN '61 to 90 days' ELSE 'over 90 days' END,
    d.open / dashboards.minor_units(d.currency), d.reminders::integer, d.uncollectible = 1
  FROM billing_views.dues d
  CROSS JOIN LATERAL (SELECT (at AT TIME ZONE d.time_zone)::date - d.due_on::date AS days) late
  WHERE d.agency = wanted AND d.open > 0 AND dashboards.may_read(wanted)
$$;

-- Letters queued in a span, and what has become of them.
CREATE FUNCTION dashboards.letters(wanted text, since timestamptz, until timestamptz) RETURNS TABLE (
  queued_at timestamptz, kind text, stage text, client_id text, contract_id text, number text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT l.queued_at::timestamptz, l.kind, l.stage, l.client_id, l.contract_id, l.number
  FROM notify_views.letter l
  WHERE l.agency = wanted AND dashboards.may_read(wanted)
    AND l.queued_at >= to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
    AND l.queued_at <= to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
$$;

REVOKE ALL ON SCHEMA dashboards FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA dashboards FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dashboards FROM PUBLIC;
GRANT USAGE ON SCHEMA dashboards TO retainer_dashboards;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dashboards TO retainer_dashboards;
COMMIT;
