#include "services/codegen/models/failover_provider.hpp"

namespace podium::codegen::models {

FailoverProvider::FailoverProvider(std::vector<ProviderChoice> choices, ModelClock& clock)
    : choices_{std::move(choices)}, clock_{clock}, rests_{choices_.size()} {}

Result<ModelReply> FailoverProvider::complete(const ModelRequest& request,
                                              const OnProgress& on_progress) {
  std::vector<std::size_t> order;
  {
    const std::lock_guard lock{mutex_};
    order = rests_.order(clock_.now());
  }
  std::vector<Error> failed;
  for (const std::size_t index : order) {
    const ProviderChoice& choice = choices_[index];
    ModelRequest asked = request;
    if (!choice.model.empty()) asked.model = choice.model;
    auto reply = choice.provider->complete(asked, on_progress);
    if (!reply && !another_may_help(reply.error())) return reply;
    const std::lock_guard lock{mutex_};
    if (reply) {
      rests_.answered(index);
      return reply;
    }
    rests_.failed(index, reply.error(), clock_.now());
    failed.push_back(std::move(reply).error());
  }
  return std::unexpected{combined(failed)};
}

}  // namespace podium::codegen::models
