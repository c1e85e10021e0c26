#include "services/codegen/generator/scaffold_contract.hpp"

#include <algorithm>
#include <cctype>
#include <format>
#include <string_view>

#include "libs/competition/text.hpp"
#include "services/codegen/generator/competition_constants.hpp"
#include "services/codegen/generator/scaffold.hpp"

namespace podium::codegen {
namespace {

/// Of so many columns of a kind the names are told; a model needs no more to see what they are.
constexpr std::size_t kColumnsNamedMax = 60;
constexpr std::size_t kNameBytesMax = 80;

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_';
}

// As the program's plain_names() writes it, but for names that would stand there twice.
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : competition::clean_text(name, kNameBytesMax)) {
    if (is_plain(c)) {
      out += c;
    } else if (!out.ends_with('_') || out.empty()) {
      out += '_';
    }
  }
  return out;
}

std::string named(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kColumnsNamedMax); ++i) {
    out += std::format("{}`{}`", i == 0 ? "" : ", ", plain_name(names[i]));
  }
  if (names.size() > kColumnsNamedMax) {
    out += std::format(" and {} more", names.size() - kColumnsNamedMax);
  }
  return out;
}

std::string target_sentence(const Problem& problem) {
  const auto piece = answer_piece_of(problem);
  const bool logarithm = piece == "scale_log" || piece == "rule_factor";
  switch (problem.form) {
    case Form::binary:
      return "train_y holds 0 or 1 for each training row.";
    case Form::classes:
      return "train_y holds the class of each training row, a whole number from 0.";
    case Form::binary_columns:
      return "There are several targets: each call is for one of them, and train_y holds its 0 or "
             "1 for each training row.";
    case Form::number_columns:
      return std::format(
          "There are several targets: each call is for one of them, and train_y holds its {} for "
          "each training row.",
          logarithm ? "log(1 + value)" : "value");
    case Form::number:
      return logarithm ? "train_y holds log(1 + target) for each training row, for the metric "
                         "measures relative errors."
                       : "train_y holds the target of each training row, a float.";
  }
  return {};
}

std::string answer_sentence(const Problem& problem) {
  switch (problem.form) {
    case Form::binary:
    case Form::binary_columns:
      return "Returns the probability of 1 for each row of test_x, in its order: shape (rows,).";
    case Form::classes:
      return "Returns the probabilities of the classes for each row of test_x, in its order: shape "
             "(rows, classes), a column for each class from 0.";
    case Form::number:
    case Form::number_columns:
      break;
  }
  return "Returns a number for each row of test_x, in its order and on the scale of train_y: shape "
         "(rows,).";
}

std::string columns_text(const Problem& problem, const ColumnRoles& roles,
                         const SolutionChoice& choice) {
  if (problem.sounds) {
    return "- `train_x`, `test_x`: arrays of float32 with a row for each sound: its spectrogram, "
           "made small and square, band of tones by band from 0 (silent) to 1 (loud).\n";
  }
  if (problem.images) {
    return "- `train_x`, `test_x`: arrays of float32 with a row for each picture: its pixels, made "
           "small and grey, line by line from 0 (black) to 1 (white). The pictures are square.\n";
  }
  std::string out =
      "- `train_x`, `test_x`: tables with the same columns. Names hold letters, digits and "
      "underscores only; look at the dtype to tell the kinds apart:\n";
  const auto line = [&](bool holds, const std::string& text) {
    if (holds) out += "  - " + text + "\n";
  };
  line(!roles.numbers.empty(), "numbers (float64, gaps are NaN): " + named(roles.numbers));
  std::vector<std::string> dates;
  for (const auto& [name, form] : roles.dates) dates.push_back(name);
  line(!dates.empty(), "of the dates " + named(dates) +
                           " numbers and categories, such as `..._days` and `..._weekday`");
  line(!roles.texts.empty() && !roles.wordy,
       "of the short texts " + named(roles.texts) + " their shape and common words, as numbers");
  line(roles.wordy, "texts (object, str without gaps): " + named(roles.texts) +
                        "; and of each text its shape and topics, as numbers");
  line(!roles.categories.empty(),
       "categories (category, the same values in both tables): " + named(roles.categories));
  line(
      encodes_many_valued(roles, choice),
      std::format("categories of more than {} values come as numbers instead: {}", kOneHotValuesMax,
                  problem.form == Form::classes ? "the number of the value"
                                                : "the target's mean for the value, learned "
                                                  "without the row itself (`mean0`, `mean1` ...)"));
  line(choice.rich, "further columns made of these, numbers and categories");
  return out;
}

std::string helpers_text(const Problem& problem, const ColumnRoles& roles) {
  std::string out =
      "- `np` and `pd` are imported; import what else is needed beside the function. Helper "
      "functions may stand beside it too.\n"
      "- `outputs(model, rows)` gives what must be returned, for a fitted scikit-learn model.\n";
  if (!problem.images) {
    out += std::format(
        "- `as_numbers(table)` gives the table as plain numbers (categories as codes, gaps as "
        "-1{}), "
        "for models that take nothing else.\n",
        roles.wordy ? ", without the texts" : "");
  }
  return out +
         "- `CPUS` is the number of threads that may be used; `seconds_left()` tells how many "
         "seconds all calls that are still to come may take together.\n";
}

std::string calls_text(const Problem& problem, const SolutionChoice& choice) {
  const auto folds = folds_of(problem, choice);
  const std::string_view targets = several(problem) ? " and each target" : "";
  if (problem.forward) {
    return std::format(
        "- It is called for the test rows, with all training rows, and for each of {} stretches of "
        "time before them, with the training rows before the stretch; these are",
        folds);
  }
  return std::format(
      "- It is called for each of {} folds{}, and test_x holds the rows held out and the test rows "
      "together; the former are",
      folds, targets);
}

}  // namespace

ScaffoldContract scaffold_contract(const Problem& problem, const ColumnRoles& roles,
                                   const SolutionChoice& choice) {
  const std::string_view table = problem.images ? "np.ndarray" : "pd.DataFrame";
  const auto& metric = *problem.metric;
  ScaffoldContract contract;
  contract.signature = std::format(
      "def {}(train_x: {}, train_y: np.ndarray, test_x: {}) -> np.ndarray:", kScaffoldFunction,
      table, table);
  contract.docstring = std::format("{}\n{}", target_sentence(problem), answer_sentence(problem));
  contract.text = std::format(
      "```python\n{}\n    \"\"\"Learns from train_x and train_y, and predicts test_x.\n\n    {}\n  "
      "  "
      "{}\n    \"\"\"\n```\n\n",
      contract.signature, target_sentence(problem), answer_sentence(problem));
  contract.text += std::format("{} scored with {} ({} is better).\n", calls_text(problem, choice),
                               metric.key, metric.higher_is_better ? "higher" : "lower");
  contract.text += std::format("- There are {} training rows.\n", problem.train->rows());
  contract.text += columns_text(problem, roles, choice) + helpers_text(problem, roles);
  contract.text +=
      "- It reads and writes no files, and every value that it returns is a finite number.\n";
  return contract;
}

}  // namespace podium::codegen
