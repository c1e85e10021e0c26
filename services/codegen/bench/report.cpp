#include "services/codegen/bench/report.hpp"

#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

namespace podium::codegen::bench {
namespace {

std::size_t widest_policy(const std::vector<Cell>& cells) {
  std::size_t widest = 8;
  for (const auto& cell : cells) widest = std::max(widest, cell.policy.size());
  return widest;
}

nlohmann::json json_of(const Mean& mean) {
  return {{"mean", mean.value}, {"error", mean.standard_error}};
}

}  // namespace

std::string table_of(const std::vector<Cell>& cells) {
  const auto width = widest_policy(cells);
  auto text = std::format("{:<13} {:>7}  {:<{}}  {:>15}  {:>9}  {:>9}  {:>15}  {:>10}  {:>9}\n",
                          "landscape", "workers", "policy", width, "regret", "best seen",
                          "answered", "first answer s", "candidates", "seconds");
  for (const auto& cell : cells) {
    text += std::format(
        "{:<13} {:>7}  {:<{}}  {:>7.3f} ± {:>5.3f}  {:>9.3f}  {:>8.1f}%  {:>8.0f} ± {:>4.0f}  "
        "{:>10.1f}  {:>9.0f}\n",
        cell.landscape, cell.workers, cell.policy, width, cell.regret.value,
        cell.regret.standard_error, cell.regret_of_best.value, 100 * cell.answered_share,
        cell.first_answer_seconds.value, cell.first_answer_seconds.standard_error,
        cell.candidates.value, cell.seconds.value);
  }
  return text;
}

std::string speed_table_of(const std::vector<Cell>& cells) {
  const auto width = widest_policy(cells);
  auto text = std::format("{:<13}  {:<{}}  {:>7}  {:>9}  {:>8}  {:>15}\n", "landscape", "policy",
                          width, "workers", "seconds", "speed-up", "regret");
  for (const auto& cell : cells) {
    const auto alone = std::ranges::find_if(cells, [&cell](const Cell& other) {
      return other.policy == cell.policy && other.landscape == cell.landscape;
    });
    text += std::format("{:<13}  {:<{}}  {:>7}  {:>9.0f}  {:>8.1f}  {:>7.3f} ± {:>5.3f}\n",
                        cell.landscape, cell.policy, width, cell.workers, cell.seconds.value,
                        alone->seconds.value / cell.seconds.value, cell.regret.value,
                        cell.regret.standard_error);
  }
  return text;
}

std::string json_of(const std::vector<Cell>& cells) {
  auto all = nlohmann::json::array();
  for (const auto& cell : cells) {
    all.push_back({{"landscape", cell.landscape},
                   {"workers", cell.workers},
                   {"policy", cell.policy},
                   {"answered_share", cell.answered_share},
                   {"regret", json_of(cell.regret)},
                   {"regret_of_best", json_of(cell.regret_of_best)},
                   {"first_answer_seconds", json_of(cell.first_answer_seconds)},
                   {"seconds", json_of(cell.seconds)},
                   {"candidates", json_of(cell.candidates)},
                   {"tokens", json_of(cell.tokens)}});
  }
  return all.dump(2) + "\n";
}

}  // namespace podium::codegen::bench
