#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/doctor.hpp"

namespace podium::cli {
namespace {

std::string_view state_text(Finding::State state) {
  switch (state) {
    case Finding::State::ok:
      return "ok";
    case Finding::State::warning:
      return "warning";
    case Finding::State::bad:
      return "bad";
    case Finding::State::unseen:
      return "unseen";
  }
  return "";
}

std::string mark_of(Finding::State state, bool color) {
  switch (state) {
    case Finding::State::ok:
      return toned("ok   ", Tone::good, color);
    case Finding::State::warning:
      return toned("note ", Tone::strong, color);
    case Finding::State::bad:
      return toned("BAD  ", Tone::bad, color);
    case Finding::State::unseen:
      break;
  }
  return toned("-    ", Tone::dim, color);
}

}  // namespace

std::string findings_text(const std::vector<Finding>& findings, bool color) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::format("  {}{:<11}  {}", mark_of(finding.state, color), finding.part,
                        one_line(finding.detail));
    if (!finding.mend.empty()) text += "  ->  " + one_line(finding.mend);
    text += "\n";
  }
  return text;
}

std::string findings_json(const std::vector<Finding>& findings) {
  auto list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"part", finding.part},
                    {"state", state_text(finding.state)},
                    {"detail", finding.detail},
                    {"mend", finding.mend}});
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool any_bad(const std::vector<Finding>& findings) {
  return std::ranges::contains(findings, Finding::State::bad, &Finding::state);
}

}  // namespace podium::cli
