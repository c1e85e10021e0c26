#include "services/codegen/calls/model_caller.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "libs/chassis/log.hpp"
#include "libs/chassis/trace.hpp"
#include "services/codegen/calls/call_errors.hpp"
#include "services/codegen/calls/call_limits.hpp"
#include "services/codegen/models/model_limits.hpp"

namespace podium::codegen {
namespace {

using models::ModelProgress;
using models::ModelUsage;

/// Beats for a claim until it is destroyed, and stops the call when it is lost or not wanted.
class ClaimKeeper {
 public:
  ClaimKeeper(CallClaims& claims, const CallKey& key, CallClaim claim, const CallOptions& options)
      : claims_{claims},
        key_{key},
        claim_{std::move(claim)},
        wanted_{options.wanted},
        outer_{options.stop, [this] { stop_.request_stop(); }},
        thread_{[this](const std::stop_token& stop) { run(stop); }} {}

  std::stop_token token() const { return stop_.get_token(); }

  /// Ends the beats; the claim as it is now, and whether the answer still is of use.
  CallClaim finish() {
    thread_.request_stop();
    thread_.join();
    return claim_;
  }
  /// Another process has taken the call over.
  bool lost() const { return lost_; }
  /// Nobody waits for the answer any more.
  bool unwanted() const { return unwanted_; }

 private:
  void run(const std::stop_token& stop) {
    while (pause_for(kClaimBeat, stop)) {
      auto beaten = claims_.beat(key_, claim_);
      if (beaten) claim_ = *beaten;
      lost_ = !beaten && beaten.error().is(errors::kConflict);
      unwanted_ = wanted_ && !wanted_();
      if (lost_ || unwanted_) {
        stop_.request_stop();
        return;
      }
    }
  }

