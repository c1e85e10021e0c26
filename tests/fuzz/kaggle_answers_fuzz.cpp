#include <nlohmann/json.hpp>

#include "libs/chassis/utf8.hpp"
#include "services/scraper/kaggle/kaggle_answers.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"
#include "services/scraper/kaggle/kaggle_submission_answers.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {
namespace {

void read_all(const nlohmann::json& answer) {
  scraper::read_competition(answer);
  scraper::read_competitions(answer);
  scraper::read_pages(answer);
  scraper::read_files(answer);
  scraper::read_total_bytes(answer);
  scraper::read_submission(answer);
  scraper::read_submissions(answer);
  scraper::read_upload(answer);
  scraper::refusal_of_limits(answer);
  scraper::read_board(answer);
}

}  // namespace

void fuzz_kaggle_answers(std::string_view bytes) {
  for (const int status : {200, 403, 429}) {
    const auto problem = scraper::problem_in(status, bytes);
    demand(problem || status == 200, "a refusal is one whatever it says");
    if (!problem) continue;
    demand(is_utf8(problem->message), "Kaggle's words can be shown");
    scraper::reason_of(*problem, "titanic");
    scraper::submit_reason_of(*problem, "titanic");
    scraper::says_no_team(*problem);
  }
  const auto answer = scraper::parse_answer(bytes);
  if (!answer.is_discarded()) read_all(answer);
}

}  // namespace podium::fuzz
