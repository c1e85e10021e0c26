// What a door says of a competition in words, before any data file is looked at: the file
// competition.json, whose fields are named as Kaggle's API names them, and the pages. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/timestamp.pb.h>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"

namespace podium::competition {

/// Limits of what is kept of a competition's words.
inline constexpr std::size_t kPageBytesMax = std::size_t{64} * 1024;
inline constexpr std::size_t kPagesMax = 20;
inline constexpr std::size_t kCompetitionFileBytesMax = std::size_t{1} * 1024 * 1024;

/// Every field may be empty: what is not told is inferred from the files.
struct ToldFacts {
  std::string slug;
  std::string title;
  std::string url;
  std::string description;
  std::string metric_name;
  std::string id_column;
  std::vector<std::string> target_columns;
  /// File name of the sample submission.
  std::string sample_submission;
  std::string licence;
  std::optional<google::protobuf::Timestamp> deadline;
  std::vector<v1::Page> pages;
  /// Sentences for the one who asked, beside what reading the data shows.
  std::vector<std::string> warnings;
};

/// Reads competition.json. Unknown fields are passed over, known ones of a wrong type are an error:
/// DATA_UNREADABLE, with the field. `rowIdColumn`, `targets`, `sampleSubmission` and `licence` are
/// our additions to Kaggle's `title`, `url`, `description`, `evaluationMetric`, `deadline`.
Result<ToldFacts> parse_competition_file(std::string_view json);

/// A page fit to be kept: its name and text cleaned and bounded.
v1::Page make_page(std::string_view name, std::string_view text);

/// "2030-12-31T23:59:00Z", with a fraction of a second or an offset as well; nullopt for other
/// text.
std::optional<google::protobuf::Timestamp> parse_rfc3339(std::string_view text);

/// The text of the page where the metric is explained: the evaluation page, else all pages.
std::string evaluation_text(const std::vector<v1::Page>& pages);

}  // namespace podium::competition
