#include "libs/chassis/http/connection_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "libs/chassis/http/http_errors.hpp"
#include "libs/chassis/http/http_metrics.hpp"
#include "libs/chassis/http/listening_socket.hpp"
#include "libs/chassis/http/problem.hpp"
#include "libs/chassis/metrics.hpp"

namespace podium::http {
namespace {

using std::chrono::milliseconds;

constexpr Metric kConnections{"podium_http_connections", "Open connections of the HTTP server."};

/// How often the deadlines are looked at.
constexpr milliseconds kTick{100};

void watch(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  event.data.fd = descriptor;
  epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

// Where the head ends, after its empty line; npos while it is not there. A head of bare line feeds
// ends as well, so that it is refused at once and not waited for.
std::size_t end_of_head(std::string_view bytes) {
  const auto strict = bytes.find("\r\n\r\n");
  const auto bare = bytes.substr(0, strict).find("\n\n");
  if (bare != std::string_view::npos) return bare + 2;
  return strict == std::string_view::npos ? strict : strict + 4;
}

// RFC 9112, section 2.2: empty lines before a request are to be ignored.
void drop_leading_empty_lines(std::string& buffer) {
  std::size_t begin = 0;
  while (buffer.compare(begin, 2, "\r\n") == 0) begin += 2;
  buffer.erase(0, begin);
}

void count_refused(const ErrorCode& code) {
  count(kRequestsShed, {{"reason", code.name}});
}

}  // namespace

ConnectionLoop::ConnectionLoop(const HttpServerOptions& options, Callbacks callbacks)
    : options_{options}, callbacks_{std::move(callbacks)} {}

ConnectionLoop::~ConnectionLoop() {
  stop(milliseconds{0});
  for (const int descriptor : {listener_, epoll_, wake_}) {
    if (descriptor >= 0) close(descriptor);
  }
}

Result<void> ConnectionLoop::start() {
  listener_ = PODIUM_TRY(listen_on(options_.host, options_.port));
  port_ = port_of(listener_);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_ < 0 || wake_ < 0) return fail(errors::kUnavailable, "the system gives no epoll");
  watch(epoll_, wake_);
  watch_listener(true);
  thread_ = std::thread{[this] { run(); }};
  return {};
}

void ConnectionLoop::watch_listener(bool on) {
  if (on == listener_is_watched_ || listener_ < 0) return;
  listener_is_watched_ = on;
  if (on) {
    watch(epoll_, listener_);
  } else {
    epoll_ctl(epoll_, EPOLL_CTL_DEL, listener_, nullptr);
  }
}

void ConnectionLoop::wake() const {
  const std::uint64_t one = 1;
  static_cast<void>(write(wake_, &one, sizeof one));
}

bool ConnectionLoop::stop(milliseconds timeout) {
  if (!thread_.joinable()) return true;
  stopping_ = true;
  wake();
  bool all_answered = false;
  {
    std::unique_lock lock{mutex_};
    all_answered = all_gone_.wait_for(lock, timeout, [this] {
      return busy_.empty() && returned_.empty() && waiting_count_ == 0;
    });
    // A worker that writes or reads comes back with an error.
    for (const int descriptor : busy_) shutdown(descriptor, SHUT_RDWR);
  }
  cut_ = true;
  wake();
  thread_.join();
  return all_answered;
}

void ConnectionLoop::give_back(std::unique_ptr<HttpConnection> connection, Next next) {
  const std::scoped_lock lock{mutex_};
  busy_.erase(connection->descriptor());
  if (next == Next::close || cut_) {
    connection.reset();
    all_gone_.notify_all();
    return;
  }
  returned_.emplace_back(std::move(connection), next);
  wake();
}

void ConnectionLoop::run() {
  std::array<epoll_event, 64> events{};
  Clock::time_point next_look = Clock::now() + kTick;
  while (!cut_) {
    const bool ticks = !waiting_.empty() || !listener_is_watched_;
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                 ticks ? static_cast<int>(kTick.count()) : -1);
    for (int i = 0; i < ready; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == wake_) {
        take_back();
      } else if (descriptor == listener_) {
        accept_all();
      } else {
        on_readable(descriptor);
      }
    }
    if (stopping_) close_what_waits(/*all=*/false);
    if (Clock::now() < next_look) continue;
    end_overdue(Clock::now());
    if (!stopping_) watch_listener(true);
    next_look = Clock::now() + kTick;
  }
  close_what_waits(/*all=*/true);
}

