#include "services/codegen/prompts/data_preview.hpp"

#include <algorithm>
#include <format>

#include "libs/competition/text.hpp"
#include "libs/competition/words.hpp"
#include "services/codegen/prompts/prompt_limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kCellBytesMax = 60;
constexpr std::size_t kNameBytesMax = 120;
constexpr std::string_view kCutMark = "\n[cut]";

/// A name or a cell as a quoted piece of one line.
std::string in_quotes(std::string_view text, std::size_t bytes_max = kCellBytesMax) {
  auto clean = competition::clean_text(text, bytes_max);
  std::ranges::replace(clean, '\n', ' ');
  std::ranges::replace(clean, '`', '\'');
  return "`" + clean + "`";
}

std::string_view type_word(v1::ColumnType type) {
  switch (type) {
    case v1::COLUMN_TYPE_INTEGER:
      return "whole number";
    case v1::COLUMN_TYPE_REAL:
      return "number";
    case v1::COLUMN_TYPE_BOOLEAN:
      return "boolean";
    case v1::COLUMN_TYPE_CATEGORY:
      return "category";
    case v1::COLUMN_TYPE_TEXT:
      return "text";
    case v1::COLUMN_TYPE_DATE:
      return "date";
    case v1::COLUMN_TYPE_EMPTY:
      return "empty";
    default:
      return "unknown";
  }
}

std::string examples_of(const v1::ColumnProfile& column) {
  std::string out;
  for (int at = 0; at < std::min(column.examples_size(), kPromptExamplesMax); ++at) {
    out += (at == 0 ? "; such as " : ", ") + in_quotes(column.examples(at));
  }
  return out;
}

std::string column_line(const v1::ColumnProfile& column) {
  auto out =
      std::format("- {}: {}", in_quotes(column.name(), kNameBytesMax), type_word(column.type()));
  if (column.missing() > 0) out += std::format(", {} missing", column.missing());
  if (column.distinct() > 0) {
    out +=
        std::format(", {}{} distinct", column.distinct_exact() ? "" : "about ", column.distinct());
  }
  const bool numeric =
      column.type() == v1::COLUMN_TYPE_INTEGER || column.type() == v1::COLUMN_TYPE_REAL;
  if (numeric) {
    out +=
        std::format(", {:.6g} to {:.6g}, mean {:.6g}", column.min(), column.max(), column.mean());
  }
  if (column.type() == v1::COLUMN_TYPE_TEXT) {
    out += std::format(", {:.0f} characters on average", column.length_mean());
  }
  if (column.type() == v1::COLUMN_TYPE_DATE) out += ", as " + in_quotes(column.date_format());
  if (column.identifies_rows()) out += ", names the row";
  if (!numeric) out += examples_of(column);
  return out + "\n";
}

std::string names_of_columns(const v1::TableProfile& table) {
  std::string out = "Columns: ";
  for (int at = 0; at < std::min(table.columns_size(), kPromptColumnsMax); ++at) {
    out += (at == 0 ? "" : ", ") + in_quotes(table.columns(at).name(), kNameBytesMax);
  }
  const int left = table.columns_size() - kPromptColumnsMax;
  return out + (left > 0 ? std::format(" and {} more\n", left) : "\n");
}

std::string table_text(const v1::TableProfile& table, bool in_full) {
  auto out = std::format("\n### {} ({} rows, {} columns, parted by {})\n\n",
                         in_quotes(table.path(), kNameBytesMax), table.rows(), table.columns_size(),
                         in_quotes(table.delimiter() == "\t" ? "tab" : table.delimiter()));
  if (!in_full || table.columns_size() > kPromptColumnsMax) return out + names_of_columns(table);
  for (const auto& column : table.columns()) out += column_line(column);
  return out;
}

