#include "libs/chassis/http/client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <optional>

#include "libs/chassis/http/curl_handles.hpp"
#include "libs/chassis/http/public_address.hpp"
#include "libs/chassis/version.hpp"

namespace podium {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Longest sleep between two looks at the clock; a stop request wakes it before.
constexpr milliseconds kPollMax{1'000};
/// Buffer for one read from the socket.
constexpr long kReadBytes = 128 * 1024;

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The URL as far as it may be shown: no user, no query.
std::string shown(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto authority = url.find("://");
  if (authority == std::string_view::npos) return std::string{url};
  const auto begin = authority + 3;
  const auto slash = std::min(url.find('/', begin), url.size());
  const auto at = url.substr(0, slash).rfind('@');
  if (at == std::string_view::npos || at < begin) return std::string{url};
  return std::string{url.substr(0, begin)} + std::string{url.substr(at + 1)};
}

// One call under way; libcurl's callbacks come back to it.
class Exchange {
 public:
  explicit Exchange(const HttpCall& call) : call_{call} {}

  Result<HttpAnswer> run();

 private:
  Result<void> prepare();
  Result<void> add_header(std::string_view name, std::string_view value);
  void prepare_headers();
  void prepare_body();
  Result<void> prepare_signature();
  void drive();
  milliseconds time_left();
  void finish();
  Error transport_error(CURLcode code) const;

  template <typename Value>
  void set(CURLoption option, Value value) {
    set_option(easy_.get(), option, value);
  }

  void stop_with(const ErrorCode& code, std::string detail) {
    if (!error_) error_ = Error{&code, std::move(detail)};
  }
  std::string named(std::string_view what) const {
    return call_.method + " " + shown(call_.url) + ": " + std::string{what};
  }
  // Runs a callback of the caller; an exception becomes the call's error.
  template <typename Action>
  bool guarded(const Action& action);

  bool take_header(std::string_view line);
  bool take_body(std::string_view piece);
  std::size_t give_body(char* buffer, std::size_t room);

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_piece(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  const HttpCall& call_;
  CurlEasy easy_;
  CurlMulti multi_;
  CurlList headers_;
  std::array<char, CURL_ERROR_SIZE> curl_says_{};
  HttpAnswer answer_;
  std::uint64_t body_bytes_ = 0;
  bool head_is_complete_ = false;
  std::optional<Error> error_;
  bool done_ = false;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_byte_ = begin_;
};

Result<HttpAnswer> Exchange::run() {
  if (call_.stop.stop_requested()) return fail(errors::kStopped, named("stopped before it began"));
  PODIUM_TRY(prepare());
  {
    const std::stop_callback wake{call_.stop, [this] { curl_multi_wakeup(multi_.get()); }};
    drive();
  }
  curl_multi_remove_handle(multi_.get(), easy_.get());
  if (error_) return std::unexpected{*std::move(error_)};
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  answer_.status = static_cast<int>(status);
  return std::move(answer_);
}

Result<void> Exchange::prepare() {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (call_.method.empty() || !std::ranges::all_of(call_.method, is_upper)) {
    return fail(errors::kInvalid, "the method must be a word of capital letters");
  }
  easy_.reset(curl_easy_init());
  multi_.reset(curl_multi_init());
  if (easy_ == nullptr || multi_ == nullptr) {
    return fail(errors::kUnavailable, "libcurl gives no handle");
  }
  set(CURLOPT_ERRORBUFFER, curl_says_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_URL, call_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(call_.connect_timeout.count()));
  set(CURLOPT_BUFFERSIZE, kReadBytes);
  // What a proxy connects to, nobody here can see.
  if (!call_.proxy_from_environment || call_.public_addresses_only) set(CURLOPT_PROXY, "");
  if (!call_.unix_socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, call_.unix_socket.c_str());
  if (call_.public_addresses_only) {
    set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
  }
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_piece);
  set(CURLOPT_WRITEDATA, this);
  prepare_body();
  for (const auto& [name, value] : call_.headers) PODIUM_TRY(add_header(name, value));
  PODIUM_TRY(prepare_signature());
  prepare_headers();
  curl_multi_add_handle(multi_.get(), easy_.get());
  return {};
}

void Exchange::prepare_body() {
  const std::string& method = call_.method;
  if (call_.body_source) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &Exchange::on_read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(call_.body_bytes));
  } else if (!call_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    // Also for an empty body, so that Content-Length: 0 is sent.
    set(CURLOPT_POSTFIELDS, call_.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
  } else if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  }
  if (method != "HEAD") set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

Result<void> Exchange::prepare_signature() {
  if (!call_.aws_signing) return {};
  const AwsSigning& signing = *call_.aws_signing;
  set(CURLOPT_AWS_SIGV4, ("aws:amz:" + signing.region + ":" + signing.service).c_str());
  set(CURLOPT_USERNAME, signing.access_key.c_str());
  set(CURLOPT_PASSWORD, signing.secret_key.reveal().c_str());
  if (signing.session_token.empty()) return {};
  return add_header("x-amz-security-token", signing.session_token.reveal());
}

Result<void> Exchange::add_header(std::string_view name, std::string_view value) {
  constexpr std::string_view kForbidden{"\r\n\0", 3};
  if (name.empty() || name.find_first_of(kForbidden) != std::string_view::npos ||
      name.find(':') != std::string_view::npos ||
      value.find_first_of(kForbidden) != std::string_view::npos) {
    return fail(errors::kInvalid, named("a header holds a line end or has no name"));
  }
  // An empty value is written with a semicolon; a colon alone would remove the header.
  std::string line{name};
  line += value.empty() ? ";" : ": ";
  line += value;
  curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) return fail(errors::kUnavailable, "no memory for a header");
  static_cast<void>(headers_.release());
  headers_.reset(longer);
  return {};
}

