// Where the client writes: data to stdout, talk to stderr, colour only where a person sees it. One
// thread at a time.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "cli/outcome.hpp"

namespace podium::cli {

enum class Tone { plain, dim, good, bad, strong };

struct Console {
  std::ostream& out;
  std::ostream& talk;
  bool out_is_terminal = false;
  bool talk_is_terminal = false;
  bool out_has_color = false;
  bool talk_has_color = false;
  /// Of the terminal; 0 when lines are not to be cut.
  int columns = 0;
  /// Only data, no talk but failures.
  bool quiet = false;
  /// How the person calls this program: "./podium".
  std::string command = "./podium";

  /// A line of talk; left out when quiet.
  void say(std::string_view line) const;
  /// Three lines at most, and the trace.
  void complain(const Failure& failure) const;
};

/// Whether a stream gets colour. `flag` is always, never, auto or empty (the same). NO_COLOR set
/// and not empty, or TERM=dumb, turns it off; FORCE_COLOR turns it on (no-color.org).
struct ColorSettings {
  std::string flag;
  std::string no_color;
  std::string force_color;
  std::string term;
};
bool wants_color(const ColorSettings& settings, bool is_terminal);

/// The text in its tone, or as it is without colour.
std::string toned(std::string_view text, Tone tone, bool color);

/// Without control characters, in one line: what others wrote must not steer the terminal.
std::string one_line(std::string_view text, std::size_t bytes_max = 400);

/// Text of others in many lines for stdout: on a terminal without anything that could steer it,
/// elsewhere byte for byte.
std::string readable(const Console& console, std::string_view text);

/// The same for a text that comes in pieces, which may part a character. One thread at a time.
class TerminalFilter {
 public:
  explicit TerminalFilter(const Console& console) : filters_{console.out_is_terminal} {}
  std::string operator()(std::string_view piece);

 private:
  const bool filters_;
  /// The byte before, held back: it began a control character beyond ASCII, or another character.
  bool after_c2_ = false;
};

/// Columns that the text takes on a terminal, about: one a code point.
std::size_t columns_of(std::string_view text);
/// Cut to so many columns, the last an ellipsis; 0 cuts nothing.
std::string cut_to(std::string_view text, int columns);

}  // namespace podium::cli
