#include "services/tracker/rebuild.hpp"

#include <chrono>

#include "services/tracker/archive.hpp"
#include "services/tracker/archive_filler.hpp"

namespace podium::tracker {
namespace {

// The advisory lock of the one rebuild: the letters "rebuild".
constexpr std::int64_t kRebuildLock = 0x72656275696c64;
constexpr int kBatchMessages = 2'048;
constexpr int kTriesMax = 10;

constexpr std::string_view kTryLock = "SELECT pg_try_advisory_lock($1) AS locked";
constexpr std::string_view kBegin = "SELECT podium.begin_rebuild()";
constexpr std::string_view kFinish = "SELECT podium.finish_rebuild() AS changed";
// Waits for the tracker's batch under way and holds the next one up; readers go on.
constexpr std::string_view kHoldTracker = "LOCK TABLE podium.checkpoint IN EXCLUSIVE MODE";

}  // namespace

Result<RebuildReport> Rebuild::run() {
  const auto begin = std::chrono::steady_clock::now();
  PODIUM_TRY(take_place());
  PODIUM_TRY(fill_archive());
  PODIUM_TRY(session_->run(kBegin));
  PODIUM_TRY(catch_up());
  auto taken = take_over();
  // A message whose rows the database refuses came at the last moment: catch_up() passes it over.
  for (int tries = 1; !taken && taken.error().is(errors::kInvalid) && tries < kTriesMax; ++tries) {
    PODIUM_TRY(catch_up());
    taken = take_over();
  }
  if (!taken) return std::unexpected{taken.error()};
  report_.seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - begin}.count();
  return report_;
}

Result<void> Rebuild::take_place() {
  session_ = PODIUM_TRY(database_.session());
  const auto rows = PODIUM_TRY(session_->run(kTryLock, {kRebuildLock}));
  if (rows->boolean(0, "locked")) return {};
  return fail(errors::kConflict, "another rebuild is running");
}

Result<void> Rebuild::fill_archive() {
  const auto checkpoint = PODIUM_TRY(live_.checkpoint(*session_));
  if (!checkpoint) return {};
  report_.recovered = PODIUM_TRY(fill_archive_from_stream(*session_, bus_, *checkpoint));
  return {};
}

// Until the shadow knows what the projection knew a moment ago.
Result<void> Rebuild::catch_up() {
  while (true) {
    const auto goal = PODIUM_TRY(live_.checkpoint(*session_));
    if (!goal) return {};
    const auto batch = PODIUM_TRY(read_archive(*session_, known_, *goal, kBatchMessages));
    if (batch.empty()) return {};
    PODIUM_TRY(fold(batch));
  }
}

Result<void> Rebuild::take_over() {
  return attempt([&](Session& inside) -> Result<void> {
    PODIUM_TRY(inside.run(kHoldTracker));
    const auto goal = PODIUM_TRY(live_.checkpoint(inside));
    while (known_ != goal) {
      const auto batch = PODIUM_TRY(read_archive(inside, known_, *goal, kBatchMessages));
      if (batch.empty()) {
        return fail(errors::kInternal, "the archive lacks the message that the checkpoint names");
      }
      PODIUM_TRY(fold_inside(inside, batch));
    }
    const auto rows = PODIUM_TRY(inside.run(kFinish));
    report_.rows_changed = rows->integer(0, "changed");
    return {};
  });
}

Result<void> Rebuild::fold(const std::vector<Recorded>& batch) {
  auto folded = attempt([&](Session& inside) { return fold_inside(inside, batch); });
  if (folded || !folded.error().is(errors::kInvalid)) return folded;
  return fold_one_by_one(batch);
}

// The same as the tracker does with a message whose rows the database refuses.
Result<void> Rebuild::fold_one_by_one(const std::vector<Recorded>& batch) {
  for (const Recorded& message : batch) {
    const auto folded = attempt([&](Session& inside) { return fold_inside(inside, {message}); });
    if (folded) continue;
    if (!folded.error().is(errors::kInvalid)) return folded;
    const auto passed = attempt([&](Session& inside) -> Result<void> {
      PODIUM_TRY(shadow_.move_checkpoint(inside, known_, message.at));
      PODIUM_TRY(shadow_.pass_over(inside, message, folded.error().detail));
      known_ = message.at;
      ++report_.messages;
      ++report_.anomalies;
      return {};
    });
    if (!passed) return passed;
  }
  return {};
}

// What a transaction that fails has folded is forgotten with it.
Result<void> Rebuild::attempt(const std::function<Result<void>(Session&)>& work) {
  const auto known = known_;
  const RebuildReport report = report_;
  auto done = session_->transaction(work);
  if (!done) {
    known_ = known;
    report_ = report;
  }
  return done;
}

Result<void> Rebuild::fold_inside(Session& session, const std::vector<Recorded>& batch) {
  PODIUM_TRY(shadow_.move_checkpoint(session, known_, batch.back().at));
  const RowSet rows = PODIUM_TRY(shadow_.apply(session, batch));
  known_ = batch.back().at;
  report_.messages += static_cast<std::int64_t>(batch.size());
  report_.anomalies += static_cast<std::int64_t>(rows.anomalies.size());
  return {};
}

}  // namespace podium::tracker
