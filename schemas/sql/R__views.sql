-- What readers may see: the gateway and codegen have SELECT on these views and on nothing else.
-- Words: status queued, running, success, failed, timeout, cancelled; stage fetching, planning,
-- generating, executing, scoring, validating, submitting, done; outcome ok, crashed, timed_out,
-- out_of_memory, disk_full, invalid_submission, cancelled, lost; kind draft, debug, improve,
-- ensemble; generator builtin, model, earlier; score_kind trusted, reported, leaderboard;
-- *_direction maximize, minimize; source catalogue, kaggle, folder; purpose search, refit, repeat.
-- A column that is not known (yet) is NULL unless its comment says otherwise.

DROP VIEW IF EXISTS
  podium.jobs_view, podium.candidates_view, podium.runs_view, podium.artifacts_view,
  podium.events_view, podium.anomalies_view, podium.projection_view, podium.earlier_runs_view,
  podium.earlier_data_view, podium.spending_view;

CREATE VIEW podium.jobs_view AS
SELECT
  id AS job_id, tenant, slug, kaggle_url, folder_sha256, request_sha256, idempotency_key,
  options, priority, trace_id,
  created_at, started_at, completed_at, updated_at, deadline, cancel_requested_at,
  competition_title, competition_source, competition_summary, competition_deadline,
  task_kind, metric_name, metric_key, metric_direction, warnings,
  status, stage, progress, phase, phase_done, phase_total, phase_unit, phase_detail,
  reason_code, message, next_step,
  best_candidate_id, score_metric, score_value, score_direction, score_spread, score_folds,
  score_kind,
  submission_key, submission_sha256, submission_bytes,
  kaggle_reference, leaderboard_score, leaderboard_rank, leaderboard_teams,
  sandbox_name, candidates_max, candidates, candidates_done, candidates_accepted, drafts_open,
  runs_open, runs, tokens, cost_micro_usd, last_sequence,
  submit_status, submit_reason_code, submit_message, submit_next_step, submitted_at,
  leaderboard_scored_at
FROM podium.jobs;

COMMENT ON VIEW podium.jobs_view IS
  'One row per job. Lists: ORDER BY created_at DESC, job_id DESC; indexes lead with created_at, '
  '(tenant, created_at), (status, created_at) and (slug, created_at). job_id LIKE ''prefix%'' '
  'uses the primary key.';
COMMENT ON COLUMN podium.jobs_view.job_id IS 'UUID in lower case.';
COMMENT ON COLUMN podium.jobs_view.tenant IS 'Name of the API key, else default. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.slug IS
  'Canonical slug, lower case; empty for a folder until it is scraped. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.kaggle_url IS 'As it was sent; empty when none was. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.folder_sha256 IS
  'Of the tar that was sent with PUT /competitions/{sha256}.';
COMMENT ON COLUMN podium.jobs_view.request_sha256 IS
  'Of the canonical request body: the same idempotency key with another one is refused.';
COMMENT ON COLUMN podium.jobs_view.options IS
  'podium.v1.JobOptions as protobuf JSON with the field names of the proto; fields at zero are '
  'left out, 64-bit numbers are strings. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.priority IS '0 (normal) to 2 (first). Never NULL.';
COMMENT ON COLUMN podium.jobs_view.trace_id IS '32 hex digits: the trace that the job is.';
COMMENT ON COLUMN podium.jobs_view.created_at IS 'When the gateway accepted it. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.started_at IS
  'Time of the first sign of work; set together with status running.';
COMMENT ON COLUMN podium.jobs_view.completed_at IS 'Time of the event ended.';
COMMENT ON COLUMN podium.jobs_view.updated_at IS 'Time of the newest event of the job. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.deadline IS
  'When the job''s own time is up: created_at + time_seconds_max; without that option known from '
  'the first draft_requested on.';
COMMENT ON COLUMN podium.jobs_view.cancel_requested_at IS
  'First request to cancel, also while the job still runs.';
COMMENT ON COLUMN podium.jobs_view.competition_source IS
  'catalogue, kaggle or folder; known once scraped.';
COMMENT ON COLUMN podium.jobs_view.competition_deadline IS
  'The competition''s own deadline, possibly in the past.';
