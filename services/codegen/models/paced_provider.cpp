#include "services/codegen/models/paced_provider.hpp"

#include <format>
#include <random>

#include "services/codegen/models/repeat_rule.hpp"

namespace podium::codegen::models {
namespace {

using std::chrono::milliseconds;
using Kind = ModelProgress::Kind;

double machine_chance() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution{0.0, 1.0}(random);
}

// Whether the call may still wait for so long; the deadline may be the end of time.
bool has_time(const ModelRequest& request, SteadyTime now, milliseconds wait) {
  return now < request.deadline && wait < request.deadline - now;
}

}  // namespace

PacedProvider::PacedProvider(ModelEndpoint& endpoint, ModelClock& clock,
                             PacedProviderOptions options)
    : endpoint_{endpoint},
      clock_{clock},
      chance_{options.chance ? std::move(options.chance) : machine_chance},
      pace_{options.calls_max} {}

Result<ModelReply> PacedProvider::complete(const ModelRequest& request,
                                           const OnProgress& on_progress) {
  for (int tries = 1;; ++tries) {
    const std::uint64_t call = PODIUM_TRY(enter(request, on_progress));
    ModelAttempt attempt = endpoint_.attempt(request, on_progress);
    if (attempt.reply) {
      leave(call, attempt.rates, std::nullopt);
      return std::move(attempt.reply);
    }
    const Error& error = attempt.reply.error();
    const auto delay = repeat_delay(error, attempt.rates, tries, chance_());
    std::optional<milliseconds> hold;
    // Also when this call gives up: the others are to wait all the same.
    if (is_throttled(error)) hold = delay ? *delay : attempt.rates.retry_after.value_or(kWaitMax);
    leave(call, attempt.rates, hold);
    if (on_progress) {
      ModelProgress failed = progress(Kind::failed, request);
      failed.usage = attempt.usage;
      failed.why = error.detail;
      on_progress(failed);
    }
    if (!delay || !has_time(request, clock_.now(), *delay)) return std::unexpected{error};
    if (on_progress) {
      ModelProgress waiting = progress(Kind::waiting, request);
      waiting.wait = *delay;
      waiting.why = error.detail;
      on_progress(waiting);
    }
    PODIUM_TRY(pause(*delay, request));
  }
}

Result<std::uint64_t> PacedProvider::enter(const ModelRequest& request,
                                           const OnProgress& on_progress) {
  const std::uint64_t tokens = estimate_tokens(prompt_bytes(request));
  bool told = false;
  std::unique_lock lock{mutex_};
  while (true) {
    const SteadyTime now = clock_.now();
    if (request.stop.stop_requested()) return fail(errors::kStopped, "stopped while it waited");
    if (now >= request.deadline) {
      return fail(errors::kTimeout, std::string{name()} + ": no place before the deadline");
    }
    const auto wait = pace_.wait(tokens, now);
    if (wait && wait->count() == 0) return pace_.begin(tokens, now);
    if (wait && (*wait > kWaitMax || !has_time(request, now, *wait))) {
      return fail(model_errors::kRateLimited,
                  std::format("{}: the next call may begin in {}", name(), *wait));
    }
    if (on_progress && !std::exchange(told, true)) {
      lock.unlock();
      ModelProgress waiting = progress(Kind::waiting, request);
      waiting.wait = wait.value_or(milliseconds{0});
      waiting.why = wait ? "the provider's rates" : "as many calls as may be are under way";
      on_progress(waiting);
      lock.lock();
      continue;  // Places may have come free meanwhile.
    }
    clock_.wait(lock, changed_, request.stop, wait ? now + *wait : request.deadline);
  }
}

void PacedProvider::leave(std::uint64_t call, const RateLimits& rates,
                          std::optional<milliseconds> hold) {
  const std::lock_guard lock{mutex_};
  pace_.end(call, rates, hold, clock_.now());
  changed_.notify_all();
}

Result<void> PacedProvider::pause(milliseconds delay, const ModelRequest& request) {
  std::unique_lock lock{mutex_};
  const SteadyTime until = clock_.now() + delay;
  while (clock_.now() < until) {
    if (request.stop.stop_requested()) return fail(errors::kStopped, "stopped between two tries");
    clock_.wait(lock, changed_, request.stop, until);
  }
  return {};
}

ModelProgress PacedProvider::progress(Kind kind, const ModelRequest& request) const {
  return {.kind = kind, .provider = name(), .model = request.model};
}

}  // namespace podium::codegen::models
