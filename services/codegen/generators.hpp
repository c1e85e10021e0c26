// The candidate generators of this process, put together: the built-in one, the one that asks
// language models, with providers, prices, prompts, journal and claims, and the one that takes what
// an earlier job found, with the look at earlier jobs. Owns its parts; thread-safe.
#pragma once

#include <memory>

#include "libs/chassis/service.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/codegen/config.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

class Generators {
 public:
  virtual ~Generators() = default;
  /// The models' refuses every order with MODEL_UNKNOWN where no provider is set up.
  virtual CandidateGenerators all() = 0;
  virtual EarlierJobsReader* earlier_jobs() = 0;
};

/// CONFIGURATION when templates, prompts or prices cannot be read; NOT_FOUND without the bucket
/// `model_calls`. `artifacts` and `clock` must outlive it, the service's bus too. The keys of the
/// models are among the service's credentials then.
Result<std::unique_ptr<Generators>> open_generators(const Config& config, Service& service,
                                                    ArtifactStore& artifacts, Clock& clock);

}  // namespace podium::codegen