COMMENT ON COLUMN podium.jobs_view.task_kind IS
  'binary, multiclass, regression or multi_regression.';
COMMENT ON COLUMN podium.jobs_view.metric_key IS
  'Key of the metric catalogue (rmsle, auc ...); NULL when the metric is not known there.';
COMMENT ON COLUMN podium.jobs_view.warnings IS 'JSON array of texts. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.status IS
  'queued, running, success, failed, timeout or cancelled; the last four never change again. '
  'Never NULL.';
COMMENT ON COLUMN podium.jobs_view.stage IS
  'fetching, planning, generating, executing, scoring, validating, submitting or done. With '
  'several candidates: executing while a run is open, else generating while a draft is open. '
  'Never NULL.';
COMMENT ON COLUMN podium.jobs_view.progress IS
  '0 to 100, never falls. 0 queued; up to 10 while data is fetched; from 10 to 95 by whatever is '
  'further: candidates done of candidates_max, or time used of the time until the deadline; 100 '
  'when the job has ended, however it ended. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.phase IS
  'Of the newest event progressed: fetching, unpacking, profiling, running ...; NULL when the '
  'step it told of is over.';
COMMENT ON COLUMN podium.jobs_view.phase_done IS
  'How much of phase_total, in phase_unit (bytes, files, rows).';
COMMENT ON COLUMN podium.jobs_view.reason_code IS
  'Registered reason of the end (BUDGET_SPENT, KAGGLE_AUTH, CANCELLED ...); before the end that '
  'of a failed fetch.';
COMMENT ON COLUMN podium.jobs_view.message IS 'What happened, for a person.';
COMMENT ON COLUMN podium.jobs_view.next_step IS 'What a person can do now.';
COMMENT ON COLUMN podium.jobs_view.best_candidate_id IS
  'While the job runs the accepted candidate with the best score so far; once it has ended the '
  'one that was chosen.';
COMMENT ON COLUMN podium.jobs_view.score_value IS
  'Score of best_candidate_id; the other score columns belong to it.';
COMMENT ON COLUMN podium.jobs_view.score_spread IS 'Standard deviation over folds.';
COMMENT ON COLUMN podium.jobs_view.submission_key IS
  'Artifact store key of the submission the job ended with; NULL before the end and when there is '
  'none.';
COMMENT ON COLUMN podium.jobs_view.leaderboard_score IS
  'Kaggle''s public score of the submission, beside score_value, which the search found; NULL also '
  'when Kaggle shows none. leaderboard_rank of leaderboard_teams, when known.';
COMMENT ON COLUMN podium.jobs_view.submit_status IS
  'waiting, submitted, scored or failed: how the submission came to Kaggle; NULL when nobody asked '
  'for that.';
COMMENT ON COLUMN podium.jobs_view.submit_reason_code IS
  'Why it did not come there; submit_message and submit_next_step belong to it. While waiting '
  'submit_message may say for what.';
COMMENT ON COLUMN podium.jobs_view.sandbox_name IS
  'Name of the newest sandbox; NULL before there was one.';
COMMENT ON COLUMN podium.jobs_view.candidates_max IS
  'How many candidates the job may try, when known.';
COMMENT ON COLUMN podium.jobs_view.candidates IS 'Candidates asked for so far. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.candidates_done IS
  'Candidates that have ended, whether well or not. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.candidates_accepted IS
  'Candidates with a submission that passed the checks. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.drafts_open IS 'Candidates being written now. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.runs_open IS 'Runs in a sandbox now. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.runs IS 'Runs that were started. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.tokens IS 'Tokens spent on models. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.cost_micro_usd IS
  'Money spent on models, millionths of a US dollar. Never NULL.';
COMMENT ON COLUMN podium.jobs_view.last_sequence IS
  'Stream sequence of the newest event in this row: the id to go on from with live events, and an '
  'ETag. Never NULL.';

