// What the tests of the reading of replies share: golden files, a small program, options.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "services/codegen/replies/reply_reader.hpp"

namespace podium::codegen::testing {

inline std::string read_text(const std::string& path) {
  std::ifstream file{std::filesystem::path{PODIUM_SOURCE_DIR} / path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string golden(const std::string& name) {
  return read_text("services/codegen/replies/golden/" + name);
}

/// A program in three lines that no check has anything to say about.
inline constexpr std::string_view kSmallProgram =
    "import pandas as pd\n"
    "test = pd.read_csv(\"test.csv\")\n"
    "test.to_csv(\"submission.csv\", index=False)\n";

inline CheckOptions towns_check() {
  return {.data_files = {"train.csv", "test.csv", "extra/Weather.csv", "sample_submission.csv"},
          .input_folder = "/kaggle/input/towns"};
}

inline Result<ProgramReply> read_towns(std::string_view reply,
                                       ReplyStop stop = ReplyStop::finished) {
  ReadOptions options;
  options.stop = stop;
  options.check = towns_check();
  return read_reply(reply, options);
}

/// The name of the error code, or "" for a success.
template <typename T>
std::string code_of(const Result<T>& result) {
  return result ? std::string{} : std::string{result.error().code->name};
}

inline std::string fenced(std::string_view code, std::string_view opener = "```python",
                          std::string_view closer = "```") {
  return std::string{opener} + "\n" + std::string{code} + std::string{closer} + "\n";
}

/// A finding of this rule at this line, or nullptr.
inline const Finding* find_rule(const Findings& findings, std::string_view rule,
                                std::size_t line = 0) {
  for (const Finding& finding : findings) {
    if (finding.rule == rule && (line == 0 || finding.line == line)) return &finding;
  }
  return nullptr;
}

}  // namespace podium::codegen::testing
