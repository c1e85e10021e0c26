// Small pure functions on text that others wrote: trimming, comparing by meaning, and making it
// safe to store and to show. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "libs/chassis/utf8.hpp"

namespace podium::competition {

/// Without blanks, tabs and line ends at both ends.
std::string_view trim(std::string_view text);

/// ASCII letters in lower case; other bytes as they are.
std::string lower(std::string_view text);

/// Lower-case words of ASCII letters and digits with one blank between: "Log-Loss (mean)" becomes
/// "log loss mean". A change from a lower-case letter to a capital parts words as well.
std::string words_of(std::string_view text);

/// The text itself when it is UTF-8, else its bytes read as Windows-1252's common part, Latin-1.
std::string from_latin1_or_utf8(std::string_view text);

/// Number of code points of UTF-8 text; of other bytes, about.
std::size_t code_points(std::string_view text);

/// The longest prefix of at most `bytes_max` bytes that does not cut a code point.
std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

/// Text of others made fit to be stored, shown and put into a prompt: UTF-8, at most `bytes_max`
/// bytes, line ends as LF, without other control characters and without the marks that turn the
/// direction of writing (Unicode UAX 9) or have no width.
std::string clean_text(std::string_view text, std::size_t bytes_max);

/// A name or a value of others as messages show it: `clean_text` of at most 60 bytes.
std::string shown(std::string_view text);

}  // namespace podium::competition