CREATE VIEW podium.candidates_view AS
SELECT
  c.job_id, c.id AS candidate_id, c.number, c.kind, c.parent_id, c.generator, c.attempt,
  CASE WHEN j.completed_at IS NOT NULL AND c.status IN ('drafting', 'drafted', 'running')
       THEN 'dropped' ELSE c.status END AS status,
  c.outcome, c.accepted,
  coalesce(c.id = j.best_candidate_id, false) AS best,
  c.reason_code, c.message, c.plan_line, c.code_key, c.plan_key,
  c.submission_key, c.submission_sha256, c.submission_bytes,
  c.score_metric, c.score_value, c.score_direction, c.score_spread, c.score_folds, c.score_kind,
  c.kaggle_reference, c.leaderboard_score, c.leaderboard_rank, c.leaderboard_teams,
  c.tokens, c.cost_micro_usd, c.created_at, c.ended_at, c.last_sequence,
  c.second_parent_id, c.model, c.calls, c.input_tokens, c.cached_tokens, c.output_tokens,
  c.cost_unknown, newest.wall_seconds
FROM podium.candidates c
LEFT JOIN podium.jobs j ON j.id = c.job_id
LEFT JOIN LATERAL (
  SELECT r.wall_seconds FROM podium.runs r
  WHERE r.job_id = c.job_id AND r.candidate_id = c.id
  ORDER BY r.attempt DESC, r.id DESC LIMIT 1
) newest ON true;

COMMENT ON VIEW podium.candidates_view IS
  'One row per candidate, key (job_id, candidate_id). ORDER BY number is the order they were '
  'asked for.';
COMMENT ON COLUMN podium.candidates_view.number IS
  'From 1, in the order the candidates of the job were first heard of.';
COMMENT ON COLUMN podium.candidates_view.parent_id IS 'The candidate it debugs or improves.';
COMMENT ON COLUMN podium.candidates_view.second_parent_id IS
  'The other candidate of one that merges two.';
COMMENT ON COLUMN podium.candidates_view.attempt IS 'Newest attempt at drafting it, from 1.';
COMMENT ON COLUMN podium.candidates_view.status IS
  'drafting, drafted (waits for a sandbox), running, done (its newest run has an outcome), failed '
  '(could not be drafted), dropped (the job ended before it had an outcome).';
COMMENT ON COLUMN podium.candidates_view.outcome IS 'Of its newest run.';
COMMENT ON COLUMN podium.candidates_view.accepted IS
  'A submission of it passed the checks. Never NULL.';
COMMENT ON COLUMN podium.candidates_view.best IS 'It is the job''s best_candidate_id. Never NULL.';
COMMENT ON COLUMN podium.candidates_view.reason_code IS
  'Why it failed: of the draft, or the verdict''s code.';
COMMENT ON COLUMN podium.candidates_view.plan_line IS 'The plan in one line.';
COMMENT ON COLUMN podium.candidates_view.code_key IS 'Artifact store key of its program.';
COMMENT ON COLUMN podium.candidates_view.ended_at IS
  'When its newest run ended or its draft was given up.';
COMMENT ON COLUMN podium.candidates_view.model IS
  'The model that was asked last, as it names itself; NULL when none was.';
COMMENT ON COLUMN podium.candidates_view.calls IS
  'Calls of models for it, over all attempts at drafting it. Never NULL.';
COMMENT ON COLUMN podium.candidates_view.input_tokens IS
  'Of all these calls; so cached_tokens (the part of them that the vendor had cached) and '
  'output_tokens. Never NULL.';
COMMENT ON COLUMN podium.candidates_view.cost_unknown IS
  'The price of a model is not known: cost_micro_usd leaves its calls out. Never NULL.';
COMMENT ON COLUMN podium.candidates_view.wall_seconds IS
  'Of its newest run; NULL until that has ended.';

CREATE VIEW podium.runs_view AS
SELECT
  job_id, id AS run_id, candidate_id, attempt, purpose, status, outcome,
  verdict_accepted, verdict_code, verdict_message, verdict_rows, verdict_columns,
  verdict_warnings, message, exit_code, wall_seconds, cpu_seconds, memory_peak_bytes,
  wall_seconds_max, cpu_milli, memory_bytes_max,
  score_metric, score_value, score_direction, score_spread, score_folds, score_kind,
  engine, sandbox, log_key, log_tail, started_at, ended_at, last_sequence
FROM podium.runs;

