#include "services/scraper/adapters/told_sharing.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/limits.hpp"

namespace podium::scraper {

struct ToldSharing::Asking {
  /// Empty while it is asked.
  std::optional<Result<Told>> told;
  Steady::time_point ended;
};

/// Whoever asks for all; should the asking throw, the others need not wait for it.
class ToldSharing::Turn {
 public:
  Turn(ToldSharing& sharing, const std::string& name, std::shared_ptr<Asking> asking)
      : sharing_{sharing}, name_{name}, asking_{std::move(asking)} {}
  ~Turn() { sharing_.keep(name_, asking_, std::move(told_)); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  Result<Told> ask(const Ask& ask) {
    auto answer = ask();
    if (answer) {
      told_ = std::make_shared<const KaggleTold>(*std::move(answer));
    } else {
      told_ = std::unexpected{answer.error()};
    }
    return told_;
  }

 private:
  ToldSharing& sharing_;
  const std::string& name_;
  std::shared_ptr<Asking> asking_;
  Result<Told> told_ = fail(errors::kStopped, "the asking broke off");
};

Result<ToldSharing::Told> ToldSharing::get(const std::string& name, const FetchControl& control,
                                           const Ask& ask) {
  std::unique_lock lock{mutex_};
  bool is_newer = false;  // than this call
  while (!control.stop.stop_requested()) {
    auto asking = askings_[name];
    const bool is_old = asking && asking->told && Steady::now() - asking->ended >= kept_;
    if (!asking || is_old) {
      asking = askings_[name] = std::make_shared<Asking>();
      lock.unlock();
      return Turn{*this, name, asking}.ask(ask);
    }
    while (!asking->told && !control.stop.stop_requested()) {
      lock.unlock();
      if (control.on_progress) control.on_progress(kWaiting, 0, 0);
      lock.lock();
      over_.wait_for(lock, control.stop, kWaitLookEvery, [&] { return asking->told.has_value(); });
    }
    if (!asking->told) break;
    const auto& told = *asking->told;
    // Of the one who asked, not of the answer.
    const bool was_stopped = !told && told.error().is(errors::kStopped);
    if (told || (is_newer && !was_stopped)) return told;
    is_newer = true;
  }
  return fail(errors::kStopped, "waiting for what Kaggle tells was stopped");
}

void ToldSharing::keep(const std::string& name, const std::shared_ptr<Asking>& asking,
                       Result<Told> told) {
  const std::scoped_lock lock{mutex_};
  // Pages that could not be had are asked for again.
  const bool is_kept = told && (*told)->pages;
  asking->told = std::move(told);
  asking->ended = Steady::now();
  const auto at = askings_.find(name);
  if (!is_kept && at != askings_.end() && at->second == asking) askings_.erase(at);
  forget_old();
  over_.notify_all();
}

/// Beyond the limit the oldest goes too; what is being asked stays.
void ToldSharing::forget_old() {
  const auto now = Steady::now();
  std::erase_if(askings_, [&](const auto& one) {
    return one.second->told && now - one.second->ended >= kept_;
  });
  const auto is_told = [](const auto& one) { return one.second->told.has_value(); };
  while (std::ranges::count_if(askings_, is_told) > kToldKeptMax) {
    const auto oldest = std::ranges::min_element(askings_, {}, [&](const auto& one) {
      return is_told(one) ? one.second->ended : Steady::time_point::max();
    });
    askings_.erase(oldest);
  }
}

}  // namespace podium::scraper
