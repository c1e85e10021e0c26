-- The two steps of `podium rebuild` that change tables. They run with the rights of the database's
-- owner, so that the tracker itself needs no right to create or drop anything.

CREATE OR REPLACE FUNCTION podium.projection_tables() RETURNS text[]
LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY['checkpoint', 'jobs', 'candidates', 'runs', 'artifacts', 'anomalies'] $$;

-- Empty tables like those of the projection, in the shadow schema. What an earlier rebuild that did
-- not finish left there goes.
CREATE OR REPLACE FUNCTION podium.begin_rebuild() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = podium, pg_temp
AS $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY podium.projection_tables() LOOP
    EXECUTE format('DROP TABLE IF EXISTS podium_shadow.%I', relation);
    EXECUTE format('CREATE TABLE podium_shadow.%1$I (LIKE podium.%1$I INCLUDING ALL)', relation);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON podium_shadow.%I TO podium_tracker',
                   relation);
  END LOOP;
END
$$;

-- Puts the shadow's tables in the place of the projection's and lets every view read from them. To
-- be called in a transaction that holds podium.checkpoint locked; readers see the old rows until it
-- commits and the new ones after. The search path makes pg_get_viewdef leave out the schema, so that
-- the same text means the new tables once they have moved. The lock timeout is shorter than
-- PostgreSQL's deadlock timeout: where a reader is in the way, this gives up (55P03), never the
-- reader.
CREATE OR REPLACE FUNCTION podium.finish_rebuild() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = podium, pg_temp
SET lock_timeout = '500ms'
AS $$
DECLARE
  relation text;
  definitions jsonb;
  definition record;
BEGIN
  SELECT jsonb_object_agg(c.relname, pg_get_viewdef(c.oid)) INTO definitions
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = 'podium' AND c.relkind = 'v';

  CREATE SCHEMA podium_replaced;
  FOREACH relation IN ARRAY podium.projection_tables() LOOP
    EXECUTE format('ALTER TABLE podium.%I SET SCHEMA podium_replaced', relation);
    EXECUTE format('ALTER TABLE podium_shadow.%I SET SCHEMA podium', relation);
  END LOOP;

  FOR definition IN SELECT key, value FROM jsonb_each_text(definitions) LOOP
    EXECUTE format('CREATE OR REPLACE VIEW podium.%I AS %s', definition.key, definition.value);
  END LOOP;

  FOREACH relation IN ARRAY podium.projection_tables() LOOP
    EXECUTE format('DROP TABLE podium_replaced.%I RESTRICT', relation);
  END LOOP;
  DROP SCHEMA podium_replaced RESTRICT;
END
$$;

REVOKE ALL ON FUNCTION podium.projection_tables(), podium.begin_rebuild(), podium.finish_rebuild()
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION podium.begin_rebuild(), podium.finish_rebuild() TO podium_tracker;
