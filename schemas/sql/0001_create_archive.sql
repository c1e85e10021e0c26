-- Schema `podium` holds the archive, the projection and the views that people's questions are
-- answered from; the set-up step has made it, together with podium.schema_migrations and the roles.
-- Schema `podium_shadow` is where `podium rebuild` builds the projection anew.

CREATE SCHEMA podium_shadow;

-- Every message that stream JOBS has held, byte for byte, whether it could be decoded or not.
-- `stream_created` tells generations of the stream apart: a stream that was reset starts at
-- sequence 1 again under another creation time, and the old generation stays.
CREATE TABLE podium.events (
  stream_created timestamptz NOT NULL,
  sequence       bigint      NOT NULL,
  subject        text        NOT NULL,
  event_id       text        COLLATE "C",
  job_id         text        COLLATE "C",
  name           text,
  time           timestamptz NOT NULL,
  raw            bytea       NOT NULL,
  PRIMARY KEY (stream_created, sequence)
);
CREATE INDEX ON podium.events (job_id, stream_created, sequence) WHERE job_id IS NOT NULL;
