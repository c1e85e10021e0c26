// The submit stage with the adapters it stands on, put together.
#pragma once

#include <memory>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/scraper/config.hpp"

namespace podium::scraper {

class Submitting {
 public:
  virtual ~Submitting() = default;
  /// As SubmitStage's.
  virtual Result<Events> handle(const v1::Event& asked, StageContext& context) = 0;
};

/// Bus and store must outlive it. NOT_FOUND when the set-up step has not made the bucket.
Result<std::unique_ptr<Submitting>> open_submitting(const Config& config, Bus& bus,
                                                    ArtifactStore& artifacts);

}  // namespace podium::scraper
