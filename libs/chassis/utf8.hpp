// Text that comes from outside, made fit for formats that only take UTF-8. Pure. A library of its
// own, so that libraries without the chassis's foreign ones can use it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace podium {

/// Bytes of the well-formed character (Unicode, table 3-7) at the front of `text`, which is not
/// empty; 0 when there is none.
std::size_t character_length(std::string_view text);

/// True when the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);

/// The same text with each byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string with_replacements(std::string_view bytes);

}  // namespace podium
