#include "services/gateway/steering.hpp"

#include <array>
#include <format>
#include <nlohmann/json.hpp>
#include <optional>

#include "libs/chassis/event.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/competition/text.hpp"
#include "services/gateway/run_fields.hpp"

namespace podium::gateway {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> kRetryStages{"scraping", "search"};
/// Of a hint's sha256: enough to tell any two hints of a job apart.
constexpr std::size_t kHintIdDigits = 32;

std::unexpected<FieldErrors> wrong(std::string pointer, std::string detail) {
  return std::unexpected{FieldErrors{{std::move(pointer), std::move(detail)}}};
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::expected<std::string, FieldErrors> parse_from_stage(const std::string& body) {
  std::string first{kRetryStages.front()};
  if (is_blank(body)) return first;
  const json document = json::parse(body, nullptr, false);
  if (!document.is_object()) return wrong("", "the body must be a JSON object, or empty");
  const auto stage = document.find("from_stage");
  if (stage == document.end() || stage->is_null()) return first;
  for (const std::string_view known : kRetryStages) {
    if (*stage == known) return std::string{known};
  }
  return wrong("/from_stage", "must be scraping or search");
}

}  // namespace

std::expected<std::string, FieldErrors> parse_hint(const std::string& body) {
  const json document = json::parse(body, nullptr, false);
  const bool has_text = document.is_object() && document.contains("text");
  if (!has_text || !document.at("text").is_string()) {
    return wrong("/text", "is needed: advice to the search, such as {\"text\": \"try CatBoost\"}");
  }
  const auto sent = document.at("text").get<std::string>();
  if (sent.size() > kHintBytesMax) {
    return wrong("/text", std::format("must be at most {} bytes", kHintBytesMax));
  }
  std::string text{competition::trim(competition::clean_text(sent, kHintBytesMax))};
  if (text.empty()) return wrong("/text", "must not be empty");
  return text;
}

v1::Event hinted_event(const v1::Event& cause, std::string_view who, const std::string& text) {
  v1::Event event = event_of(cause, "hinted", "");
  event.set_id(
      std::format("{}/hinted/{}", cause.job_id(), sha256_hex(text).substr(0, kHintIdDigits)));
  event.mutable_hinted()->set_who(std::string{who});
  event.mutable_hinted()->set_text(text);
  return event;
}

v1::Event submit_requested_event(const v1::Event& cause, std::string_view who,
                                 std::uint64_t failures) {
  v1::Event event = event_of(cause, "submit_requested", "");
  event.set_id(std::format("{}/submit_requested/{}", cause.job_id(), failures));
  event.mutable_submit_requested()->set_who(std::string{who});
  return event;
}

std::expected<RunRequest, FieldErrors> parse_retry(const RetryInput& input,
                                                   const v1::Event& requested) {
  RunRequest request;
  const auto from_stage = parse_from_stage(input.body);
  if (!from_stage) return std::unexpected{from_stage.error()};
  if (!input.idempotency_key.empty()) {
    const auto* const key = find_run_field("Idempotency-Key");
    if (auto problem = key->read(input.idempotency_key, request)) {
      return wrong("Idempotency-Key", *std::move(problem));
    }
  }
  request.competition = requested.requested().competition();
  request.options = requested.requested().options();
  if (!input.sends_mail) warn_of_mail(request);
  request.retried_from = requested.job_id();
  request.from_stage = *from_stage;
  request.sha256 = sha256_hex("retry " + request.retried_from + " " + request.from_stage);
  return request;
}

}  // namespace podium::gateway
