#include "libs/competition/told_facts.hpp"

#include <format>

#include <nlohmann/json.hpp>

#include "libs/competition/date_pattern.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

using nlohmann::json;

constexpr std::size_t kLineBytesMax = 500;
constexpr std::size_t kTargetsMax = 20'000;

std::unexpected<Error> unreadable(std::string_view field, std::string_view what) {
  return fail(reasons::kDataUnreadable, std::format("competition.json: {} {}", field, what));
}

Result<void> read_text(const json& file, const char* field, std::string& into) {
  const auto at = file.find(field);
  if (at == file.end() || at->is_null()) return {};
  if (!at->is_string()) return unreadable(field, "is not a text");
  into = trim(clean_text(at->get_ref<const std::string&>(), kLineBytesMax));
  return {};
}

Result<void> read_targets(const json& file, ToldFacts& facts) {
  const auto at = file.find("targets");
  if (at == file.end() || at->is_null()) return {};
  if (!at->is_array() || at->size() > kTargetsMax) return unreadable("targets", "is not a list");
  for (const json& target : *at) {
    if (!target.is_string()) return unreadable("targets", "holds something that is not a text");
    facts.target_columns.push_back(clean_text(target.get_ref<const std::string&>(), kLineBytesMax));
  }
  return {};
}

}  // namespace

Result<ToldFacts> parse_competition_file(std::string_view text) {
  if (text.size() > kCompetitionFileBytesMax) return unreadable("the file", "is too large");
  const json file = json::parse(text, nullptr, false);
  if (!file.is_object()) return unreadable("the file", "is not a JSON object");
  ToldFacts facts;
  PODIUM_TRY(read_text(file, "slug", facts.slug));
  PODIUM_TRY(read_text(file, "title", facts.title));
  PODIUM_TRY(read_text(file, "url", facts.url));
  PODIUM_TRY(read_text(file, "description", facts.description));
  PODIUM_TRY(read_text(file, "evaluationMetric", facts.metric_name));
  PODIUM_TRY(read_text(file, "rowIdColumn", facts.id_column));
  PODIUM_TRY(read_text(file, "sampleSubmission", facts.sample_submission));
  PODIUM_TRY(read_text(file, "licence", facts.licence));
  PODIUM_TRY(read_targets(file, facts));
  std::string deadline;
  PODIUM_TRY(read_text(file, "deadline", deadline));
  facts.deadline = parse_rfc3339(deadline);
  if (!deadline.empty() && !facts.deadline)
    return unreadable("deadline", "is not an RFC 3339 time");
  return facts;
}

v1::Page make_page(std::string_view name, std::string_view text) {
  v1::Page page;
  page.set_name(clean_text(name, kLineBytesMax));
  page.set_text(clean_text(text, kPageBytesMax));
  return page;
}

std::optional<google::protobuf::Timestamp> parse_rfc3339(std::string_view text) {
  for (const DateMatch& match : match_dates(text)) {
    const bool full = match.form.order == DateForm::Order::ymd && match.form.separator == '-' &&
                      match.form.zone != DateForm::Zone::none;
    if (!full) continue;
    google::protobuf::Timestamp time;
    time.set_seconds(match.seconds);
    return time;
  }
  return std::nullopt;
}

std::string evaluation_text(const std::vector<v1::Page>& pages) {
  std::string all;
  for (const v1::Page& page : pages) {
    if (words_of(page.name()).contains("evaluation")) return page.text();
    all += page.text();
    all += '\n';
  }
  return all;
}

}  // namespace podium::competition
