#include "services/gateway/log_text.hpp"

#include <format>

namespace podium::gateway {

std::string run_heading(std::string_view candidate_id, std::int64_t attempt,
                        std::string_view outcome) {
  std::string heading = std::format("== {}", candidate_id);
  if (attempt > 0) heading += std::format(" · run {}", attempt);
  return heading + std::format(" · {} ==\n", outcome.empty() ? "running" : outcome);
}

std::string LogText::text_of(const v1::Event& event) {
  const v1::LogLines& batch = event.log_lines();
  std::string text;
  if (batch.run_id() != run_id_) {
    run_id_ = batch.run_id();
    text = run_heading(batch.candidate_id(), 0, "");
  }
  for (const std::string& line : batch.lines()) text += line + "\n";
  if (batch.truncated()) text += "[lines are left out here; the stored log has them]\n";
  return text;
}

}  // namespace podium::gateway
