#include "services/notifier/mail_text.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/digest.hpp"
#include "libs/competition/text.hpp"
#include "services/notifier/limits.hpp"

namespace podium::notifier {
namespace {

/// Bytes that fill a base64 line of 76 characters (RFC 2045, section 6.8).
constexpr std::size_t kBytesOfLine = 57;
/// Bytes whose encoded word has at most 75 characters: 45 in base64 are 60, and 12 around them.
constexpr std::size_t kBytesOfWord = 45;
/// Subjects up to this length need no folding.
constexpr std::size_t kPlainMax = 200;

std::string clean(std::string_view text) {
  return competition::clean_text(text, kMailTextBytesMax);
}

std::string subject_of(const JobEnd& end) {
  const auto name = end.competition.empty() ? "your own competition" : end.competition;
  const auto score = score_text(end.ended);
  auto subject = competition::clean_text(
      std::format("Podium: {} {}{}{}", name, end.status, score.empty() ? "" : ", ", score),
      kMailSubjectBytesMax);
  std::ranges::replace(subject, '\n', ' ');
  return subject;
}

void add_line(std::string& text, std::string_view name, std::string_view value) {
  if (!value.empty()) text += std::format("{}: {}\n", name, clean(value));
}

std::string body_of(const JobEnd& end) {
  std::string text = std::format("Job {} has ended: {}.\n\n", end.job_id, end.status);
  add_line(text, "Competition", end.kaggle_url.empty() ? end.competition : end.kaggle_url);
  add_line(text, "Score", score_text(end.ended));
  add_line(text, "Reason", end.ended.reason_code());
  add_line(text, "What happened", end.ended.message());
  add_line(text, "Next step", end.ended.next_step());
  add_line(text, "Candidates", std::to_string(end.ended.candidates()));
  if (end.link_ends_at) {
    text +=
        std::format("\nThe submission ({} bytes), until {:%Y-%m-%d %H:%M} UTC:\n{}\n",
                    end.ended.submission().bytes(),
                    std::chrono::floor<std::chrono::minutes>(*end.link_ends_at), end.result_link);
  }
  text += std::format("\nThe job: {}\n", end.status_link);
  return text;
}

std::string in_base64_lines(std::string_view bytes) {
  std::string lines;
  for (std::size_t at = 0; at < bytes.size(); at += kBytesOfLine) {
    lines += base64(bytes.substr(at, kBytesOfLine)) + "\r\n";
  }
  return lines;
}

bool is_plain(std::string_view text) {
  return text.size() <= kPlainMax && !text.contains("=?") &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::string header_text(std::string_view text) {
  if (is_plain(text)) return std::string{text};
  std::string words;
  while (!text.empty()) {
    auto bytes = std::min(text.size(), kBytesOfWord);
    // A character stands in one word whole.
    while (bytes < text.size() && bytes > 1 && continues_character(text[bytes])) --bytes;
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + base64(text.substr(0, bytes)) + "?=";
    text.remove_prefix(bytes);
  }
  return words;
}

std::string mail_text(const JobEnd& end, const MailAddresses& addresses, TimePoint now) {
  const auto domain = addresses.from.substr(addresses.from.find('@') + 1);
  return std::format(
      "From: Podium <{}>\r\n"
      "To: <{}>\r\n"
      "Subject: {}\r\n"
      "Date: {:%a, %d %b %Y %H:%M:%S} +0000\r\n"
      "Message-ID: <{}.ended@{}>\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: base64\r\n"
      "\r\n{}",
      addresses.from, addresses.to, header_text(subject_of(end)),
      std::chrono::floor<std::chrono::seconds>(now), end.job_id, domain,
      in_base64_lines(body_of(end)));
}

}  // namespace podium::notifier
