#include "libs/chassis/utf8.hpp"
#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void fuzz_competition_url(std::string_view bytes) {
  const auto address = competition::parse_competition_url(bytes);
  if (!address) {
    demand(address.error().is(competition::reasons::kCompetitionUrlInvalid), "it has its reason");
    demand(is_utf8(address.error().detail), "what is wrong can be shown");
    return;
  }
  demand(competition::is_slug(address->slug), "the name is a plain one");
  demand(address->url == "https://www.kaggle.com/competitions/" + address->slug,
         "the address is Kaggle's");
  const auto again = competition::parse_competition_url(address->url);
  demand(again && again->slug == address->slug, "the address means the same again");
}

}  // namespace podium::fuzz
