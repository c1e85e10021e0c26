#include "services/gateway/testing/sse_reader.hpp"

#include <sstream>

namespace podium::gateway::testing {
namespace {

constexpr std::chrono::seconds kWaitMax{60};

std::optional<SseFrame> frame_of(const std::string& text) {
  std::istringstream lines{text};
  SseFrame frame;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("id: ")) frame.id = std::stoull(line.substr(4));
    if (line.starts_with("event: ")) frame.event = line.substr(7);
    if (line.starts_with("data: ")) frame.data = line.substr(6);
  }
  if (frame.event.empty()) return std::nullopt;
  return frame;
}

}  // namespace

SseReader::SseReader(std::string url, std::optional<std::uint64_t> last_event_id)
    : reader_{[this, url = std::move(url), last_event_id](const std::stop_token& stop) {
        HttpCall call;
        call.url = url;
        call.total_timeout = std::chrono::milliseconds{0};
        call.stop = stop;
        if (last_event_id) {
          call.headers = {{"Last-Event-ID", std::to_string(*last_event_id)}};
        }
        call.on_body = [this](std::string_view piece) {
          take(piece);
          return true;
        };
        const auto answer = send_http(call);
        const std::scoped_lock lock{mutex_};
        ended_ = true;
        status_ = answer ? answer->status : 0;
        changed_.notify_all();
      }} {}

SseReader::~SseReader() = default;

void SseReader::take(std::string_view piece) {
  rest_ += piece;
  const std::scoped_lock lock{mutex_};
  open_ = true;
  for (auto end = rest_.find("\n\n"); end != std::string::npos; end = rest_.find("\n\n")) {
    if (auto frame = frame_of(rest_.substr(0, end))) frames_.push_back(*std::move(frame));
    rest_.erase(0, end + 2);
  }
  changed_.notify_all();
}

std::vector<SseFrame> SseReader::wait(
    const std::function<bool(const std::vector<SseFrame>& frames)>& enough) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, kWaitMax, [&] { return ended_ || enough(frames_); });
  return frames_;
}

bool SseReader::wait_until_open() {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, kWaitMax, [&] { return open_ || ended_; });
  return open_;
}

std::vector<SseFrame> SseReader::wait_for_end() {
  return wait([](const std::vector<SseFrame>&) { return false; });
}

int SseReader::status() {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, kWaitMax, [&] { return ended_; });
  return status_;
}

std::vector<std::string> names_of(const std::vector<SseFrame>& frames) {
  std::vector<std::string> names;
  for (const auto& frame : frames) names.push_back(frame.event);
  return names;
}

}  // namespace podium::gateway::testing
