#include "libs/chassis/utf8.hpp"
#include "libs/competition/html_text.hpp"
#include "libs/competition/text.hpp"
#include "libs/competition/told_facts.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void fuzz_page_html(std::string_view bytes) {
  competition::is_html(bytes, "");
  const auto text = competition::text_of_html(bytes);
  const auto page = competition::make_page("page", text);
  demand(is_utf8(page.text()), "a page can be stored");
  for (const char c : page.text()) {
    demand(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t',
           "a page has no control characters");
  }
  const auto clean = competition::clean_text(bytes, 1'000);
  demand(clean.size() <= 1'000 && is_utf8(clean), "text of others is bounded UTF-8");
}

}  // namespace podium::fuzz
