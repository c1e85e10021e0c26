// The scraper as a program, beside a nats-server as the set-up step prepares it (every event synced
// to disk) and what plays Kaggle. One thread; everything throws when a part fails.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "libs/chassis/bus/event_publisher.hpp"
#include "podium/v1/event.pb.h"
#include "tests/contract/prepared_nats.hpp"
#include "tests/support/kaggle_standin.hpp"
#include "tests/support/process.hpp"

namespace podium::scraper::bench {

inline constexpr std::chrono::seconds kJobMax{60};

class ScrapeWorld {
 public:
  /// Starts the scraper anew and waits until it works.
  void restart();
  /// Where competitions can be put; gone with the object.
  const std::filesystem::path& folder() const { return folder_.path(); }
  /// Kaggle has the competition in `folder` from now on.
  void add_competition(const std::string& slug, const std::filesystem::path& folder);
  /// Every answer of Kaggle begins so much later from now on.
  void slow_kaggle(std::chrono::milliseconds wait);
  /// A bundled competition under another name, and with other bytes.
  std::string new_competition(const std::string& like);
  /// From the first `requested` to the last `scraped`, by the broker's clock.
  std::chrono::duration<double> time_of_jobs(const std::string& slug, int count,
                                             std::chrono::seconds longest = kJobMax);
  /// Of the scraper that restart() started.
  pid_t scraper_pid() const { return scraper_->pid(); }

 private:
  v1::Event request(const std::string& slug) const;
  /// Nothing yet: nullopt. Throws when it was refused.
  std::optional<StoredMessage> scraped(const v1::Event& requested);
  StoredMessage await_scraped(const v1::Event& requested, std::chrono::seconds longest);

  podium::testing::TemporaryFolder folder_;
  podium::testing::KaggleStandin kaggle_;
  podium::testing::PreparedNats nats_;
  std::unique_ptr<Bus> gateway_ = nats_.connect("gateway");
  std::unique_ptr<Bus> admin_ = nats_.connect("admin");
  EventPublisher publisher_{*gateway_, "gateway"};
  std::optional<podium::testing::Process> scraper_;
  int competitions_ = 0;
};

}  // namespace podium::scraper::bench
