// Jobs as the JSON that people and programs get: the keys of the four ancestors' interfaces, always
// present, null when not known. Pure. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/gateway/job_facts.hpp"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

struct JsonOptions {
  /// Address of Jaeger; empty when traces cannot be looked at.
  std::string traces_url{};
  /// Where results are stored: `local` or `s3`.
  std::string_view artifacts_place = "local";
};

/// Answer of POST /run: the same for the same event.
std::string run_answer_json(const v1::Event& requested, const JsonOptions& options);

/// Answer of POST /jobs/{id}/retry: the same with the job that is tried again.
std::string retry_answer_json(const v1::Event& requested, const JsonOptions& options);

/// Answer of GET /status/{id}.
std::string status_json(const JobFacts& job, const JsonOptions& options);

/// Answer of GET /jobs.
std::string jobs_json(const JobPage& page, const JsonOptions& options);

/// Answer of GET /jobs/{id}: the status with candidates, runs and artifacts.
std::string job_json(const JobFacts& job, const std::vector<CandidateFacts>& candidates,
                     const std::vector<RunFacts>& runs, const std::vector<ArtifactFacts>& artifacts,
                     const JsonOptions& options);

/// Answer of GET /spending.
std::string spending_json(const std::vector<SpendingFacts>& tenants);

/// Answer of GET /logs/{id}.
std::string logs_json(const JobFacts& job, const std::string& logs);

/// What the job does now, in one sentence.
std::string progress_sentence(const JobFacts& job);

}  // namespace podium::gateway
