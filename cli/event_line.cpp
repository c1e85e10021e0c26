#include "cli/event_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>

#include "cli/event_facts.hpp"
#include "libs/chassis/event.hpp"
#include "libs/competition/words.hpp"

namespace podium::cli {
namespace {

constexpr int kServiceColumns = 8;
constexpr int kNameColumns = 16;
constexpr int kSubjectColumns = 3;

// Eight columns: "+  12.4s", "+ 12m34s", "+ 1h02m".
std::string since_text(std::chrono::milliseconds since) {
  const double seconds = static_cast<double>(std::max<std::int64_t>(since.count(), 0)) / 1000;
  if (seconds < 600) return std::format("+{:6.1f}s", seconds);
  const auto whole = static_cast<int>(seconds);
  if (whole < 3'600) return std::format("+{:>7}", std::format("{}m{:02}s", whole / 60, whole % 60));
  return std::format("+{:>7}", std::format("{}h{:02}m", whole / 3'600, whole / 60 % 60));
}

// Widths are counted in columns, which std::format does by itself for UTF-8.
std::string padded(std::string_view text, int columns) {
  return std::format("{:<{}}", text, columns);
}

}  // namespace

EventLine event_line(const v1::Event& event, TimePoint start) {
  const EventFact fact = fact_of(event);
  return {.since_start = std::chrono::duration_cast<std::chrono::milliseconds>(
              from_proto(event.time()) - start),
          .service = one_line(event.producer(), 32),
          .name = event_name(event),
          .subject = one_line(fact.subject, 63),
          .fact = one_line(fact.text),
          .tone = fact.tone};
}

std::string line_text(const EventLine& line, bool color, int columns) {
  const std::string since = since_text(line.since_start);
  const std::string head = padded(line.service, kServiceColumns) + "  " +
                           padded(line.name, kNameColumns) + "  " +
                           padded(line.subject, kSubjectColumns) + "  ";
  const auto used = static_cast<int>(columns_of(since) + 2 + columns_of(head));
  const std::string fact = columns > used + 10 ? cut_to(line.fact, columns - used) : line.fact;
  std::string text = toned(since, Tone::dim, color) + "  " + head + toned(fact, line.tone, color);
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string score_text(const std::string& metric, double value, double spread,
                       const std::string& kind) {
  const bool plain = value == 0 || (std::abs(value) >= 0.001 && std::abs(value) < 100);
  std::string text = metric.empty() ? "score" : metric;
  text += plain ? std::format(" {:.4f}", value) : std::format(" {:.5g}", value);
  if (spread > 0) text += std::format(" ± {:.2g}", spread);
  if (!kind.empty()) text += " (" + kind + ")";
  return text;
}

std::string score_text(const v1::Score& score) {
  return score_text(score.metric(), score.value(), score.spread(),
                    competition::word(score.kind()).value_or(""));
}

std::string duration_text(std::chrono::milliseconds duration) {
  const double seconds = static_cast<double>(duration.count()) / 1000;
  const auto whole = static_cast<std::int64_t>(seconds);
  if (seconds < 60) return std::format("{:.1f} s", seconds);
  if (whole < 3'600) return std::format("{} min {:02} s", whole / 60, whole % 60);
  return std::format("{} h {:02} min", whole / 3'600, whole / 60 % 60);
}

std::string bytes_text(double bytes) {
  static constexpr std::array<std::string_view, 5> kUnits{"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 1'000 && unit + 1 < kUnits.size()) {
    bytes /= 1'000;
    ++unit;
  }
  return unit == 0 ? std::format("{:.0f} B", bytes) : std::format("{:.1f} {}", bytes, kUnits[unit]);
}

}  // namespace podium::cli
