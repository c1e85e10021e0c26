#include "cli/job_status.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/event_line.hpp"
#include "cli/json_fields.hpp"
#include "cli/text_table.hpp"

namespace podium::cli {
namespace {

using nlohmann::json;

/// How the submission came to Kaggle, in one line.
std::string kaggle_text(const json& object) {
  const auto status = text_at(object, "/leaderboard/status");
  if (status.empty()) return {};
  const auto message = text_at(object, "/leaderboard/message");
  const auto reference = text_at(object, "/leaderboard/reference");
  if (status == "scored") {
    const auto score = public_score_at(object, "/leaderboard");
    return (score ? text_of(*score) : "scored, not shown") + " (submission " + reference + ")";
  }
  if (status == "submitted") return "submission " + reference + ", waiting for its score";
  if (status == "failed") return text_at(object, "/leaderboard/reason_code") + ": " + message;
  return message.empty() ? status : status + ": " + message;
}

JobStatus job_of(const json& object) {
  JobStatus job;
  job.job_id = text_at(object, "/job_id");
  job.status = text_at(object, "/status");
  job.stage = text_at(object, "/stage");
  job.competition = text_at(object, "/competition_name");
  job.title = text_at(object, "/competition_title");
  job.source = text_at(object, "/competition_source");
  job.best_candidate = text_at(object, "/best_candidate_id");
  job.message = text_at(object, "/message");
  job.reason_code = text_at(object, "/reason_code");
  job.next_step = text_at(object, "/next_step");
  job.progress = text_at(object, "/metadata/progress");
  job.created_at = text_at(object, "/created_at");
  job.started_at = text_at(object, "/started_at");
  job.completed_at = text_at(object, "/completed_at");
  job.sandbox = text_at(object, "/pod_name");
  job.trace_url = text_at(object, "/links/trace");
  job.trace_id = text_at(object, "/trace_id");
  job.has_submission = !text_at(object, "/path").empty();
  job.candidates = static_cast<long>(number_at(object, "/counts/candidates"));
  job.candidates_done = static_cast<long>(number_at(object, "/counts/candidates_done"));
  if (object.contains("score") && object.at("score").is_object()) {
    job.score = score_text(text_at(object, "/score/metric"), number_at(object, "/score/value"),
                           number_at(object, "/score/spread"), text_at(object, "/score/kind"));
  }
  job.kaggle = kaggle_text(object);
  job.is_scored = text_at(object, "/leaderboard/status") == "scored";
  job.kaggle_next_step = text_at(object, "/leaderboard/next_step");
  if (object.contains("warnings") && object.at("warnings").is_array()) {
    for (const auto& warning : object.at("warnings")) {
      if (warning.is_string()) job.warnings.push_back(one_line(warning.get<std::string>()));
    }
  }
  return job;
}

Tone tone_of(const std::string& status) {
  if (status == "success") return Tone::good;
  if (status == "queued" || status == "running") return Tone::plain;
  return Tone::bad;
}

long long now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string took_text(const JobStatus& job) {
  const auto from = parse_time(job.created_at);
  const auto to = parse_time(job.completed_at);
  if (!from || !to) return {};
  return duration_text(std::chrono::milliseconds{static_cast<long long>((*to - *from) * 1000)});
}

}  // namespace

Outcome<JobStatus> parse_job_status(const std::string& body) {
  const json object = json::parse(body, nullptr, false);
  if (!object.is_object()) return not_understood();
  JobStatus job = job_of(object);
  if (job.job_id.empty() || job.status.empty()) return not_understood();
  return job;
}

Outcome<JobList> parse_job_list(const std::string& body) {
  const json object = json::parse(body, nullptr, false);
  if (!object.is_object() || !object.contains("jobs") || !object.at("jobs").is_array()) {
    return not_understood();
  }
  JobList list;
  list.total = static_cast<long>(number_at(object, "/total"));
  list.next_cursor = text_at(object, "/next_cursor");
  for (const auto& item : object.at("jobs")) list.jobs.push_back(job_of(item));
  return list;
}

Exit exit_of(const JobStatus& job) {
  if (job.status == "success") return Exit::ok;
  if (job.status == "cancelled") return Exit::job_cancelled;
  return Exit::job_failed;
}

std::string describe(const JobStatus& job, const Console& console) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value, Tone tone = Tone::plain) {
    if (value.empty()) return;
    text += "  " + toned(padded(name, 12), Tone::dim, console.out_has_color) +
            toned(value, tone, console.out_has_color) + "\n";
  };
  line("Job", job.job_id);
  line("Status", job.ended() ? job.status : job.status + ", " + job.progress, tone_of(job.status));
  line("Competition",
       job.title.empty() ? job.competition : std::format("{} ({})", job.title, job.competition));
  line("From", job.source);
  line("Score", job.score.empty() || job.best_candidate.empty()
                    ? job.score
                    : std::format("{}, candidate {}", job.score, job.best_candidate));
  line("Kaggle", job.kaggle);
  if (job.candidates > 0) {
    line("Candidates", std::format("{} done, {} begun", job.candidates_done, job.candidates));
  }
  line("Accepted", job.created_at);
  line("Took", took_text(job));
  line("Reason", job.reason_code);
  line("Message", job.message);
  for (const std::string& warning : job.warnings) line("Warning", warning);
  line("Sandbox", job.ended() ? "" : job.sandbox);
  if (job.has_submission) {
    line("Result", std::format("{} result {} -o submission.csv", console.command, job.job_id));
  }
  if (!job.ended()) line("Watch", std::format("{} watch {}", console.command, job.job_id));
  line("Trace", job.trace_url.empty() ? job.trace_id : job.trace_url);
  line("Next", job.has_submission ? job.kaggle_next_step : job.next_step);
  return text;
}

