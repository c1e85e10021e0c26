// How the executor and its check talk: by descriptors that the check inherits, nothing else. All
// are files without names; the check has neither environment nor any other open descriptor.
#pragma once

#include <string_view>

namespace podium::executor::check {

/// Modes, the program's first argument.
/// Reads kFacts, writes CompetitionFacts with only slug and submission.path to kReport.
inline constexpr std::string_view kFactsMode = "facts";
/// Reads kFacts, kSampleTar, kPredictionsTar and kLogEnd; writes Executed with only verdict and
/// score to kReport, what the run left to kPredictions, what may be submitted to kSubmission. The
/// second argument is the most that predictions may have, in bytes.
inline constexpr std::string_view kPredictionsMode = "predictions";

enum Descriptor : int {
  kFacts = 3,
  kSampleTar = 4,
  kPredictionsTar = 5,
  kLogEnd = 6,
  kReport = 7,
  kPredictions = 8,
  kSubmission = 9,
  /// Room for the sample, taken out of its tar.
  kSample = 10,
};
inline constexpr int kLastDescriptor = kSample;

/// The check did its work, whatever it found.
inline constexpr int kExitDone = 0;
/// It was called wrongly or could not lock itself in; stderr says why.
inline constexpr int kExitBroken = 3;

}  // namespace podium::executor::check
