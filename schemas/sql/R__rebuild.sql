-- The two steps of `podium rebuild` that the tracker asks the database for. They run with the rights
-- of the database's owner, so that the tracker itself needs no right to create or drop anything.

DROP FUNCTION IF EXISTS podium.finish_rebuild();

CREATE OR REPLACE FUNCTION podium.projection_tables() RETURNS text[]
LANGUAGE sql IMMUTABLE
AS $$ SELECT ARRAY['checkpoint', 'jobs', 'candidates', 'runs', 'artifacts', 'anomalies'] $$;

-- Empty tables like those of the projection, in the shadow schema. What an earlier rebuild that did
-- not finish left there goes. They need not outlive a crash: a rebuild begins anew then.
CREATE OR REPLACE FUNCTION podium.begin_rebuild() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = podium, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY podium.projection_tables() LOOP
    EXECUTE format('DROP TABLE IF EXISTS podium_shadow.%I', relation);
    EXECUTE format('CREATE UNLOGGED TABLE podium_shadow.%1$I (LIKE podium.%1$I INCLUDING ALL)',
                   relation);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON podium_shadow.%I TO podium_tracker',
                   relation);
  END LOOP;
END
$$;

-- Makes one table of the projection equal to its shadow and gives the number of rows that this
-- changed. Rows that are the same, byte for byte (operator *<>), are not touched.
CREATE OR REPLACE FUNCTION podium.take_over(relation text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = podium, pg_temp
AS $$
DECLARE
  names   text;
  sources text;
  same    text;
  gone    bigint;
  written bigint;
BEGIN
  SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum),
         string_agg(format('s.%I', attname), ', ' ORDER BY attnum)
    INTO names, sources
    FROM pg_attribute
   WHERE attrelid = format('podium.%I', relation)::regclass AND attnum > 0 AND NOT attisdropped;
  SELECT string_agg(format('l.%1$I = s.%1$I', a.attname), ' AND ')
    INTO same
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
   WHERE i.indrelid = format('podium.%I', relation)::regclass AND i.indisprimary;

  EXECUTE format('DELETE FROM podium.%1$I AS l '
                 'WHERE NOT EXISTS (SELECT FROM podium_shadow.%1$I AS s WHERE %2$s)',
                 relation, same);
  GET DIAGNOSTICS gone = ROW_COUNT;
  EXECUTE format('DELETE FROM podium.%1$I AS l USING podium_shadow.%1$I AS s '
                 'WHERE %2$s AND l.* OPERATOR(pg_catalog.*<>) s.*', relation, same);
  EXECUTE format('INSERT INTO podium.%1$I (%2$s) SELECT %3$s FROM podium_shadow.%1$I AS s '
                 'WHERE NOT EXISTS (SELECT FROM podium.%1$I AS l WHERE %4$s)',
                 relation, names, sources, same);
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN gone + written;
END
$$;

-- Makes the projection equal to its shadow, drops the shadow and gives the number of rows that this
-- changed. To be called in a transaction that holds podium.checkpoint locked against writers. Readers
-- wait for nothing: they see the old rows until it commits and the new ones after.
CREATE FUNCTION podium.finish_rebuild() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = podium, pg_temp
AS $$
DECLARE
  relation text;
  changed  bigint := 0;
BEGIN
  FOREACH relation IN ARRAY podium.projection_tables() LOOP
    EXECUTE format('ANALYZE podium_shadow.%I', relation);
    changed := changed + podium.take_over(relation);
    EXECUTE format('DROP TABLE podium_shadow.%I', relation);
  END LOOP;
  RETURN changed;
END
$$;

REVOKE ALL ON FUNCTION podium.projection_tables(), podium.begin_rebuild(), podium.take_over(text),
  podium.finish_rebuild() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION podium.begin_rebuild(), podium.finish_rebuild() TO podium_tracker;
