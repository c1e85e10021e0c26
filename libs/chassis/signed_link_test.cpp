#include "libs/chassis/signed_link.hpp"

#include <gtest/gtest.h>

namespace podium {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPath = "/result/j-1/submission.csv";
const std::chrono::system_clock::time_point kNow{1'700'000'000s};

// The values of the query, as a server reads them.
struct Values {
  std::string expires;
  std::string signature;
};

Values values_of(const std::string& link) {
  const auto expires = link.find("?expires=") + 9;
  const auto signature = link.find("&signature=");
  return {.expires = link.substr(expires, signature - expires),
          .signature = link.substr(signature + 11)};
}

const Secret kKey{"0123456789abcdef"};

TEST(SignedLink, OpensItsPathUntilItExpires) {
  const auto link = sign_link(kPath, kNow + 1h, kKey);
  EXPECT_TRUE(link.starts_with("/result/j-1/submission.csv?expires=1700003600&signature="));
  const auto [expires, signature] = values_of(link);
  EXPECT_EQ(check_link(kPath, expires, signature, kNow, kKey), LinkState::valid);
  EXPECT_EQ(check_link(kPath, expires, signature, kNow + 1h - 1s, kKey), LinkState::valid);
  EXPECT_EQ(check_link(kPath, expires, signature, kNow + 1h, kKey), LinkState::expired);
}

TEST(SignedLink, IsForgedWhenAnyPartIsAnother) {
  const auto [expires, signature] = values_of(sign_link(kPath, kNow + 1h, kKey));
  const Secret other_key{"fedcba9876543210"};
  EXPECT_EQ(check_link("/result/j-2/submission.csv", expires, signature, kNow, kKey),
            LinkState::forged);
  EXPECT_EQ(check_link(kPath, "1800000000", signature, kNow, kKey), LinkState::forged);
  EXPECT_EQ(check_link(kPath, expires + "0", signature, kNow, kKey), LinkState::forged);
  EXPECT_EQ(check_link(kPath, expires, signature + "0", kNow, kKey), LinkState::forged);
  EXPECT_EQ(check_link(kPath, expires, "", kNow, kKey), LinkState::forged);
  EXPECT_EQ(check_link(kPath, expires, signature, kNow, other_key), LinkState::forged);
}

TEST(SignedLink, WithoutAKeyNothingOpens) {
  const auto [expires, signature] = values_of(sign_link(kPath, kNow + 1h, Secret{}));
  EXPECT_EQ(check_link(kPath, expires, signature, kNow, Secret{}), LinkState::forged);
}

}  // namespace
}  // namespace podium
