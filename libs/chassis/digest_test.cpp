#include "libs/chassis/digest.hpp"

#include <gtest/gtest.h>

namespace podium {
namespace {

TEST(Digest, Base64IsThatOfTheStandard) {  // RFC 4648, section 10
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Digest, HmacIsThatOfTheStandard) {  // RFC 4231, 4.3
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, TextsAreEqualOnlyAsAWhole) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST(Digest, Md5IsThatOfTheStandard) {  // RFC 1321, A.5
  EXPECT_EQ(Md5{}.finish(), "1B2M2Y8AsgTpgAmY7PhCfg==");
  Md5 in_pieces;
  in_pieces.update("message ");
  in_pieces.update("digest");
  EXPECT_EQ(in_pieces.finish(), "+WtpfXy3k41SWi8xqvFh0A==");
}

}  // namespace
}  // namespace podium
