// The account of what runs on this executor use together. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>

#include "podium/v1/run.pb.h"
#include "services/executor/grant.hpp"

namespace podium::executor {

class SlotAccount {
 public:
  explicit SlotAccount(const Capacity& capacity) : capacity_{capacity} {}

  /// Takes a slot with these limits if it fits beside what is taken; alone a run always fits.
  bool try_take(const v1::RunLimits& limits);
  /// Takes it in any case: for runs that go on already. The account may then be overdrawn.
  void take(const v1::RunLimits& limits);
  void give_back(const v1::RunLimits& limits);

  /// True when a ticket of the usual size (one slot's share) would find room.
  bool has_room() const;

  struct Free {
    int slots = 0;
    std::uint32_t cpu_milli = 0;
    std::uint64_t memory_bytes = 0;
  };
  Free free() const;
  const Capacity& capacity() const { return capacity_; }

 private:
  struct Taken {
    int slots = 0;
    std::int64_t cpu_milli = 0;
    std::int64_t memory_bytes = 0;
  };
  Free free_locked() const;
  void add_locked(const v1::RunLimits& limits, int sign);

  const Capacity capacity_;
  mutable std::mutex mutex_;
  Taken taken_;  // guarded by mutex_
};

}  // namespace podium::executor