std::optional<PublicScore> public_score_at(const json& object, const std::string& at) {
  const auto score = number_or_none_at(object, (at + "/public_score").c_str());
  if (!score) return std::nullopt;
  return PublicScore{.value = *score,
                     .rank = static_cast<long>(number_at(object, (at + "/rank").c_str())),
                     .teams = static_cast<long>(number_at(object, (at + "/teams").c_str()))};
}

std::string text_of(const PublicScore& score) {
  const auto text = std::format("{:.5g}", score.value);
  return score.rank > 0 ? std::format("{}, rank {} of {}", text, score.rank, score.teams) : text;
}

std::string describe(const JobList& list, const Console& console) {
  if (list.jobs.empty()) {
    return std::format("No jobs yet. {} run titanic --watch starts one.\n", console.command);
  }
  const auto row = [](std::string_view id, std::string_view status, std::string_view competition,
                      std::string_view age, std::string_view score) {
    return padded(id, 38) + padded(status, 11) + padded(cut_to(competition, 26), 28) +
           padded(age, 12) + std::string{score};
  };
  std::string text = toned(row("JOB", "STATUS", "COMPETITION", "ACCEPTED", "SCORE"), Tone::dim,
                           console.out_has_color) +
                     "\n";
  const auto now = now_seconds();
  for (const JobStatus& job : list.jobs) {
    text += toned(row(job.job_id, job.status, job.competition, age_text(job.created_at, now),
                      job.score.empty() ? job.reason_code : job.score),
                  tone_of(job.status), console.out_has_color) +
            "\n";
  }
  return text;
}

std::string age_text(const std::string& time, long long now) {
  const auto then = parse_time(time);
  if (!then) return {};
  const auto seconds = std::max<long long>(now - static_cast<long long>(*then), 0);
  if (seconds < 60) return std::format("{} s ago", seconds);
  if (seconds < 3'600) return std::format("{} min ago", seconds / 60);
  if (seconds < 86'400) return std::format("{} h ago", seconds / 3'600);
  return std::format("{} days ago", seconds / 86'400);
}

std::optional<double> parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%lfZ", &year, &month, &day, &hour, &minute,
                  &second) != 6) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  return static_cast<double>(days) * 86'400 + hour * 3'600 + minute * 60 + second;
}

}  // namespace podium::cli
