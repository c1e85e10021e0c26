-- The projection: rows that follow from the archive alone. Nothing here comes from a clock, a
-- sequence generator or chance, so that a replay gives the same rows byte for byte. Times are those
-- of the events. Indexes and keys keep the names that PostgreSQL gives them, because
-- `podium rebuild` makes these tables anew with LIKE. There are no foreign keys: the tracker is the
-- only writer.

-- The only cursor of the projection: the last message that these tables know. One row or none.
CREATE TABLE podium.checkpoint (
  only_row       boolean     NOT NULL PRIMARY KEY CHECK (only_row),
  stream_created timestamptz NOT NULL,
  sequence       bigint      NOT NULL
);

CREATE TABLE podium.jobs (
  id                    text COLLATE "C" NOT NULL PRIMARY KEY,
  tenant                text             NOT NULL,
  slug                  text             NOT NULL,
  kaggle_url            text             NOT NULL,
  folder_sha256         text,
  request_sha256        text,
  idempotency_key       text,
  options               jsonb            NOT NULL,
  priority              integer          NOT NULL,
  trace_id              text,
  created_at            timestamptz      NOT NULL,
  started_at            timestamptz,
  completed_at          timestamptz,
  updated_at            timestamptz      NOT NULL,
  deadline              timestamptz,
  cancel_requested_at   timestamptz,

  competition_title     text,
  competition_source    text,
  competition_summary   text,
  competition_deadline  timestamptz,
  task_kind             text,
  metric_name           text,
  metric_key            text,
  metric_direction      text,
  warnings              jsonb            NOT NULL,

  status                text             NOT NULL
    CHECK (status IN ('queued', 'running', 'success', 'failed', 'timeout', 'cancelled')),
  stage                 text             NOT NULL,
  progress              integer          NOT NULL CHECK (progress BETWEEN 0 AND 100),
  phase                 text,
  phase_done            bigint,
  phase_total           bigint,
  phase_unit            text,
  phase_detail          text,

  reason_code           text,
  message               text,
  next_step             text,

  best_candidate_id     text COLLATE "C",
  score_metric          text,
  score_value           double precision,
  score_direction       text,
  score_spread          double precision,
  score_folds           integer,
  score_kind            text,

  submission_key        text,
  submission_sha256     text,
  submission_bytes      bigint,
  kaggle_reference      text,
  leaderboard_score     double precision,
  leaderboard_rank      integer,
  leaderboard_teams     integer,

  sandbox_name          text,
  candidates_max        integer,
  candidates            integer          NOT NULL,
  candidates_done       integer          NOT NULL,
  candidates_accepted   integer          NOT NULL,
  drafts_open           integer          NOT NULL,
  runs_open             integer          NOT NULL,
  runs                  integer          NOT NULL,
  tokens                bigint           NOT NULL,
  cost_micro_usd        bigint           NOT NULL,

  last_stream           timestamptz      NOT NULL,
  last_sequence         bigint           NOT NULL
);
CREATE INDEX ON podium.jobs (created_at, id);
CREATE INDEX ON podium.jobs (tenant, created_at, id);
CREATE INDEX ON podium.jobs (status, created_at, id);
CREATE INDEX ON podium.jobs (slug, created_at, id);

CREATE TABLE podium.candidates (
  job_id            text COLLATE "C" NOT NULL,
  id                text COLLATE "C" NOT NULL,
  number            integer          NOT NULL,
  kind              text             NOT NULL,
  parent_id         text COLLATE "C",
  generator         text             NOT NULL,
  attempt           integer          NOT NULL,
  status            text             NOT NULL
    CHECK (status IN ('drafting', 'drafted', 'running', 'done', 'failed')),
  outcome           text,
  accepted          boolean          NOT NULL,
  reason_code       text,
  message           text,
  plan_line         text,
  code_key          text,
  plan_key          text,
  submission_key    text,
  submission_sha256 text,
  submission_bytes  bigint,
  score_metric      text,
  score_value       double precision,
  score_direction   text,
  score_spread      double precision,
  score_folds       integer,
  score_kind        text,
  kaggle_reference  text,
  leaderboard_score double precision,
  leaderboard_rank  integer,
  leaderboard_teams integer,
  tokens            bigint           NOT NULL,
  cost_micro_usd    bigint           NOT NULL,
  created_at        timestamptz      NOT NULL,
  ended_at          timestamptz,
  last_stream       timestamptz      NOT NULL,
  last_sequence     bigint           NOT NULL,
  PRIMARY KEY (job_id, id)
);

CREATE TABLE podium.runs (
  job_id             text COLLATE "C" NOT NULL,
  id                 text COLLATE "C" NOT NULL,
  candidate_id       text COLLATE "C" NOT NULL,
  attempt            integer          NOT NULL,
  purpose            text,
  status             text             NOT NULL CHECK (status IN ('running', 'ended')),
  outcome            text,
  verdict_accepted   boolean,
  verdict_code       text,
  verdict_message    text,
  verdict_rows       bigint,
  verdict_columns    jsonb            NOT NULL,
  verdict_warnings   jsonb            NOT NULL,
  message            text,
  exit_code          integer,
  wall_seconds       double precision,
  cpu_seconds        double precision,
  memory_peak_bytes  bigint,
  wall_seconds_max   integer,
  cpu_milli          integer,
  memory_bytes_max   bigint,
  score_metric       text,
  score_value        double precision,
  score_direction    text,
  score_spread       double precision,
  score_folds        integer,
  score_kind         text,
  engine             text,
  sandbox            text,
  log_key            text,
  log_tail           text,
  started_at         timestamptz,
  ended_at           timestamptz,
  last_stream        timestamptz      NOT NULL,
  last_sequence      bigint           NOT NULL,
  PRIMARY KEY (job_id, id)
);

-- `candidate_id` and `run_id` are empty for what belongs to the whole job.
CREATE TABLE podium.artifacts (
  job_id        text COLLATE "C" NOT NULL,
  candidate_id  text COLLATE "C" NOT NULL,
  run_id        text COLLATE "C" NOT NULL,
  name          text COLLATE "C" NOT NULL,
  key           text             NOT NULL,
  sha256        text             NOT NULL,
  bytes         bigint           NOT NULL,
  created_at    timestamptz      NOT NULL,
  last_stream   timestamptz      NOT NULL,
  last_sequence bigint           NOT NULL,
  PRIMARY KEY (job_id, candidate_id, run_id, name)
);

-- What the projection could not make sense of: undecodable messages, moves that are not allowed.
-- The message itself is in the archive under the same key.
CREATE TABLE podium.anomalies (
  stream_created timestamptz      NOT NULL,
  sequence       bigint           NOT NULL,
  what           text COLLATE "C" NOT NULL,
  job_id         text COLLATE "C",
  name           text,
  detail         text             NOT NULL,
  time           timestamptz      NOT NULL,
  PRIMARY KEY (stream_created, sequence, what)
);
