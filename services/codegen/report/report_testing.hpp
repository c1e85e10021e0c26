// A job's events for tests of the report: a request, a scrape, candidates that succeed and fail.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "libs/chassis/event.hpp"
#include "services/codegen/report/fetched_text.hpp"
#include "services/codegen/report/job_story.hpp"

namespace podium::codegen::testing {

inline const std::string kStoryJob = "01890000-0000-7000-8000-000000000001";
inline constexpr std::int64_t kStoryBegin = 1'800'000'000;

class StoryScript {
 public:
  StoryScript() {
    auto& request = *add("requested").mutable_requested();
    request.mutable_competition()->set_kaggle_url("https://www.kaggle.com/competitions/titanic");
    request.mutable_competition()->set_slug("titanic");
    request.mutable_created_at()->set_seconds(kStoryBegin);
    auto& scraped = *add("scraped").mutable_scraped();
    scraped.set_slug("titanic");
    scraped.set_title("Titanic");
    scraped.add_warnings("The deadline has passed.");
  }

  v1::Event& add(const std::string& name, const std::string& subject = {}, unsigned attempt = 1) {
    v1::Event cause;
    cause.set_job_id(kStoryJob);
    cause.set_tenant("default");
    events_.push_back(event_of(cause, name, subject, attempt));
    return events_.back();
  }

  StoryScript& asked(const std::string& id, v1::CandidateKind kind, const std::string& parent = {},
                     v1::Generator generator = v1::GENERATOR_BUILTIN) {
    auto& request = *add("draft_requested", id).mutable_draft_requested();
    request.set_candidate_id(id);
    request.set_kind(kind);
    request.set_parent_id(parent);
    request.set_generator(generator);
    generators_[id] = {kind, generator, parent};
    return *this;
  }

  v1::Drafted& drafted(const std::string& id, const std::string& plan_line, unsigned attempt = 1) {
    auto& drafted = *add("drafted", id, attempt).mutable_drafted();
    const auto& [kind, generator, parent] = generators_[id];
    drafted.set_candidate_id(id);
    drafted.set_kind(kind);
    drafted.set_generator(generator);
    drafted.set_parent_id(parent);
    drafted.set_attempt(attempt);
    drafted.set_plan_line(plan_line);
    drafted.mutable_code()->set_key(kStoryJob + "/" + id + "/solution.py");
    drafted.mutable_plan()->set_key(kStoryJob + "/" + id + "/plan.md");
    drafted.mutable_requirements()->set_key(kStoryJob + "/" + id + "/requirements.txt");
    if (generator == v1::GENERATOR_MODEL) {
      drafted.set_tokens(1500);
      drafted.set_cost_micro_usd(12'300);
      drafted.mutable_prompt()->set_key(kStoryJob + "/" + id + "/prompt-1.txt");
      drafted.mutable_reply()->set_key(kStoryJob + "/" + id + "/reply-1.txt");
      auto& use = *drafted.mutable_model_use();
      use.set_provider("anthropic");
      use.set_model("small");
      use.set_calls(1);
      use.set_input_tokens(1000);
      use.set_output_tokens(500);
    }
    return drafted;
  }

  v1::DraftFailed& draft_failed(const std::string& id, unsigned attempt, const std::string& code) {
    auto& failed = *add("draft_failed", id, attempt).mutable_draft_failed();
    failed.set_candidate_id(id);
    failed.set_attempt(attempt);
    failed.set_reason_code(code);
    failed.set_message("the reply holds no program");
    return failed;
  }

  v1::Executed& executed(const std::string& id, v1::RunOutcome outcome,
                         std::optional<double> score = std::nullopt, unsigned attempt = 1) {
    const std::string run = kStoryJob + "-" + id + "-" + std::to_string(attempt);
    auto& started = *add("started", run).mutable_started();
    started.set_run_id(run);
    started.set_candidate_id(id);
    started.mutable_limits()->set_wall_seconds_max(600);
    started.mutable_limits()->set_cpu_milli(2000);
    auto& executed = *add("executed", run).mutable_executed();
    executed.set_run_id(run);
    executed.set_candidate_id(id);
    executed.set_attempt(attempt);
    executed.set_outcome(outcome);
    executed.set_wall_seconds(12.34);
    executed.set_log_tail("Traceback\nValueError: no such column\n");
    executed.mutable_log()->set_key(kStoryJob + "/" + id + "/log-" + std::to_string(attempt) +
                                    ".txt");
    if (score) {
      executed.mutable_verdict()->set_accepted(true);
      executed.mutable_verdict()->set_rows(419);
      executed.mutable_submission()->set_key(kStoryJob + "/" + id + "/submission.csv");
      auto& told = *executed.mutable_score();
      told.set_metric("accuracy");
      told.set_value(*score);
      told.set_higher_is_better(true);
      told.set_spread(0.011);
      told.set_folds(5);
      told.set_kind(v1::SCORE_KIND_REPORTED);
    }
    return executed;
  }

  /// The end of the job; the winner's run must have been told.
  v1::Event ended(v1::JobStatus status, const std::string& winner = {}) {
    auto event = add("ended");
    event.mutable_time()->set_seconds(kStoryBegin + 754);
    event.mutable_time()->set_nanos(0);
    auto& ended = *event.mutable_ended();
    ended.set_status(status);
    ended.set_best_candidate_id(winner);
    ended.set_reason_code(status == v1::JOB_STATUS_SUCCESS ? "BUDGET_SPENT" : "DRAFT_FAILED");
    ended.set_message("The budget is spent.");
    for (const auto& one : events_) {
      const bool won = one.has_executed() && one.executed().candidate_id() == winner;
      if (!won) continue;
      *ended.mutable_score() = one.executed().score();
      *ended.mutable_submission() = one.executed().submission();
    }
    events_.back() = event;
    return event;
  }

  const Events& events() const { return events_; }

 private:
  Events events_;
  std::map<std::string, std::tuple<v1::CandidateKind, v1::Generator, std::string>> generators_;
};

/// A draft that works, a model's improvement of it after a failed attempt, a crash and its repair.
inline StoryScript whole_story() {
  StoryScript script;
  script.asked("c1", v1::CANDIDATE_KIND_DRAFT);
  script.drafted("c1", "a linear model, validated in 5 folds");
  script.asked("c2", v1::CANDIDATE_KIND_DRAFT, "", v1::GENERATOR_MODEL);
  script.draft_failed("c2", 1, "REPLY_NO_CODE");
  script.drafted("c2", "boosted trees on | all *columns*", 2);
  script.executed("c1", v1::RUN_OUTCOME_OK, 0.801234);
  script.executed("c2", v1::RUN_OUTCOME_CRASHED);
  script.asked("c3", v1::CANDIDATE_KIND_IMPROVE, "c1");
  script.drafted("c3", "more models");
  script.asked("c4", v1::CANDIDATE_KIND_DEBUG, "c2", v1::GENERATOR_MODEL);
  script.drafted("c4", "the column is named right");
  script.executed("c4", v1::RUN_OUTCOME_OK, 0.79);
  script.executed("c3", v1::RUN_OUTCOME_OK, 0.83);
  return script;
}

/// A fetch from a map of files; what is not in it is gone.
inline FetchText fetch_from(const std::map<std::string, std::string>& files) {
  return [&files](const v1::ArtifactRef& artifact, std::uint64_t) -> Result<FetchedText> {
    const auto at = files.find(artifact.key());
    if (at == files.end()) return FetchedText{.bytes = {}, .note = "is gone"};
    return FetchedText{.bytes = at->second, .note = {}};
  };
}

}  // namespace podium::codegen::testing
