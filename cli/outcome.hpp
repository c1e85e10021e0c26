// How the client's verbs end: an exit code, and for failures three lines for a person: what, why,
// and the next command. Values only.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace podium::cli {

/// What the shell is told. Scripts rely on these numbers.
enum class Exit : int {
  ok = 0,
  error = 1,
  usage = 2,
  job_failed = 3,
  credentials = 4,
  job_cancelled = 5,
  not_found = 6,
  unreachable = 7,
  timeout = 8,
  interrupted = 130,
};

struct Failure {
  Exit exit = Exit::error;
  std::string what;
  std::string why;
  /// A command to type, or a sentence.
  std::string next;
  std::string trace_id;
};

template <typename T>
using Outcome = std::expected<T, Failure>;

inline std::unexpected<Failure> give_up(Exit exit, std::string what, std::string why,
                                        std::string next) {
  return std::unexpected{Failure{.exit = exit,
                                 .what = std::move(what),
                                 .why = std::move(why),
                                 .next = std::move(next),
                                 .trace_id = {}}};
}

}  // namespace podium::cli
