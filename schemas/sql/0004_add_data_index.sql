-- A job that begins asks which jobs had the same data, or data of about the same size.

CREATE INDEX ON podium.artifacts (sha256, created_at) WHERE name = 'data.tar';
CREATE INDEX ON podium.artifacts (bytes, created_at) WHERE name = 'data.tar';
