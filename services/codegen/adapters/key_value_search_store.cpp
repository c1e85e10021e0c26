#include "services/codegen/adapters/key_value_search_store.hpp"

#include "libs/chassis/log.hpp"

namespace podium::codegen {

KeyValueSearchStore::KeyValueSearchStore(std::unique_ptr<KeyValue> bucket)
    : bucket_{std::move(bucket)} {}

Result<std::optional<SearchStore::Entry>> KeyValueSearchStore::get(std::string_view job_id) {
  const auto found = PODIUM_TRY(bucket_->get(job_id));
  if (!found) return std::nullopt;
  Entry entry;
  entry.revision = found->revision;
  if (!entry.state.ParseFromString(found->value)) {
    return fail(errors::kInvalid, "the state of the search cannot be read");
  }
  return entry;
}

Result<std::uint64_t> KeyValueSearchStore::create(const v1::SearchState& state) {
  return bucket_->create(state.job_id(), state.SerializeAsString());
}

Result<std::uint64_t> KeyValueSearchStore::update(const v1::SearchState& state,
                                                  std::uint64_t revision) {
  return bucket_->update(state.job_id(), state.SerializeAsString(), revision);
}

Result<std::unique_ptr<Subscription>> KeyValueSearchStore::watch_states(
    std::function<void(const v1::SearchState& state)> on_state) {
  return bucket_->watch([on_state = std::move(on_state)](const KeyValue::Entry& entry) {
    if (entry.deleted) return;
    v1::SearchState state;
    if (!state.ParseFromString(entry.value)) {
      log_error("a search's state cannot be read", {{"key", entry.key}});
      return;
    }
    on_state(state);
  });
}

Result<std::unique_ptr<KeyValueSearchStore>> open_search_store(Bus& bus) {
  return std::make_unique<KeyValueSearchStore>(PODIUM_TRY(bus.bucket("searches")));
}

}  // namespace podium::codegen
