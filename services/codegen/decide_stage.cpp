#include "services/codegen/decide_stage.hpp"

#include <google/protobuf/util/message_differencer.h>

#include "libs/chassis/log.hpp"
#include "libs/chassis/trace.hpp"
#include "services/codegen/commands.hpp"
#include "services/codegen/limits.hpp"
#include "services/codegen/search_policy.hpp"
#include "services/codegen/search_state.hpp"

namespace podium::codegen {
namespace {

/// True when nothing but the time and the others' load differs: not worth a write.
bool is_worth_no_write(v1::SearchState left, v1::SearchState right) {
  for (auto* state : {&left, &right}) {
    state->clear_now();
    state->clear_load();
    state->clear_wake_at();
    state->clear_trace();
  }
  return google::protobuf::util::MessageDifferencer::Equals(left, right);
}

}  // namespace

DecideStage::DecideStage(SearchStore& searches, CommandSink& commands, Clock& clock,
                         v1::SearchSettings settings, EarlierJobsReader* earlier)
    : searches_{searches},
      commands_{commands},
      clock_{clock},
      settings_{std::move(settings)},
      earlier_{earlier} {}

Result<Events> DecideStage::handle(const v1::Event& event, StageContext& context) {
  PODIUM_TRY(take(event, context.traceparent()));
  return Events{};
}

Result<void> DecideStage::take(const v1::Event& event, const std::string& traceparent) {
  for (int tries = 0; tries < kCompareAndSetTriesMax; ++tries) {
    if (PODIUM_TRY(advance(event.job_id(), &event, traceparent)) == Progress::done) return {};
  }
  return fail(errors::kConflict, "other replicas kept changing the search");
}

Result<void> DecideStage::tick(const std::string& job_id) {
  const auto entry = PODIUM_TRY(searches_.get(job_id));
  if (!entry) return {};
  auto span = start_span("tick", SpanKind::internal, entry->state.trace().traceparent());
  // A replica that lost the race may leave the tick to the one that won it.
  PODIUM_TRY(advance(job_id, nullptr, span.traceparent()));
  return {};
}

Result<DecideStage::Progress> DecideStage::advance(const std::string& job_id,
                                                   const v1::Event* event,
                                                   const std::string& traceparent) {
  auto entry = PODIUM_TRY(searches_.get(job_id));
  if (!entry && (event == nullptr || !event->has_requested())) {
    if (event == nullptr) return Progress::done;
    return fail(errors::kUnavailable, "the job's requested event has not been handled yet");
  }
  const auto current = entry ? entry->state : initial_state(*event, settings_);
  if (entry) PODIUM_TRY(publish_outbox(current, entry->revision));

  auto next = current;
  next.clear_outbox();
  if (event != nullptr) {
    next = evolve(std::move(next), *event);
    recall_earlier_jobs(next, *event);
  }
  v1::Tick tick;
  *tick.mutable_now() = to_proto(clock_.now());
  *tick.mutable_load() = loads_.load_of(next.tenant());
  next = evolve(std::move(next), tick);
  const auto commands = decide(next);
  next = carry_out(std::move(next), commands, traceparent);
  if (entry && is_worth_no_write(current, next)) return Progress::done;

  next.mutable_trace()->set_traceparent(traceparent);
  if (has_ended(current)) next = ended_record(current);
  return save(next, entry ? std::optional{entry->revision} : std::nullopt);
}

/// Before the first candidate is chosen. A search that cannot be told goes on without.
void DecideStage::recall_earlier_jobs(v1::SearchState& state, const v1::Event& event) {
  const bool begins = event.has_scraped() && state.phase() == v1::SEARCH_PHASE_SEARCHING &&
                      state.candidates().empty() && !state.has_earlier();
  if (earlier_ == nullptr || !begins) return;
  // The winner is to leave most of the time to what this job finds itself.
  const auto winner_time_max = time_left(state) / kEarlierWinnerShare;
  if (auto found = earlier_->recall(state.tenant(), state.scraped(), winner_time_max)) {
    *state.mutable_earlier() = *std::move(found);
  } else {
    log_warning("earlier jobs could not be looked up", {{"error", found.error().text()}});
  }
}

Result<DecideStage::Progress> DecideStage::save(const v1::SearchState& next,
                                                std::optional<std::uint64_t> revision) {
  if (next.ByteSizeLong() > kStateBytesMax) {
    return fail(errors::kTooLarge, "the search's state has outgrown its limit");
  }
  auto saved = revision ? searches_.update(next, *revision) : searches_.create(next);
  if (!saved && saved.error().is(errors::kConflict)) return Progress::lost_the_race;
  const auto at = PODIUM_TRY(std::move(saved));
  PODIUM_TRY(publish_outbox(next, at));
  if (has_ended(next) && next.outbox_size() > 0) shrink(next, at);
  return Progress::done;
}

Result<void> DecideStage::publish_outbox(const v1::SearchState& state, std::uint64_t revision) {
  if (state.outbox_size() == 0) return {};
  {
    const std::scoped_lock lock{mutex_};
    const auto known = published_.find(state.job_id());
    if (known != published_.end() && known->second == revision) return {};
  }
  for (const auto& item : state.outbox()) {
    if (item.has_publish()) {
      PODIUM_TRY(commands_.publish(item.publish()));
    } else {
      PODIUM_TRY(commands_.remove_ticket(item.remove_ticket()));
    }
  }
  const std::scoped_lock lock{mutex_};
  if (published_.size() >= kPublishedRemembered) published_.clear();
  published_[state.job_id()] = revision;
  return {};
}

/// Best effort: a state that stays large is shrunk by whatever handles the job next.
void DecideStage::shrink(const v1::SearchState& state, std::uint64_t revision) {
  const auto shrunk = searches_.update(ended_record(state), revision);
  if (!shrunk && !shrunk.error().is(errors::kConflict)) {
    log_warning("an ended search could not be shrunk", {{"error", shrunk.error().text()}});
  }
  const std::scoped_lock lock{mutex_};
  published_.erase(state.job_id());
}

}  // namespace podium::codegen
