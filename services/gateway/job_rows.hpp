// Rows of the views as facts. Pure but for the rows they read.
#pragma once

#include <cstddef>

#include "libs/chassis/postgres/postgres.hpp"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

JobFacts job_of(const Rows& rows, std::size_t row);
CandidateFacts candidate_of(const Rows& rows, std::size_t row);
RunFacts run_of(const Rows& rows, std::size_t row);
ArtifactFacts artifact_of(const Rows& rows, std::size_t row);
SpendingFacts spending_of(const Rows& rows, std::size_t row);

}  // namespace podium::gateway
