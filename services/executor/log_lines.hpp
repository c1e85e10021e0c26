// What a program prints, made into lines that may be shown: cut, safe, and not too many. Pure; time
// comes in as an argument. One thread each.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace podium::executor {

/// Bytes in pieces to lines. A line longer than kLogLineBytesMax is cut; what stands at a line's
/// end only to be written over (a progress bar's carriage return) ends a line as well.
class LineSplitter {
 public:
  using OnLine = std::function<void(std::string line)>;

  /// Calls back with each line that these bytes end: sanitized UTF-8 without line end.
  void feed(std::string_view bytes, const OnLine& on_line);
  /// Gives what has no line end yet.
  void finish(const OnLine& on_line);

 private:
  void end_line(const OnLine& on_line);

  std::string line_;
  bool cut_ = false;
  bool after_return_ = false;
};

/// Which lines may be published while the program runs: capped in number, bytes and rate.
class LogGate {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Answer {
    pass,
    mark_rate,  ///< The first of some that are left out because they come too fast.
    mark_end,   ///< No line is let through any more.
    drop,       ///< Left out; a mark was given before.
  };
  Answer ask(std::size_t line_bytes, Time now);

 private:
  std::uint64_t lines_ = 0;
  std::uint64_t bytes_ = 0;
  double tokens_ = 0;
  Time refilled_{};
  bool dropping_ = false;
  bool closed_ = false;
};

/// The end of what a program printed, fit to travel in an event: UTF-8, at most `bytes_max` bytes.
std::string log_tail_of(std::string_view log_end, std::size_t bytes_max);

}  // namespace podium::executor
