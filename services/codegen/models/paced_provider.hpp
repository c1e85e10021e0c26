// A provider that keeps the vendor's pace: one account for all jobs of the process, bounded calls
// under way, and repeats with growing delay for what may pass. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/models/model_endpoint.hpp"
#include "services/codegen/models/model_limits.hpp"
#include "services/codegen/models/pace.hpp"

namespace podium::codegen::models {

struct PacedProviderOptions {
  /// Calls under way at once; more of them wait.
  int calls_max = kCallsMax;
  /// A number in [0, 1) by chance; called on many threads. Empty takes the machine's.
  std::function<double()> chance{};
};

class PacedProvider final : public ModelProvider {
 public:
  /// `endpoint` and `clock` must outlive it.
  PacedProvider(ModelEndpoint& endpoint, ModelClock& clock, PacedProviderOptions options = {});

  /// RATE_LIMITED also when the pace leaves no place before the deadline or within kWaitMax,
  /// without having asked. When the next try would begin past the deadline, the last error is given
  /// back at once.
  Result<ModelReply> complete(const ModelRequest& request, const OnProgress& on_progress) override;
  std::string_view name() const override { return endpoint_.name(); }

 private:
  /// Waits for a place; the call's number.
  Result<std::uint64_t> enter(const ModelRequest& request, const OnProgress& on_progress);
  void leave(std::uint64_t call, const RateLimits& rates,
             std::optional<std::chrono::milliseconds> hold);
  Result<void> pause(std::chrono::milliseconds delay, const ModelRequest& request);
  ModelProgress progress(ModelProgress::Kind kind, const ModelRequest& request) const;

  ModelEndpoint& endpoint_;
  ModelClock& clock_;
  std::function<double()> chance_;
  std::mutex mutex_;
  /// A call has ended, or something about the pace has changed.
  std::condition_variable_any changed_;
  /// Under mutex_.
  Pace pace_;
};

}  // namespace podium::codegen::models
