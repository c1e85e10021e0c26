#include "libs/competition/reasons.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace podium::competition {
namespace {

TEST(Reasons, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const ErrorCode* reason : kReasons) {
    EXPECT_TRUE(names.insert(reason->name).second) << reason->name << " is registered twice";
  }
  EXPECT_EQ(names.size(), kReasons.size());
}

TEST(Reasons, NamesAreUpperSnake) {
  for (const ErrorCode* reason : kReasons) {
    EXPECT_TRUE(std::ranges::all_of(reason->name, [](unsigned char c) {
      return std::isupper(c) != 0 || c == '_';
    })) << reason->name;
  }
}

TEST(Reasons, EachHasASentenceAndAnHttpStatus) {
  for (const ErrorCode* reason : kReasons) {
    EXPECT_TRUE(reason->sentence.ends_with('.')) << reason->name;
    EXPECT_GE(reason->http_status, 200) << reason->name;
    EXPECT_LT(reason->http_status, 600) << reason->name;
  }
}

TEST(Reasons, AreFoundByName) {
  EXPECT_EQ(find_reason("SUBMISSION_IDS"), &reasons::kSubmissionIds);
  EXPECT_EQ(find_reason("submission_ids"), nullptr);
  EXPECT_EQ(find_reason(""), nullptr);
}

}  // namespace
}  // namespace podium::competition
