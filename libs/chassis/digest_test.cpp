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

TEST(Digest, Md5IsThatOfTheStandard) {  // RFC 1321, A.5
  EXPECT_EQ(Md5{}.finish(), "1B2M2Y8AsgTpgAmY7PhCfg==");
  Md5 in_pieces;
  in_pieces.update("message ");
  in_pieces.update("digest");
  EXPECT_EQ(in_pieces.finish(), "+WtpfXy3k41SWi8xqvFh0A==");
}

}  // namespace
}  // namespace podium
