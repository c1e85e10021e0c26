// SearchStore on the key-value bucket `searches`.
#pragma once

#include <functional>
#include <memory>

#include "libs/chassis/bus/bus.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class KeyValueSearchStore final : public SearchStore {
 public:
  explicit KeyValueSearchStore(std::unique_ptr<KeyValue> bucket);

  Result<std::optional<Entry>> get(std::string_view job_id) override;
  Result<std::uint64_t> create(const v1::SearchState& state) override;
  Result<std::uint64_t> update(const v1::SearchState& state, std::uint64_t revision) override;

  /// Lets the observers observe every state there is and every change, from one thread, until
  /// destroyed.
  template <typename... Observers>
  Result<std::unique_ptr<Subscription>> watch(Observers&... observers) {
    return watch_states([&](const v1::SearchState& state) { (observers.observe(state), ...); });
  }

 private:
  Result<std::unique_ptr<Subscription>> watch_states(
      std::function<void(const v1::SearchState& state)> on_state);

  std::unique_ptr<KeyValue> bucket_;
};

/// NOT_FOUND without the bucket. `bus` must outlive it.
Result<std::unique_ptr<KeyValueSearchStore>> open_search_store(Bus& bus);

}  // namespace podium::codegen
