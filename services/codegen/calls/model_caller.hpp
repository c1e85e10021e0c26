// Makes model calls so that a crash pays at most for those in flight: the prompt is stored first
// and used again on a repeat, a claim is taken before the call, the reply is stored before anybody
// is told. Thread-safe.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "services/codegen/calls/call_claims.hpp"
#include "services/codegen/calls/call_journal.hpp"
#include "services/codegen/calls/call_record.hpp"
#include "services/codegen/models/model_clock.hpp"
#include "services/codegen/models/model_roster.hpp"
#include "services/codegen/prompts/prompt.hpp"

namespace podium::codegen {

/// What one call may take, and who wants to know of it.
struct CallOptions {
  models::ModelChoice choice{};
  std::uint32_t output_tokens_max = 32'000;
  /// Caps of the job that are left; 0 means that there is none.
  std::uint64_t tokens_left = 0;
  std::int64_t cost_micro_usd_left = 0;
  models::SteadyTime deadline = models::SteadyTime::max();
  /// The process is to stop.
  std::stop_token stop{};
  /// False once nobody needs the answer any more; asked at every beat. May be empty.
  std::function<bool()> wanted{};
  /// Bytes that have come so far. May be empty.
  std::function<void(std::uint64_t bytes)> on_progress{};
  /// Parent of the call's span.
  std::string traceparent{};
};

struct Call {
  Prompt prompt;
  CallRecord record;
};

class ModelCaller {
 public:
  /// All must outlive it.
  ModelCaller(models::ModelRoster& roster, CallJournal& journal, CallClaims& claims,
              models::ModelClock& clock)
      : roster_{roster}, journal_{journal}, claims_{claims}, clock_{clock} {}

  /// The answer, from the store where there is one; `write` makes the prompt where none is stored.
  /// That no provider answered is a record with its failure, stored as well: a new attempt is a new
  /// call. STOPPED when the process stops, NOT_WANTED when nobody waits for the answer any more;
  /// then nothing is stored. Safe to repeat.
  Result<Call> call(const CallKey& key, const std::function<Result<Prompt>()>& write,
                    const CallOptions& options);

 private:
  struct Held {
    CallClaim claim;
    /// Another process answered while this one waited for the claim.
    std::optional<CallRecord> answered;
  };
  Result<Prompt> prompt_of(const CallKey& key, const std::function<Result<Prompt>()>& write);
  Result<void> save(const CallKey& key, const CallRecord& record, const std::stop_token& stop);
  Result<Held> wait_for_claim(const CallKey& key, const CallOptions& options);
  Result<CallRecord> ask(const CallKey& key, const Prompt& prompt, const CallClaim& claim,
                         const CallOptions& options);

  models::ModelRoster& roster_;
  CallJournal& journal_;
  CallClaims& claims_;
  models::ModelClock& clock_;
};

/// A run may need more than what is left of the job's caps: how many tokens an answer may have.
/// Errors say which cap leaves no place for a call (BUDGET_TOKENS, BUDGET_COST), or that the cap on
/// money cannot hold because the model's price is not known (MODEL_PRICE_UNKNOWN).
Result<std::uint32_t> output_tokens_allowed(const models::PriceList& prices, std::string_view model,
                                            const Prompt& prompt, const CallOptions& options);

}  // namespace podium::codegen
