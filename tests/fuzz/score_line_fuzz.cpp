#include <cmath>

#include "libs/competition/metric_catalogue.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/score_line.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void fuzz_score_line(std::string_view bytes) {
  for (const auto* name : {"", "accuracy", "rmsle"}) {
    const auto score = competition::read_score(bytes, competition::metric_of(name, ""));
    if (!score) {
      demand(competition::find_reason(score.error().code->name) != nullptr, "it has a reason");
      continue;
    }
    demand(std::isfinite(score->value()), "a score is a number");
    const bool possible = score->value() >= 0 && score->value() <= 1;
    demand(std::string_view{name} != "accuracy" || possible, "an accuracy is a share");
  }
}

}  // namespace podium::fuzz
