#include "services/codegen/report/trace_text.hpp"

#include <format>

#include "services/codegen/report/markdown.hpp"
#include "services/codegen/report/report_limits.hpp"
#include "services/codegen/report/story_words.hpp"

namespace podium::codegen {
namespace {

class TraceWriter {
 public:
  TraceWriter(const JobStory& story, const FetchText& fetch) : story_{story}, fetch_{fetch} {}

  Result<std::string> write() {
    out_ = std::format(
        "# The exchange of job {}\n\nFor each candidate: what was asked, what was answered, the "
        "code, "
        "the outcome.\n",
        story_.job_id);
    for (const auto& candidate : story_.candidates) PODIUM_TRY(write_candidate(candidate));
    if (story_.candidates.empty()) out_ += "\nNo candidate was asked for.\n";
    return std::move(out_);
  }

 private:
  Result<void> write_candidate(const CandidateStory& candidate) {
    out_ += std::format("\n## {} ({}), by {}\n", markdown_name(candidate.id), kind_words(candidate),
                        author_words(candidate));
    const bool model = candidate.generator == v1::GENERATOR_MODEL;
    for (const auto& draft : candidate.drafts) {
      if (model) PODIUM_TRY(write_exchange(draft));
      if (draft.failed) {
        out_ += std::format("\nNothing came of attempt {}: {} {}\n", draft.attempt,
                            markdown_name(draft.reason_code),
                            markdown_line(draft.message, kLineBytesMax));
      }
    }
    if (!candidate.code.key().empty()) {
      if (!model) PODIUM_TRY(write_part("plan", candidate.plan, "markdown"));
      PODIUM_TRY(write_part("code", candidate.code, "python"));
    }
    write_outcome(candidate);
    return {};
  }

  Result<void> write_exchange(const DraftStory& draft) {
    out_ += std::format("\nAttempt {}", draft.attempt);
    const auto& use = draft.use;
    if (use.calls() > 0 || draft.tokens > 0) {
      out_ += std::format(", answered by {} {}; calls {}, tokens {}, cost {}{}",
                          markdown_line(use.provider(), kLineBytesMax),
                          markdown_line(use.model(), kLineBytesMax), use.calls(), draft.tokens,
                          money_words(draft.cost_micro_usd),
                          use.cost_unknown() ? " and calls whose price is not known" : "");
    }
    out_ += ".\n";
    PODIUM_TRY(write_part("prompt", draft.prompt, "text"));
    return write_part("reply", draft.reply, "text");
  }

  Result<void> write_part(std::string_view title, const v1::ArtifactRef& artifact,
                          std::string_view tag) {
    out_ += std::format("\n### {}\n\n", title);
    if (out_.size() > kTraceFileBytesMax) {
      out_ += "Left out: this file is full.\n";
      return {};
    }
    const auto part = PODIUM_TRY(fetch_(artifact, kTracePartMax));
    if (part.note.empty()) {
      out_ += fenced(shown_text(part.bytes, kTraceFileBytesMax), tag);
    } else {
      out_ += std::format("The {} {}.\n", title, part.note);
    }
    return {};
  }

  void write_outcome(const CandidateStory& candidate) {
    out_ += "\n### outcome\n\n";
    if (candidate.runs.empty()) out_ += outcome_words(candidate) + "\n";
    for (const auto& run : candidate.runs) {
      const auto& executed = run.executed;
      out_ += std::format("- attempt {}: {}, {}", executed.attempt(),
                          outcome_word(executed.outcome()), time_words(executed.wall_seconds()));
      if (!executed.score().metric().empty()) out_ += "; " + score_words(executed.score());
      if (!executed.verdict().code().empty()) {
        out_ += std::format("; {} {}", markdown_name(executed.verdict().code()),
                            markdown_line(executed.verdict().message(), kLineBytesMax));
      }
      out_ += "\n";
    }
  }

  const JobStory& story_;
  const FetchText& fetch_;
  std::string out_;
};

}  // namespace

Result<std::string> trace_text(const JobStory& story, const FetchText& fetch) {
  return TraceWriter{story, fetch}.write();
}

}  // namespace podium::codegen
