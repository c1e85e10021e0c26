#include <algorithm>
#include <chrono>
#include <string>

#include "libs/chassis/signed_link.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {
namespace {

/// The next line, which is taken from `rest`.
std::string_view line_of(std::string_view& rest) {
  const auto line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

}  // namespace

/// Three lines: path, time, signature. Nobody who does not hold the key gets one right.
void fuzz_signed_link(std::string_view bytes) {
  const Secret key{"a key that is long enough"};
  const auto now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
  auto rest = bytes;
  const auto path = line_of(rest);
  const auto expires = line_of(rest);
  const auto signature = line_of(rest);
  demand(check_link(path, expires, signature, now, key) == LinkState::forged,
         "a link without the key is forged");
  demand(check_link(path, expires, signature, now, {}) == LinkState::forged,
         "without a key all are forged");

  const auto link = sign_link("/result/job/submission.csv", now + std::chrono::hours{1}, key);
  const auto at = link.find("&signature=");
  const auto begin = link.find("?expires=") + 9;
  const auto right = link.substr(at + 11);
  const auto time = link.substr(begin, at - begin);
  demand(check_link("/result/job/submission.csv", time, right, now, key) == LinkState::valid,
         "a signed link opens");
  if (path != "/result/job/submission.csv") {
    demand(check_link(path, time, right, now, key) == LinkState::forged, "for its path only");
  }
  if (expires != time) {
    demand(check_link("/result/job/submission.csv", expires, right, now, key) != LinkState::valid,
           "until its time only");
  }
}

}  // namespace podium::fuzz
