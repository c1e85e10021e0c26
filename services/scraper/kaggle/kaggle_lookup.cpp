#include "services/scraper/kaggle/kaggle_lookup.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"

namespace podium::scraper {
namespace {

namespace reasons = competition::reasons;
using nlohmann::json;

/// Kaggle says 404, or 403, of a name that it does not know.
bool may_have_another_name(const Error& refusal) {
  return refusal.is(reasons::kCompetitionNotFound) || refusal.is(reasons::kKaggleNotEntered);
}

/// Not where the credentials, the rules or the number of questions are at fault.
bool may_be_found_by_search(const Error& refusal) {
  return may_have_another_name(refusal) || refusal.is(reasons::kScrapeFailed) ||
         refusal.is(reasons::kSubmitFailed);
}

Result<std::optional<KaggleCompetition>> search(const std::string& slug, const KaggleAsk& ask) {
  const json question = {{"group", "COMPETITION_LIST_TAB_EVERYTHING"},
                         {"search", slug},
                         {"pageSize", kKagglePageSize}};
  auto found = read_competitions(PODIUM_TRY(ask("ListCompetitions", slug, question)));
  const auto at = std::ranges::find_if(
      found, [&](const auto& one) { return competition::lower(one.slug) == slug; });
  if (at == found.end()) return std::nullopt;
  return std::move(*at);
}

}  // namespace

std::vector<std::string> kaggle_names(const v1::CompetitionRequest& request) {
  std::vector<std::string> names{request.slug()};
  const auto address = competition::parse_competition_url(request.kaggle_url());
  if (address && address->slug == request.slug() && address->slug_as_written != request.slug()) {
    names.push_back(address->slug_as_written);
  }
  return names;
}

Result<KaggleCompetition> find_kaggle_competition(const v1::CompetitionRequest& request,
                                                  const KaggleAsk& ask) {
  std::optional<Error> refused;
  for (const auto& name : kaggle_names(request)) {
    const auto answer = ask("GetCompetition", name, {{"competitionName", name}});
    if (answer) {
      auto competition = read_competition(*answer);
      competition.slug = name;
      return competition;
    }
    if (!may_be_found_by_search(answer.error())) return std::unexpected{answer.error()};
    if (!refused) refused = answer.error();
    if (!may_have_another_name(answer.error())) break;
  }
  auto found = PODIUM_TRY(search(request.slug(), ask));
  if (found) return *std::move(found);
  return std::unexpected{*std::move(refused)};
}

}  // namespace podium::scraper
