// What codegen's stages need from outside. Adapters stand in adapters/; tests bring their own.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
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

/// What jobs that ended before have shown of the same data. Thread-safe.
class EarlierJobsReader {
 public:
  virtual ~EarlierJobsReader() = default;
  /// A winner is told only when its run took no longer than `winner_time_max`.
  virtual Result<v1::EarlierJobs> recall(std::string_view tenant, const v1::Scraped& scraped,
                                         std::chrono::seconds winner_time_max) = 0;
};

/// Whether a draft is of use, so that a repeat costs nothing. Thread-safe.
class DraftLog {
 public:
  virtual ~DraftLog() = default;
  virtual Result<bool> drafted(std::string_view job_id, std::string_view candidate_id) = 0;
  /// The job has ended: nobody waits for its drafts.
  virtual Result<bool> ended(std::string_view job_id) = 0;
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
};

/// What a candidate is to be written for.
struct DraftOrder {
  std::string job_id;
  const v1::DraftRequested& request;
  const v1::CompetitionFacts& facts;
  /// When the job's own time is up.
  TimePoint deadline;
  /// The process is to stop.
  std::stop_token stop{};
  /// False once nobody waits for the draft any more; asked now and then. May be empty.
  std::function<bool()> wanted{};
  /// Told now and then how far it is. May be empty.
  std::function<void(const v1::Progressed& progress)> on_progress{};
  /// Parent of spans.
  std::string traceparent{};
};

/// What came of it, and what it cost either way.
struct DraftAnswer {
  /// The program; or a rejecting error that says why there is none, which is the search's affair.
  Result<CandidateDraft> draft;
  v1::ModelUse use{};
  std::uint64_t tokens = 0;
  std::int64_t cost_micro_usd = 0;
  std::optional<v1::ArtifactRef> prompt{};
  std::optional<v1::ArtifactRef> reply{};
  /// No model can be asked for this job any more.
  bool models_off = false;
};

/// Writes candidate solutions. Called from several threads; an error is a broken world, and a call
/// may be repeated: what was paid is not paid again.
class CandidateGenerator {
 public:
  virtual ~CandidateGenerator() = default;
  virtual Result<DraftAnswer> draft(const DraftOrder& order) = 0;
};

/// Who writes which candidate: v1::Generator says it.
struct CandidateGenerators {
  CandidateGenerator& builtin;
  CandidateGenerator& model;
  CandidateGenerator& earlier;
};

}  // namespace podium::codegen