COMMENT ON VIEW podium.runs_view IS
  'One row per run that was started, key (job_id, run_id). ORDER BY started_at, run_id.';
COMMENT ON COLUMN podium.runs_view.status IS 'running or ended.';
COMMENT ON COLUMN podium.runs_view.purpose IS 'search, refit or repeat; known when it has ended.';
COMMENT ON COLUMN podium.runs_view.verdict_columns IS
  'JSON array of the columns that the check read. Never NULL.';
COMMENT ON COLUMN podium.runs_view.verdict_warnings IS 'JSON array of texts. Never NULL.';
COMMENT ON COLUMN podium.runs_view.message IS 'What the executor says about the outcome.';
COMMENT ON COLUMN podium.runs_view.wall_seconds_max IS
  'The limit it ran under; so cpu_milli and memory_bytes_max.';
COMMENT ON COLUMN podium.runs_view.sandbox IS 'Name of its container.';
COMMENT ON COLUMN podium.runs_view.log_key IS
  'Artifact store key of the whole log; NULL until the run has ended.';
COMMENT ON COLUMN podium.runs_view.log_tail IS 'End of the log, at most 4 KB.';

CREATE VIEW podium.artifacts_view AS
SELECT job_id, candidate_id, run_id, name, key, sha256, bytes, created_at
FROM podium.artifacts;

COMMENT ON VIEW podium.artifacts_view IS
  'Stored files of a job, key (job_id, candidate_id, run_id, name). ORDER BY created_at, '
  'candidate_id, run_id, name.';
COMMENT ON COLUMN podium.artifacts_view.candidate_id IS
  'Empty for what belongs to the job. Never NULL.';
COMMENT ON COLUMN podium.artifacts_view.run_id IS
  'Empty for what belongs to the job or the candidate. Never NULL.';
COMMENT ON COLUMN podium.artifacts_view.name IS
  'facts.json, data.tar; of a candidate solution.py, plan.md, requirements.txt, prompt.md, '
  'reply.md; of a run predictions.csv, submission.csv, log.txt; of the job submission.csv, '
  'report.md.';
COMMENT ON COLUMN podium.artifacts_view.key IS 'Key in the artifact store.';

CREATE VIEW podium.events_view AS
SELECT job_id, stream_created, sequence, name, time, subject, event_id, raw
FROM podium.events
WHERE job_id IS NOT NULL;

COMMENT ON VIEW podium.events_view IS
  'The backlog of live events: WHERE job_id = $1 AND sequence > $2 ORDER BY stream_created, '
  'sequence.';
COMMENT ON COLUMN podium.events_view.sequence IS
  'Sequence in stream JOBS; starts anew when the stream was reset (stream_created differs).';
COMMENT ON COLUMN podium.events_view.name IS
  'requested, scraped, drafted ...: the payload''s field name.';
COMMENT ON COLUMN podium.events_view.raw IS
  'podium.v1.Event in protobuf''s binary form, as it was published.';

CREATE VIEW podium.anomalies_view AS
SELECT stream_created, sequence, what, job_id, name, detail, time FROM podium.anomalies;

COMMENT ON VIEW podium.anomalies_view IS
  'Messages that the projection could not make sense of: undecodable, wrong_subject, unknown_job, '
  'illegal_move, refused_by_database. ORDER BY stream_created, sequence.';

CREATE VIEW podium.projection_view AS
SELECT
  (SELECT max(version) FROM podium.schema_migrations) AS schema_version,
  (SELECT stream_created FROM podium.checkpoint) AS stream_created,
  (SELECT sequence FROM podium.checkpoint) AS sequence;

COMMENT ON VIEW podium.projection_view IS
  'One row: where the projection stands. For readiness checks and for reading one''s own writes.';
COMMENT ON COLUMN podium.projection_view.schema_version IS 'Number of the newest migration.';
COMMENT ON COLUMN podium.projection_view.sequence IS
  'Last sequence of stream JOBS that the rows know; NULL before the first.';