// What libcurl would add by itself and nobody here wants.
void Exchange::prepare_headers() {
  const auto has = [&](std::string_view wanted) {
    return std::ranges::any_of(
        call_.headers, [&](const auto& header) { return lower_case(header.first) == wanted; });
  };
  std::vector<std::string> lines{"Expect:"};
  if (!has("content-type")) lines.emplace_back("Content-Type:");
  // Not as a line, which would be signed: proxies may change it, and other signers leave it out.
  if (!has("user-agent")) set(CURLOPT_USERAGENT, ("podium/" + std::string{version()}).c_str());
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) return;
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void Exchange::drive() {
  while (!done_ && !error_) {
    int running = 0;
    const CURLMcode code = curl_multi_perform(multi_.get(), &running);
    if (code != CURLM_OK) return stop_with(errors::kUnavailable, curl_multi_strerror(code));
    finish();
    if (done_ || error_) return;
    if (call_.stop.stop_requested()) {
      return stop_with(errors::kStopped, named("the caller stops it"));
    }
    const milliseconds left = time_left();
    if (error_) return;
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(std::min(left, kPollMax).count()),
                    nullptr);
  }
}

// Until the next timeout; sets the error when one is over.
milliseconds Exchange::time_left() {
  const auto now = Clock::now();
  milliseconds left = kPollMax;
  const auto consider = [&](milliseconds timeout, Clock::time_point since, std::string_view what) {
    if (timeout.count() == 0) return;
    const auto rest = std::chrono::ceil<milliseconds>(since + timeout - now);
    if (rest.count() <= 0) {
      stop_with(errors::kTimeout, named(what) + " for " + std::to_string(timeout.count()) + " ms");
    }
    left = std::min(left, rest);
  };
  consider(call_.total_timeout, begin_, "not finished");
  consider(call_.idle_timeout, last_byte_, "nothing came");
  return std::max(left, milliseconds{1});
}

void Exchange::finish() {
  int waiting = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &waiting)) {
    if (message->msg != CURLMSG_DONE) continue;
    done_ = true;
    if (message->data.result != CURLE_OK && !error_) {
      error_ = transport_error(message->data.result);
    }
  }
}

Error Exchange::transport_error(CURLcode code) const {
  const std::string_view says =
      curl_says_.front() != '\0' ? curl_says_.data() : curl_easy_strerror(code);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {&errors::kTimeout, named(says)};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {&errors::kInvalid, named(says)};
    default:
      return {&errors::kUnavailable, named(says)};
  }
}

template <typename Action>
bool Exchange::guarded(const Action& action) {
  try {
    if (action()) return true;
    stop_with(errors::kStopped, named("the receiver wants no more"));
  } catch (const std::exception& error) {
    stop_with(errors::kInternal, named(error.what()));
  }
  return false;
}

// A head may come several times (1xx, a proxy's); the last one counts.
bool Exchange::take_header(std::string_view line) {
  last_byte_ = Clock::now();
  if (head_is_complete_) return true;  // Trailers are not wanted.
  if (line.starts_with("HTTP/")) {
    answer_.headers.clear();
    return true;
  }
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    answer_.headers[lower_case(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
    return true;
  }
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (!trimmed(line).empty() || status < 200) return true;
  head_is_complete_ = true;
  if (!call_.on_headers) return true;
  return guarded([&] { return call_.on_headers(static_cast<int>(status), answer_.headers); });
}

bool Exchange::take_body(std::string_view piece) {
  last_byte_ = Clock::now();
  if (call_.stop.stop_requested()) {
    stop_with(errors::kStopped, named("the caller stops it"));
    return false;
  }
  body_bytes_ += piece.size();
  if (body_bytes_ > call_.response_bytes_max) {
    stop_with(errors::kTooLarge, named("the answer is longer than " +
                                       std::to_string(call_.response_bytes_max) + " bytes"));
    return false;
  }
  return guarded([&] {
    if (call_.on_body) return call_.on_body(piece);
    answer_.body.append(piece);
    return true;
  });
}

std::size_t Exchange::give_body(char* buffer, std::size_t room) {
  last_byte_ = Clock::now();
  std::size_t given = kHttpBodyAborted;
  const bool goes_on = guarded([&] {
    if (!call_.stop.stop_requested()) given = call_.body_source(buffer, room);
    return given != kHttpBodyAborted;
  });
  return goes_on ? given : CURL_READFUNC_ABORT;
}

std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  const bool goes_on = static_cast<Exchange*>(self)->take_header({data, size * count});
  return goes_on ? size * count : CURL_WRITEFUNC_ERROR;
}

std::size_t Exchange::on_piece(char* data, std::size_t size, std::size_t count, void* self) {
  const bool goes_on = static_cast<Exchange*>(self)->take_body({data, size * count});
  return goes_on ? size * count : CURL_WRITEFUNC_ERROR;
}

std::size_t Exchange::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
  return static_cast<Exchange*>(self)->give_body(buffer, size * count);
}

// Called with each address that the name has, right before it is connected to: what the name says
// at another time does not matter.
curl_socket_t Exchange::on_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto* exchange = static_cast<Exchange*>(self);
  if (is_public_address(&address->addr, address->addrlen)) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }
  exchange->stop_with(errors::kAddressRefused,
                      exchange->named("the name leads to an address that is not public"));
  return CURL_SOCKET_BAD;
}

}  // namespace

Result<HttpAnswer> send_http(const HttpCall& call) {
  PODIUM_TRY(start_curl());
  return Exchange{call}.run();
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 0x0FU];
  }
  return encoded;
}

}  // namespace podium
