#include "services/gateway/capacity.hpp"

#include <algorithm>
#include <format>
#include <string>

namespace podium::gateway {
namespace {

/// How much of the wish an executor can give: 2 when all.
double share_given(const v1::Resources& executor, const v1::Resources& wish) {
  const auto share = [](double has, double wants) {
    return wants <= 0 ? 1.0 : std::min(1.0, has / wants);
  };
  return share(executor.cpu_milli(), wish.cpu_milli()) +
         share(static_cast<double>(executor.memory_bytes()),
               static_cast<double>(wish.memory_bytes()));
}

std::string cpu_text(std::uint32_t milli) {
  return std::format("{:g}", milli / 1000.0);
}

std::string memory_text(std::uint64_t bytes) {
  return std::format("{}Mi", bytes / (1024 * 1024));
}

}  // namespace

void cut_to_capacity(const std::vector<v1::Resources>& executors, RunRequest& request) {
  if (executors.empty() || !request.options.has_resources()) return;
  v1::Resources& wish = *request.options.mutable_resources();
  const auto& largest = *std::ranges::max_element(
      executors, {}, [&](const v1::Resources& each) { return share_given(each, wish); });
  if (wish.cpu_milli() > largest.cpu_milli()) {
    request.warnings.push_back(
        std::format("{} cpus were asked for; the largest executor has {}, which are granted.",
                    cpu_text(wish.cpu_milli()), cpu_text(largest.cpu_milli())));
    wish.set_cpu_milli(largest.cpu_milli());
  }
  if (wish.memory_bytes() > largest.memory_bytes()) {
    request.warnings.push_back(
        std::format("{} of memory were asked for; the largest executor has {}, which are granted.",
                    memory_text(wish.memory_bytes()), memory_text(largest.memory_bytes())));
    wish.set_memory_bytes(largest.memory_bytes());
  }
}

CapacityReader::CapacityReader(KeyValue& capacity) : capacity_{capacity} {}

std::vector<v1::Resources> CapacityReader::executors() {
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock lock{mutex_};
  if (read_at_.time_since_epoch().count() == 0 || now - read_at_ > kCapacityAgeMax) {
    // Without an answer a job is better accepted as it was asked for than refused.
    executors_ = read().value_or(std::vector<v1::Resources>{});
    read_at_ = now;
  }
  return executors_;
}

Result<std::vector<v1::Resources>> CapacityReader::read() {
  std::vector<v1::Resources> executors;
  for (const std::string& key : PODIUM_TRY(capacity_.keys())) {
    const auto entry = PODIUM_TRY(capacity_.get(key));
    v1::ExecutorCapacity capacity;
    if (!entry || entry->deleted || !capacity.ParseFromString(entry->value)) continue;
    executors.push_back(capacity.total());
  }
  return executors;
}

}  // namespace podium::gateway
