#include "services/codegen/replies/reply_text.hpp"

#include <algorithm>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/reply_limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The tail backwards, each number as one zero: what counts up is the same text.
std::string tail_backwards(std::string_view text) {
  std::string tail;
  for (std::size_t i = text.size(); i > 0 && tail.size() < kRepetitionWindowBytes; --i) {
    const char c = text[i - 1];
    if (!is_digit(c)) {
      tail.push_back(c);
    } else if (tail.empty() || tail.back() != '0') {
      tail.push_back('0');
    }
  }
  return tail;
}

}  // namespace

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) lines.push_back(take_line(text));
  return lines;
}

std::string with_plain_line_ends(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out.push_back(text[i]);
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out.push_back('\n');
    }
  }
  return out;
}

std::string_view indent_of(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string_view trim_right(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string in_quotes(std::string_view text) {
  text = competition::trim(text);
  const std::string_view cut =
      competition::cut_utf8(text.substr(0, text.find('\n')), kQuoteBytesMax);
  std::string out = "`" + competition::clean_text(cut, kQuoteBytesMax);
  return out + (cut.size() < text.size() ? "…`" : "`");
}

std::string listed(const std::vector<std::string>& names, std::size_t named_max) {
  std::string out;
  const std::size_t named = std::min(names.size(), named_max);
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  if (named < names.size()) out += " and " + std::to_string(names.size() - named) + " more";
  return out;
}

bool repeats_endlessly(std::string_view text, WorkMeter& work) {
  const std::string tail = tail_backwards(trim_right(text));
  work.spend(text.size());
  if (tail.size() < kRepetitionBytesMin) return false;
  // The longest border of each prefix (Knuth, Morris, Pratt): length minus border is the period.
  std::vector<std::size_t> border(tail.size(), 0);
  for (std::size_t i = 1; i < tail.size(); ++i) {
    std::size_t length = border[i - 1];
    while (length > 0 && tail[i] != tail[length]) {
      length = border[length - 1];
      work.spend(1);
    }
    border[i] = tail[i] == tail[length] ? length + 1 : 0;
    work.spend(1);
    const std::size_t seen = i + 1;
    const std::size_t period = seen - border[i];
    if (seen >= kRepetitionBytesMin && seen / period >= kRepetitionTimesMin) return true;
  }
  return false;
}

}  // namespace podium::codegen
