#include "services/notifier/mail_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "services/notifier/testing/ended_job.hpp"

namespace podium::notifier {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using testing::ended_event;
using testing::kEndedAt;
using testing::kJob;
using testing::link_options;
using testing::requested_event;

const MailAddresses kAddresses{.from = "podium@podium.example", .to = "ada@example.com"};

JobEnd end_of(const v1::Event& requested, const v1::Event& ended) {
  return job_end_of(requested, ended, link_options(), kEndedAt + 3s);
}

// Enough of base64 for what the house itself writes.
std::string decoded(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    held = held << 6U | static_cast<unsigned>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xFFU);
  }
  return bytes;
}

struct Mail {
  std::string head;
  std::string text;
};

Mail parted(const std::string& mail) {
  const auto gap = mail.find("\r\n\r\n");
  return {.head = mail.substr(0, gap), .text = decoded(mail.substr(gap))};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find("\r\n", at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

TEST(MailText, TellsStatusScoreAndLink) {
  const auto mail =
      parted(mail_text(end_of(requested_event(), ended_event()), kAddresses, kEndedAt));
  EXPECT_THAT(mail.head,
              AllOf(HasSubstr("From: Podium <podium@podium.example>\r\n"),
                    HasSubstr("To: <ada@example.com>\r\n"),
                    HasSubstr("Subject: Podium: titanic success, accuracy 0.84 (higher is better, "
                              "trusted)\r\n"),
                    HasSubstr("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"),
                    HasSubstr("Message-ID: <" + kJob + ".ended@podium.example>\r\n"),
                    HasSubstr("Content-Type: text/plain; charset=utf-8\r\n")));
  EXPECT_THAT(mail.text, AllOf(StartsWith("Job " + kJob + " has ended: success.\n"),
                               HasSubstr("Score: accuracy 0.84 (higher is better, trusted)\n"),
                               HasSubstr("(2839 bytes), until 2023-11-15 22:13 UTC:\n"
                                         "https://podium.example/prod/result/" +
                                         kJob + "/submission.csv?expires=1700086403&signature="),
                               HasSubstr("https://podium.example/prod/status/" + kJob)));
}

TEST(MailText, WithoutASubmissionThereIsNoLink) {
  auto ended = ended_event();
  ended.mutable_ended()->clear_submission();
  ended.mutable_ended()->clear_score();
  ended.mutable_ended()->set_status(v1::JOB_STATUS_FAILED);
  const auto mail = parted(mail_text(end_of(requested_event(), ended), kAddresses, kEndedAt));
  EXPECT_THAT(mail.head, HasSubstr("Subject: Podium: titanic failed\r\n"));
  EXPECT_THAT(mail.text, Not(HasSubstr("signature")));
}

TEST(MailText, NoTextOfAJobBecomesAHeader) {
  auto requested = requested_event();
  requested.mutable_requested()->mutable_competition()->set_slug("x\r\nBcc: eve@example.com");
  auto ended = ended_event();
  ended.mutable_ended()->mutable_score()->set_metric("loss\r\nBcc: eve@example.com\r\n\r\nhi");
  ended.mutable_ended()->set_message("über\r\n.\r\nMAIL FROM:<eve@example.com>");
  const auto whole = mail_text(end_of(requested, ended), kAddresses, kEndedAt);
  EXPECT_THAT(lines_of(whole), Each(Not(StartsWith("Bcc"))));
  EXPECT_THAT(lines_of(whole), Each(Not(StartsWith("."))));
  for (const auto& line : lines_of(whole)) EXPECT_LE(line.size(), 998U);
  EXPECT_THAT(parted(whole).text, HasSubstr("über"));
}

TEST(MailText, AHeaderThatIsNotAsciiIsEncodedInWholeCharacters) {
  EXPECT_EQ(header_text("plain"), "plain");
  EXPECT_EQ(header_text("süß"), "=?UTF-8?B?c8O8w58=?=");
  EXPECT_EQ(header_text("=?UTF-8?B?eA==?="), "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
  std::string text;
  for (int i = 0; i < 60; ++i) text += "€";
  std::string together;
  for (const auto& line : lines_of(header_text("a" + text))) {
    EXPECT_LE(line.size(), 76U);
    const auto begin = line.find("?B?") + 3;
    const auto word = decoded(line.substr(begin, line.rfind("?=") - begin));
    EXPECT_NE(static_cast<unsigned char>(word.front()) & 0xC0U, 0x80U);
    together += word;
  }
  EXPECT_EQ(together, "a" + text);
}

TEST(JobEnd, ALinkNeverOutlivesItsFile) {
  auto links = link_options();
  links.time = 7 * 24h;
  const auto end = job_end_of(requested_event(), ended_event(), links, kEndedAt + 10h);
  EXPECT_EQ(end.link_ends_at, kEndedAt + 7 * 24h);
}

}  // namespace
}  // namespace podium::notifier
