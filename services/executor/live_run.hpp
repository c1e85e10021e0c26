// A run that this executor works on right now, and the register of all of them. Tickets of one run
// may be delivered several times while it goes on; they all are settled when it ends. Thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "podium/v1/event.pb.h"
#include "services/executor/run_claims.hpp"

namespace podium::executor {

/// Why a run is to stop before its end. A later, weightier reason replaces an earlier one.
enum class StopReason {
  none,
  draining,  ///< This executor stops; the sandbox goes on.
  unwanted,  ///< The job was cancelled or has ended.
  disowned,  ///< Another engine has taken the run over.
};

/// What becomes of a ticket.
struct Settlement {
  enum class Kind { acknowledge, hand_back, terminate } kind = Kind::acknowledge;
  /// Until it is delivered again.
  std::chrono::milliseconds delay{0};
  /// Why it is never delivered again.
  std::string reason;
};

class LiveRun {
 public:
  /// `ticket` carries the context of its own handling's span: parent of all that the run causes.
  explicit LiveRun(v1::Event ticket) : ticket_{std::move(ticket)} {}

  const v1::Event& ticket() const { return ticket_; }
  const std::string& run_id() const { return ticket_.run_ticket().run_id(); }
  const std::string& job_id() const { return ticket_.job_id(); }

  void stop(StopReason reason);
  StopReason stop_reason() const;
  /// Set for any reason.
  std::stop_token stop_token() const { return stop_.get_token(); }

  /// The claim under which the run goes on; nullopt before it is taken and after it is given up.
  std::optional<HeldClaim> claim() const;
  void set_claim(std::optional<HeldClaim> claim);
  /// Exchanges the claim for what `change` makes of it, one change at a time.
  template <typename Change>
  Result<void> change_claim(const Change& change) {
    const std::scoped_lock lock{claim_mutex_};
    if (!claim_) return {};
    claim_ = PODIUM_TRY(change(*claim_));
    return {};
  }

  void add_delivery(std::unique_ptr<Delivery> delivery);
  /// How often its ticket has been delivered, at the most.
  std::uint64_t deliveries() const;
  /// Keeps the tickets ours.
  void beat_deliveries();
  void settle(const Settlement& settlement);

 private:
  const v1::Event ticket_;
  std::stop_source stop_;
  mutable std::mutex claim_mutex_;
  std::optional<HeldClaim> claim_;  // guarded by claim_mutex_
  mutable std::mutex mutex_;
  StopReason stop_reason_ = StopReason::none;          // guarded by mutex_
  std::vector<std::unique_ptr<Delivery>> deliveries_;  // guarded by mutex_
};

class LiveRuns {
 public:
  struct Added {
    std::shared_ptr<LiveRun> run;
    bool is_new = false;
  };
  /// Notes the run, or adds the delivery (may be null) to the one that goes on already.
  Added add(v1::Event ticket, std::unique_ptr<Delivery> delivery);
  /// Takes the run out and settles its tickets.
  void finish(const LiveRun& run, const Settlement& settlement);

  bool contains(std::string_view run_id) const;
  std::vector<std::shared_ptr<LiveRun>> all() const;
  void stop_job(std::string_view job_id, StopReason reason);
  /// Stops all, and whatever is added from now on: this executor is going.
  void close();

 private:
  mutable std::mutex mutex_;
  bool closed_ = false;                                                // guarded by mutex_
  std::map<std::string, std::shared_ptr<LiveRun>, std::less<>> runs_;  // guarded by mutex_
};

}  // namespace podium::executor
