#include <chrono>

#include "libs/chassis/http/http_time.hpp"
#include "libs/chassis/http/request_head.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/kaggle/kaggle_submission_answers.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void fuzz_header_values(std::string_view bytes) {
  const auto now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
  parse_http_date(bytes);
  const auto wait = parse_retry_after(bytes, now);
  demand(!wait || wait->count() >= 0, "nobody waits for the past");
  for (const int tries : {1, 8}) {
    demand(scraper::kaggle_delay(tries, bytes, now) >= scraper::kaggle_delay(tries, "", now),
           "the own delay is the least");
  }
  scraper::next_byte_of(bytes);
  const auto head = http::parse_request_head(bytes);
  if (!head) return;
  demand(head->path.starts_with('/'), "a path begins with a slash");
  for (const char c : head->path) {
    demand(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a path has no control characters");
  }
}

}  // namespace podium::fuzz
