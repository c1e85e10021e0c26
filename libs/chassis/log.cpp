#include "libs/chassis/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "libs/chassis/clock.hpp"

namespace podium {
namespace {

using Json = nlohmann::ordered_json;

/// Longest text of one field; the rest is cut, so that no line grows without bound.
constexpr std::size_t kTextBytesMax = 16 * 1024;

struct Scope {
  std::string job_id;
  std::string trace_id;
  std::string span_id;
};

thread_local Scope current_scope;

struct Log {
  std::string service = "podium";
  bool people_read_it = isatty(STDOUT_FILENO) == 1;
  std::shared_ptr<spdlog::logger> sink = make_sink();

  // Never destroyed: threads may log while the program ends.
  static Log& get() {
    static Log& log = *new Log{};
    return log;
  }

 private:
  static std::shared_ptr<spdlog::logger> make_sink() {
    auto logger = std::make_shared<spdlog::logger>(
        "podium", std::make_shared<spdlog::sinks::stdout_sink_mt>());
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::info);
    logger->flush_on(spdlog::level::trace);
    return logger;
  }
};

constexpr std::array kLevels{
    std::pair{std::string_view{"debug"}, spdlog::level::debug},
    std::pair{std::string_view{"info"}, spdlog::level::info},
    std::pair{std::string_view{"warning"}, spdlog::level::warn},
    std::pair{std::string_view{"error"}, spdlog::level::err},
};

std::string_view name_of(spdlog::level::level_enum level) {
  for (const auto& [name, value] : kLevels) {
    if (value == level) return name;
  }
  return "info";
}

std::string cut(std::string_view text) {
  if (text.size() <= kTextBytesMax) return std::string{text};
  return std::string{text.substr(0, kTextBytesMax)} + "... (cut)";
}

struct JsonOf {
  Json operator()(const std::string& text) const { return cut(text); }
  Json operator()(bool value) const { return value; }
  Json operator()(double value) const { return value; }
  Json operator()(long long value) const { return value; }
};

// Bytes that are not UTF-8 are replaced; a number that JSON does not have becomes null.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_line(const Log& log, std::string_view level, std::string_view message,
                      LogFields fields) {
  Json line;
  line["ts"] = rfc3339(std::chrono::system_clock::now());
  line["level"] = level;
  line["service"] = log.service;
  line["msg"] = cut(message);
  const Scope& scope = current_scope;
  if (!scope.job_id.empty()) line["job_id"] = scope.job_id;
  if (!scope.trace_id.empty()) line["trace_id"] = scope.trace_id;
  if (!scope.span_id.empty()) line["span_id"] = scope.span_id;
  for (const auto& [name, value] : fields) {
    line[std::string{name}] = std::visit(JsonOf{}, value.value());
  }
  return dump(line);
}

// Control characters stay escaped, so that what is logged cannot steer a terminal.
std::string text_line(std::string_view level, std::string_view message, LogFields fields) {
  std::string line = rfc3339(std::chrono::system_clock::now());
  line.append(" ").append(level).append(" ").append(dump(Json(cut(message))));
  for (const auto& [name, value] : fields) {
    line.append(" ").append(name).append("=");
    line.append(dump(std::visit(JsonOf{}, value.value())));
  }
  return line;
}

void write(spdlog::level::level_enum level, std::string_view message, LogFields fields) {
  const Log& log = Log::get();
  if (!log.sink->should_log(level)) return;
  const std::string line = log.people_read_it ? text_line(name_of(level), message, fields)
                                              : json_line(log, name_of(level), message, fields);
  log.sink->log(level, spdlog::string_view_t{line.data(), line.size()});
}

}  // namespace

bool start_log(std::string_view service, std::string_view level) {
  Log& log = Log::get();
  log.service = service;
  for (const auto& [name, value] : kLevels) {
    if (name != level) continue;
    log.sink->set_level(value);
    return true;
  }
  return false;
}

void log_debug(std::string_view message, LogFields fields) {
  write(spdlog::level::debug, message, fields);
}

void log_info(std::string_view message, LogFields fields) {
  write(spdlog::level::info, message, fields);
}

void log_warning(std::string_view message, LogFields fields) {
  write(spdlog::level::warn, message, fields);
}

void log_error(std::string_view message, LogFields fields) {
  write(spdlog::level::err, message, fields);
}

LogScope::LogScope(std::string job_id, std::string trace_id, std::string span_id)
    : previous_{std::move(current_scope.job_id), std::move(current_scope.trace_id),
                std::move(current_scope.span_id)} {
  current_scope = {std::move(job_id), std::move(trace_id), std::move(span_id)};
}

LogScope::~LogScope() {
  current_scope = {std::move(previous_[0]), std::move(previous_[1]), std::move(previous_[2])};
}

}  // namespace podium
