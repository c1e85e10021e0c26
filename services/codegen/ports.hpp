// What codegen's stages need from outside. Adapters stand in adapters/; tests bring their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/job.pb.h"
#include "podium/v1/search.pb.h"

namespace podium::codegen {

/// The state of every job's search, replaced by compare-and-set. Thread-safe.
class SearchStore {
 public:
  struct Entry {
    v1::SearchState state;
    std::uint64_t revision = 0;
  };
  virtual ~SearchStore() = default;
  virtual Result<std::optional<Entry>> get(std::string_view job_id) = 0;
  /// The new revision; CONFLICT when there is one already.
  virtual Result<std::uint64_t> create(const v1::SearchState& state) = 0;
  /// The new revision; CONFLICT when it is no longer at `revision`.
  virtual Result<std::uint64_t> update(const v1::SearchState& state, std::uint64_t revision) = 0;
};

/// Carries out what stands in an outbox. Every call is safe to repeat. Thread-safe.
class CommandSink {
 public:
  virtual ~CommandSink() = default;
  /// Byte for byte as decided; an effect that has happened already is a success.
  virtual Result<void> publish(const v1::Event& event) = 0;
  virtual Result<void> remove_ticket(std::uint64_t sequence) = 0;
};

/// The time that enters decisions. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() = 0;
};

/// Whether a candidate has been drafted, so that a repeat costs nothing. Thread-safe.
class DraftLog {
 public:
  virtual ~DraftLog() = default;
  virtual Result<bool> drafted(std::string_view job_id, std::string_view candidate_id) = 0;
};

/// One attempted solution, before it runs.
struct CandidateDraft {
  std::string code;
  std::string plan;
  /// The plan in one line, for lists.
  std::string plan_line;
  /// requirements.txt; informative, the sandbox installs nothing.
  std::string requirements;
  v1::Resources needs;
  std::uint64_t tokens = 0;
  std::int64_t cost_micro_usd = 0;
};

/// Writes candidate solutions: the built-in generator now, language models as further adapters.
/// Called from several threads. A business refusal is DRAFT_FAILED; repeating a call is safe.
class CandidateGenerator {
 public:
  virtual ~CandidateGenerator() = default;
  virtual Result<CandidateDraft> draft(const v1::DraftRequested& request,
                                       const v1::CompetitionFacts& facts) = 0;
};

}  // namespace podium::codegen
