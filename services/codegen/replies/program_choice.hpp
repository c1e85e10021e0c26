// Which of the programs in a reply is meant: the whole one, and its later version when the model
// wrote it twice. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

/// A piece of a reply that is Python, and what its choice depends on.
struct FoundProgram {
  std::string code;
  std::size_t begin = 0;  ///< Where its block begins in the reply; prose before it is the plan.
  std::size_t end = 0;    ///< Where the block ends.
  bool closed = true;     ///< Its fence or quotation mark at the end is there.

  bool unfinished = false;
  /// Where and why it is unfinished, for a sentence.
  std::string broken_off;
  bool has_imports = false;
  bool names_submission = false;
  /// Functions, classes and variables at the margin.
  std::unordered_set<std::string> definitions;
};

/// With everything that can be read off the code.
FoundProgram describe_program(std::string code, std::size_t begin, std::size_t end, bool closed,
                              WorkMeter& work);

/// The place of the program that is meant in `programs`, which is not empty: the largest that is
/// complete; a later one that defines most of the same again replaces it. With `whole_program`,
/// REPLY_IN_PARTS when what makes a program is spread over several; REPLY_TRUNCATED when the one
/// that is meant breaks off.
Result<std::size_t> choose_program(const std::vector<FoundProgram>& programs, bool whole_program,
                                   WorkMeter& work);

}  // namespace podium::codegen
