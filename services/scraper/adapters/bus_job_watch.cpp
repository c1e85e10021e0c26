#include "services/scraper/adapters/bus_job_watch.hpp"

#include "libs/chassis/event.hpp"
#include "podium/v1/search.pb.h"

namespace podium::scraper {

BusJobWatch::BusJobWatch(Bus& bus, std::unique_ptr<KeyValue> searches)
    : events_{bus}, searches_{std::move(searches)} {}

Result<std::unique_ptr<BusJobWatch>> BusJobWatch::open(Bus& bus) {
  std::unique_ptr<BusJobWatch> watch{new BusJobWatch{bus, PODIUM_TRY(bus.bucket("searches"))}};
  for (const auto* event : {"cancel_requested", "ended"}) {
    watch->heard_.push_back(
        PODIUM_TRY(bus.subscribe(subjects_of_event(event),
                                 [raw = watch.get()](const std::string& subject, std::string_view) {
                                   raw->remember(std::string{job_of_subject(subject)});
                                 })));
  }
  return watch;
}

void BusJobWatch::remember(const std::string& job_id) {
  const std::scoped_lock lock{mutex_};
  if (over_.size() >= kRememberedMax) over_.clear();
  over_.insert(job_id);
}

bool BusJobWatch::is_remembered(std::string_view job_id) {
  const std::scoped_lock lock{mutex_};
  return over_.contains(job_id);
}

bool BusJobWatch::is_over(std::string_view job_id) {
  if (is_remembered(job_id)) return true;
  {
    // The state is asked once a job; what comes later comes by subscription.
    const std::scoped_lock lock{mutex_};
    if (looked_at_.contains(job_id)) return false;
    if (looked_at_.size() >= kRememberedMax) looked_at_.clear();
    looked_at_.emplace(job_id);
  }
  const auto entry = searches_->get(job_id);
  if (!entry || !*entry) return false;
  v1::SearchState state;
  if (!state.ParseFromString((*entry)->value)) return false;
  const bool over = state.cancelled() || state.phase() == v1::SEARCH_PHASE_ENDED;
  if (over) remember(std::string{job_id});
  return over;
}

Result<std::optional<bool>> BusJobWatch::has_ended(std::string_view job_id) {
  const auto entry = PODIUM_TRY(searches_->get(job_id));
  v1::SearchState state;
  if (!entry || !state.ParseFromString(entry->value)) return std::nullopt;
  return state.phase() == v1::SEARCH_PHASE_ENDED;
}

Result<bool> BusJobWatch::is_scraped(const v1::Event& requested) {
  return PODIUM_TRY(events_.last(requested.job_id(), "scraped")).has_value();
}

Result<std::optional<v1::Scraped>> BusJobWatch::scraped_of(const std::string& job_id) {
  const auto event = PODIUM_TRY(events_.last(job_id, "scraped"));
  return event ? std::optional{event->scraped()} : std::nullopt;
}

}  // namespace podium::scraper
