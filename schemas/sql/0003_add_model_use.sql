-- What a candidate's model calls came to, and the other parent of one that merges two. Rows that are
-- here already keep the defaults, which is what they would be without model calls; `podium rebuild`
-- makes them anew from the archive.

ALTER TABLE podium.candidates
  ADD COLUMN second_parent_id text COLLATE "C",
  ADD COLUMN model            text,
  ADD COLUMN calls            bigint  NOT NULL DEFAULT 0,
  ADD COLUMN input_tokens     bigint  NOT NULL DEFAULT 0,
  ADD COLUMN cached_tokens    bigint  NOT NULL DEFAULT 0,
  ADD COLUMN output_tokens    bigint  NOT NULL DEFAULT 0,
  ADD COLUMN cost_unknown     boolean NOT NULL DEFAULT false;
