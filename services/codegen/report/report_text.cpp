#include "services/codegen/report/report_text.hpp"

#include <algorithm>
#include <cctype>
#include <format>
#include <ranges>

#include "services/codegen/report/cost_text.hpp"
#include "services/codegen/report/markdown.hpp"
#include "services/codegen/report/report_limits.hpp"
#include "services/codegen/report/story_words.hpp"
#include "services/codegen/report/tried_text.hpp"

namespace podium::codegen {
namespace {

std::string line(std::string_view text) {
  return markdown_line(text, kLineBytesMax);
}

std::string sentences(std::string_view text) {
  return markdown_line(text, kSentencesBytesMax);
}

std::string name_of(const JobStory& story) {
  for (const std::string* name :
       {&story.scraped.title(), &story.scraped.slug(), &story.requested.competition().slug()}) {
    if (!name->empty()) return line(*name);
  }
  return "a competition that is not known";
}

std::string head_text(const JobStory& story) {
  const auto& ended = story.ended;
  std::string out = std::format("# {}\n\n", name_of(story));
  out += std::format("Job {}: **{}** ({}).\n\n", markdown_name(story.job_id),
                     status_word(ended.status()), markdown_name(ended.reason_code()));
  const auto& asked = story.requested.competition().kaggle_url();
  if (!asked.empty()) out += std::format("- Asked for: {}\n", line(asked));
  if (story.winner() != nullptr) {
    out += std::format("- Best: {}, {}\n", markdown_name(ended.best_candidate_id()),
                       score_words(ended.score()));
  }
  if (!ended.message().empty()) out += std::format("- {}\n", sentences(ended.message()));
  if (!ended.next_step().empty())
    out += std::format("- Next step: {}\n", sentences(ended.next_step()));
  for (const auto& hint : story.hints) out += std::format("- Hint: {}\n", sentences(hint));
  return out;
}

// The end of the last log, for the one who has to find out why nothing came of it.
std::string log_end_text(const JobStory& story) {
  const v1::Executed* last = nullptr;
  for (const auto& candidate : story.candidates) {
    for (const auto& run : candidate.runs) last = &run.executed;
  }
  if (last == nullptr || last->log_tail().empty()) return {};
  return std::format("\nThe log of {} ended with:\n\n{}", markdown_name(last->run_id()),
                     fenced(shown_text(last->log_tail(), kLogEndBytesMax), "text"));
}

std::string validation_text(const JobStory& story) {
  const CandidateStory* winner = story.winner();
  if (winner == nullptr) return "There is no winner." + std::string{"\n"} + log_end_text(story);
  const auto& score = story.ended.score();
  std::string out;
  if (score.metric().empty()) {
    out += "- Its program reported no score; its submission was accepted.\n";
  } else {
    out += std::format("- Metric {}, {} is better. Score {}.\n", line(score.metric()),
                       score.higher_is_better() ? "higher" : "lower", score_number(score));
    if (score.folds() > 0) {
      out += std::format(
          "- Validated in {} folds; the spread is the standard deviation over them, "
          "{:.2g}.\n",
          score.folds(), score.spread());
    }
    const bool own =
        score.kind() != v1::SCORE_KIND_TRUSTED && score.kind() != v1::SCORE_KIND_LEADERBOARD;
    out += own ? "- The score is reported by the code itself, on rows that it says its models had "
                 "not seen. Nobody else measured it.\n"
               : std::format("- The score is {}: it was measured outside of the code.\n",
                             score_kind_word(score.kind()));
  }
  const RunStory* run = winner->telling_run();
  if (run == nullptr) return out;
  const auto& verdict = run->executed.verdict();
  out += std::format("- The check of its submission: {}, {} rows.\n",
                     verdict.accepted() ? "accepted" : "not accepted", verdict.rows());
  return out;
}

// Only what can stand in a command as it is.
std::string plain_or(const std::string& text, std::string_view otherwise) {
  const bool plain =
      !text.empty() && text.front() != '-' && std::ranges::all_of(text, [](unsigned char c) {
        return c < 0x80U && (std::isalnum(c) != 0 || c == '-');
      });
  return plain ? text : std::string{otherwise};
}

std::string by_hand_text(const JobStory& story) {
  const CandidateStory* winner = story.winner();
  if (winner == nullptr) return {};
  const RunStory* run = winner->telling_run();
  const bool told = run != nullptr && run->limits.wall_seconds_max() > 0;
  const std::uint32_t seconds = told ? run->limits.wall_seconds_max() : 600;
  const std::uint32_t cpus = told ? std::max(run->limits.cpu_milli() / 1000, 1U) : 2;
  const std::string folder = plain_or(story.scraped.slug(), "data");
  const std::string id = plain_or(winner->id, "CANDIDATE");
  std::string out = "Its program, its requirements and the data are artifacts of the job:\n\n";
  out += fenced(std::format("from=\"${{PODIUM_URL:-http://127.0.0.1:8080}}/jobs/{}/artifacts\"\n"
                            "curl -fO \"$from/{}/solution.py\" -O \"$from/{}/requirements.txt\" "
                            "-O \"$from/data.tar\"\n"
                            "mkdir -p data && tar -xf data.tar -C data",
                            plain_or(story.job_id, "JOB"), id, id),
                "sh");
  out += "\nAs it ran here, in the sandbox's image and without network:\n\n";
  out += fenced(std::format("mkdir -p out && chmod 777 out\n"
                            "docker run --rm --network none --cpus {} \\\n"
                            "  -v \"$PWD/solution.py:/kaggle/code/solution.py:ro\" \\\n"
                            "  -v \"$PWD/data:/kaggle/input/{}:ro\" \\\n"
                            "  -v \"$PWD/out:/kaggle/working\" \\\n"
                            "  -e PODIUM_INPUT=/kaggle/input/{} \\\n"
                            "  -e PODIUM_WALL_SECONDS={} -e PODIUM_CPUS={} \\\n"
                            "  \"$(docker images -q podium-sandbox | head -n 1)\"",
                            cpus, folder, folder, seconds, cpus),
                "sh");
  out +=
      "\nThe answer is `out/submission.csv`. With a Python of your own, which needs the packages "
      "of `requirements.txt`:\n\n";
  out += fenced(std::format("sudo install -d -o \"$USER\" /kaggle/working\n"
                            "cd /kaggle/working && PODIUM_INPUT=\"$OLDPWD/data\" "
                            "PODIUM_WALL_SECONDS={} PODIUM_CPUS={} python3 \"$OLDPWD/solution.py\"",
                            seconds, cpus),
                "sh");
  return out + "\nThe answer is `/kaggle/working/submission.csv`.\n";
}

std::string warnings_text(const JobStory& story, const std::vector<std::string>& notes) {
  std::vector<std::string> warnings = notes;
  if (story.cut_short) warnings.emplace_back("The job has more events than this page tells.");
  const auto add = [&](const auto& foreign) {
    for (const auto& text : foreign) warnings.push_back(line(text));
  };
  add(story.requested.warnings());
  add(story.scraped.warnings());
  const CandidateStory* winner = story.winner();
  if (winner != nullptr && winner->telling_run() != nullptr) {
    add(winner->telling_run()->executed.verdict().warnings());
  }
  if (warnings.empty()) return "None.\n";
  std::string out;
  for (const auto& warning : warnings | std::views::take(kWarningsToldMax)) {
    out += "- " + warning + "\n";
  }
  if (warnings.size() > kWarningsToldMax) {
    out += std::format("- {} more.\n", warnings.size() - kWarningsToldMax);
  }
  return out;
}

}  // namespace

std::string report_text(const JobStory& story, const std::vector<std::string>& notes) {
  std::string out = head_text(story);
  const auto section = [&](std::string_view heading, const std::string& text) {
    if (!text.empty()) out += std::format("\n## {}\n\n{}", heading, text);
  };
  section("What was tried", tried_text(story));
  section("What worked", worked_text(story));
  section("How the winner was validated", validation_text(story));
  section("What it cost", cost_text(story));
  section("How to run the winner by hand", by_hand_text(story));
  section("Warnings", warnings_text(story, notes));
  return out;
}

}  // namespace podium::codegen
