#include "libs/competition/competition_url.hpp"

#include <algorithm>
#include <format>
#include <optional>
#include <vector>

#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

std::unexpected<Error> invalid(std::string detail) {
  return fail(reasons::kCompetitionUrlInvalid, std::move(detail));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3986, section 2.1; nullopt when a percent sign is not followed by two digits.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) segments.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return segments;
}

// "en", "pt-br": pages are also served under a language.
bool is_language(std::string_view segment) {
  const bool sized = segment.size() == 2 || (segment.size() == 5 && segment[2] == '-');
  return sized && segment != "c" && std::ranges::all_of(segment, [](char c) {
           return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

Result<CompetitionAddress> address_of(std::string_view name, bool is_url) {
  const std::string slug = lower(name);
  if (!is_slug(slug)) {
    return invalid(
        std::format("\"{}\" is not the name of a competition: names have letters, "
                    "digits and hyphens",
                    clean_text(name, kSlugBytesMax)));
  }
  return CompetitionAddress{slug, std::string{name}, competition_page(slug), is_url};
}

Result<CompetitionAddress> address_in_path(std::string_view path) {
  auto segments = segments_of(path);
  if (!segments.empty() && is_language(segments.front())) segments.erase(segments.begin());
  const std::string section = segments.empty() ? "" : lower(segments.front());
  if (section == "t") {
    return invalid(
        "this is an invitation link: open it in a browser, then paste the address that "
        "the browser shows");
  }
  if (section != "competitions" && section != "c") {
    return invalid(section.empty() ? "the address names no competition"
                                   : std::format("this is a page of \"{}\", not of a competition",
                                                 clean_text(section, 64)));
  }
  if (segments.size() < 2) return invalid("the address names no competition");
  return address_of(segments[1], true);
}

}  // namespace

std::string competition_page(std::string_view slug) {
  return std::format("https://www.kaggle.com/competitions/{}", slug);
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.size() > kSlugBytesMax || text.front() == '-') return false;
  return std::ranges::all_of(
      text, [](char c) { return c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

Result<CompetitionAddress> parse_competition_url(std::string_view text) {
  text = trim(text);
  if (text.empty()) return invalid("nothing was given");
  if (text.size() > kCompetitionUrlBytesMax) return invalid("the address is too long");
  const auto decoded = percent_decode(text.substr(0, text.find_first_of("?#")));
  if (!decoded) return invalid("a percent sign is not followed by two hexadecimal digits");
  // Pasted out of another address, a question mark may have been percent-encoded too.
  std::string_view rest = std::string_view{*decoded}.substr(0, decoded->find_first_of("?#"));
  const bool strange = std::ranges::any_of(rest, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20U || c == '\\' || c == 0x7F;
  });
  if (strange) return invalid("the address has blanks, control characters or backslashes");

  const std::size_t scheme_end = rest.find("://");
  if (scheme_end != std::string_view::npos) {
    const std::string scheme = lower(rest.substr(0, scheme_end));
    if (scheme != "https" && scheme != "http") return invalid("only http and https are understood");
    rest.remove_prefix(scheme_end + 3);
  } else if (rest.find('/') == std::string_view::npos && rest.find('.') == std::string_view::npos) {
    return address_of(rest, false);
  }
  const std::string host = lower(rest.substr(0, rest.find('/')));
  rest.remove_prefix(host.size());
  if (host.find('@') != std::string::npos) return invalid("the address holds a user name");
  if (host.find(':') != std::string::npos) return invalid("the address holds a port");
  if (host == "competitions" || host == "c") return address_in_path(host + std::string{rest});
  if (host != "kaggle.com" && host != "www.kaggle.com") {
    return invalid(std::format("the host is \"{}\", not www.kaggle.com", clean_text(host, 100)));
  }
  return address_in_path(rest);
}

}  // namespace podium::competition
