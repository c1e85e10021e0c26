// The projection as a pure function: rows before and a message give rows after. No clock, no
// randomness, no I/O, so that a replay of the archive gives the same rows.
#pragma once

#include <string>
#include <vector>

#include "services/tracker/recorded.hpp"
#include "services/tracker/rows.hpp"

namespace podium::tracker {

/// Folds one message into the rows. The rows that keys_of() names must have been loaded. Every
/// message is known afterwards: what cannot be made sense of is an anomaly (undecodable,
/// wrong_subject, unknown_job, illegal_move), and changes nothing else. A message that a job's row
/// knows already changes nothing.
///
/// What holds for every row: the statuses success, failed, timeout and cancelled absorb; progress
/// never falls; counters count each event once.
void project(const Recorded& message, RowSet& rows);

/// An anomaly of this message; for what is noticed outside project().
AnomalyRow anomaly_of(const Recorded& message, std::string what, std::string detail);

/// Which rows a batch reads.
struct RowKeys {
  std::vector<std::string> jobs;
  std::vector<PartKey> candidates;
  std::vector<PartKey> runs;
};
RowKeys keys_of(const std::vector<Recorded>& batch);

}  // namespace podium::tracker