CREATE VIEW podium.earlier_runs_view AS
SELECT
  j.slug, j.task_kind, j.metric_key, j.competition_source, c.kind, c.generator, c.plan_line,
  c.code_key, r.purpose, r.outcome, r.verdict_accepted, r.verdict_code,
  r.score_metric, r.score_value, r.score_direction, r.score_kind,
  r.wall_seconds, r.memory_peak_bytes, r.ended_at, j.tenant, r.job_id, r.candidate_id,
  r.id AS run_id, j.metric_name, data.sha256 AS data_sha256, data.bytes AS data_bytes,
  code.sha256 AS code_sha256, code.bytes AS code_bytes, r.score_spread, r.score_folds,
  j.status = 'success' AND c.id = j.best_candidate_id AND r.verdict_accepted IS TRUE AS won
FROM podium.runs r
JOIN podium.candidates c ON c.job_id = r.job_id AND c.id = r.candidate_id
JOIN podium.jobs j ON j.id = r.job_id
LEFT JOIN podium.artifacts data
  ON data.job_id = r.job_id AND data.candidate_id = '' AND data.run_id = ''
  AND data.name = 'data.tar'
LEFT JOIN podium.artifacts code
  ON code.job_id = r.job_id AND code.candidate_id = r.candidate_id AND code.run_id = ''
  AND code.name = 'solution.py'
WHERE r.status = 'ended';

COMMENT ON VIEW podium.earlier_runs_view IS
  'Runs that have ended with what they were tried on: what did well on this data, or on a task of '
  'this kind and metric, before.';
COMMENT ON COLUMN podium.earlier_runs_view.data_sha256 IS
  'Of the tar of all data files; an index on artifacts leads with it.';
COMMENT ON COLUMN podium.earlier_runs_view.won IS
  'Its submission is the one that a successful job ended with. Never NULL.';

CREATE VIEW podium.earlier_data_view AS
SELECT data.job_id, j.tenant, data.sha256 AS data_sha256, data.bytes AS data_bytes,
       data.created_at
FROM podium.artifacts data
JOIN podium.jobs j ON j.id = data.job_id
WHERE data.name = 'data.tar';

COMMENT ON VIEW podium.earlier_data_view IS
  'Which job had which data; indexes on artifacts lead with its hash and its size.';

CREATE VIEW podium.spending_view AS
SELECT
  j.tenant, count(*) AS jobs, coalesce(sum(of_job.candidates), 0)::bigint AS candidates,
  coalesce(sum(of_job.calls), 0)::bigint AS calls,
  coalesce(sum(of_job.tokens), 0)::bigint AS tokens,
  coalesce(sum(of_job.input_tokens), 0)::bigint AS input_tokens,
  coalesce(sum(of_job.cached_tokens), 0)::bigint AS cached_tokens,
  coalesce(sum(of_job.output_tokens), 0)::bigint AS output_tokens,
  coalesce(sum(of_job.cost_micro_usd), 0)::bigint AS cost_micro_usd,
  coalesce(sum(of_job.unpriced_calls), 0)::bigint AS unpriced_calls
FROM podium.jobs j
LEFT JOIN (
  SELECT job_id, count(*) AS candidates, sum(calls) AS calls, sum(tokens) AS tokens,
         sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
         sum(output_tokens) AS output_tokens, sum(cost_micro_usd) AS cost_micro_usd,
         sum(calls) FILTER (WHERE cost_unknown) AS unpriced_calls
  FROM podium.candidates GROUP BY job_id
) of_job ON of_job.job_id = j.id
GROUP BY j.tenant;

COMMENT ON VIEW podium.spending_view IS
  'What models were paid, one row per tenant, over all its jobs. ORDER BY tenant. No column is '
  'NULL.';
COMMENT ON COLUMN podium.spending_view.unpriced_calls IS
  'Calls for candidates of which a price was not known: cost_micro_usd leaves some of them out.';

GRANT SELECT ON
  podium.spending_view,
  podium.jobs_view, podium.candidates_view, podium.runs_view, podium.artifacts_view,
  podium.events_view, podium.anomalies_view, podium.projection_view
  TO podium_gateway;
GRANT SELECT ON podium.earlier_runs_view, podium.earlier_data_view, podium.projection_view
  TO podium_codegen;
GRANT SELECT ON podium.projection_view TO podium_tracker;
