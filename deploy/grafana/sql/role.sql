-- Once, by an administrator of the PostgreSQL server: the group of those who may ask what is in questions.sql.
-- It can log in nowhere and holds no right besides; who reads dashboards is a member of it:
--
--   CREATE ROLE grafana LOGIN PASSWORD '…' IN ROLE retainer_dashboards;
--   ALTER ROLE grafana SET default_transaction_read_only = on;
--   ALTER ROLE grafana SET statement_timeout = '15s';

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'retainer_dashboards') THEN
    CREATE ROLE retainer_dashboards NOLOGIN;
  END IF;
END
$$;
