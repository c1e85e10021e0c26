#include "services/codegen/replies/candidate_reply.hpp"

#include "services/codegen/replies/patch_reader.hpp"
#include "services/codegen/replies/reply_errors.hpp"

namespace podium::codegen {
namespace {

Result<ProgramReply> patched(std::string_view reply, std::string_view parent_code,
                             const ReadOptions& options, WorkMeter& work) {
  if (options.stop == ReplyStop::cut_short) {
    return fail(reply_errors::kPatchUnfinished, "the answer was cut at the limit of tokens");
  }
  auto patch = PODIUM_TRY(read_patch(without_thoughts(reply), work));
  ProgramReply program{.plan = std::move(patch.plan),
                       .plan_line = std::move(patch.plan_line),
                       .code = PODIUM_TRY(apply_patch(parent_code, patch.blocks, work)),
                       .requirements = {},
                       .findings = {}};
  program.findings = check_program(program.code, options.check, work);
  return program;
}

}  // namespace

Result<ProgramReply> read_candidate(std::string_view reply, std::string_view parent_code,
                                    const ReadOptions& options) {
  WorkMeter own;
  WorkMeter& work = options.work == nullptr ? own : *options.work;
  const bool changes = !parent_code.empty() && options.stop != ReplyStop::refused &&
                       has_patch(without_thoughts(reply));
  auto program =
      PODIUM_TRY(changes ? patched(reply, parent_code, options, work) : read_reply(reply, options));
  if (refuses(program.findings)) {
    return fail(reply_errors::kReplyUnsafe, told(program.findings));
  }
  return program;
}

}  // namespace podium::codegen
