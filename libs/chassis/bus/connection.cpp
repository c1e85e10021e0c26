#include "libs/chassis/bus/connection.hpp"

#include <algorithm>
#include <exception>
#include <format>
#include <thread>

#include "libs/chassis/bus/nats_error.hpp"
#include "libs/chassis/bus/repeat.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/log.hpp"

namespace podium {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kConnectWait{250};
constexpr milliseconds kConnectTryTimeout{2'000};
constexpr milliseconds kReconnectWait{250};
constexpr milliseconds kReconnectJitter{100};
constexpr int kReconnectsForEver = -1;
// A cut link is noticed after two pings without answer.
constexpr milliseconds kPingInterval{5'000};
constexpr int kPingsOutMax = 2;
constexpr milliseconds kFlushTimeout{2'000};
constexpr milliseconds kCloseTimeout{5'000};
/// Refused subjects that are remembered; there are as many as mistakes in permissions.json.
constexpr std::size_t kRefusedMax = 100;

}  // namespace

/// nats.c's callbacks; they run on threads of the library and must not throw.
struct ConnectionCallbacks {
  static void disconnected(natsConnection*, void* self) noexcept {
    static_cast<Connection*>(self)->on_disconnected();
  }
  static void reconnected(natsConnection*, void* self) noexcept {
    static_cast<Connection*>(self)->on_reconnected();
  }
  static void closed(natsConnection*, void* self) noexcept {
    static_cast<Connection*>(self)->on_closed();
  }
  static void error(natsConnection*, natsSubscription*, natsStatus status, void* self) noexcept {
    const char* const text = nats_GetLastError(nullptr);
    static_cast<Connection*>(self)->on_error(status, text == nullptr ? "" : text);
  }
  static natsStatus install(natsOptions* options, Connection* self) {
    auto status = natsOptions_SetDisconnectedCB(options, disconnected, self);
    if (status == NATS_OK) status = natsOptions_SetReconnectedCB(options, reconnected, self);
    if (status == NATS_OK) status = natsOptions_SetClosedCB(options, closed, self);
    if (status == NATS_OK) status = natsOptions_SetErrorHandler(options, error, self);
    return status;
  }
};

namespace {

natsStatus set_reconnects(natsOptions* options) {
  auto status = natsOptions_SetMaxReconnect(options, kReconnectsForEver);
  if (status == NATS_OK) status = natsOptions_SetReconnectWait(options, kReconnectWait.count());
  if (status == NATS_OK) {
    status =
        natsOptions_SetReconnectJitter(options, kReconnectJitter.count(), kReconnectJitter.count());
  }
  if (status == NATS_OK) status = natsOptions_SetPingInterval(options, kPingInterval.count());
  if (status == NATS_OK) status = natsOptions_SetMaxPingsOut(options, kPingsOutMax);
  if (status == NATS_OK) status = natsOptions_SetTimeout(options, kConnectTryTimeout.count());
  if (status == NATS_OK) status = natsOptions_SetFailRequestsOnDisconnect(options, true);
  // Requests wait for their answer anyway: a buffer would only add its delay to each.
  if (status == NATS_OK) status = natsOptions_SetSendAsap(options, true);
  return status;
}

Result<NatsOptions> make_options(const BusOptions& from, const std::string& inbox_prefix,
                                 Connection* self) {
  NatsOptions options;
  auto status = natsOptions_Create(std::out_ptr(options));
  if (status == NATS_OK) status = natsOptions_SetURL(options.get(), from.url.c_str());
  if (status == NATS_OK && !from.user.empty()) {
    status =
        natsOptions_SetUserInfo(options.get(), from.user.c_str(), from.password.reveal().c_str());
  }
  if (status == NATS_OK) status = natsOptions_SetName(options.get(), from.name.c_str());
  if (status == NATS_OK) {
    status = natsOptions_SetCustomInboxPrefix(options.get(), inbox_prefix.c_str());
  }
  if (status == NATS_OK) status = set_reconnects(options.get());
  if (status == NATS_OK) status = ConnectionCallbacks::install(options.get(), self);
  if (status != NATS_OK) return std::unexpected{nats_error(status, "options of the connection")};
  return options;
}

}  // namespace

Result<std::shared_ptr<Connection>> Connection::open(const BusOptions& options) {
  std::shared_ptr<Connection> connection{new Connection{options, "_INBOX_" + options.name}};
  PODIUM_TRY(connection->connect(options));
  PODIUM_TRY(connection->set_up());
  return connection;
}

Connection::Connection(const BusOptions& options, std::string inbox_prefix)
    : inbox_prefix_{std::move(inbox_prefix)}, request_timeout_{options.request_timeout} {}

Connection::~Connection() {
  if (!connection_) return;
  std::unique_lock lock{mutex_};
  closing_ = true;
  lock.unlock();
  natsConnection_Close(connection_.get());
  // The closed callback is the last one; after it nothing calls back any more.
  lock.lock();
  changed_.wait_for(lock, kCloseTimeout, [this] { return closed_; });
}

Result<void> Connection::connect(const BusOptions& options) {
  const auto made = PODIUM_TRY(make_options(options, inbox_prefix_, this));
  const auto until = Clock::now() + options.connect_timeout;
  for (;;) {
    const auto status = natsConnection_Connect(std::out_ptr(connection_), made.get());
    if (status == NATS_OK) return {};
    auto error = nats_error(status, std::format("connecting to {}", options.url));
    if (error.is(errors::kPermission) || error.is(errors::kInvalid)) return std::unexpected{error};
    if (Clock::now() + kConnectWait > until) return fail(errors::kUnavailable, error.detail);
    std::this_thread::sleep_for(kConnectWait);
  }
}

Result<void> Connection::set_up() {
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = request_timeout_.count();
  const auto status = natsConnection_JetStream(std::out_ptr(jetstream_), handle(), &options);
  if (status != NATS_OK) return std::unexpected{nats_error(status, "JetStream context")};
  auto requests = PODIUM_TRY(Requests::open(handle(), new_inbox()));
  {
    const std::scoped_lock lock{mutex_};
    requests_ = std::move(requests);
  }
  return flush();
}

bool Connection::connected() const {
  return natsConnection_Status(handle()) == NATS_CONN_STATUS_CONNECTED;
}

Result<void> Connection::wait_connected(milliseconds wait) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, wait, [this] { return closed_ || connected(); });
  if (closed_) {
    return fail(errors::kPermission, "the server refused the user and the connection was given up");
  }
  if (!connected()) return fail(errors::kUnavailable, "not connected to the server");
  return {};
}

bool Connection::was_refused(std::string_view subject_prefix) const {
  const std::scoped_lock lock{mutex_};
  return std::ranges::any_of(
      refused_, [&](const std::string& subject) { return subject.starts_with(subject_prefix); });
}

bool Connection::refused_last(std::string_view subject) const {
  const char* text = nullptr;
  const auto status = natsConnection_GetLastError(handle(), &text);
  return status == NATS_NOT_PERMITTED && text != nullptr && refused_subject(text) == subject;
}

std::string Connection::new_inbox() const {
  return std::format("{}.{}", inbox_prefix_, new_uuid_v7(std::chrono::system_clock::now()));
}

Result<NatsMessage> Connection::ask(const OutgoingMessage& message) {
  PODIUM_TRY(wait_connected(request_timeout_));
  return requests_->send(message, request_timeout_);
}

Result<NatsMessage> Connection::ask_repeatedly(const OutgoingMessage& message) {
  return repeat_while_unavailable(request_timeout_, [&] { return ask(message); });
}

Result<void> Connection::send(const OutgoingMessage& message) {
  return send_without_answer(handle(), message);
}

Result<void> Connection::flush() {
  const auto status = natsConnection_FlushTimeout(handle(), kFlushTimeout.count());
  if (status != NATS_OK) return std::unexpected{nats_error(status, "flushing")};
  return {};
}

void Connection::on_disconnected() {
  const std::scoped_lock lock{mutex_};
  changed_.notify_all();
  if (closing_) return;
  log_warning("the connection to the event server broke");
  if (requests_) requests_->disconnected();
}

void Connection::on_reconnected() {
  log_info("connected to the event server again");
  const std::scoped_lock lock{mutex_};
  changed_.notify_all();
}

void Connection::on_closed() {
  const std::scoped_lock lock{mutex_};
  closed_ = true;
  changed_.notify_all();
}

void Connection::on_error(natsStatus status, const std::string& text) {
  log_warning("the event server's client reports an error",
              {{"status", natsStatus_GetText(status)}, {"text", text}});
  const auto subject = refused_subject(text);
  if (subject.empty()) return;
  const std::scoped_lock lock{mutex_};
  if (refused_.size() < kRefusedMax) refused_.emplace(subject);
  if (requests_) requests_->refused(subject);
}

std::string_view refused_subject(std::string_view text) {
  if (!text.contains("ermissions Violation")) return {};
  const auto open = text.find('"');
  if (open == std::string_view::npos) return {};
  const auto close = text.find('"', open + 1);
  if (close == std::string_view::npos) return {};
  return text.substr(open + 1, close - open - 1);
}

}  // namespace podium
