// Lines of runs as text for a person: a heading where the run changes, a mark where lines were left
// out. Pure but for its own position; one thread.
#pragma once

#include <string>
#include <string_view>

#include "podium/v1/event.pb.h"
#include "services/gateway/job_views.hpp"

namespace podium::gateway {

/// "== c1 · run 1 · ok ==\n"; of a run that goes on "== c1 · run 1 · running ==\n".
std::string run_heading(std::string_view candidate_id, std::int64_t attempt,
                        std::string_view outcome);

class LogText {
 public:
  /// The text of the next batch of lines.
  std::string text_of(const v1::Event& event);

 private:
  std::string run_id_;
};

}  // namespace podium::gateway
