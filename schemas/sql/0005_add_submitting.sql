-- How a job's submission came to Kaggle. Rows that are here already keep NULL, which is what they
-- would be: nothing was sent before.

ALTER TABLE podium.jobs
  ADD COLUMN submit_status         text
    CHECK (submit_status IN ('waiting', 'submitted', 'scored', 'failed')),
  ADD COLUMN submit_reason_code    text,
  ADD COLUMN submit_message        text,
  ADD COLUMN submit_next_step      text,
  ADD COLUMN submitted_at          timestamptz,
  ADD COLUMN leaderboard_scored_at timestamptz;
