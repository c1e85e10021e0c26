// A job as its events tell it, in the order in which things happened. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/event.hpp"
#include "podium/v1/event.pb.h"

namespace podium::codegen {

/// One try to write a candidate.
struct DraftStory {
  std::uint32_t attempt = 0;
  bool failed = false;
  std::string reason_code;
  std::string message;
  v1::ArtifactRef prompt;
  v1::ArtifactRef reply;
  std::uint64_t tokens = 0;
  std::int64_t cost_micro_usd = 0;
  v1::ModelUse use;
};

struct RunStory {
  v1::Executed executed;
  /// What the run was granted; empty when its start is not known.
  v1::RunLimits limits;
};

struct CandidateStory {
  std::string id;
  v1::CandidateKind kind = v1::CANDIDATE_KIND_UNSPECIFIED;
  v1::Generator generator = v1::GENERATOR_UNSPECIFIED;
  std::string parent_id;
  std::string second_parent_id;
  bool scaffold = false;
  std::string plan_line;
  v1::ArtifactRef code;
  v1::ArtifactRef plan;
  v1::ArtifactRef requirements;
  std::vector<DraftStory> drafts;
  std::vector<RunStory> runs;

  /// The run whose submission was accepted last, else the last run; nullptr when it never ran.
  const RunStory* telling_run() const;
};

struct JobStory {
  std::string job_id;
  v1::Requested requested;
  v1::Scraped scraped;
  std::vector<CandidateStory> candidates;
  std::vector<std::string> hints;
  v1::Ended ended;
  /// From request to end; 0 when the request is not known.
  double seconds = 0;
  /// There were more events than are read.
  bool cut_short = false;

  const CandidateStory* find(std::string_view id) const;
  /// nullptr when no candidate has an accepted submission.
  const CandidateStory* winner() const { return find(ended.best_candidate_id()); }
};

/// The events that a report is made of; the others need not be kept.
bool is_told(const v1::Event& event);

/// `history`: the job's events in order, as far as they are told. `ended` is the one that ends it.
/// What is repeated in it counts once.
JobStory story_of(const Events& history, const v1::Event& ended);

}  // namespace podium::codegen
