#include "services/codegen/models/testing/fake_models.hpp"

namespace podium::codegen::models::testing {

void FakeClock::wait(std::unique_lock<std::mutex>& /*lock*/,
                     std::condition_variable_any& /*changed*/, const std::stop_token& stop,
                     SteadyTime until) {
  if (stop.stop_requested() || until <= now_) return;
  waited_ += std::chrono::duration_cast<std::chrono::milliseconds>(until - now_);
  now_ = until;
}

ModelAttempt answer(std::string text) {
  ModelReply reply;
  reply.text = std::move(text);
  return {.reply = std::move(reply)};
}

ModelAttempt failure(const ErrorCode& code, RateLimits rates, ModelUsage usage) {
  return {.reply = fail(code, "as scripted"), .rates = rates, .usage = usage};
}

ModelAttempt ScriptedEndpoint::attempt(const ModelRequest& /*request*/,
                                       const OnProgress& /*on_progress*/) {
  ++calls;
  if (attempts_.empty()) return failure(errors::kInternal);
  ModelAttempt next = std::move(attempts_.front());
  attempts_.pop_front();
  return next;
}

Result<ModelReply> ScriptedProvider::complete(const ModelRequest& request,
                                              const OnProgress& /*on_progress*/) {
  models.push_back(request.model);
  if (replies_.empty()) return fail(errors::kInternal, "no more replies");
  auto next = std::move(replies_.front());
  replies_.pop_front();
  return next;
}

}  // namespace podium::codegen::models::testing
