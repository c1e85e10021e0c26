// Pages of competitions as text: HTML becomes paragraphs, with tables, lists, headings and
// preformatted parts kept as Markdown; anything else stays as it is. The page is others' text: it
// is read, never loaded, run or followed. The one door to libxml2. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace podium::competition {

/// Of a page without a media type so much is looked at for tags.
inline constexpr std::size_t kPageSignBytes = std::size_t{16} * 1024;
/// Longer pages are cut before they are read.
inline constexpr std::size_t kHtmlBytesMax = std::size_t{2} * 1024 * 1024;

/// True for HTML: by its media type when one is told, else by its tags.
bool is_html(std::string_view page, std::string_view media_type);

/// Never fails: what is no HTML comes out as its words. Not bounded, and not cleaned of control
/// characters: make_page() does both.
std::string text_of_html(std::string_view html);

}  // namespace podium::competition
