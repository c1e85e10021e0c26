#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "libs/chassis/http/mail.hpp"
#include "services/notifier/errors.hpp"
#include "services/notifier/limits.hpp"
#include "services/notifier/mail_stage.hpp"
#include "services/notifier/testing/ended_job.hpp"
#include "services/notifier/webhook_stage.hpp"

namespace podium::notifier {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;
using testing::ended_event;
using testing::kEndedAt;
using testing::kJob;
using testing::link_options;
using testing::requested_event;

class QuietContext final : public StageContext {
 public:
  Result<void> emit(const v1::Event&, bool) override { return {}; }
  std::stop_token stop() const override { return {}; }
  std::string traceparent() const override { return {}; }
  std::uint64_t sequence() const override { return 7; }
  std::uint64_t deliveries() const override { return 1; }
};

class KnownRequests final : public JobRequests {
 public:
  Result<std::optional<v1::Event>> find(std::string_view job_id) override {
    EXPECT_EQ(job_id, kJob);
    return answer;
  }
  Result<std::optional<v1::Event>> answer = requested_event();
};

class KeepingSender final : public MailSender {
 public:
  Result<void> send(const std::string& to, const std::string& message, std::stop_token) override {
    sent.emplace_back(to, message);
    return answer;
  }
  std::vector<std::pair<std::string, std::string>> sent;
  Result<void> answer;
};

class KeepingCaller final : public WebhookCaller {
 public:
  Result<void> call(const WebhookCall& call, std::stop_token) override {
    calls.push_back(call);
    return answer;
  }
  std::vector<WebhookCall> calls;
  Result<void> answer;
};

class Stages : public ::testing::Test {
 protected:
  void ask_for(const std::string& email, const std::string& webhook) {
    auto requested = requested_event();
    requested.mutable_requested()->mutable_options()->set_notify_email(email);
    requested.mutable_requested()->mutable_options()->set_notify_webhook(webhook);
    requests.answer = requested;
  }
  Result<Events> mail(const std::string& from = "podium@podium.example") {
    MailStage stage{requests, sender, link_options(), {.from = from}, [this] { return now; }};
    return stage.handle(ended_event(), context);
  }
  Result<Events> call() {
    WebhookStage stage{requests, caller, link_options(), Secret{"0123456789abcdef"},
                       [this] { return now; }};
    return stage.handle(ended_event(), context);
  }

  QuietContext context;
  KnownRequests requests;
  KeepingSender sender;
  KeepingCaller caller;
  TimePoint now = kEndedAt + 1s;
};

TEST_F(Stages, WhoAskedForNothingIsToldNothing) {
  ASSERT_TRUE(mail());
  ASSERT_TRUE(call());
  requests.answer = std::optional<v1::Event>{};
  ASSERT_TRUE(mail());
  ASSERT_TRUE(call());
  EXPECT_THAT(sender.sent, IsEmpty());
  EXPECT_THAT(caller.calls, IsEmpty());
}

TEST_F(Stages, WhoAskedIsTold) {
  ask_for("ada@example.com", "https://ada.example/hook");
  EXPECT_THAT(mail().value(), IsEmpty());
  EXPECT_THAT(call().value(), IsEmpty());
  ASSERT_THAT(sender.sent, SizeIs(1));
  EXPECT_EQ(sender.sent[0].first, "ada@example.com");
  EXPECT_THAT(sender.sent[0].second, HasSubstr("To: <ada@example.com>"));
  ASSERT_THAT(caller.calls, SizeIs(1));
  EXPECT_EQ(caller.calls[0].url, "https://ada.example/hook");
  EXPECT_THAT(caller.calls[0].signature, HasSubstr("t=1700000001,v1="));
}

TEST_F(Stages, WithoutAMailServerTheMailIsGivenUp) {
  ask_for("ada@example.com", "");
  EXPECT_TRUE(mail(""));
  EXPECT_THAT(sender.sent, IsEmpty());
}

TEST_F(Stages, WhatMayBeMendedIsTriedAgainForADay) {
  ask_for("ada@example.com", "https://ada.example/hook");
  sender.answer = fail(podium::errors::kUnavailable, "451");
  caller.answer = fail(errors::kWebhookFailed, "500");
  for (const auto later : {1s, 3'600s, 86'399s}) {
    now = kEndedAt + later;
    EXPECT_EQ(mail().error().code->name, "UNAVAILABLE");
    EXPECT_EQ(call().error().code->name, "WEBHOOK_FAILED");
  }
  now = kEndedAt + kTryTimeMax;
  EXPECT_TRUE(mail());
  EXPECT_TRUE(call());
  // So late nobody is even tried.
  EXPECT_THAT(sender.sent, SizeIs(3));
  EXPECT_THAT(caller.calls, SizeIs(3));
}

TEST_F(Stages, WhatIsFinalIsGivenUpAndNoFailureOfTheJob) {
  ask_for("ada@example.com", "https://ada.example/hook");
  sender.answer = fail(podium::errors::kMailRefused, "550 no such user");
  caller.answer = fail(errors::kWebhookGone, "410");
  EXPECT_THAT(mail().value(), IsEmpty());
  EXPECT_THAT(call().value(), IsEmpty());
}

TEST_F(Stages, AStopHandsTheWorkBack) {
  ask_for("ada@example.com", "");
  sender.answer = fail(podium::errors::kStopped, "stopping");
  EXPECT_EQ(mail().error().code->name, "STOPPED");
}

TEST_F(Stages, ARepeatSaysTheSameWithAnotherTime) {
  ask_for("", "https://ada.example/hook");
  ASSERT_TRUE(call());
  now += 60s;
  ASSERT_TRUE(call());
  EXPECT_NE(caller.calls[0].signature, caller.calls[1].signature);
  EXPECT_THAT(caller.calls[1].body, HasSubstr("\"id\":\"" + kJob + "/ended/1\""));
}

}  // namespace
}  // namespace podium::notifier
