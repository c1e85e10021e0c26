#include "services/codegen/prompts/search_notes.hpp"

#include <format>
#include <vector>

#include "libs/competition/text.hpp"
#include "libs/competition/words.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kPlanBytesMax = 200;
constexpr std::size_t kHintBytesMax = 1000;

std::string told(const v1::Score& score) {
  auto out = std::format("{} {:.6g}", competition::words_of(score.metric()), score.value());
  if (score.spread() > 0) out += std::format(" ± {:.2g}", score.spread());
  return out;
}

std::string one_line(std::string_view text, std::size_t bytes_max) {
  auto clean = competition::clean_text(text, bytes_max);
  for (char& character : clean) {
    if (character == '\n') character = ' ';
  }
  return clean;
}

std::string line_of(const v1::TriedCandidate& tried) {
  auto out = std::format("- {} ({}", tried.candidate_id(),
                         competition::word(tried.kind()).value_or("candidate"));
  if (!tried.parent_id().empty()) out += " of " + tried.parent_id();
  out += "): " + one_line(tried.plan_line(), kPlanBytesMax);
  if (tried.has_score()) return out + ": " + told(tried.score()) + "\n";
  out += ": " + (tried.outcome().empty() ? std::string{"never ran"} : tried.outcome());
  if (!tried.reason_code().empty()) out += ", " + tried.reason_code();
  return out + "\n";
}

}  // namespace

std::string tried_text(const v1::DraftRequested& request, std::size_t bytes_max) {
  if (request.tried().empty()) return "Nothing has been tried yet.";
  std::vector<std::string> lines;
  std::size_t bytes = 0;
  for (auto at = request.tried().rbegin(); at != request.tried().rend(); ++at) {
    auto line = line_of(*at);
    if (bytes + line.size() > bytes_max) break;
    bytes += line.size();
    lines.push_back(std::move(line));
  }
  std::string out = "Tried so far, oldest first:\n";
  for (auto at = lines.rbegin(); at != lines.rend(); ++at) out += *at;
  return out;
}

std::string hints_text(const v1::DraftRequested& request) {
  if (request.hints().empty()) return {};
  std::string out = "Advice of the person who runs this search; follow it where it can be:\n";
  for (const auto& hint : request.hints()) out += "- " + one_line(hint, kHintBytesMax) + "\n";
  return out + "\n";
}

std::string score_text(const v1::DraftRequested& request, std::string_view candidate_id) {
  for (const auto& tried : request.tried()) {
    if (tried.candidate_id() != candidate_id || !tried.has_score()) continue;
    return told(tried.score()) + " (by its own validation, " +
           (tried.score().higher_is_better() ? "higher" : "lower") + " is better)";
  }
  return "no score";
}

}  // namespace podium::codegen
