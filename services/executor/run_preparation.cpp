#include "services/executor/run_preparation.hpp"

#include <algorithm>
#include <format>
#include <ranges>

#include "services/executor/limits.hpp"

namespace podium::executor {
namespace {

constexpr std::size_t kSlugBytesMax = 100;
constexpr std::size_t kPathBytesMax = 500;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

}  // namespace

bool is_safe_slug(std::string_view slug) {
  return !slug.empty() && slug.size() <= kSlugBytesMax && slug.front() != '.' &&
         slug.front() != '-' && std::ranges::all_of(slug, is_word);
}

bool is_safe_path(std::string_view path) {
  if (path.empty() || path.size() > kPathBytesMax) return false;
  const bool has_controls =
      std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (has_controls || path.contains('\\')) return false;
  return std::ranges::all_of(path | std::views::split('/'), [](const auto& part) {
    const std::string_view name{part.begin(), part.end()};
    return !name.empty() && name != "." && name != "..";
  });
}

RunPreparation::RunPreparation(SandboxRuntime& runtime, SubmissionCheck& check,
                               ArtifactStore& artifacts, std::filesystem::path scratch)
    : runtime_{runtime}, check_{check}, artifacts_{artifacts}, scratch_{std::move(scratch)} {}

Result<RunCompetition> RunPreparation::competition_of(const v1::RunTicket& ticket) {
  RunCompetition competition{.facts = PODIUM_TRY(ScratchFile::make(scratch_)), .names = {}};
  const auto text = PODIUM_TRY(artifacts_.get(ticket.facts().key(), kFactsBytesMax));
  PODIUM_TRY(competition.facts.append(text));
  competition.names = PODIUM_TRY(check_.read_facts(competition.facts));
  if (!is_safe_slug(competition.names.slug)) {
    return fail(errors::kInvalid, "the competition's slug is no name of a folder");
  }
  if (!is_safe_path(competition.names.sample_path)) {
    return fail(errors::kInvalid, "the sample submission's path leads out of the data");
  }
  return competition;
}

Result<void> RunPreparation::bring_data(const v1::RunTicket& ticket, const OnProgress& on_progress,
                                        std::stop_token stop) {
  const auto& reference = ticket.data();
  if (reference.bytes() > kDataBytesMax) {
    return fail(errors::kTooLarge, std::format("the data has {} bytes", reference.bytes()));
  }
  auto next_report = std::chrono::steady_clock::now() + kProgressEvery;
  const DataSource data{
      .sha256 = reference.sha256(),
      .bytes = reference.bytes(),
      .read = [&](const auto& sink) { return artifacts_.read(reference.key(), sink); },
      .on_progress =
          [&](std::uint64_t done) {
            const auto now = std::chrono::steady_clock::now();
            if (now < next_report) return;
            next_report = now + kProgressEvery;
            on_progress(done, reference.bytes());
          }};
  return runtime_.ensure_data(data, std::move(stop));
}

Result<std::string> RunPreparation::code_of(const v1::RunTicket& ticket) {
  return artifacts_.get(ticket.code().key(), kCodeBytesMax);
}

}  // namespace podium::executor
