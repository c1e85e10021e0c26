// Looks at a program before a sandbox is spent on it: does it write the submission, read only files
// that exist, stay off the network and other programs, and never wait. It reads tokens, not
// meaning: a sentence for the model, not a wall; the wall is the sandbox. Pure, linear,
// thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/finding.hpp"
#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

struct CheckOptions {
  /// The competition's files, as paths below its folder; empty: not checked.
  std::vector<std::string> data_files;
  /// Where they are in the sandbox, such as "/kaggle/input/titanic"; empty: not checked.
  std::string input_folder;
  /// The program must write submission.csv.
  bool submission = true;
};

/// What is wrong with the program, by line, at most kFindingsMax; `code` has LF as line ends.
/// Rules: syntax, notebook, placeholder, network, process, sleep, input, data, path, submission,
/// submission_name.
Findings check_program(std::string_view code, const CheckOptions& options, WorkMeter& work);

}  // namespace podium::codegen