std::string files_text(const v1::CompetitionFacts& facts) {
  std::string out;
  for (int at = 0; at < std::min(facts.files_size(), kPromptFilesMax); ++at) {
    const auto& file = facts.files(at);
    out += std::format("- {}, {} bytes\n", in_quotes(file.path(), kNameBytesMax), file.bytes());
  }
  const int left = facts.files_size() - kPromptFilesMax;
  if (left > 0) out += std::format("- and {} more files\n", left);
  for (int at = 0; at < std::min(facts.folders_size(), kPromptFilesMax); ++at) {
    const auto& folder = facts.folders(at);
    out += std::format("- {}/: {} files named `<id>{}`\n", in_quotes(folder.path(), kNameBytesMax),
                       folder.files(), competition::clean_text(folder.extension(), 10));
  }
  return out;
}

std::string submission_text(const v1::CompetitionFacts& facts) {
  const auto& sample = facts.submission();
  auto out = std::format(
      "\n### The submission\n\n{} is the final authority: the same columns, the same {} ids, each "
      "once. Its id column is {}; to be predicted: ",
      in_quotes(sample.path(), kNameBytesMax), sample.rows(),
      in_quotes(sample.id_column(), kNameBytesMax));
  for (int at = 0; at < std::min(sample.target_columns_size(), kPromptColumnsMax); ++at) {
    out += (at == 0 ? "" : ", ") + in_quotes(sample.target_columns(at), kNameBytesMax);
  }
  switch (sample.target_kind()) {
    case v1::TARGET_KIND_PROBABILITY:
      return out + ": probabilities from 0 to 1.\n";
    case v1::TARGET_KIND_LABEL:
      return out + ": one of the labels of the training data, written as there.\n";
    case v1::TARGET_KIND_LABEL_LIST:
      return out + ": labels with blanks between, best first.\n";
    case v1::TARGET_KIND_INTEGER:
      return out + ": whole numbers.\n";
    default:
      return out + ".\n";
  }
}

std::string preview(const v1::CompetitionFacts& facts, bool in_full) {
  auto out = files_text(facts) + submission_text(facts);
  for (const auto& table : facts.tables()) {
    if (table.path() != facts.submission().path()) out += table_text(table, in_full);
  }
  return out;
}

std::string cut(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  return std::string{competition::cut_utf8(text, bytes_max)}.append(kCutMark);
}

}  // namespace

std::string data_preview(const v1::CompetitionFacts& facts, std::size_t bytes_max) {
  auto text = preview(facts, true);
  if (text.size() > bytes_max) text = preview(facts, false);
  return cut(std::move(text), bytes_max);
}

std::string pages_text(const v1::CompetitionFacts& facts, std::size_t bytes_max) {
  std::string out = competition::clean_text(facts.description(), bytes_max);
  for (const auto& page : facts.pages()) {
    const auto name = competition::clean_text(page.name(), kNameBytesMax);
    out += "\n\n### " + name + "\n\n" + competition::clean_text(page.text(), bytes_max);
  }
  // The fence that the prompt puts around others' words must not be closed from inside.
  for (std::size_t at = out.find("~~~"); at != std::string::npos; at = out.find("~~~", at)) {
    out.replace(at, 3, "---");
  }
  return cut(std::move(out), bytes_max);
}

std::string task_text(const v1::CompetitionFacts& facts) {
  const auto& task = facts.task();
  auto out = competition::word(task.kind()).value_or("unknown");
  if (!task.train_path().empty()) out += ", trained on " + in_quotes(task.train_path());
  for (int at = 0; at < std::min(task.target_columns_size(), kPromptColumnsMax); ++at) {
    out += (at == 0 ? ", target " : ", ") + in_quotes(task.target_columns(at), kNameBytesMax);
  }
  if (!task.test_path().empty()) out += ", to be predicted for " + in_quotes(task.test_path());
  if (!task.train_images().empty())
    out += ", rows are pictures in " + in_quotes(task.train_images());
  if (!task.time_column().empty()) {
    out += "; the test rows are later than the training rows on " + in_quotes(task.time_column());
  }
  return out;
}

}  // namespace podium::codegen
