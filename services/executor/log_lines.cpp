#include "services/executor/log_lines.hpp"

#include <algorithm>

#include "libs/competition/text.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

/// A few bytes more than are shown, so that a cut line still ends with a whole character.
constexpr std::size_t kKeptBytesMax = kLogLineBytesMax + 4;

/// Without the rest of a character whose beginning is gone: continuation bytes are 10xxxxxx.
std::string_view from_whole_character(std::string_view text) {
  while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U) {
    text.remove_prefix(1);
  }
  return text;
}

std::string_view last_bytes(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  return from_whole_character(text.substr(text.size() - bytes_max));
}

}  // namespace

void LineSplitter::feed(std::string_view bytes, const OnLine& on_line) {
  for (const char byte : bytes) {
    const bool second_half = after_return_ && byte == '\n';
    after_return_ = byte == '\r';
    if (second_half) continue;
    if (byte == '\n' || byte == '\r') {
      end_line(on_line);
    } else if (line_.size() < kKeptBytesMax) {
      line_.push_back(byte);
    } else {
      cut_ = true;
    }
  }
}

void LineSplitter::finish(const OnLine& on_line) {
  if (!line_.empty()) end_line(on_line);
}

void LineSplitter::end_line(const OnLine& on_line) {
  const bool cut = cut_ || line_.size() > kLogLineBytesMax;
  const auto kept = cut ? competition::cut_utf8(line_, kLogLineBytesMax) : std::string_view{line_};
  auto line = competition::clean_text(kept, kLogLineBytesMax);
  if (cut) line += " [line cut]";
  line_.clear();
  cut_ = false;
  on_line(std::move(line));
}

LogGate::Answer LogGate::ask(std::size_t line_bytes, Time now) {
  if (closed_) return Answer::drop;
  if (lines_ + 1 > kLogLiveLinesMax || bytes_ + line_bytes > kLogLiveBytesMax) {
    closed_ = true;
    return Answer::mark_end;
  }
  // The first line finds a full bucket: `refilled_` is long ago.
  const std::chrono::duration<double> since = now - refilled_;
  tokens_ = std::min(tokens_ + since.count() * kLogLinesPerSecondMax, kLogLinesPerSecondMax);
  refilled_ = now;
  // After a flood, lines pass again only when some room has come back: no mark every other line.
  const double needed = dropping_ ? kLogLinesPerSecondMax / 2 : 1;
  if (tokens_ < needed) {
    const bool first = !dropping_;
    dropping_ = true;
    return first ? Answer::mark_rate : Answer::drop;
  }
  dropping_ = false;
  tokens_ -= 1;
  lines_ += 1;
  bytes_ += line_bytes;
  return Answer::pass;
}

std::string log_tail_of(std::string_view log_end, std::size_t bytes_max) {
  const auto whole = last_bytes(log_end, kLogEndBytesMax);
  return std::string{last_bytes(competition::clean_text(whole, 2 * kLogEndBytesMax), bytes_max)};
}

}  // namespace podium::executor
