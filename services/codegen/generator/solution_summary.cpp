#include "services/codegen/generator/solution_summary.hpp"

#include <algorithm>
#include <cstdint>
#include <format>
#include <map>
#include <string_view>

#include "services/codegen/generator/competition_constants.hpp"

namespace podium::codegen {
namespace {

constexpr std::uint32_t kCpuMilli = 2000;
constexpr std::uint64_t kMemoryBytesMin = std::uint64_t{2} << 30U;
constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{16} << 30U;
/// A program holds its data about so many times over: as text, as numbers, and cut into folds.
constexpr std::uint64_t kMemoryPerDataByte = 12;

std::string joined(const std::vector<Family>& families) {
  std::string out;
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (i > 0) out += i + 1 == families.size() ? " and " : ", ";
    out += name_of(families[i]);
  }
  return out;
}

std::vector<std::string> feature_notes(const Problem& problem, const ColumnRoles& roles,
                                       const SolutionChoice& choice) {
  std::vector<std::string> notes;
  const auto note = [&](bool holds, std::string text) {
    if (holds) notes.push_back(std::move(text));
  };
  note(problem.images && !problem.sounds,
       "Pictures are made small and grey; each pixel is a feature.");
  note(problem.sounds, "Of each sound: how loud each band of tones is in each stretch of it.");
  note(problem.every > 1, std::format("One training row of {} is read.", problem.every));
  if (problem.images) return notes;
  note(!roles.numbers.empty(), std::format("{} numeric columns.", roles.numbers.size()));
  note(!roles.categories.empty(),
       std::format("{} columns of categories.", roles.categories.size()));
  note(!roles.dates.empty(), "Dates become year, month, day, weekday and days since 2000.");
  note(!roles.clocks.empty(), "Clock times written as hmm are split into hours and minutes.");
  note(!roles.lookups.empty(), std::format("{} side tables are joined.", roles.lookups.size()));
  note(!roles.histories.empty(),
       std::format("{} tables with many rows for a key are summed up.", roles.histories.size()));
  note(roles.wordy, "Sentences are read as words and groups of letters (TF-IDF) and as topics.");
  note(!roles.texts.empty() && !roles.wordy, "Short texts become common words, family and title.");
  note(choice.rich && !roles.ratios.empty(), "Continuous numbers are divided by one another.");
  note(choice.rich && !roles.series.empty(),
       "Repeated measures get a mean, a last value, a trend.");
  note(choice.rich && !roles.crosses.empty(),
       "Rows of one day and place are marked, and encoded by the target inside the folds.");
  return notes;
}

}  // namespace

std::string_view predicted_by(Form form) {
  switch (form) {
    case Form::binary:
      return "one of two classes";
    case Form::classes:
      return "one of several classes";
    case Form::number:
      return "a number";
    case Form::number_columns:
      return "several numbers";
    case Form::binary_columns:
      return "several probabilities";
  }
  return "a number";
}

std::string validation_of(const Problem& problem, const SolutionChoice& choice) {
  if (problem.forward) return "validated on the latest stretches of time, as the test follows them";
  return std::format("validated in {} folds", folds_of(problem, choice));
}

SolutionSummary summarize(const Problem& problem, const ColumnRoles& roles,
                          const SolutionChoice& choice, const std::vector<Family>& families) {
  const std::string models = joined(families);
  const std::string_view blended = families.size() > 1 ? ", blended" : "";
  SolutionSummary summary;
  summary.plan_line = std::format("{}{}, {}", models, blended, validation_of(problem, choice));
  summary.docstring = std::format(
      "Predicts {}.\n\nModels: {}{};\n{}.\nThe last line of the output is the score on rows "
      "that no model has seen.\n",
      predicted_by(problem.form), models, blended, validation_of(problem, choice));
  summary.plan = std::format("# Plan\n\nPredict {} with {}{}; {}.\n\n", predicted_by(problem.form),
                             models, blended, validation_of(problem, choice));
  for (const std::string& note : feature_notes(problem, roles, choice)) {
    summary.plan += "- " + note + "\n";
  }
  summary.plan += std::format("- Scored by {}{}.\n", problem.metric->key,
                              problem.metric_stands_in ? ", which stands in for a metric that is "
                                                         "not known or does not fit the target"
                                                       : "");
  return summary;
}

std::string requirements_of(const std::set<std::string>& modules) {
  static const std::map<std::string_view, std::string_view> kPackages{
      {"PIL", "pillow"}, {"sklearn", "scikit-learn"}, {"xgboost", "xgboost-cpu"}};
  std::set<std::string> packages;
  for (const std::string& module : modules) {
    const auto at = kPackages.find(module);
    packages.insert(at == kPackages.end() ? module : std::string{at->second});
  }
  std::string out;
  for (const std::string& package : packages) out += package + "\n";
  return out;
}

v1::Resources needs_of(const Problem& problem) {
  std::uint64_t bytes = 0;
  for (const auto& file : problem.facts->files()) bytes += file.bytes();
  for (const auto& folder : problem.facts->folders()) bytes += folder.bytes();
  v1::Resources needs;
  needs.set_cpu_milli(kCpuMilli);
  needs.set_memory_bytes(
      std::clamp(kMemoryBytesMin + kMemoryPerDataByte * bytes, kMemoryBytesMin, kMemoryBytesMax));
  return needs;
}

}  // namespace podium::codegen
