#include "services/codegen/replies/python_strings.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "services/codegen/replies/python_tokens.hpp"
#include "services/codegen/replies/reply_limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kPrefixBytesMax = 2;

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

bool has_letter(std::string_view prefix, char lower) {
  const char upper = static_cast<char>(lower - 'a' + 'A');
  return prefix.find(lower) != std::string_view::npos ||
         prefix.find(upper) != std::string_view::npos;
}

// Walks over one string. Strings stand in fields of f-strings, which stand in strings: a stack of
// places, the innermost last, instead of recursion.
class StringWalk {
 public:
  StringWalk(std::string_view text, WorkMeter& work) : text_{text}, work_{work} {}

  StringEnd run() {
    open_string(string_prefix_bytes(text_));
    while (!places_.empty() && at_ < text_.size()) {
      const std::size_t before = at_;
      const bool goes_on = step(places_.back());
      work_.spend(std::max<std::size_t>(at_ - before, 1));
      if (!goes_on) return {at_, false};
    }
    return {std::min(at_, text_.size()), places_.empty()};
  }

 private:
  enum class Where { literal, field, format };
  struct Place {
    Where where;
    char quote;
    bool triple;
    bool has_fields;
    std::size_t brackets;
  };

  void open_string(std::size_t prefix_bytes) {
    const std::string_view prefix = text_.substr(at_, prefix_bytes);
    at_ += prefix_bytes;
    const char quote = text_[at_];
    const bool triple = text_.substr(at_).starts_with(std::string(3, quote));
    at_ += triple ? 3 : 1;
    const bool has_fields = has_letter(prefix, 'f') || has_letter(prefix, 't');
    places_.push_back({Where::literal, quote, triple, has_fields, 0});
  }

  // False when the string broke off.
  bool step(Place& place) {
    if (place.where == Where::field) return step_in_field(place);
    const char c = text_[at_];
    if (c == '\n' && !place.triple) return false;
    if (c == place.quote && closes(place)) {
      leave_string();
    } else if (c == '\\') {
      at_ += 2;
    } else if (c == '{' && place.has_fields) {
      if (place.where == Where::literal && text_.substr(at_).starts_with("{{")) {
        at_ += 2;
      } else {
        ++at_;
        return enter({Where::field, place.quote, place.triple, true, 0});
      }
    } else if (c == '}' && place.where == Where::format) {
      ++at_;
      places_.pop_back();
    } else {
      ++at_;
    }
    return true;
  }

  bool step_in_field(Place& place) {
    const std::size_t prefix = string_prefix_bytes(text_.substr(at_));
    if (prefix != std::string_view::npos) return enter_nested_string(place, prefix);
    const char c = text_[at_];
    ++at_;
    if (c == '(' || c == '[' || c == '{') {
      ++place.brackets;
    } else if ((c == ')' || c == ']' || c == '}') && place.brackets > 0) {
      --place.brackets;
    } else if (c == '}') {
      places_.pop_back();
    } else if (c == ':' && place.brackets == 0) {
      place.where = Where::format;
    }
    return true;
  }

  // Since Python 3.12 a field may hold strings in the quotes of the string around it; a quote that
  // is the last one on its line rather ends that string, whose field was never closed.
  bool enter_nested_string(const Place& place, std::size_t prefix) {
    if (places_.size() >= kStringNestingMax) return false;
    const char quote = text_[at_ + prefix];
    if (quote == place.quote && !place.triple) {
      const std::size_t behind = at_ + prefix + 1;
      if (behind >= text_.size() || text_[behind] == '\n') return false;
    }
    open_string(prefix);
    return true;
  }

  bool enter(Place place) {
    if (places_.size() >= kStringNestingMax) return false;
    places_.push_back(place);
    return true;
  }

  bool closes(const Place& place) const {
    return !place.triple || text_.substr(at_).starts_with(std::string(3, place.quote));
  }

  // A quote within a format specification ends the string as well: the field was never closed.
  void leave_string() {
    at_ += places_.back().triple ? 3 : 1;
    while (places_.back().where != Where::literal) places_.pop_back();
    places_.pop_back();
  }

  std::string_view text_;
  WorkMeter& work_;
  std::size_t at_ = 0;
  std::vector<Place> places_;
};

}  // namespace

std::size_t string_prefix_bytes(std::string_view text) {
  std::size_t bytes = 0;
  constexpr std::string_view kLetters = "rbuftRBUFT";
  while (bytes < kPrefixBytesMax && bytes < text.size() &&
         kLetters.find(text[bytes]) != std::string_view::npos) {
    ++bytes;
  }
  if (bytes < text.size() && is_quote(text[bytes])) return bytes;
  return std::string_view::npos;
}

StringEnd end_of_string(std::string_view text, WorkMeter& work) {
  return StringWalk{text, work}.run();
}

StringParts parts_of_string(std::string_view token) {
  const std::size_t prefix = std::min(string_prefix_bytes(token), token.size());
  const std::string_view quoted = token.substr(prefix);
  const bool triple = quoted.starts_with("\"\"\"") || quoted.starts_with("'''");
  const std::size_t quotes = std::min<std::size_t>(triple ? 3 : 1, quoted.size());
  std::string_view body = quoted.substr(quotes);
  if (body.ends_with(quoted.substr(0, quotes))) body.remove_suffix(quotes);
  return {token.substr(0, prefix), body};
}

bool StringParts::is_format() const {
  return has_letter(prefix, 'f') || has_letter(prefix, 't');
}

void TripleStringTracker::line(std::string_view text) {
  char plain = '\0';  // the quote of a string that ends on this line
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view rest = text.substr(i);
    if (c == '\\') {
      ++i;
    } else if (quote_ != '\0') {
      if (!rest.starts_with(std::string(3, quote_))) continue;
      quote_ = '\0';
      i += 2;
    } else if (plain != '\0') {
      if (c == plain) plain = '\0';
    } else if (c == '#') {
      return;
    } else if (is_quote(c)) {
      const bool triple = rest.starts_with(std::string(3, c));
      (triple ? quote_ : plain) = c;
      i += triple ? 2 : 0;
    }
  }
}

}  // namespace podium::codegen
