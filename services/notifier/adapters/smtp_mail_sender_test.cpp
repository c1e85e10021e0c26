// With a real mail server.
#include "services/notifier/adapters/smtp_mail_sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <format>
#include <future>

#include "libs/chassis/metrics.hpp"
#include "services/notifier/credentials.hpp"
#include "services/notifier/mail_text.hpp"
#include "services/notifier/testing/ended_job.hpp"
#include "tests/support/mail_server.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::notifier {
namespace {

using podium::testing::MailServerProcess;
using testing::ended_event;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kEndedAt;
using testing::kJob;
using testing::link_options;
using testing::requested_event;
using ::testing::SizeIs;

const std::string kFrom = "podium@podium.example";

MailServer access_to(const MailServerProcess& server) {
  return {.url = server.url(),
          .user = MailServerProcess::user(),
          .password = Secret{MailServerProcess::password()},
          .authorities = server.certificate()};
}

Result<void> send(const MailServer& server, const std::string& to, std::stop_token stop = {}) {
  auto ended = ended_event();
  ended.mutable_ended()->set_message("Übergröße");
  ended.mutable_ended()->mutable_score()->set_metric("Güte");
  const auto end = job_end_of(requested_event(), ended, link_options(), kEndedAt);
  SmtpMailSender sender{server, kFrom};
  return sender.send(to, mail_text(end, {.from = kFrom, .to = to}, kEndedAt), std::move(stop));
}

TEST(SmtpMailSender, SendsByStartTlsWithAPassword) {
  MailServerProcess server;
  const auto sent = send(access_to(server), "ada@example.com");
  ASSERT_TRUE(sent) << sent.error().text();
  const auto mails = server.mails();
  ASSERT_THAT(mails, SizeIs(1));
  EXPECT_EQ(mails[0].at("from"), kFrom);
  EXPECT_EQ(mails[0].at("to"), nlohmann::json::array({"ada@example.com"}));
  EXPECT_TRUE(mails[0].at("tls"));
  EXPECT_TRUE(mails[0].at("signed_in"));
  EXPECT_THAT(mails[0].at("defects"), IsEmpty());
  EXPECT_THAT(mails[0].at("headers").at("Subject").get<std::string>(),
              HasSubstr("titanic success, Güte 0.84"));
  EXPECT_THAT(mails[0].at("headers").at("Message-ID").get<std::string>(), HasSubstr(kJob));
  EXPECT_THAT(mails[0].at("text").get<std::string>(), HasSubstr("What happened: Übergröße"));
}

TEST(SmtpMailSender, WhatIsRefusedForGoodIsToldApartFromWhatIsPutOff) {
  MailServerProcess server;
  const auto refused = send(access_to(server), "refused@example.com");
  EXPECT_EQ(refused.error().code->name, "MAIL_REFUSED");
  EXPECT_THAT(refused.error().detail, HasSubstr("550"));
  EXPECT_EQ(send(access_to(server), "later@example.com").error().code->name, "UNAVAILABLE");
  EXPECT_TRUE(send(access_to(server), "later@example.com"));
  for (const auto* code : {"250", "MAIL_REFUSED", "UNAVAILABLE"}) {
    EXPECT_THAT(metrics_text(),
                HasSubstr(std::format("podium_vendor_calls_total{{code=\"{}\",operation=\"mail\","
                                      "vendor=\"smtp\"}}",
                                      code)));
  }
  EXPECT_THAT(server.mails(), SizeIs(1));
}

TEST(SmtpMailSender, AWrongPasswordMayBeMended) {
  MailServerProcess server;
  auto access = access_to(server);
  access.password = Secret{"wrong"};
  const auto sent = send(access, "ada@example.com");
  EXPECT_EQ(sent.error().code->name, "UNAVAILABLE");
  EXPECT_THAT(sent.error().detail, ::testing::Not(HasSubstr("wrong")));
  EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(SmtpMailSender, ACertificateThatNobodyVouchesForIsNotTrusted) {
  MailServerProcess server;
  auto access = access_to(server);
  access.authorities.clear();
  EXPECT_EQ(send(access, "ada@example.com").error().code->name, "UNAVAILABLE");
  EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(SmtpMailSender, WithoutTlsNothingIsSentUnlessAllowed) {
  MailServerProcess server{"none"};
  MailServer access{.url = server.url()};
  EXPECT_EQ(send(access, "ada@example.com").error().code->name, "UNAVAILABLE");
  EXPECT_THAT(server.mails(), IsEmpty());
  access.plain_allowed = true;
  const auto sent = send(access, "ada@example.com");
  EXPECT_TRUE(sent) << sent.error().text();
  ASSERT_THAT(server.mails(), SizeIs(1));
  EXPECT_FALSE(server.mails()[0].at("tls"));
}

TEST(SmtpMailSender, TlsMayBeginAtOnce) {
  MailServerProcess server{"implicit"};
  const auto sent =
      send({.url = server.url(), .authorities = server.certificate()}, "ada@example.com");
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_THAT(server.mails(), SizeIs(1));
}

TEST(MailLogin, SignsInAndSendsNothing) {
  MailServerProcess server;
  const auto finding = check_mail_server(access_to(server), {});
  EXPECT_EQ(finding.state, CredentialState::accepted) << finding.detail;
  EXPECT_THAT(finding.detail, HasSubstr("250"));
  EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(MailLogin, AWrongPasswordIsRefusedAndNotShown) {
  MailServerProcess server;
  auto access = access_to(server);
  access.password = Secret{"wrong-canary"};
  const auto finding = check_mail_server(access, {});
  EXPECT_EQ(finding.state, CredentialState::refused) << finding.detail;
  EXPECT_THAT(finding.detail, HasSubstr("535"));
  EXPECT_THAT(finding.next_step, HasSubstr("PODIUM_SMTP_PASSWORD"));
  EXPECT_THAT(finding.detail + finding.next_step, ::testing::Not(HasSubstr("canary")));
}

TEST(MailLogin, WithoutAServerOrItsAnswerThePasswordIsNotJudged) {
  EXPECT_EQ(check_mail_server({}, {}).state, CredentialState::not_configured);
  EXPECT_EQ(check_mail_server({.url = "smtp://127.0.0.1:1"}, {}).state,
            CredentialState::unreachable);
  MailServerProcess server;
  auto access = access_to(server);
  access.authorities.clear();
  EXPECT_EQ(check_mail_server(access, {}).state, CredentialState::unreachable)
      << "who it is cannot be told, so the password is not sent";
}

TEST(MailLogin, AServerThatOffersNoLoginDoesNotJudgeThePassword) {
  MailServerProcess server{"implicit"};
  const auto finding = check_mail_server(access_to(server), {});
  EXPECT_EQ(finding.state, CredentialState::unreachable) << finding.detail;
  EXPECT_THAT(finding.detail, HasSubstr("offers no login"));
}

TEST(SmtpMailSender, AServerThatHangsIsLeftWhenTheServiceStops) {
  MailServerProcess server;
  std::stop_source stop;
  auto sent = std::async(std::launch::async, [&] {
    return send(access_to(server), "hang@example.com", stop.get_token());
  });
  stop.request_stop();
  ASSERT_EQ(sent.wait_for(std::chrono::seconds{10}), std::future_status::ready);
  EXPECT_EQ(sent.get().error().code->name, "STOPPED");
}

}  // namespace
}  // namespace podium::notifier
