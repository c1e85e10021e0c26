#include "services/scraper/bench/table_text.hpp"

#include <format>
#include <iterator>

namespace podium::scraper::bench {

void TableText::append_row(std::string& text) {
  std::format_to(std::back_inserter(text), "{},{}.{:03},kind-{},2026-{:02}-{:02},{}\n", ++rows_,
                 dice_() % 100'000, dice_() % 1'000, dice_() % 40, dice_() % 12 + 1,
                 dice_() % 28 + 1, dice_() % 2);
}

}  // namespace podium::scraper::bench
