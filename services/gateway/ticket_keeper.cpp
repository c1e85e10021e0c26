#include "services/gateway/ticket_keeper.hpp"

#include <algorithm>
#include <ranges>

#include "libs/chassis/event.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/streams.hpp"
#include "services/gateway/admission.hpp"

namespace podium::gateway {
namespace {

constexpr Metric kSettled{"podium_tickets_settled_total",
                          "Admission tickets found open and settled, by what was done."};

}  // namespace

TicketKeeper::TicketKeeper(Bus& bus, EventPublisher& publisher, TicketKeeperOptions options)
    : bus_{bus}, publisher_{publisher}, options_{options} {}

Result<void> TicketKeeper::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (const auto followed = follow(stop); !followed) {
      log_warning("tickets cannot be followed", {{"error", followed.error().text()}});
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, stop, options_.period, [] { return false; });
    }
  }
  return {};
}

Result<std::optional<v1::Event>> TicketKeeper::find_pending(std::string_view job_id) {
  std::optional<std::uint64_t> sequence;
  {
    const std::scoped_lock lock{mutex_};
    const auto found = std::ranges::find_if(
        tickets_, [&](const auto& item) { return item.second.job_id == job_id; });
    if (found != tickets_.end()) sequence = found->first;
  }
  if (!sequence) return std::nullopt;
  const auto stored = PODIUM_TRY(bus_.message_at(streams::kTickets, *sequence));
  if (!stored) return std::nullopt;
  return PODIUM_TRY(parse_event(stored->data));
}

Result<void> TicketKeeper::follow(std::stop_token stop) {
  const auto subscription =
      PODIUM_TRY(bus_.read_ordered(streams::kTickets, all_ticket_subjects(), 1,
                                   [this](const StoredMessage& message) { hear(message); }));
  while (!stop.stop_requested()) {
    for (const auto& [sequence, job_id] : due_tickets()) {
      if (const auto settled = settle(sequence, job_id); !settled) {
        log_warning("ticket not settled yet",
                    {{"job_id", job_id}, {"error", settled.error().text()}});
      }
    }
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, stop, options_.period, [] { return false; });
  }
  return {};
}

void TicketKeeper::hear(const StoredMessage& message) {
  const auto event = parse_event(message.data);
  if (!event || !event->has_requested()) {
    log_error("ticket holds no request", {{"sequence", message.sequence}});
    return;
  }
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now() - message.time);
  const auto patience =
      std::clamp(options_.age_min - age, std::chrono::milliseconds{0}, options_.age_min);
  const std::scoped_lock lock{mutex_};
  tickets_[message.sequence] = {event->job_id(), Clock::now() + patience};
}

std::map<std::uint64_t, std::string> TicketKeeper::due_tickets() {
  const auto now = Clock::now();
  std::map<std::uint64_t, std::string> due;
  const std::scoped_lock lock{mutex_};
  for (const auto& [sequence, ticket] : tickets_) {
    if (ticket.look_at <= now) due.emplace(sequence, ticket.job_id);
  }
  return due;
}

// A job has one ticket: the one that its `requested` names. Another one is left from a gateway that
// lost a race for the same idempotency key and died before it took its own back.
Result<void> TicketKeeper::settle(std::uint64_t sequence, const std::string& job_id) {
  const auto requested = PODIUM_TRY(find_requested(bus_, job_id));
  if (!requested) {
    PODIUM_TRY(publish_requested(sequence));
  } else if (requested->requested().ticket_sequence() != sequence) {
    PODIUM_TRY(bus_.delete_message(streams::kTickets, sequence));
    count(kSettled, {{"how", "removed"}});
  }
  forget(sequence);
  return {};
}

Result<void> TicketKeeper::publish_requested(std::uint64_t sequence) {
  const auto stored = PODIUM_TRY(bus_.message_at(streams::kTickets, sequence));
  if (!stored) return {};
  v1::Event requested = PODIUM_TRY(parse_event(stored->data));
  requested.mutable_requested()->set_ticket_sequence(sequence);
  PODIUM_TRY(publisher_.publish(requested));
  count(kSettled, {{"how", "published"}});
  log_info("published the request of a ticket that had none", {{"job_id", requested.job_id()}});
  return {};
}

void TicketKeeper::forget(std::uint64_t sequence) {
  const std::scoped_lock lock{mutex_};
  tickets_.erase(sequence);
}

}  // namespace podium::gateway
