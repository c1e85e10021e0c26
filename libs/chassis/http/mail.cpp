#include "libs/chassis/http/mail.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "libs/chassis/http/curl_handles.hpp"

namespace podium {
namespace {

/// What a callback of libcurl needs while one mail is sent.
struct Sending {
  const MailCall& call;
  std::size_t sent = 0;
};

constexpr int kMailDone = 250;
/// Replies from here on are final, those below ask to come again (RFC 5321, 4.2.1).
constexpr int kMailRefused = 500;
/// The reply to a login that was taken (RFC 4954).
constexpr std::string_view kSignedIn = "235";

std::size_t give_message(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& sending = *static_cast<Sending*>(self);
  const auto rest = std::string_view{sending.call.message}.substr(sending.sent);
  const auto piece = rest.substr(0, size * count);
  std::memcpy(buffer, piece.data(), piece.size());
  sending.sent += piece.size();
  return piece.size();
}

// Called about every second; anything but 0 ends the transfer.
int look_at_stop(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(self)->stop_requested() ? 1 : 0;
}

void set_limits(CURL* easy, std::chrono::milliseconds connect_timeout,
                std::chrono::milliseconds total_timeout, const std::stop_token& stop) {
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  set_option(easy, CURLOPT_NOPROGRESS, 0L);
  set_option(easy, CURLOPT_XFERINFOFUNCTION, &look_at_stop);
  set_option(easy, CURLOPT_XFERINFODATA, &stop);
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout.count()));
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(total_timeout.count()));
}

long reply_of(CURL* easy) {
  long reply = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
  return reply;
}

void set_server(CURL* easy, const MailServer& server) {
  set_option(easy, CURLOPT_URL, server.url.c_str());
  set_option(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set_option(easy, CURLOPT_PROXY, "");
  const long tls = server.plain_allowed ? CURLUSESSL_TRY : CURLUSESSL_ALL;
  set_option(easy, CURLOPT_USE_SSL, tls);
  if (!server.authorities.empty()) {
    curl_blob authorities{
        .data = const_cast<char*>(server.authorities.data()),  // NOLINT(*const-cast)
        .len = server.authorities.size(),
        .flags = CURL_BLOB_COPY};
    set_option(easy, CURLOPT_CAINFO_BLOB, &authorities);
  }
  if (!server.user.empty()) {
    set_option(easy, CURLOPT_USERNAME, server.user.c_str());
    set_option(easy, CURLOPT_PASSWORD, server.password.reveal().c_str());
  }
}

// What was refused for good is the sender, the recipient (both before anything is sent) or the mail
// (after all of it). What the server says to our greeting or password is no answer to the mail.
bool is_refused(CURLcode code, long reply, const Sending& sending) {
  const bool is_answer_to_mail =
      code == CURLE_SEND_ERROR || (code == CURLE_WEIRD_SERVER_REPLY && sending.sent > 0);
  return is_answer_to_mail && reply >= 500 && reply < 600;
}

Error error_of(CURLcode code, long reply, std::string_view says, const Sending& sending) {
  if (sending.call.stop.stop_requested()) return {&errors::kStopped, "the mail was not sent yet"};
  auto detail = sending.call.server.url + ": " + std::string{says};
  if (is_refused(code, reply, sending)) return {&errors::kMailRefused, std::move(detail)};
  if (code == CURLE_OPERATION_TIMEDOUT) return {&errors::kTimeout, std::move(detail)};
  return {&errors::kUnavailable, std::move(detail)};
}

/// Sees each reply of the server.
std::size_t note_sign_in(char* line, std::size_t, std::size_t bytes, void* signed_in) {
  if (std::string_view{line, bytes}.starts_with(kSignedIn)) *static_cast<bool*>(signed_in) = true;
  return bytes;
}

}  // namespace

bool is_mail_address(std::string_view text) {
  constexpr std::string_view kSpecial = "<>()[],;:\"\\";
  constexpr std::size_t kAddressMax = 254;
  constexpr std::size_t kMailboxMax = 64;
  const bool is_plain = std::ranges::all_of(
      text, [&](char c) { return c > 0x20 && c < 0x7f && !kSpecial.contains(c); });
  const auto at = text.find('@');
  if (!is_plain || text.size() > kAddressMax || at == std::string_view::npos || at == 0 ||
      at > kMailboxMax) {
    return false;
  }
  const auto domain = text.substr(at + 1);
  return !domain.contains('@') && domain.contains('.') && !domain.contains("..") &&
         !domain.starts_with('.') && !domain.ends_with('.');
}

Result<void> send_mail(const MailCall& call) {
  if (!is_mail_address(call.from) || !is_mail_address(call.to)) {
    return fail(errors::kInvalid, "an address of the mail is none");
  }
  PODIUM_TRY(start_curl());
  const CurlEasy easy{curl_easy_init()};
  const CurlList recipients{curl_slist_append(nullptr, call.to.c_str())};
  if (easy == nullptr || recipients == nullptr) {
    return fail(errors::kUnavailable, "libcurl gives no handle");
  }
  std::array<char, CURL_ERROR_SIZE> says{};
  Sending sending{.call = call};
  set_server(easy.get(), call.server);
  set_option(easy.get(), CURLOPT_ERRORBUFFER, says.data());
  set_limits(easy.get(), call.connect_timeout, call.total_timeout, call.stop);
  set_option(easy.get(), CURLOPT_MAIL_FROM, call.from.c_str());
  set_option(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
  set_option(easy.get(), CURLOPT_UPLOAD, 1L);
  set_option(easy.get(), CURLOPT_READFUNCTION, &give_message);
  set_option(easy.get(), CURLOPT_READDATA, &sending);

  const CURLcode code = curl_easy_perform(easy.get());
  if (code == CURLE_OK) return {};
  return std::unexpected{error_of(code, reply_of(easy.get()),
                                  says.front() != '\0' ? says.data() : curl_easy_strerror(code),
                                  sending)};
}

Result<int> sign_in(const MailLogin& login) {
  PODIUM_TRY(start_curl());
  const CurlEasy easy{curl_easy_init()};
  bool signed_in = login.server.user.empty();
  if (easy == nullptr) return fail(errors::kUnavailable, "libcurl gives no handle");
  set_server(easy.get(), login.server);
  set_limits(easy.get(), login.total_timeout, login.total_timeout, login.stop);
  // Without a mail libcurl sends this command after EHLO and AUTH, and QUIT at the end.
  set_option(easy.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
  set_option(easy.get(), CURLOPT_NOBODY, 1L);
  set_option(easy.get(), CURLOPT_HEADERFUNCTION, &note_sign_in);
  set_option(easy.get(), CURLOPT_HEADERDATA, &signed_in);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code == CURLE_OK && signed_in) return kMailDone;
  if (code == CURLE_OK) {
    return fail(errors::kUnavailable,
                "the server offers no login and did not ask for the password");
  }
  if (login.stop.stop_requested()) return fail(errors::kStopped, "the login was stopped");
  const auto reply = static_cast<int>(reply_of(easy.get()));
  if (code == CURLE_LOGIN_DENIED && reply >= kMailRefused) return reply;
  return fail(code == CURLE_OPERATION_TIMEDOUT ? errors::kTimeout : errors::kUnavailable,
              curl_easy_strerror(code));
}

}  // namespace podium
