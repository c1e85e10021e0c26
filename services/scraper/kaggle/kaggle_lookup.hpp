// Finds a competition at Kaggle by what a person called it. Shared by those who fetch from it and
// those who submit to it, so that both mean the same one. Thread-safe.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/result.hpp"
#include "podium/v1/job.pb.h"
#include "services/scraper/kaggle/kaggle_answers.hpp"

namespace podium::scraper {

/// Asks one method of Kaggle's API about the competition of this name.
using KaggleAsk = std::function<Result<nlohmann::json>(
    std::string_view method, const std::string& slug, const nlohmann::json& question)>;

/// The names to try: in lower case, and as it was written where that differs.
std::vector<std::string> kaggle_names(const v1::CompetitionRequest& request);

/// By its name, in lower case and as it was written; else by a search for exactly that name,
/// because reading one competition has been refused, or has failed, for some that the search knows.
/// After a failure the other spelling is not tried. `slug` of what is found is the name that Kaggle
/// answered to. The first refusal when nothing is found, and the errors of `ask`.
Result<KaggleCompetition> find_kaggle_competition(const v1::CompetitionRequest& request,
                                                  const KaggleAsk& ask);

}  // namespace podium::scraper
