// What Kaggle tells of a competition, asked once for all jobs that want it at the same time, and
// for those that come a little later. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/scraper/kaggle/kaggle_answers.hpp"
#include "services/scraper/ports.hpp"

namespace podium::scraper {

/// All that is asked before the data: a competition that the account may work on.
struct KaggleTold {
  KaggleCompetition competition;
  std::uint64_t data_bytes = 0;
  /// Of names, sizes and dates of the data files.
  std::string files_hash;
  /// Why they are not known; else the pages.
  Result<std::vector<v1::ForeignPage>> pages;
};

class ToldSharing {
 public:
  using Told = std::shared_ptr<const KaggleTold>;
  using Ask = std::function<Result<KaggleTold>()>;

  /// What was told with success is given again for so long.
  explicit ToldSharing(std::chrono::milliseconds kept) : kept_{kept} {}

  /// What was told of `name` a moment ago, what somebody else is being told just now, or what `ask`
  /// is told. A refusal is given only to those who came before it was asked for: who mends what it
  /// says and comes again is answered anew. STOPPED when `control` says so.
  Result<Told> get(const std::string& name, const FetchControl& control, const Ask& ask);

 private:
  struct Asking;
  class Turn;
  using Steady = std::chrono::steady_clock;

  void keep(const std::string& name, const std::shared_ptr<Asking>& asking, Result<Told> told);
  void forget_old();

  const std::chrono::milliseconds kept_;
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::map<std::string, std::shared_ptr<Asking>> askings_;  // guarded by mutex_
};

}  // namespace podium::scraper
