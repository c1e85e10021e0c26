#include "services/tracker/recorded.hpp"

#include <format>

#include "libs/chassis/event.hpp"
#include "libs/chassis/utf8.hpp"

namespace podium::tracker {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

Result<v1::Event> read_event(const std::string& subject, const std::string& raw) {
  v1::Event event = PODIUM_TRY(parse_event(raw));
  const std::string expected = PODIUM_TRY(subject_of(event));
  // Who may say what is granted by subject, so an event on another's subject proves nothing.
  if (expected != subject) {
    return fail(errors::kConflict, std::format("the event belongs on {}", expected));
  }
  return event;
}

}  // namespace

Recorded record(Position at, std::string_view subject, std::string raw, Moment stored_at) {
  Recorded recorded{.at = at,
                    .subject = storable(subject),
                    .time = stored_at,
                    .raw = std::move(raw),
                    .event = {},
                    .problem = {},
                    .problem_detail = {}};
  auto event = read_event(recorded.subject, recorded.raw);
  if (!event) {
    recorded.problem = event.error().is(errors::kConflict) ? "wrong_subject" : "undecodable";
    recorded.problem_detail = storable(event.error().detail);
    return recorded;
  }
  recorded.time = moment_of(event->time()).value_or(stored_at);
  recorded.event = std::move(*event);
  return recorded;
}

std::string storable(std::string_view text) {
  std::string result = with_replacements(text);
  for (auto nul = result.find('\0'); nul != std::string::npos; nul = result.find('\0', nul)) {
    result.replace(nul, 1, kReplacement);
  }
  return result;
}

}  // namespace podium::tracker
