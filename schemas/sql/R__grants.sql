-- What each role may do with tables. Views and functions have their grants beside them.
-- The tracker writes rows; it may not change the archive, and it may create nothing.

GRANT USAGE ON SCHEMA podium TO podium_tracker, podium_gateway, podium_codegen;
GRANT USAGE ON SCHEMA podium_shadow TO podium_tracker;
GRANT SELECT, INSERT ON podium.events TO podium_tracker;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON podium.checkpoint, podium.jobs, podium.candidates, podium.runs, podium.artifacts,
     podium.anomalies
  TO podium_tracker;
-- People who look with psql find the views without naming their schema.
ALTER ROLE podium_gateway SET search_path = podium;
