#include "services/scraper/adapters/bus_job_watch.hpp"

#include "libs/chassis/event.hpp"
#include "libs/chassis/streams.hpp"
#include "podium/v1/search.pb.h"

namespace podium::scraper {

BusJobWatch::BusJobWatch(Bus& bus, std::unique_ptr<KeyValue> searches)
    : bus_{bus}, searches_{std::move(searches)} {}

Result<std::unique_ptr<BusJobWatch>> BusJobWatch::open(Bus& bus) {
  std::unique_ptr<BusJobWatch> watch{new BusJobWatch{bus, PODIUM_TRY(bus.bucket("searches"))}};
  watch->cancellations_ =
      PODIUM_TRY(bus.subscribe(subjects_of_event("cancel_requested"),
                               [raw = watch.get()](const std::string&, std::string_view data) {
                                 if (const auto event = parse_event(data))
                                   raw->remember(event->job_id());
                               }));
  return watch;
}

void BusJobWatch::remember(const std::string& job_id) {
  const std::scoped_lock lock{mutex_};
  if (cancelled_.size() >= kRememberedMax) cancelled_.clear();
  cancelled_.insert(job_id);
}

bool BusJobWatch::is_remembered(std::string_view job_id) {
  const std::scoped_lock lock{mutex_};
  return cancelled_.contains(job_id);
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
  return PODIUM_TRY(find_scraped(requested.job_id())).has_value();
}

Result<std::optional<v1::Scraped>> BusJobWatch::scraped_of(const std::string& job_id) {
  const auto stored = PODIUM_TRY(find_scraped(job_id));
  if (!stored) return std::nullopt;
  return PODIUM_TRY(parse_event(stored->data)).scraped();
}

Result<std::optional<StoredMessage>> BusJobWatch::find_scraped(const std::string& job_id) {
  v1::Event wanted;
  wanted.set_job_id(job_id);
  wanted.mutable_scraped();
  return bus_.last_message(streams::kJobs, PODIUM_TRY(subject_of(wanted)));
}

}  // namespace podium::scraper
