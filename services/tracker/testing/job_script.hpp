// Events of a made-up job for tests, each a second after the one before, on the subjects that the
// services would publish them on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "podium/v1/event.pb.h"
#include "services/tracker/recorded.hpp"

namespace podium::tracker::testing {

/// 2026-11-22 08:30:50 UTC: a second before the first event of every script.
inline constexpr std::int64_t kScriptBegin = 1'795'336'250;

class JobScript {
 public:
  explicit JobScript(std::string job) : job_{std::move(job)} {}

  // Each makes the next event of the job and keeps it; change it through the reference.
  v1::Event& requested();
  v1::Event& progressed(const std::string& phase, std::uint64_t done, std::uint64_t total);
  v1::Event& scraped();
  v1::Event& scrape_failed(const std::string& reason);
  v1::Event& draft_requested(const std::string& candidate, std::uint32_t attempt = 1);
  v1::Event& drafted(const std::string& candidate);
  v1::Event& draft_failed(const std::string& candidate, std::uint32_t attempt = 1);
  v1::Event& started(const std::string& candidate, std::uint32_t attempt = 1);
  /// Accepted when the outcome is OK.
  v1::Event& executed(const std::string& candidate, v1::RunOutcome outcome, double score,
                      std::uint32_t attempt = 1);
  v1::Event& cancel_requested();
  v1::Event& ended(v1::JobStatus status, const std::string& best);
  /// An event with this payload's name and subject id; the payload is for the caller to set.
  v1::Event& next(const std::string& name, const std::string& subject_id = "");

  const std::vector<v1::Event>& events() const { return events_; }
  std::string run(const std::string& candidate, std::uint32_t attempt = 1) const;

 private:
  std::string job_;
  std::vector<v1::Event> events_;
};

/// A whole job: fetched, three candidates (one crashes and is mended by a model that merges, one a
/// model cannot draft), ended with success and a report.
JobScript whole_job(const std::string& job);

/// The event as a message of the stream, with the sequence.
Recorded recorded(const v1::Event& event, std::int64_t sequence);

/// When recorded() says that the stream was made.
Moment stream_created();

}  // namespace podium::tracker::testing
