#include "services/executor/live_run.hpp"

#include <algorithm>

#include "libs/chassis/log.hpp"

namespace podium::executor {
namespace {

Result<void> settle_one(Delivery& delivery, const Settlement& settlement) {
  switch (settlement.kind) {
    case Settlement::Kind::acknowledge:
      return delivery.ack();
    case Settlement::Kind::hand_back:
      return delivery.retry_after(settlement.delay);
    case Settlement::Kind::terminate:
      return delivery.terminate(settlement.reason);
  }
  return {};
}

}  // namespace

void LiveRun::stop(StopReason reason) {
  {
    const std::scoped_lock lock{mutex_};
    stop_reason_ = std::max(stop_reason_, reason);
  }
  stop_.request_stop();
}

StopReason LiveRun::stop_reason() const {
  const std::scoped_lock lock{mutex_};
  return stop_reason_;
}

std::optional<HeldClaim> LiveRun::claim() const {
  const std::scoped_lock lock{claim_mutex_};
  return claim_;
}

void LiveRun::set_claim(std::optional<HeldClaim> claim) {
  const std::scoped_lock lock{claim_mutex_};
  claim_ = std::move(claim);
}

void LiveRun::add_delivery(std::unique_ptr<Delivery> delivery) {
  if (delivery == nullptr) return;
  const std::scoped_lock lock{mutex_};
  deliveries_.push_back(std::move(delivery));
}

std::uint64_t LiveRun::deliveries() const {
  const std::scoped_lock lock{mutex_};
  std::uint64_t most = 1;
  for (const auto& delivery : deliveries_) most = std::max(most, delivery->deliveries());
  return most;
}

void LiveRun::beat_deliveries() {
  const std::scoped_lock lock{mutex_};
  for (const auto& delivery : deliveries_) {
    if (const auto beaten = delivery->in_progress(); !beaten) {
      log_debug("a ticket's beat was not taken", {{"error", beaten.error().text()}});
    }
  }
}

void LiveRun::settle(const Settlement& settlement) {
  const std::scoped_lock lock{mutex_};
  for (const auto& delivery : deliveries_) {
    // A ticket that stays unsettled comes again and finds that its run is done.
    if (const auto settled = settle_one(*delivery, settlement); !settled) {
      log_warning("a ticket could not be settled",
                  {{"run_id", run_id()}, {"error", settled.error().text()}});
    }
  }
  deliveries_.clear();
}

LiveRuns::Added LiveRuns::add(v1::Event ticket, std::unique_ptr<Delivery> delivery) {
  const std::scoped_lock lock{mutex_};
  auto& run = runs_[ticket.run_ticket().run_id()];
  const bool is_new = run == nullptr;
  if (is_new) run = std::make_shared<LiveRun>(std::move(ticket));
  if (closed_) run->stop(StopReason::draining);
  run->add_delivery(std::move(delivery));
  return {run, is_new};
}

void LiveRuns::finish(const LiveRun& run, const Settlement& settlement) {
  std::shared_ptr<LiveRun> finished;
  {
    const std::scoped_lock lock{mutex_};
    const auto found = runs_.find(run.run_id());
    if (found == runs_.end()) return;
    finished = std::move(found->second);
    runs_.erase(found);
  }
  finished->settle(settlement);
}

bool LiveRuns::contains(std::string_view run_id) const {
  const std::scoped_lock lock{mutex_};
  return runs_.contains(run_id);
}

std::vector<std::shared_ptr<LiveRun>> LiveRuns::all() const {
  const std::scoped_lock lock{mutex_};
  std::vector<std::shared_ptr<LiveRun>> all;
  for (const auto& [run_id, run] : runs_) all.push_back(run);
  return all;
}

void LiveRuns::stop_job(std::string_view job_id, StopReason reason) {
  for (const auto& run : all()) {
    if (run->job_id() == job_id) run->stop(reason);
  }
}

void LiveRuns::close() {
  {
    const std::scoped_lock lock{mutex_};
    closed_ = true;
  }
  for (const auto& run : all()) run->stop(StopReason::draining);
}

}  // namespace podium::executor
