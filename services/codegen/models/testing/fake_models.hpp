// A clock that waiting moves on, and endpoints and providers that say what a test wants. Test code;
// FakeClock is for one thread.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/models/model_endpoint.hpp"

namespace podium::codegen::models::testing {

class FakeClock final : public ModelClock {
 public:
  SteadyTime now() override { return now_; }
  TimePoint wall_now() override { return TimePoint{now_.time_since_epoch()}; }
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
            const std::stop_token& stop, SteadyTime until) override;
  void pass(std::chrono::milliseconds span) { now_ += span; }
  /// How long all waits took.
  std::chrono::milliseconds waited() const { return waited_; }

 private:
  SteadyTime now_{std::chrono::hours{1}};
  std::chrono::milliseconds waited_{0};
};

ModelAttempt answer(std::string text = "ok");
ModelAttempt failure(const ErrorCode& code, RateLimits rates = {}, ModelUsage usage = {});

/// Gives its attempts one after the other; INTERNAL when there are no more. One thread.
class ScriptedEndpoint final : public ModelEndpoint {
 public:
  explicit ScriptedEndpoint(std::deque<ModelAttempt> attempts) : attempts_{std::move(attempts)} {}
  ModelAttempt attempt(const ModelRequest& request, const OnProgress& on_progress) override;
  std::string_view name() const override { return "scripted"; }

  int calls = 0;

 private:
  std::deque<ModelAttempt> attempts_;
};

/// Gives its replies one after the other and keeps the models it was asked for. One thread.
class ScriptedProvider final : public ModelProvider {
 public:
  ScriptedProvider(std::string name, std::deque<Result<ModelReply>> replies)
      : name_{std::move(name)}, replies_{std::move(replies)} {}
  Result<ModelReply> complete(const ModelRequest& request, const OnProgress& on_progress) override;
  std::string_view name() const override { return name_; }

  std::vector<std::string> models;

 private:
  std::string name_;
  std::deque<Result<ModelReply>> replies_;
};

}  // namespace podium::codegen::models::testing
