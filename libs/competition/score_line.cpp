#include "libs/competition/score_line.hpp"

#include <cmath>
#include <format>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "libs/competition/cell.hpp"
#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

using nlohmann::json;

// A JSON number, or a number or one of JSON's missing words (NaN, Infinity) written as text.
std::optional<double> number_in(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end()) return std::nullopt;
  if (at->is_number()) return at->get<double>();
  if (!at->is_string()) return std::nullopt;
  return parse_number(at->get_ref<const std::string&>()).value_or(std::nan(""));
}

// Python's json.dumps writes NaN and Infinity, which JSON does not know: put them in quotes.
std::string with_quoted_words(std::string_view line) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && (i == 0 || line[i - 1] != '\\')) quoted = !quoted;
    std::string_view word;
    for (const std::string_view known : {"NaN", "-Infinity", "Infinity"}) {
      if (!quoted && word.empty() && line.substr(i).starts_with(known)) word = known;
    }
    if (word.empty()) {
      out.push_back(line[i]);
      continue;
    }
    out.append("\"").append(word).append("\"");
    i += word.size() - 1;
  }
  return out;
}

// The object of a line that reports a score; nullopt for any other line.
std::optional<json> report_in(std::string_view line) {
  line = trim(line);
  const bool shaped = line.starts_with('{') && line.ends_with('}');
  if (!shaped || line.size() > kScoreLineBytesMax) return std::nullopt;
  json object = json::parse(line, nullptr, false);
  if (object.is_discarded()) object = json::parse(with_quoted_words(line), nullptr, false);
  if (!object.is_object() || !object.contains("metric") || !object.contains("value")) {
    return std::nullopt;
  }
  return object;
}

std::optional<json> last_report(std::string_view log) {
  if (log.size() > kScoreTailBytesMax) log.remove_prefix(log.size() - kScoreTailBytesMax);
  while (!log.empty()) {
    const std::size_t at = log.find_last_of("\r\n");
    const std::size_t begin = at == std::string_view::npos ? 0 : at + 1;
    if (auto report = report_in(log.substr(begin))) return report;
    log = log.substr(0, begin == 0 ? 0 : begin - 1);
  }
  return std::nullopt;
}

std::unexpected<Error> impossible(std::string detail) {
  return fail(reasons::kScoreImpossible, std::move(detail));
}

// nullptr for a metric that nobody knows.
const MetricEntry* reported_metric(const json& report) {
  return recognise_metric_name(clean_text(report["metric"].get_ref<const std::string&>(), 100));
}

Result<void> check_metric(const json& report, const v1::Metric& metric) {
  if (!report["metric"].is_string()) return impossible("the metric's name is not a text");
  const MetricEntry* reported = reported_metric(report);
  const bool other = reported != nullptr && !metric.key().empty() && reported->key != metric.key();
  if (!other) return {};
  return impossible(std::format("{} is reported, {} is asked", reported->key, metric.key()));
}

}  // namespace

Result<v1::Score> read_score(std::string_view log_tail, const v1::Metric& metric) {
  const auto report = last_report(log_tail);
  if (!report) return fail(reasons::kScoreMissing, "no line of the log's end reports a score");
  PODIUM_TRY(check_metric(*report, metric));
  const double value = number_in(*report, "value").value_or(std::nan(""));
  if (!std::isfinite(value)) return impossible("the value is not a finite number");
  const bool is_unnamed = metric.key().empty() && metric.name().empty();
  const MetricEntry* entry = is_unnamed ? reported_metric(*report) : find_metric(metric.key());
  if (entry != nullptr && !is_possible_value(*entry, value)) {
    return impossible(std::format("{} cannot be {}", entry->title, value));
  }
  v1::Score score;
  score.set_metric(metric.key().empty() ? metric.name() : metric.key());
  score.set_value(value);
  score.set_higher_is_better(metric.higher_is_better());
  if (is_unnamed && entry != nullptr) {
    score.set_metric(std::string{entry->key});
    score.set_higher_is_better(entry->higher_is_better);
  }
  score.set_kind(v1::SCORE_KIND_REPORTED);
  const double spread = number_in(*report, "spread").value_or(0);
  if (std::isfinite(spread) && spread >= 0) score.set_spread(spread);
  const double folds = number_in(*report, "folds").value_or(0);
  if (folds >= 1 && folds <= kScoreFoldsMax) score.set_folds(static_cast<std::uint32_t>(folds));
  return score;
}

}  // namespace podium::competition
