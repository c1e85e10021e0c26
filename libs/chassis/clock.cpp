#include "libs/chassis/clock.hpp"

#include <google/protobuf/util/time_util.h>

#include <condition_variable>
#include <format>
#include <mutex>

namespace podium {

using std::chrono::duration_cast;
using std::chrono::floor;
using std::chrono::nanoseconds;

google::protobuf::Timestamp to_proto(TimePoint time) {
  const auto since_epoch = duration_cast<nanoseconds>(time.time_since_epoch());
  return google::protobuf::util::TimeUtil::NanosecondsToTimestamp(since_epoch.count());
}

TimePoint from_proto(const google::protobuf::Timestamp& time) {
  const std::chrono::seconds seconds{time.seconds()};
  const nanoseconds fraction{time.nanos()};
  return TimePoint{seconds} + duration_cast<TimePoint::duration>(fraction);
}

std::string rfc3339(TimePoint time) {
  return std::format("{:%FT%T}Z", floor<std::chrono::milliseconds>(time));
}

bool pause_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock{mutex};
  never.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace podium
