#include "services/codegen/calls/call_journal.hpp"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.hpp"

namespace podium::codegen {
namespace {

const CallKey kFirstCall{.job = "01890000-0000-7000-8000-000000000001", .candidate = "c2"};

class CallJournalTest : public ::testing::Test {
 protected:
  ::podium::testing::TemporaryFolder folder_;
  std::unique_ptr<ArtifactStore> store_ = std::move(*open_directory_store(folder_.path()));
  CallJournal journal_{*store_};
};

TEST_F(CallJournalTest, WhatIsNotStoredIsNotThere) {
  EXPECT_FALSE(journal_.prompt(kFirstCall).value());
  EXPECT_FALSE(journal_.reply(kFirstCall).value());
}

TEST_F(CallJournalTest, APromptComesBackAsItWas) {
  const Prompt prompt{.name = "draft/1",
                      .system = "be brief",
                      .messages = {{.text = "the data", .cache_to_here = true},
                                   {.role = models::Role::assistant, .text = "print(\"\xC3\xA9\")"},
                                   {.text = "again"}}};
  ASSERT_TRUE(journal_.save(kFirstCall, prompt));
  const auto stored = journal_.prompt(kFirstCall).value();
  ASSERT_TRUE(stored);
  EXPECT_EQ(to_json(*stored), to_json(prompt));
  EXPECT_TRUE(stored->messages[0].cache_to_here);
  EXPECT_EQ(stored->messages[1].role, models::Role::assistant);
}

TEST_F(CallJournalTest, AReplyComesBackWithWhatItCost) {
  CallRecord record{.text = "```python\n\xFF```", .stop = models::StopReason::truncated};
  record.usage = {.input_tokens = 10, .cached_tokens = 4, .output_tokens = 5, .estimated = true};
  record.cost_micro_usd = 99;
  record.cost_unknown = true;
  record.model = "claude-x";
  ASSERT_TRUE(journal_.save(kFirstCall, record));
  const auto stored = journal_.reply(kFirstCall).value();
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->text, "```python\n\xEF\xBF\xBD```") << "bytes that are not UTF-8 are replaced";
  EXPECT_EQ(stored->stop, models::StopReason::truncated);
  EXPECT_EQ(stored->usage, record.usage);
  EXPECT_EQ(stored->cost_micro_usd, 99);
  EXPECT_TRUE(stored->cost_unknown);
}

TEST_F(CallJournalTest, CallsOfOneCandidateDoNotMeet) {
  auto second = kFirstCall;
  second.call = 2;
  auto later = kFirstCall;
  later.attempt = 2;
  ASSERT_TRUE(journal_.save(kFirstCall, CallRecord{.text = "first"}));
  ASSERT_TRUE(journal_.save(second, CallRecord{.text = "second"}));
  EXPECT_EQ(journal_.reply(kFirstCall).value()->text, "first");
  EXPECT_EQ(journal_.reply(second).value()->text, "second");
  EXPECT_FALSE(journal_.reply(later).value());
}

TEST_F(CallJournalTest, PeopleReadThemUnderPlainNames) {
  const auto prompt = journal_.show(kFirstCall, Prompt{.name = "draft/1", .system = "be brief"});
  ASSERT_TRUE(prompt);
  EXPECT_EQ(prompt->key(), kFirstCall.job + "/c2/prompt.md");
  const auto reply = journal_.show(kFirstCall, CallRecord{.text = "my plan"});
  EXPECT_EQ(store_->get(reply->key(), 100).value(), "my plan");
}

}  // namespace
}  // namespace podium::codegen
