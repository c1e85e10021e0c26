#include "services/codegen/calls/call_journal.hpp"

#include <format>

#include "services/codegen/calls/call_limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kPrompt = "prompt";
constexpr std::string_view kReply = "reply";

}  // namespace

Result<std::optional<Prompt>> CallJournal::prompt(const CallKey& key) {
  const auto stored = PODIUM_TRY(get(key, kPrompt));
  if (!stored) return std::nullopt;
  return PODIUM_TRY(prompt_from_json(*stored));
}

Result<void> CallJournal::save(const CallKey& key, const Prompt& prompt) {
  PODIUM_TRY(put(key, key.artifact_name(kPrompt), to_json(prompt)));
  return {};
}

Result<std::optional<CallRecord>> CallJournal::reply(const CallKey& key) {
  const auto stored = PODIUM_TRY(get(key, kReply));
  if (!stored) return std::nullopt;
  return PODIUM_TRY(record_from_json(*stored));
}

Result<void> CallJournal::save(const CallKey& key, const CallRecord& record) {
  PODIUM_TRY(put(key, key.artifact_name(kReply), to_json(record)));
  return {};
}

Result<v1::ArtifactRef> CallJournal::show(const CallKey& key, const Prompt& prompt) {
  return put(key, "prompt.md", to_markdown(prompt));
}

Result<v1::ArtifactRef> CallJournal::show(const CallKey& key, const CallRecord& record) {
  if (record.failure.empty()) return put(key, "reply.md", record.text);
  return put(key, "reply.md",
             std::format("No model answered: {}: {}\n", record.failure, record.failure_detail));
}

Result<std::optional<std::string>> CallJournal::get(const CallKey& key, std::string_view kind) {
  const auto name = std::format("{}/{}/{}", key.job, key.candidate, key.artifact_name(kind));
  auto stored = artifacts_.get(name, kCallBytesMax);
  if (!stored && stored.error().is(errors::kNotFound)) return std::nullopt;
  return PODIUM_TRY(std::move(stored));
}

Result<v1::ArtifactRef> CallJournal::put(const CallKey& key, std::string_view name,
                                         const std::string& bytes) {
  return artifacts_.put_named(key.job, key.candidate, name, bytes);
}

}  // namespace podium::codegen
