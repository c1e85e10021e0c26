#include "services/tracker/verbs.hpp"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <format>
#include <print>

namespace podium::tracker {
namespace {

// A service takes them itself, in order to drain; a verb that is safe to break off need not.
void let_signals_end_the_program() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace

Verb verb_of(int argc, char** argv, std::map<std::string, Verb> verbs) {
  const std::string name = argc > 1 ? argv[1] : "";
  const auto found = verbs.find(name);
  if (found == verbs.end() || argc > 2) {
    std::string known;
    for (const auto& [other, verb] : verbs) known += other.empty() ? "" : " " + other;
    return [known](Service&) -> Result<void> {
      return fail(errors::kConfiguration,
                  std::format("give podium-tracker no argument, or one of:{}", known));
    };
  }
  if (name.empty()) return found->second;
  return [verb = found->second](Service& service) {
    let_signals_end_the_program();
    return verb(service);
  };
}

Result<void> print(const RebuildReport& report) {
  const double rate = static_cast<double>(report.messages) / std::max(report.seconds, 0.001);
  std::println("rebuilt the projection: {} events in {:.1f} s ({:.0f} events/s), {} anomalies",
               report.messages, report.seconds, rate, report.anomalies);
  std::println("{} rows were not what the archive says; {} events were recovered from the stream",
               report.rows_changed, report.recovered);
  return {};
}

}  // namespace podium::tracker