  CallClaims& claims_;
  const CallKey& key_;
  CallClaim claim_;
  std::function<bool()> wanted_;
  std::atomic<bool> lost_ = false;
  std::atomic<bool> unwanted_ = false;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outer_;
  std::jthread thread_;
};

void add(ModelUsage& sum, const ModelUsage& more) {
  sum.input_tokens += more.input_tokens;
  sum.cached_tokens += more.cached_tokens;
  sum.cache_written_tokens += more.cache_written_tokens;
  sum.output_tokens += more.output_tokens;
  sum.reasoning_tokens += more.reasoning_tokens;
  sum.estimated = sum.estimated || more.estimated;
}

/// Adds what a try came to, whether it answered or failed. Gateways give models names of their own:
/// then the price of the one that was asked for counts.
void charge(CallRecord& record, const models::PriceList& prices, std::string_view model,
            std::string_view asked_model, const ModelUsage& usage) {
  if (usage.empty()) return;
  add(record.usage, usage);
  auto cost = prices.cost_micro_usd(model, usage);
  if (!cost) cost = prices.cost_micro_usd(asked_model, usage);
  if (cost) {
    record.cost_micro_usd += *cost;
  } else {
    record.cost_unknown = true;
  }
}

/// Nothing but a person can mend these.
bool is_final(const Error& error) {
  using namespace models::model_errors;  // NOLINT(google-build-using-namespace)
  return error.is(kKeyRefused) || error.is(kNoMoney) || error.is(kModelUnknown) ||
         error.is(call_errors::kPriceUnknown) || error.is(call_errors::kTokensSpent) ||
         error.is(call_errors::kMoneySpent);
}

CallRecord failed(CallRecord record, const Error& error) {
  const bool late = error.is(errors::kTimeout);
  record.failure = late ? call_errors::kTimedOut.name : error.code->name;
  record.failure_detail = error.detail;
  record.models_off = is_final(error);
  return record;
}

CallRecord answered(CallRecord record, models::ModelReply reply) {
  record.text = std::move(reply.text);
  record.stop = reply.stop_reason;
  record.stop_detail = std::move(reply.stop_detail);
  record.provider = std::move(reply.provider);
  record.model = std::move(reply.model);
  record.request_id = std::move(reply.request_id);
  record.seconds = reply.seconds;
  return record;
}

Span call_span(const CallKey& key, const Prompt& prompt, std::string_view provider,
               const models::ModelRequest& request, std::string_view traceparent) {
  return start_span("chat " + request.model, SpanKind::client, traceparent,
                    {{"gen_ai.operation.name", "chat"},
                     {"gen_ai.provider.name", std::string{provider}},
                     {"gen_ai.request.model", request.model},
                     {"gen_ai.request.max_tokens", std::uint64_t{request.max_output_tokens}},
                     {"gen_ai.conversation.id", key.job},
                     {"podium.candidate.id", key.candidate},
                     {"podium.prompt.template", prompt.name}});
}

void tell(Span& span, const CallRecord& record) {
  span.set("gen_ai.usage.input_tokens", record.usage.input_tokens);
  span.set("gen_ai.usage.output_tokens", record.usage.output_tokens);
  span.set("gen_ai.usage.cache_read.input_tokens", record.usage.cached_tokens);
  span.set("podium.cost_micro_usd", record.cost_micro_usd);
  if (!record.failure.empty()) return span.fail(record.failure, record.failure_detail);
  span.set("gen_ai.response.model", record.model);
  span.set("gen_ai.response.id", record.request_id);
  span.set("gen_ai.response.finish_reasons", std::string{to_string(record.stop)});
}

models::OnProgress listen(CallRecord& record, const models::PriceList& prices,
                          const models::ModelRequest& request, Span& span,
                          const CallOptions& options) {
  return [&record, &prices, &request, &span, &options](const ModelProgress& progress) {
    if (progress.kind == ModelProgress::Kind::failed) {
      charge(record, prices, progress.model, request.model, progress.usage);
      span.event("try failed", {{"error.message", std::string{progress.why}}});
    }
    if (progress.kind == ModelProgress::Kind::text && options.on_progress) {
      options.on_progress(progress.bytes);
    }
  };
}

}  // namespace

Result<Call> ModelCaller::call(const CallKey& key, const std::function<Result<Prompt>()>& write,
                               const CallOptions& options) {
  auto prompt = PODIUM_TRY(prompt_of(key, write));
  if (auto stored = PODIUM_TRY(journal_.reply(key))) {
    return Call{.prompt = std::move(prompt), .record = *std::move(stored)};
  }
  auto held = PODIUM_TRY(wait_for_claim(key, options));
  if (held.answered) return Call{.prompt = std::move(prompt), .record = *std::move(held.answered)};
  auto record = PODIUM_TRY(ask(key, prompt, held.claim, options));
  // Who took the call over meanwhile may have told its answer already.
  if (auto stored = PODIUM_TRY(journal_.reply(key))) record = *std::move(stored);
  PODIUM_TRY(save(key, record, options.stop));
  return Call{.prompt = std::move(prompt), .record = std::move(record)};
}

/// What was paid is not thrown away for a store that is away for a moment.
Result<void> ModelCaller::save(const CallKey& key, const CallRecord& record,
                               const std::stop_token& stop) {
  auto saved = journal_.save(key, record);
  for (int tries = 1; !saved && tries < kSaveTriesMax; ++tries) {
    if (!pause_for(kClaimLook, stop)) break;
    saved = journal_.save(key, record);
  }
  return saved;
}

Result<Prompt> ModelCaller::prompt_of(const CallKey& key,
                                      const std::function<Result<Prompt>()>& write) {
  if (auto stored = PODIUM_TRY(journal_.prompt(key))) return *std::move(stored);
  auto prompt = PODIUM_TRY(write());
  PODIUM_TRY(journal_.save(key, prompt));
  return prompt;
}

Result<ModelCaller::Held> ModelCaller::wait_for_claim(const CallKey& key,
                                                      const CallOptions& options) {
  for (;;) {
    const auto claim = PODIUM_TRY(claims_.take(key));
    // Who held the claim may have answered before it was taken.
    auto answered = PODIUM_TRY(journal_.reply(key));
    if (claim || answered) {
      return Held{.claim = claim.value_or(CallClaim{}), .answered = std::move(answered)};
    }
    if (clock_.now() >= options.deadline) {
      return fail(call_errors::kNotWanted, "the time is up while another process asks");
    }
    if (options.wanted && !options.wanted()) return fail(call_errors::kNotWanted, "the job ended");
    if (!pause_for(kClaimLook, options.stop)) return fail(errors::kStopped, "stopping");
  }
}

Result<CallRecord> ModelCaller::ask(const CallKey& key, const Prompt& prompt,
                                    const CallClaim& claim, const CallOptions& options) {
  if (claim.takes > kCallTakesMax) {
    return failed({}, Error{&call_errors::kCallLost, "after " + std::to_string(claim.takes - 1)});
  }
  models::ModelRequest request{.model = roster_.model_of(options.choice),
                               .system = prompt.system,
                               .cache_system = true,
                               .messages = prompt.messages,
                               .deadline = options.deadline};
  const auto allowed = output_tokens_allowed(roster_.prices(), request.model, prompt, options);
  if (!allowed) return failed({}, allowed.error());
  request.max_output_tokens = *allowed;

  auto span =
      call_span(key, prompt, roster_.provider_of(options.choice), request, options.traceparent);
  ClaimKeeper keeper{claims_, key, claim, options};
  request.stop = keeper.token();
  CallRecord record;
  auto reply = roster_.complete(options.choice, request,
                                listen(record, roster_.prices(), request, span, options));
  const auto last = keeper.finish();
  if (!reply && reply.error().is(errors::kStopped)) {
    span.fail("STOPPED", "the call was given up");
    if (keeper.unwanted()) return fail(call_errors::kNotWanted, "the job ended during the call");
    if (keeper.lost()) return fail(errors::kConflict, "another process asks the model now");
    if (const auto released = claims_.release(key, last); !released) {
      log_warning("a claim could not be released", {{"error", released.error().text()}});
    }
    return std::unexpected{reply.error()};
  }
  if (reply) {
    charge(record, roster_.prices(), reply->model, request.model, reply->usage);
    record = answered(std::move(record), *std::move(reply));
  } else {
    record = failed(std::move(record), reply.error());
  }
  tell(span, record);
  return record;
}

Result<std::uint32_t> output_tokens_allowed(const models::PriceList& prices, std::string_view model,
                                            const Prompt& prompt, const CallOptions& options) {
  std::uint64_t bytes = prompt.system.size();
  for (const auto& message : prompt.messages) bytes += message.text.size();
  const auto asked = models::estimate_tokens(bytes);
  std::uint64_t allowed = options.output_tokens_max;
  if (options.tokens_left > 0) {
    if (options.tokens_left < asked + models::kOutputTokensMin) {
      return fail(call_errors::kTokensSpent,
                  std::format("{} tokens are left and the prompt alone takes about {}",
                              options.tokens_left, asked));
    }
    allowed = std::min(allowed, options.tokens_left - asked);
  }
  if (options.cost_micro_usd_left > 0) {
    const auto price = prices.price_of(model);
    if (!price) return fail(call_errors::kPriceUnknown, std::string{model});
    // Prices are in nano-USD a token.
    const auto left = options.cost_micro_usd_left * 1000 -
                      static_cast<std::int64_t>(asked) * std::max(price->input, price->cache_write);
    const auto affordable =
        price->output > 0 ? left / price->output : std::int64_t{options.output_tokens_max};
    if (affordable < std::int64_t{models::kOutputTokensMin}) {
      return fail(call_errors::kMoneySpent,
                  std::format("{} millionths of a dollar are left", options.cost_micro_usd_left));
    }
    allowed = std::min(allowed, static_cast<std::uint64_t>(affordable));
  }
  return static_cast<std::uint32_t>(allowed);
}

}  // namespace podium::codegen
