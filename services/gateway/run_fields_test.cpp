#include "services/gateway/run_fields.hpp"

#include <gtest/gtest.h>

namespace podium::gateway {
namespace {

std::optional<std::string> read(std::string_view name, std::string_view text, RunRequest& request) {
  return find_run_field(name)->read(text, request);
}

TEST(RunFields, CpusAreCountedInThousandths) {
  EXPECT_EQ(parse_cpu_milli("4"), 4'000U);
  EXPECT_EQ(parse_cpu_milli("0.5"), 500U);
  EXPECT_EQ(parse_cpu_milli("500m"), 500U);
}

TEST(RunFields, CpusOfAnotherUnitAreRefused) {
  for (const auto* text : {"", "0", "-1", "4x", "4Gi", "m", "nan", "1e3", "1025", " 4"}) {
    EXPECT_EQ(parse_cpu_milli(text), std::nullopt) << text;
  }
}

TEST(RunFields, DollarsAreCountedInMillionths) {
  EXPECT_EQ(parse_micro_usd("2.50"), 2'500'000);
  EXPECT_EQ(parse_micro_usd("0"), 0);
  EXPECT_EQ(parse_micro_usd("-1"), std::nullopt);
  EXPECT_EQ(parse_micro_usd("2 $"), std::nullopt);
}

TEST(RunFields, TimeIsSecondsOrADuration) {
  RunRequest request;
  EXPECT_EQ(read("max_time", "5m", request), std::nullopt);
  EXPECT_EQ(request.options.time_seconds_max(), 300U);
  EXPECT_EQ(read("max_time", "90", request), std::nullopt);
  EXPECT_EQ(request.options.time_seconds_max(), 90U);
  EXPECT_NE(read("max_time", "soon", request), std::nullopt);
  EXPECT_NE(read("max_time", "25h", request), std::nullopt);
  EXPECT_NE(read("max_time", "0", request), std::nullopt);
}

TEST(RunFields, MemoryNeedsAUnitThatExists) {
  RunRequest request;
  EXPECT_EQ(read("memory", "8Gi", request), std::nullopt);
  EXPECT_EQ(request.options.resources().memory_bytes(), 8ULL << 30);
  EXPECT_NE(read("memory", "8Xi", request), std::nullopt);
  EXPECT_NE(read("memory", "1Mi", request), std::nullopt);
}

TEST(RunFields, MailAddressesNeedAMailboxAndADomain) {
  RunRequest request;
  EXPECT_EQ(read("email", "a@example.com", request), std::nullopt);
  for (const auto* text : {"", "a", "a@", "@example.com", "a@example", "a@b@example.com",
                           "a b@example.com", "a@.com", "a@exa..mple.com", "<a@example.com>"}) {
    EXPECT_NE(read("email", text, request), std::nullopt) << text;
  }
}

TEST(RunFields, CompetitionKeepsTheAddressAsItWasSent) {
  RunRequest request;
  EXPECT_EQ(read("url", "https://www.kaggle.com/c/Titanic?x=1", request), std::nullopt);
  EXPECT_EQ(request.competition.kaggle_url(), "https://www.kaggle.com/c/Titanic?x=1");
  EXPECT_EQ(request.competition.slug(), "titanic");
}

TEST(RunFields, CompetitionOfAnotherSiteIsRefused) {
  RunRequest request;
  EXPECT_NE(read("url", "https://example.com/competitions/titanic", request), std::nullopt);
}

TEST(RunFields, CompetitionThatIsNoUtf8IsRefused) {
  RunRequest request;
  EXPECT_NE(read("url", "tit\xff", request), std::nullopt);
}

TEST(RunFields, IdempotencyKeyIsPrintableAscii) {
  RunRequest request;
  EXPECT_EQ(read("run_id", "night-7/titanic", request), std::nullopt);
  EXPECT_EQ(request.idempotency_key, "night-7/titanic");
  EXPECT_NE(read("run_id", "", request), std::nullopt);
  EXPECT_NE(read("run_id", "a b", request), std::nullopt);
  EXPECT_NE(read("run_id", std::string(256, 'a'), request), std::nullopt);
}

TEST(RunFields, PriorityIsZeroToTwo) {
  RunRequest request;
  EXPECT_EQ(read("priority", "2", request), std::nullopt);
  EXPECT_EQ(request.options.priority(), 2);
  EXPECT_NE(read("priority", "3", request), std::nullopt);
  EXPECT_NE(read("priority", "-1", request), std::nullopt);
}

TEST(RunFields, SubmitIsAWordOrABoolean) {
  RunRequest request;
  EXPECT_EQ(read("submit", "best", request), std::nullopt);
  EXPECT_EQ(request.options.submit(), v1::SUBMIT_MODE_BEST);
  EXPECT_EQ(read("submit", "false", request), std::nullopt);
  EXPECT_EQ(request.options.submit(), v1::SUBMIT_MODE_NEVER);
  EXPECT_NE(read("submit", "perhaps", request), std::nullopt);
}

}  // namespace
}  // namespace podium::gateway
