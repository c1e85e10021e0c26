#include "services/tracker/recorded.hpp"

#include <format>

#include "libs/chassis/event.hpp"
#include "libs/competition/text.hpp"

namespace podium::tracker {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Bytes of the code point that begins with `lead`; 1 for a byte that begins none.
std::size_t length_of(unsigned char lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

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
  if (!text.contains('\0') && competition::is_utf8(text)) return std::string{text};
  std::string result;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::string_view point = text.substr(0, length_of(lead));
    const bool good = lead != 0 && competition::is_utf8(point);
    result += good ? point : kReplacement;
    text.remove_prefix(good ? point.size() : 1);
  }
  return result;
}

}  // namespace podium::tracker
