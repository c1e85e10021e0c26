// Files: a job's submission and artifacts to take, a person's own competition to bring.
#pragma once

#include <cstdint>

#include "libs/chassis/http/server.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "services/gateway/access.hpp"
#include "services/gateway/job_directory.hpp"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

struct FileRoutes {
  const Access& access;
  JobDirectory& directory;
  JobViews& views;
  ArtifactStore& artifacts;
  std::uint64_t upload_bytes_max;
};

/// The parts must outlive the server.
void add_file_routes(HttpServer& server, const FileRoutes& routes);

}  // namespace podium::gateway