void ConnectionLoop::accept_all() {
  bool out_of_descriptors = false;
  while (auto accepted = accept_from(listener_, out_of_descriptors)) {
    accept_one(accepted->descriptor, std::move(accepted->remote_address));
  }
  // Looked at again with the next tick; until then the loop must not turn for nothing.
  if (out_of_descriptors) watch_listener(false);
}

void ConnectionLoop::accept_one(int descriptor, std::string remote_address) {
  auto connection = std::make_unique<HttpConnection>(descriptor, std::move(remote_address));
  std::size_t open = waiting_.size();
  {
    const std::scoped_lock lock{mutex_};
    open += busy_.size() + returned_.size();
  }
  if (open < static_cast<std::size_t>(options_.connections_max)) {
    return wait_on(std::move(connection), Phase::idle, options_.read_timeout);
  }
  count_refused(errors::kBusy);
  connection->write_without_waiting(
      refusal_bytes({&errors::kBusy, "there are too many connections"}));
}

// Connections that workers have given back.
void ConnectionLoop::take_back() {
  std::uint64_t times = 0;
  static_cast<void>(read(wake_, &times, sizeof times));
  std::vector<std::pair<std::unique_ptr<HttpConnection>, Next>> returned;
  {
    const std::scoped_lock lock{mutex_};
    returned.swap(returned_);
  }
  for (auto& [connection, next] : returned) {
    const int descriptor = connection->descriptor();
    if (next == Next::linger) {
      connection->finish_writing();
      wait_on(std::move(connection), Phase::lingering, kLingerMax);
    } else {
      const bool has_more = !connection->buffer().empty();
      wait_on(std::move(connection), Phase::idle, kIdleMax);
      if (has_more) advance(waiting_.at(descriptor));
    }
  }
}

void ConnectionLoop::wait_on(std::unique_ptr<HttpConnection> connection, Phase phase,
                             milliseconds timeout) {
  const int descriptor = connection->descriptor();
  Waiting waiting{
      .connection = std::move(connection), .phase = phase, .deadline = Clock::now() + timeout};
  waiting_.emplace(descriptor, std::move(waiting));
  watch(epoll_, descriptor);
  gauge(kConnections, static_cast<double>(waiting_.size()), {{"state", "waiting"}});
  const std::scoped_lock lock{mutex_};
  waiting_count_ = waiting_.size();
}

void ConnectionLoop::on_readable(int descriptor) {
  const auto found = waiting_.find(descriptor);
  if (found == waiting_.end()) return;
  Waiting& waiting = found->second;
  switch (waiting.connection->read_ahead()) {
    case HttpConnection::Read::nothing_yet:
      return;
    case HttpConnection::Read::closed:
      return forget(descriptor);
    case HttpConnection::Read::some:
      break;
  }
  if (waiting.phase != Phase::lingering) return advance(waiting);
  waiting.dropped_bytes += waiting.connection->buffer().size();
  waiting.connection->buffer().clear();
  if (waiting.dropped_bytes > kLingerBytesMax) forget(descriptor);
}

void ConnectionLoop::advance(Waiting& waiting) {
  if (waiting.phase == Phase::idle) {
    waiting.phase = Phase::head;
    waiting.deadline = Clock::now() + options_.read_timeout;
  }
  if (waiting.phase == Phase::head) return take_head(waiting);
  if (waiting.connection->buffer().size() >= waiting.body_bytes) {
    hand_over(waiting, std::nullopt);
  }
}

void ConnectionLoop::take_head(Waiting& waiting) {
  std::string& buffer = waiting.connection->buffer();
  drop_leading_empty_lines(buffer);
  const std::size_t end = end_of_head(buffer);
  if (end == std::string_view::npos && buffer.size() <= kHeadBytesMax) return;
  // What is too long for a head is refused by its length.
  auto head = parse_request_head(std::string_view{buffer}.substr(0, end));
  if (!head) return hand_over(waiting, std::move(head).error());
  buffer.erase(0, end);
  waiting.head = *std::move(head);
  plan_body(waiting);
}

