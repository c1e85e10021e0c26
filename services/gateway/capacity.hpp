// What the executors can take, and how a request is cut to it: a job larger than any executor gets
// the largest one rather than waiting for ever. Thread-safe.
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/search.pb.h"
#include "services/gateway/run_request.hpp"

namespace podium::gateway {

/// Cuts the request's resources to the executor that can give most of them and adds a warning for
/// each cut. Changes nothing when one executor can give all, or when none is known. Pure.
void cut_to_capacity(const std::vector<v1::Resources>& executors, RunRequest& request);

/// Reads bucket `capacity`, at most once in kCapacityAgeMax.
class CapacityReader {
 public:
  static constexpr std::chrono::seconds kCapacityAgeMax{2};

  explicit CapacityReader(KeyValue& capacity);

  /// The whole size of every executor that beats; empty when none does or the broker is away.
  std::vector<v1::Resources> executors();

 private:
  Result<std::vector<v1::Resources>> read();

  KeyValue& capacity_;
  std::mutex mutex_;
  std::vector<v1::Resources> executors_;             // guarded by mutex_
  std::chrono::steady_clock::time_point read_at_{};  // guarded by mutex_
};

}  // namespace podium::gateway
