// The mail about a job that has ended: RFC 5322 with MIME (RFC 2045, 2047). Pure.
#pragma once

#include <string>
#include <string_view>

#include "services/notifier/job_end.hpp"

namespace podium::notifier {

struct MailAddresses {
  std::string from;
  std::string to;
};

/// The whole mail with CRLF line ends: UTF-8 text in base64, so that no text of a job can become a
/// header, a line that is too long or a lone dot. Its Message-ID is made from the job's id: a mail
/// that is sent again after a crash has the same one.
std::string mail_text(const JobEnd& end, const MailAddresses& addresses, TimePoint now);

/// A header's value in printable ASCII without line ends: as it is, or as encoded words of at most
/// 75 characters, which are folded.
std::string header_text(std::string_view text);

}  // namespace podium::notifier
