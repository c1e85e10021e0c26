#include "services/codegen/replies/reply_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/hidden_characters.hpp"
#include "services/codegen/replies/json_strings.hpp"
#include "services/codegen/replies/plan_text.hpp"
#include "services/codegen/replies/program_choice.hpp"
#include "services/codegen/replies/python_shape.hpp"
#include "services/codegen/replies/reply_blocks.hpp"
#include "services/codegen/replies/reply_errors.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_requirements.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::array<std::string_view, 6> kPlanKeys{"plan",        "approach",  "explanation",
                                                    "description", "reasoning", "thoughts"};
constexpr std::array<std::string_view, 3> kRequirementKeys{"requirements", "requirements.txt",
                                                           "dependencies"};
constexpr std::array<std::string_view, 14> kRefusals{
    "i can't",         "i cannot",       "i can not",       "i won't",           "i will not",
    "i'm not able",    "i am not able",  "i'm unable",      "i am unable",       "i'm sorry, but",
    "i am sorry, but", "i must decline", "can't help with", "cannot assist with"};

// What was found in a reply, whatever it was wrapped in.
struct Finds {
  std::vector<FoundProgram> programs;
  std::string plan;  // from JSON; else it is the prose around the chosen program
  std::string requirements;
  std::string foreign_tag;                         // of a block in another language
  std::size_t prose_end = std::string_view::npos;  // where the first block of any kind begins
  bool foreign_code = false;
  bool patch = false;
};

void add_program(Finds& finds, std::string code, std::size_t begin, std::size_t end, bool closed,
                 WorkMeter& work) {
  if (code.empty()) return;
  finds.programs.push_back(describe_program(std::move(code), begin, end, closed, work));
}

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

// Code in a field of JSON, there perhaps within fences once more.
void read_json(Finds& finds, std::string_view text, std::size_t begin, std::size_t end,
               WorkMeter& work) {
  std::string requirements;
  for (const JsonString& field : json_strings(text, work)) {
    if (is_one_of(kPlanKeys, field.key) && finds.plan.empty()) finds.plan = field.value;
    if (is_one_of(kRequirementKeys, field.key)) requirements += field.value + "\n";
    if (field.value.find('\n') == std::string::npos) continue;
    const std::string value = with_plain_line_ends(field.value);
    const auto blocks = find_blocks(value, work);
    for (const ReplyBlock& block : blocks) {
      const std::string code = text_of(block);
      if (!looks_like_python(code, work)) continue;
      add_program(finds, code, begin, end, field.closed && block.closed, work);
    }
    if (blocks.empty() && looks_like_python(value, work)) {
      add_program(finds, without_blank_edges(value), begin, end, field.closed, work);
    }
  }
  finds.requirements += requirements_of_list(requirements);
}

void read_block(Finds& finds, const ReplyBlock& block, WorkMeter& work) {
  const TagLanguage language = language_of(block.tag);
  std::string text = text_of(block);
  work.spend(2 * block.text.size());
  const std::string_view trimmed = competition::trim(text);
  const bool json = trimmed.starts_with('{') || trimmed.starts_with('[');
  if (language == TagLanguage::python) {
    add_program(finds, std::move(text), block.begin, block.end, block.closed, work);
  } else if (language == TagLanguage::patch) {
    finds.patch = true;
  } else if (language == TagLanguage::json || (language == TagLanguage::unknown && json)) {
    read_json(finds, text, block.begin, block.end, work);
  } else if (language == TagLanguage::unknown && looks_like_python(text, work)) {
    add_program(finds, std::move(text), block.begin, block.end, block.closed, work);
  } else if (language == TagLanguage::other || language == TagLanguage::unknown) {
    if (!looks_like_code(text, work) || trimmed.empty()) return;
    finds.foreign_code = true;
    if (finds.foreign_tag.empty()) finds.foreign_tag = block.tag;
  }
}

Finds find_programs(std::string_view reply, WorkMeter& work) {
  Finds finds;
  const std::string_view trimmed = competition::trim(reply);
  if (trimmed.starts_with('{') || trimmed.starts_with('[')) {
    read_json(finds, trimmed, 0, reply.size(), work);
    if (!finds.programs.empty()) return finds;
  }
  const auto blocks = find_blocks(reply, work);
  finds.requirements = requirements_of(reply, blocks, work);
  for (const ReplyBlock& block : blocks) read_block(finds, block, work);
  if (!blocks.empty()) finds.prose_end = blocks.front().begin;
  const bool fenced = std::ranges::any_of(
      blocks, [](const ReplyBlock& block) { return !competition::trim(block.text).empty(); });
  if (!finds.programs.empty() || fenced) return finds;
  PlainProgram plain = find_plain_program(reply, work);
  finds.prose_end = plain.before.size();
  add_program(finds, std::move(plain.code), plain.before.size(), reply.size(), true, work);
  if (finds.programs.empty() && looks_like_code(reply, work)) finds.foreign_code = true;
  return finds;
}

bool is_refusal(std::string_view reply) {
  std::string begin;
  const std::string_view cut = competition::cut_utf8(competition::trim(reply), kRefusalBytesMax);
  for (std::string_view rest = cut; !rest.empty();) {
    constexpr std::string_view kCurlyApostrophe = "’";
    const bool curly = rest.starts_with(kCurlyApostrophe);
    begin.push_back(curly ? '\'' : rest.front());
    rest.remove_prefix(curly ? kCurlyApostrophe.size() : 1);
  }
  const std::string words = competition::lower(begin);
  return std::ranges::any_of(kRefusals, [&](std::string_view refusal) {
    return words.find(refusal) != std::string::npos;
  });
}

