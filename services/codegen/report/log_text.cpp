#include "services/codegen/report/log_text.hpp"

#include <algorithm>
#include <format>

#include "services/codegen/report/markdown.hpp"
#include "services/codegen/report/report_limits.hpp"
#include "services/codegen/report/story_words.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kMark = "=====";

std::string heading(const CandidateStory& candidate, const RunStory& run) {
  const auto& executed = run.executed;
  return std::format("{} candidate {}, run {}, attempt {}: {}, {}\n", kMark,
                     shown_text(candidate.id, kLineBytesMax),
                     shown_text(executed.run_id(), kLineBytesMax), executed.attempt(),
                     outcome_word(executed.outcome()), time_words(executed.wall_seconds()));
}

// A line of a log that begins like a heading gets a blank before it.
std::string without_headings(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1);
    const auto one = std::string_view{text}.substr(at, end + 1 - at);
    if (one.starts_with(kMark)) out += ' ';
    out += one;
    at = end + 1;
  }
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace

Result<std::string> log_text(const JobStory& story, const FetchText& fetch) {
  std::string out = std::format(
      "Logs of the runs of job {}, in the order of the candidates. A line that begins with \"{}\" "
      "is "
      "a heading.\n",
      story.job_id, kMark);
  for (const auto& candidate : story.candidates) {
    for (const auto& run : candidate.runs) {
      out += "\n" + heading(candidate, run);
      if (out.size() > kLogFileBytesMax) {
        out += "[left out: this file is full]\n";
        continue;
      }
      const auto log = PODIUM_TRY(fetch(run.executed.log(), kRunLogToldMax));
      if (!log.note.empty()) {
        out += std::format("[the log {}]\n", log.note);
      } else {
        out += without_headings(shown_text(log.bytes, kLogFileBytesMax));
      }
    }
  }
  return out;
}

}  // namespace podium::codegen
