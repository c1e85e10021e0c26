// What people and programs are told of a job that has ended, and the link to what it left. Values;
// the functions are pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/environment.hpp"
#include "podium/v1/event.pb.h"

namespace podium::notifier {

struct LinkOptions {
  /// Where people reach the gateway, without a slash at the end.
  std::string public_url;
  /// Shared with the gateway, which checks what is signed here.
  Secret key;
  /// How long a link is good.
  std::chrono::milliseconds time{};
};

/// Texts are empty when not known.
struct JobEnd {
  /// Of the event: the same for every repeat.
  std::string event_id;
  std::string job_id;
  std::string trace_id;
  std::string kaggle_url;
  /// The slug; empty for a person's own folder.
  std::string competition;
  /// success, failed, timeout or cancelled.
  std::string status;
  v1::Ended ended;
  std::optional<TimePoint> created_at;
  TimePoint ended_at;
  std::string status_link;
  /// Opens submission.csv to whoever holds it, until the time; empty when the job left none.
  std::string result_link;
  std::optional<TimePoint> link_ends_at;
};

/// Of a job's two events. The link is made at `now`, and never outlives the file (kFileTimeMax).
JobEnd job_end_of(const v1::Event& requested, const v1::Event& ended, const LinkOptions& links,
                  TimePoint now);

/// "accuracy 0.84 (higher is better, trusted)"; empty without a score.
std::string score_text(const v1::Ended& ended);

}  // namespace podium::notifier
