#include "services/codegen/dead_letter_stage.hpp"

#include <chrono>
#include <format>
#include <nlohmann/json.hpp>
#include <tuple>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/log.hpp"
#include "libs/chassis/metrics.hpp"
#include "libs/chassis/streams.hpp"
#include "libs/competition/reasons.hpp"

namespace podium::codegen {
namespace {

/// One wait for an advisory; bounds how long a stop takes.
constexpr std::chrono::milliseconds kLetterWait{1'000};

constexpr Metric kDeadLetters{"podium_dead_letters_total",
                              "Events given up, by stream and reason."};

/// The code of a reason "CODE: detail"; one of its own where none was told.
std::string reason_code_of(const Advisory& advisory) {
  const auto colon = advisory.reason.find(": ");
  return colon == std::string::npos ? std::string{competition::reasons::kStageGaveUp.name}
                                    : advisory.reason.substr(0, colon);
}

void count_letter(std::string_view text) {
  const auto advisory = parse_advisory(text);
  if (!advisory) return;
  count(kDeadLetters, {{"stream", advisory->stream}, {"reason", reason_code_of(*advisory)}});
}

}  // namespace

Result<Advisory> parse_advisory(std::string_view json) {
  const auto value = nlohmann::json::parse(json, nullptr, false);
  if (!value.is_object() || !value.contains("stream") || !value.contains("stream_seq")) {
    return fail(errors::kInvalid, "not an advisory of a consumer");
  }
  try {
    return Advisory{.stream = value.at("stream").get<std::string>(),
                    .consumer = value.value("consumer", ""),
                    .sequence = value.at("stream_seq").get<std::uint64_t>(),
                    .deliveries = value.value("deliveries", std::uint64_t{0}),
                    .reason = value.value("reason", "")};
  } catch (const nlohmann::json::exception&) {
    return fail(errors::kInvalid, "an advisory with fields of other types");
  }
}

v1::Event stage_failed_event(const Advisory& advisory, const v1::Event& lost) {
  auto event = event_of(lost, "stage_failed", "", 1);
  event.set_id(
      std::format("{}/stage_failed/{}/{}", lost.job_id(), advisory.stream, advisory.sequence));
  auto& failed = *event.mutable_stage_failed();
  failed.set_stream(advisory.stream);
  failed.set_consumer(advisory.consumer);
  failed.set_sequence(advisory.sequence);
  failed.set_deliveries(advisory.deliveries);
  failed.set_event(event_name(lost));
  const auto colon = advisory.reason.find(": ");
  const bool told = colon != std::string::npos;
  failed.set_reason_code(reason_code_of(advisory));
  failed.set_message(told ? advisory.reason.substr(colon + 2)
                          : std::format("{} could not handle {} in {} deliveries.",
                                        advisory.consumer, event_name(lost), advisory.deliveries));
  return event;
}

DeadLetterStage::DeadLetterStage(Bus& bus, EventPublisher& publisher)
    : bus_{bus}, publisher_{publisher} {}

Result<Events> DeadLetterStage::handle(std::string_view text) {
  const auto advisory = PODIUM_TRY(parse_advisory(text));
  const auto stored = PODIUM_TRY(bus_.message_at(advisory.stream, advisory.sequence));
  if (!stored) return Events{};
  const auto lost = parse_event(stored->data);
  if (!lost || lost->has_stage_failed()) return Events{};
  return Events{stage_failed_event(advisory, *lost)};
}

Result<void> DeadLetterStage::settle(Delivery& delivery) {
  const auto events = handle(delivery.data());
  if (!events && events.error().code->disposition == Disposition::reject) {
    return delivery.terminate(events.error().text());
  }
  if (!events) return std::unexpected{events.error()};
  for (const auto& event : *events) PODIUM_TRY(publisher_.publish(event));
  PODIUM_TRY(delivery.ack());
  count_letter(delivery.data());
  return {};
}

Result<void> DeadLetterStage::run(std::stop_token stop) {
  const auto letters = PODIUM_TRY(bus_.pull(streams::kDeadLetters, "codegen-dead-letters"));
  while (!stop.stop_requested()) {
    const auto delivery = letters->next(kLetterWait);
    if (!delivery || *delivery == nullptr) continue;  // the broker is away, or nothing is there
    if (const auto settled = settle(**delivery); !settled) {
      log_warning("a dead letter is tried again", {{"error", settled.error().text()}});
      std::ignore = (*delivery)->retry_after(kRetryDelayMax);
    }
  }
  return {};
}

}  // namespace podium::codegen
