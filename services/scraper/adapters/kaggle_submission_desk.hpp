// SubmissionDesk at Kaggle itself. Every call is one question, without a repeat of its own: who
// asks again when is the stage's matter. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "services/scraper/adapters/kaggle_competition_source.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

class KaggleSubmissionDesk final : public SubmissionDesk {
 public:
  explicit KaggleSubmissionDesk(const KaggleOptions& options, KaggleSleep sleep = pause_for);

  Result<SubmissionPlace> open(const v1::CompetitionRequest& competition,
                               const std::stop_token& stop) override;
  Result<std::optional<SentSubmission>> find(const SubmissionPlace& place,
                                             std::string_view description,
                                             const std::stop_token& stop) override;
  Result<void> check_allowance(const SubmissionPlace& place, const std::stop_token& stop) override;
  Result<std::string> upload(const SubmissionPlace& place, const SubmissionFile& file,
                             const std::stop_token& stop) override;
  Result<std::string> submit(const SubmissionPlace& place, const std::string& token,
                             const std::string& description, const std::stop_token& stop) override;
  Result<SentSubmission> look(const std::string& competition, const std::string& reference,
                              const std::stop_token& stop) override;
  Result<BoardPlace> place_of(const SubmissionPlace& place, double public_score,
                              bool higher_is_better, const std::stop_token& stop) override;

 private:
  /// The answer; a refusal is as submit_reason_of() says.
  Result<nlohmann::json> ask(std::string_view method, std::string_view slug,
                             const nlohmann::json& question, const std::stop_token& stop);

  std::vector<std::string> storage_hosts_;
  KaggleClient kaggle_;
};

}  // namespace podium::scraper
