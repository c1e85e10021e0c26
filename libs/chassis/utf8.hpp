// Text that comes from outside, made fit for formats that only take UTF-8. Pure.
#pragma once

#include <string>
#include <string_view>

namespace podium {

/// True when the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);

/// The same text with each byte that is not part of well-formed UTF-8 replaced by U+FFFD.
std::string to_utf8(std::string_view bytes);

}  // namespace podium
