#include "libs/chassis/http/vendor_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>

namespace podium {
namespace {

using ::testing::HasSubstr;

TEST(VendorCalls, AreCountedByStatusAndWithoutAnAnswerByTheErrorsName) {
  const VendorCall call{.vendor = "vendor-of-tests", .operation = "ask"};
  HttpAnswer refused;
  refused.status = 429;
  count_vendor_call(call, refused);
  count_vendor_call(call, refused);
  count_vendor_call(call, fail(errors::kTimeout, "nobody answers"));
  count_vendor_call(call, "250");
  const auto text = metrics_text();
  const auto line = [](std::string_view code, int times) {
    return std::format(
        "podium_vendor_calls_total{{code=\"{}\",operation=\"ask\",vendor=\"vendor-of-tests\"}} "
        "{}\n",
        code, times);
  };
  EXPECT_THAT(text, HasSubstr(line("429", 2)));
  EXPECT_THAT(text, HasSubstr(line("TIMEOUT", 1)));
  EXPECT_THAT(text, HasSubstr(line("250", 1)));
}

}  // namespace
}  // namespace podium
