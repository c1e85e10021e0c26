#include "services/scraper/submitting.hpp"

#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"
#include "services/scraper/adapters/bus_job_events.hpp"
#include "services/scraper/adapters/kaggle_submission_desk.hpp"
#include "services/scraper/adapters/key_value_submit_claims.hpp"
#include "services/scraper/submit_stage.hpp"

namespace podium::scraper {
namespace {

class SubmittingToKaggle final : public Submitting {
 public:
  SubmittingToKaggle(const Config& config, Bus& bus, std::unique_ptr<KeyValue> claims,
                     ArtifactStore& artifacts)
      : events_{bus},
        claims_{std::move(claims), new_uuid_v7(now())},
        desk_{config.kaggle},
        stage_{config.kaggle_credentials.empty() ? nullptr : &desk_, events_, claims_, artifacts,
               now} {}

  Result<Events> handle(const v1::Event& asked, StageContext& context) override {
    return stage_.handle(asked, context);
  }

 private:
  BusJobEvents events_;
  KeyValueSubmitClaims claims_;
  KaggleSubmissionDesk desk_;
  SubmitStage stage_;
};

}  // namespace

Result<std::unique_ptr<Submitting>> open_submitting(const Config& config, Bus& bus,
                                                    ArtifactStore& artifacts) {
  auto claims = PODIUM_TRY(bus.bucket("submit_claims"));
  return std::make_unique<SubmittingToKaggle>(config, bus, std::move(claims), artifacts);
}

}  // namespace podium::scraper
