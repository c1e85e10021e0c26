// The port through which codegen asks language models, and the values that go through it. Adapters
// for the vendors' wire formats, the pacing and the failover stand beside it. Values belong to
// their owner; a ModelProvider is called by many threads at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/models/model_errors.hpp"

namespace podium::codegen::models {

using SteadyTime = std::chrono::steady_clock::time_point;

enum class Role { user, assistant };

struct ModelMessage {
  Role role = Role::user;
  /// UTF-8, not empty; bytes that are not UTF-8 are replaced.
  std::string text{};
  /// The prompt up to here comes again in later calls: vendors that want a mark get one.
  bool cache_to_here = false;
};

struct ModelRequest {
  /// As the provider names it.
  std::string model{};
  /// May be empty.
  std::string system{};
  /// The system text comes again in later calls.
  bool cache_system = false;
  /// The first and the last are the user's: today's models refuse to go on from words put into
  /// their mouth.
  std::vector<ModelMessage> messages{};
  /// Reasoning counts too. A provider whose model can do less is asked for less.
  std::uint32_t max_output_tokens = 32'000;
  /// 0 to 1 or 2. Sent only when set; dropped for models that refuse it.
  std::optional<double> temperature{};
  /// Ends the call with STOPPED, at once.
  std::stop_token stop{};
  /// Of all tries together; TIMEOUT beyond.
  SteadyTime deadline = SteadyTime::max();
};

enum class StopReason {
  finished,   ///< The model said all it wanted.
  truncated,  ///< Cut at the token or context limit, or for a reason we do not know: incomplete.
  refused,    ///< The model would not do it; `stop_detail` has its words where it gave any.
  filtered,   ///< The vendor's filter cut the answer.
};
std::string_view to_string(StopReason reason);

/// Tokens of one call.
struct ModelUsage {
  /// The whole prompt, what came from or went into the cache included.
  std::uint64_t input_tokens = 0;
  /// Of input_tokens: read from the cache.
  std::uint64_t cached_tokens = 0;
  /// Of input_tokens: written to the cache.
  std::uint64_t cache_written_tokens = 0;
  /// All that the model wrote, reasoning included.
  std::uint64_t output_tokens = 0;
  /// Of output_tokens: reasoning, where the vendor tells.
  std::uint64_t reasoning_tokens = 0;
  /// The vendor did not tell (all of) it: reckoned from bytes, see estimate_tokens().
  bool estimated = false;

  bool empty() const { return input_tokens == 0 && output_tokens == 0; }
  bool operator==(const ModelUsage&) const = default;
};

/// Tokens of a text when nobody counted: a token for each three bytes, more than usual text has, so
/// that caps hold.
std::uint64_t estimate_tokens(std::uint64_t bytes);
/// Bytes of all texts of a request.
std::uint64_t prompt_bytes(const ModelRequest& request);

struct ModelReply {
  /// May be empty: a refusal, or all tokens went into reasoning. Without a leading <think> part.
  std::string text{};
  StopReason stop_reason = StopReason::finished;
  /// The vendor's own word for it, and what a refusal said.
  std::string stop_detail{};
  /// Of the try that answered; see ModelProgress for those that failed.
  ModelUsage usage{};
  /// Who answered: ModelProvider::name() of the innermost provider, and the model as it names
  /// itself.
  std::string provider{};
  std::string model{};
  /// The vendor's id of the call, for its support; may be empty.
  std::string request_id{};
  /// Of the try that answered, from sending to the end.
  double seconds = 0;
};

/// What happens while a call is under way.
struct ModelProgress {
  enum class Kind {
    text,     ///< More text has come.
    waiting,  ///< The call waits `wait` for its pace or before it is repeated.
    failed,   ///< A try failed: its text is void, its `usage` (often none) is paid all the same.
  };
  Kind kind = Kind::text;
  std::string_view provider{};
  std::string_view model{};
  /// Of kind text: the piece (a view that ends with the callback), and the bytes of this try so
  /// far, reasoning included.
  std::string_view piece{};
  std::uint64_t bytes = 0;
  std::chrono::milliseconds wait{0};
  ModelUsage usage{};
  /// Of kinds waiting and failed: why, for people.
  std::string_view why{};
};
/// Called on the caller's thread; may be empty. What a call costs in all is its reply's usage plus
/// that of every `failed`.
using OnProgress = std::function<void(const ModelProgress& progress)>;

/// Answers prompts. Thread-safe.
class ModelProvider {
 public:
  virtual ~ModelProvider() = default;
  /// Blocks until the answer is whole. Truncated, refused and filtered answers are successes: they
  /// were paid for. Errors: those of model_errors.hpp, TIMEOUT past the deadline, STOPPED.
  /// Repeating a call is safe but paid again.
  virtual Result<ModelReply> complete(const ModelRequest& request,
                                      const OnProgress& on_progress) = 0;
  /// For logs, spans and reports.
  virtual std::string_view name() const = 0;
};

}  // namespace podium::codegen::models