// Why a reply without any Python holds none, the surest reason first.
std::unexpected<Error> no_program(std::string_view reply, const Finds& finds, ReplyStop stop,
                                  WorkMeter& work) {
  if (repeats_endlessly(reply, work)) return fail(reply_errors::kReplyRepeats, "there is no code");
  if (finds.foreign_code) {
    const bool tagged = !finds.foreign_tag.empty();
    return fail(reply_errors::kReplyWrongLanguage,
                tagged ? "the block is marked as " + in_quotes(finds.foreign_tag)
                       : "the code does not look like Python");
  }
  if (is_refusal(reply)) return fail(reply_errors::kReplyRefused, in_quotes(reply));
  if (stop == ReplyStop::cut_short) {
    return fail(reply_errors::kReplyTruncated, "the reply ended before any code");
  }
  return fail(reply_errors::kReplyNoCode, finds.patch ? "it holds changes, not a whole program"
                                                      : "it begins " + in_quotes(reply));
}

// What is known to be wrong with the program that was chosen.
Result<void> refuse_broken(const FoundProgram& program, ReplyStop stop, WorkMeter& work) {
  if (program.code.size() > kProgramBytesMax) {
    return fail(reply_errors::kReplyTooLarge,
                "a program may have " + std::to_string(kProgramBytesMax) + " bytes, not " +
                    std::to_string(program.code.size()));
  }
  if (stop == ReplyStop::cut_short && !program.closed) {
    return fail(reply_errors::kReplyTruncated, "the reply was cut off within the code");
  }
  return refuse_hidden(program.code, work);
}

Findings findings_of_reply(const Finds& finds, const FoundProgram& program) {
  Findings findings;
  if (!program.closed) {
    findings.push_back({Severity::warn, "fence", 0,
                        "The code block was never closed; the program seems to be complete."});
  }
  if (finds.programs.size() > 1) {
    findings.push_back({Severity::warn, "blocks", 0,
                        "The reply holds " + std::to_string(finds.programs.size()) +
                            " Python blocks and one of them was taken; write a single one."});
  }
  return findings;
}

std::string plan_around(std::string_view reply, const Finds& finds, const FoundProgram& program) {
  if (!finds.plan.empty()) return plan_of(finds.plan);
  const std::string before = plan_of(reply.substr(0, std::min(finds.prose_end, program.begin)));
  return before.empty() ? plan_of(reply.substr(std::min(program.end, reply.size()))) : before;
}

Result<ProgramReply> program_reply(std::string_view text, Finds finds, const ReadOptions& options,
                                   WorkMeter& work) {
  const auto chosen = choose_program(finds.programs, options.whole_program, work);
  if (!chosen) {
    if (repeats_endlessly(text, work)) {
      return fail(reply_errors::kReplyRepeats, chosen.error().detail);
    }
    return std::unexpected{chosen.error()};
  }
  FoundProgram& program = finds.programs[*chosen];
  if (repeats_endlessly(program.code, work)) {
    return fail(reply_errors::kReplyRepeats, "the code ends in repetition");
  }
  PODIUM_TRY(refuse_broken(program, options.stop, work));
  ProgramReply out;
  out.plan = plan_around(text, finds, program);
  out.plan_line = plan_line_of(out.plan);
  out.requirements = std::move(finds.requirements);
  out.findings = findings_of_reply(finds, program);
  out.code = std::move(program.code);
  CheckOptions check = options.check;
  check.submission = options.whole_program;
  for (Finding& finding : check_program(out.code, check, work)) {
    out.findings.push_back(std::move(finding));
  }
  return out;
}

}  // namespace

std::string without_thoughts(std::string_view reply) {
  constexpr std::string_view kOpen = "<think>";
  constexpr std::string_view kClose = "</think>";
  std::string text = with_plain_line_ends(reply);
  const std::size_t close = text.find(kClose);
  const std::size_t fence = text.find("```");
  const bool opens = competition::trim(text).starts_with(kOpen);
  if (opens && close == std::string::npos) return {};
  // A lone end belongs to thoughts whose beginning the server kept to itself.
  if (close != std::string::npos && (opens || close < fence)) text.erase(0, close + kClose.size());
  return text;
}

Result<ProgramReply> read_reply(std::string_view reply, const ReadOptions& options) {
  WorkMeter own_meter;
  WorkMeter& work = options.work == nullptr ? own_meter : *options.work;
  if (reply.size() > kReplyBytesMax) {
    return fail(reply_errors::kReplyTooLarge,
                "a reply may have " + std::to_string(kReplyBytesMax) + " bytes");
  }
  if (options.stop == ReplyStop::refused) {
    return fail(reply_errors::kReplyRefused, "the vendor says so");
  }
  const std::string text = without_thoughts(reply);
  work.spend(reply.size());
  if (competition::trim(text).empty()) {
    const bool thinking = !competition::trim(reply).empty();
    if (options.stop == ReplyStop::cut_short || thinking) {
      return fail(reply_errors::kReplyTruncated, "the reply ended before it began to answer");
    }
    return fail(reply_errors::kReplyEmpty, "nothing was answered");
  }
  Finds finds = find_programs(text, work);
  if (finds.programs.empty()) return no_program(text, finds, options.stop, work);
  return program_reply(text, std::move(finds), options, work);
}

}  // namespace podium::codegen