void ConnectionLoop::plan_body(Waiting& waiting) {
  const std::uint64_t length = waiting.head.content_length.value_or(0);
  const BodyPlan plan = callbacks_.plan(waiting.head);
  if (length > plan.bytes_max) {
    return hand_over(waiting,
                     Error{&errors::kTooLarge,
                           "the body may have " + std::to_string(plan.bytes_max) + " bytes here"});
  }
  if (!plan.read_first || waiting.connection->buffer().size() >= length) {
    waiting.body_bytes = plan.read_first ? length : 0;
    return hand_over(waiting, std::nullopt);
  }
  if (waiting_bodies_bytes_ + length > kWaitingBodiesBytesMax) {
    return hand_over(waiting, Error{&errors::kBusy, "too many bodies are on their way"});
  }
  if (waiting.head.expects_continue) waiting.connection->write_continue();
  waiting.phase = Phase::body;
  waiting.body_bytes = length;
  waiting_bodies_bytes_ += length;
  waiting.deadline =
      Clock::now() + options_.read_timeout + milliseconds{length * 1'000 / kBytesPerSecondMin};
}

// `waiting` is gone afterwards.
void ConnectionLoop::hand_over(Waiting& waiting, std::optional<Error> refusal) {
  const int descriptor = waiting.connection->descriptor();
  if (refusal) count_refused(*refusal->code);
  ArrivedRequest request{.connection = std::move(waiting.connection),
                         .head = std::move(waiting.head),
                         .refusal = std::move(refusal),
                         .body_bytes = static_cast<std::size_t>(waiting.body_bytes)};
  {
    const std::scoped_lock lock{mutex_};
    busy_.insert(descriptor);
  }
  forget(descriptor);
  if (callbacks_.serve(std::move(request))) return;
  {
    const std::scoped_lock lock{mutex_};
    busy_.erase(descriptor);
  }
  count_refused(errors::kBusy);
  request.connection->write_without_waiting(
      refusal_bytes({&errors::kBusy, "too many requests wait"}));
  request.connection->finish_writing();
  wait_on(std::move(request.connection), Phase::lingering, kLingerMax);
}

void ConnectionLoop::refuse_at_once(Waiting& waiting, const Error& error) {
  count_refused(*error.code);
  waiting.connection->write_without_waiting(refusal_bytes(error));
  waiting.connection->finish_writing();
  waiting.connection->buffer().clear();
  if (waiting.phase == Phase::body) waiting_bodies_bytes_ -= waiting.body_bytes;
  waiting.phase = Phase::lingering;
  waiting.deadline = Clock::now() + kLingerMax;
}

// Its connection, if it still has one, is closed.
void ConnectionLoop::forget(int descriptor) {
  const auto found = waiting_.find(descriptor);
  if (found->second.phase == Phase::body) waiting_bodies_bytes_ -= found->second.body_bytes;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  waiting_.erase(found);
  gauge(kConnections, static_cast<double>(waiting_.size()), {{"state", "waiting"}});
  const std::scoped_lock lock{mutex_};
  waiting_count_ = waiting_.size();
  all_gone_.notify_all();
}

void ConnectionLoop::end_overdue(Clock::time_point now) {
  std::vector<int> gone;
  for (auto& [descriptor, waiting] : waiting_) {
    if (now < waiting.deadline) continue;
    if (waiting.phase == Phase::head || waiting.phase == Phase::body) {
      refuse_at_once(waiting, {&errors::kRequestTimeout, "the request is not complete"});
    } else {
      gone.push_back(descriptor);
    }
  }
  for (const int descriptor : gone) forget(descriptor);
}

// While stopping, requests that are arriving may still arrive; who asks nothing goes.
void ConnectionLoop::close_what_waits(bool all) {
  watch_listener(false);
  if (listener_ >= 0) close(std::exchange(listener_, -1));
  std::vector<int> gone;
  for (const auto& [descriptor, waiting] : waiting_) {
    const bool asks = waiting.phase == Phase::head || waiting.phase == Phase::body;
    if (all || !asks) gone.push_back(descriptor);
  }
  for (const int descriptor : gone) forget(descriptor);
  const std::scoped_lock lock{mutex_};
  if (all) returned_.clear();
  all_gone_.notify_all();
}

}  // namespace podium::http
