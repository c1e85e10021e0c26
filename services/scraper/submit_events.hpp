// The events that sending a submission makes. Pure.
#pragma once

#include <cstdint>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/result.hpp"
#include "podium/v1/event.pb.h"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

/// What of a job the events repeat. `asked` is the event that is handled.
struct SubmitFacts {
  const v1::Event& asked;
  const v1::Ended& ended;
};

v1::Event submitted_event(const SubmitFacts& facts, const std::string& reference,
                          const std::string& description);

/// Without a score that is shown `score_hidden` is set.
v1::Event scored_event(const SubmitFacts& facts, const SentSubmission& sent,
                       const BoardPlace& place);

/// `sequence` is that of the event that is handled, so that a repeat is the same event. What is no
/// reason of the domain becomes SUBMIT_FAILED.
v1::Event failed_event(const SubmitFacts& facts, const Error& error, const std::string& reference,
                       std::uint64_t sequence);
std::string failed_event_id(const v1::Event& asked, std::uint64_t sequence);

/// Tells those who watch until when a place is waited for.
v1::Event waiting_event(const v1::Event& asked, TimePoint until);

}  // namespace podium::scraper
