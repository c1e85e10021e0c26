#include "services/notifier/webhook_body.hpp"

#include <format>
#include <nlohmann/json.hpp>

#include "libs/chassis/digest.hpp"
#include "libs/competition/words.hpp"

namespace podium::notifier {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json time_or_null(const std::optional<TimePoint>& time) {
  return time ? Json(rfc3339(*time)) : Json(nullptr);
}

Json score_or_null(const v1::Ended& ended) {
  if (!ended.has_score()) return nullptr;
  const auto& score = ended.score();
  return {{"metric", score.metric()},
          {"value", score.value()},
          {"direction", competition::direction_word(score.higher_is_better())},
          {"kind", competition::word(score.kind()).value_or("reported")}};
}

Json submission_or_null(const v1::ArtifactRef& submission) {
  if (submission.key().empty()) return nullptr;
  return {{"bytes", submission.bytes()}, {"sha256", submission.sha256()}};
}

}  // namespace

std::string webhook_body(const JobEnd& end) {
  const auto& ended = end.ended;
  const Json body{{"type", "job.ended"},
                  {"id", end.event_id},
                  {"job_id", end.job_id},
                  {"kaggle_url", text_or_null(end.kaggle_url)},
                  {"competition_name", text_or_null(end.competition)},
                  {"status", end.status},
                  {"reason_code", text_or_null(ended.reason_code())},
                  {"message", text_or_null(ended.message())},
                  {"next_step", text_or_null(ended.next_step())},
                  {"created_at", time_or_null(end.created_at)},
                  {"completed_at", rfc3339(end.ended_at)},
                  {"score", score_or_null(ended)},
                  {"best_candidate_id", text_or_null(ended.best_candidate_id())},
                  {"submission", submission_or_null(ended.submission())},
                  {"counts",
                   {{"candidates", ended.candidates()},
                    {"tokens", ended.tokens()},
                    {"cost_usd", static_cast<double>(ended.cost_micro_usd()) / 1e6}}},
                  {"links",
                   {{"self", end.status_link},
                    {"result", text_or_null(end.result_link)},
                    {"result_expires_at", time_or_null(end.link_ends_at)}}},
                  {"trace_id", text_or_null(end.trace_id)}};
  // Texts of others may hold bytes that are no UTF-8; they are replaced rather than thrown over.
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string webhook_signature(std::string_view body, TimePoint now, const Secret& key) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return std::format("t={},v1={}", seconds,
                     hmac_sha256_hex(key.reveal(), std::format("{}.{}", seconds, body)));
}

}  // namespace podium::notifier
