// JSON lines on stdout: ts, level, service, msg, then fields; trace_id, span_id and job_id come
// from the thread's LogScope. On a terminal the same as text. A text longer than 16 KiB is cut,
// bytes that are not UTF-8 are replaced. Thread-safe but for start_log(). Never give it a secret.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace podium {

/// A value of a log line's field, written as JSON text, number or boolean.
class LogValue {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a field is written as {"name", value}.
  LogValue(const char* text) : value_{std::string{text}} {}
  LogValue(std::string text) : value_{std::move(text)} {}
  LogValue(std::string_view text) : value_{std::string{text}} {}
  LogValue(bool value) : value_{value} {}
  LogValue(double value) : value_{value} {}
  template <typename Int>
    requires std::is_integral_v<Int>
  LogValue(Int value) : value_{static_cast<long long>(value)} {}
  // NOLINTEND(google-explicit-constructor)

  const std::variant<std::string, bool, double, long long>& value() const { return value_; }

 private:
  std::variant<std::string, bool, double, long long> value_;
};

using LogFields = std::initializer_list<std::pair<std::string_view, LogValue>>;

/// Sets the service's name and least level (debug, info, warning, error). Call once, at the start;
/// until then lines of level info and above come from "podium". False when there is no such level:
/// the level then stays as it was.
bool start_log(std::string_view service, std::string_view level);

void log_debug(std::string_view message, LogFields fields = {});
void log_info(std::string_view message, LogFields fields = {});
void log_warning(std::string_view message, LogFields fields = {});
void log_error(std::string_view message, LogFields fields = {});

/// While it lives, this thread's log lines carry the job and the trace; an empty text leaves its
/// field out. Scopes nest. Destroy it on the thread that made it.
class LogScope {
 public:
  LogScope(std::string job_id, std::string trace_id, std::string span_id);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

 private:
  std::string previous_[3];
};

}  // namespace podium
