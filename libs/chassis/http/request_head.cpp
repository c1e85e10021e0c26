#include "libs/chassis/http/request_head.hpp"

#include <algorithm>
#include <charconv>

#include "libs/chassis/http/http_errors.hpp"

namespace podium::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

bool is_visible_ascii(char c) {
  return c > ' ' && c < 0x7F;
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::string_view without_space_around(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// Whether a header's value hides a line end or NUL behind a percent escape.
bool hides_a_control(std::string_view value) {
  for (const std::string_view escape : {"%00", "%0a", "%0A", "%0d", "%0D"}) {
    if (value.find(escape) != std::string_view::npos) return true;
  }
  return false;
}

Result<void> check_segments(std::string_view path) {
  for (std::string_view rest = path.substr(1);;) {
    const auto slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    if (segment == "." || segment == "..") {
      return fail(errors::kBadRequest, "the path holds a dot segment");
    }
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
}

Result<std::string> parse_path(std::string_view raw) {
  if (raw.empty() || raw.front() != '/') {
    return fail(errors::kBadRequest, "the address must begin with a slash");
  }
  const std::string lower = lower_case(raw);
  if (lower.find("%2f") != std::string::npos || lower.find("%5c") != std::string::npos ||
      lower.find('\\') != std::string::npos) {
    return fail(errors::kBadRequest, "the path holds an encoded slash or a backslash");
  }
  std::optional<std::string> path = percent_decode(raw, /*plus_is_space=*/false);
  if (!path || std::ranges::any_of(*path, is_control)) {
    return fail(errors::kBadRequest, "the path holds a broken escape or a control character");
  }
  PODIUM_TRY(check_segments(*path));
  return *std::move(path);
}

Result<void> parse_query(std::string_view raw, RequestHead& head) {
  while (!raw.empty()) {
    const auto end = raw.find('&');
    const std::string_view pair = raw.substr(0, end);
    raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals), /*plus_is_space=*/true);
    const auto value = percent_decode(
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1),
        /*plus_is_space=*/true);
    if (!name || !value) {
      return fail(errors::kBadRequest, "the query holds a broken escape or a NUL");
    }
    head.query.emplace(*name, *value);
  }
  return {};
}

Result<void> parse_target(std::string_view target, RequestHead& head) {
  if (target.size() > kTargetBytesMax) {
    return fail(errors::kUriTooLong, "the limit is " + std::to_string(kTargetBytesMax) + " bytes");
  }
  if (!std::ranges::all_of(target, is_visible_ascii) ||
      target.find('#') != std::string_view::npos) {
    return fail(errors::kBadRequest, "the address holds a character that must be escaped");
  }
  const auto mark = target.find('?');
  head.path = PODIUM_TRY(parse_path(target.substr(0, mark)));
  if (mark == std::string_view::npos) return {};
  return parse_query(target.substr(mark + 1), head);
}

Result<void> parse_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return fail(errors::kBadRequest, "the request line must have three parts");
  }
  const std::string_view version = line.substr(last + 1);
  if (!version.starts_with("HTTP/")) {
    return fail(errors::kBadRequest, "the request line must end with the version");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return fail(errors::kHttpVersion, "the version must be HTTP/1.1 or HTTP/1.0");
  }
  head.is_http_1_0 = version == "HTTP/1.0";
  head.method = line.substr(0, first);
  if (!is_token(head.method)) return fail(errors::kBadRequest, "the method is not a word");
  return parse_target(line.substr(first + 1, last - first - 1), head);
}

Result<void> parse_header(std::string_view line, RequestHead& head) {
  if (line.size() > kHeaderLineBytesMax) {
    return fail(errors::kHeadersTooLarge,
                "a header is longer than " + std::to_string(kHeaderLineBytesMax) + " bytes");
  }
  if (head.headers.size() == kHeadersMax) {
    return fail(errors::kHeadersTooLarge,
                "there are more than " + std::to_string(kHeadersMax) + " headers");
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return fail(errors::kBadRequest, "a header's name is not a word before a colon");
  }
  const std::string_view value = without_space_around(line.substr(colon + 1));
  const auto is_forbidden = [](char c) { return is_control(c) && c != '\t'; };
  if (std::ranges::any_of(value, is_forbidden) || hides_a_control(value)) {
    return fail(errors::kBadRequest, "a header's value holds a control character");
  }
  head.headers.emplace(lower_case(line.substr(0, colon)), value);
  return {};
}

Result<void> parse_content_length(RequestHead& head) {
  const auto found = head.headers.count("content-length");
  if (found == 0) return {};
  const std::string text = head.header("content-length");
  std::uint64_t length = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, length);
  if (found > 1 || error != std::errc{} || end != last) {
    return fail(errors::kBadRequest, "Content-Length must be one number");
  }
  head.content_length = length;
  return {};
}

// What decides where the body ends, and what must not be left to chance.
Result<void> check_framing(RequestHead& head) {
  if (head.headers.contains("transfer-encoding")) {
    return fail(errors::kLengthRequired, "Transfer-Encoding is not taken");
  }
  for (auto [header, end] = head.headers.equal_range("content-encoding"); header != end; ++header) {
    if (lower_case(header->second) != "identity") {
      return fail(errors::kUnsupportedEncoding, "Content-Encoding is not taken");
    }
  }
  if (head.headers.count("host") > 1 || (!head.is_http_1_0 && !head.headers.contains("host"))) {
    return fail(errors::kBadRequest, "there must be one header Host");
  }
  PODIUM_TRY(parse_content_length(head));
  const std::string connection = lower_case(head.header("connection"));
  head.wants_close = head.is_http_1_0 || connection.find("close") != std::string::npos;
  head.expects_continue = !head.is_http_1_0 && lower_case(head.header("expect")) == "100-continue";
  return {};
}

}  // namespace

std::string RequestHead::header(std::string_view lower_case_name) const {
  const auto found = headers.find(std::string{lower_case_name});
  return found == headers.end() ? std::string{} : found->second;
}

Result<RequestHead> parse_request_head(std::string_view bytes) {
  if (bytes.size() > kHeadBytesMax) {
    return fail(errors::kHeadersTooLarge,
                "the head is longer than " + std::to_string(kHeadBytesMax) + " bytes");
  }
  RequestHead head;
  for (bool is_first = true;; is_first = false) {
    const auto end = bytes.find(kLineEnd);
    if (end == std::string_view::npos) {
      return fail(errors::kBadRequest, "the head does not end with an empty line");
    }
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + kLineEnd.size());
    if (line.find_first_of(kLineEnd) != std::string_view::npos) {
      return fail(errors::kBadRequest, "a line must end with CR LF");
    }
    if (is_first) {
      PODIUM_TRY(parse_request_line(line, head));
    } else if (line.empty()) {
      break;
    } else {
      PODIUM_TRY(parse_header(line, head));
    }
  }
  PODIUM_TRY(check_framing(head));
  return head;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    decoded += c;
  }
  return decoded;
}

}  // namespace podium::http
