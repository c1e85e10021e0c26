// Reads what a language model answered: the plan, one whole Python program, what it requires.
// Models answer in many shapes (fences, JSON, nothing at all around the code); none of them is an
// error of ours: each outcome is a registered code of reply_errors.hpp, whose sentence can be told
// back. Pure; linear in the reply's size; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "services/codegen/replies/finding.hpp"
#include "services/codegen/replies/static_check.hpp"
#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

/// How the vendor says that the reply ended.
enum class ReplyStop {
  finished,
  cut_short,  ///< At the limit of tokens or of the context.
  refused,    ///< Declined, or held back by a filter.
};

struct ReadOptions {
  ReplyStop stop = ReplyStop::finished;
  /// False when only the body of a function was asked for: then the code need neither import nor
  /// write the submission.
  bool whole_program = true;
  /// What the code may read; `check.submission` is taken from `whole_program`.
  CheckOptions check;
  /// Counts the steps when given; must outlive the call.
  WorkMeter* work = nullptr;
};

struct ProgramReply {
  /// Prose before the code, else after it: at most kPlanBytesMax bytes, cleaned.
  std::string plan;
  /// The plan in one line, at most kPlanLineBytesMax bytes.
  std::string plan_line;
  /// The program as the model wrote it, with LF as line ends and one at the end; nothing is mended.
  std::string code;
  /// requirements.txt as far as the model stated one, a package per line; may be empty.
  std::string requirements;
  /// Of the reply and of the static check; ask refuses() before a sandbox is spent.
  Findings findings;
};

/// Fails with a code of reply_errors.hpp only; the detail says where.
Result<ProgramReply> read_reply(std::string_view reply, const ReadOptions& options);

/// The reply with plain line ends and without a leading <think> part, which is not meant to be
/// read.
std::string without_thoughts(std::string_view reply);

}  // namespace podium::codegen
