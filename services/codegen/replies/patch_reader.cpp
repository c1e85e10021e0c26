#include "services/codegen/replies/patch_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/plan_text.hpp"
#include "services/codegen/replies/reply_errors.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_reader.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kMarksMin = 5;
constexpr std::size_t kMarksMax = 9;

// "<<<<<<< SEARCH": as many marks as models happen to write, then the word.
bool is_marker(std::string_view line, char mark, std::string_view word) {
  line = competition::trim(line);
  const std::size_t marks = std::min(line.find_first_not_of(mark), line.size());
  if (marks < kMarksMin || marks > kMarksMax) return false;
  const std::string rest = competition::lower(competition::trim(line.substr(marks)));
  return rest == word || (rest.empty() && mark == '>');
}

bool begins_search(std::string_view line) {
  return is_marker(line, '<', "search") || is_marker(line, '<', "original");
}
bool divides(std::string_view line) {
  return is_marker(line, '=', "");
}
bool ends_replace(std::string_view line) {
  return is_marker(line, '>', "replace") || is_marker(line, '>', "updated");
}

bool is_fence(std::string_view line) {
  line = competition::trim(line);
  return line.starts_with("```") || line.starts_with("~~~");
}

bool is_file_header(const std::vector<std::string_view>& lines, std::size_t at) {
  return lines[at].starts_with("--- ") && at + 1 < lines.size() &&
         lines[at + 1].starts_with("+++ ");
}

// "@@ -1,4 +1,5 @@", with or without numbers.
bool begins_hunk(std::string_view line) {
  return line.starts_with("@@") && line.find("@@", 2) != std::string_view::npos;
}

struct Reading {
  std::vector<PatchBlock> blocks;
  std::size_t begin = std::string_view::npos;  // of the first block, as a line from 0
};

Result<Reading> read_search_blocks(const std::vector<std::string_view>& lines) {
  enum class Part { outside, search, replace };
  Reading out;
  Part part = Part::outside;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (part == Part::outside) {
      if (!begins_search(line)) continue;
      out.begin = std::min(out.begin, i);
      out.blocks.push_back({{}, {}, i + 1});
      part = Part::search;
    } else if (begins_search(line)) {
      return fail(reply_errors::kPatchUnfinished,
                  "block " + std::to_string(out.blocks.size()) + " has no end before the next one");
    } else if (part == Part::search) {
      if (divides(line)) {
        part = Part::replace;
      } else {
        out.blocks.back().search.emplace_back(line);
      }
    } else if (ends_replace(line)) {
      part = Part::outside;
    } else {
      out.blocks.back().replace.emplace_back(line);
    }
  }
  if (part == Part::outside) return out;
  return fail(reply_errors::kPatchUnfinished,
              "block " + std::to_string(out.blocks.size()) + ", from line " +
                  std::to_string(out.blocks.back().line) + " of the reply, has no " +
                  (part == Part::search ? "=======" : ">>>>>>> REPLACE"));
}

// Reads one hunk's lines from `at`, which moves behind them.
PatchBlock read_hunk(const std::vector<std::string_view>& lines, std::size_t& at) {
  PatchBlock block;
  block.line = at;
  std::size_t blank_lines = 0;  // that may be context or may only follow the hunk
  for (; at < lines.size(); ++at) {
    const std::string_view line = lines[at];
    if (begins_hunk(line) || is_fence(line) || is_file_header(lines, at)) break;
    if (line.starts_with('\\')) continue;  // "\ No newline at end of file"
    if (line.empty()) {
      ++blank_lines;
      continue;
    }
    const char kind = line.front();
    if (kind != ' ' && kind != '+' && kind != '-') break;
    for (; blank_lines > 0; --blank_lines) {
      block.search.emplace_back();
      block.replace.emplace_back();
    }
    if (kind != '+') block.search.emplace_back(line.substr(1));
    if (kind != '-') block.replace.emplace_back(line.substr(1));
  }
  return block;
}

Reading read_diff(const std::vector<std::string_view>& lines) {
  Reading out;
  for (std::size_t i = 0; i < lines.size();) {
    const bool header = is_file_header(lines, i);
    if (!header && !begins_hunk(lines[i])) {
      ++i;
      continue;
    }
    out.begin = std::min(out.begin, i);
    i += header ? 2 : 1;
    PatchBlock block = read_hunk(lines, i);
    // Between a file's header and its first hunk stands nothing.
    if (block.search != block.replace) out.blocks.push_back(std::move(block));
  }
  return out;
}

// The prose before the changes, without the fence that they stand in.
std::string plan_before(const std::vector<std::string_view>& lines, std::size_t begin) {
  while (begin > 0 && (is_fence(lines[begin - 1]) || competition::trim(lines[begin - 1]).empty())) {
    --begin;
  }
  if (begin == 0) return {};
  const char* const end = lines[begin - 1].data() + lines[begin - 1].size();
  return plan_of({lines.front().data(), static_cast<std::size_t>(end - lines.front().data())});
}

}  // namespace

bool has_patch(std::string_view reply) {
  const std::string text = with_plain_line_ends(reply);
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (begins_search(lines[i]) || begins_hunk(lines[i]) || is_file_header(lines, i)) return true;
  }
  return false;
}

Result<PatchReply> read_patch(std::string_view reply, WorkMeter& work) {
  if (reply.size() > kReplyBytesMax) {
    return fail(reply_errors::kReplyTooLarge,
                "a reply may have " + std::to_string(kReplyBytesMax) + " bytes");
  }
  const std::string text = without_thoughts(reply);
  const auto lines = lines_of(text);
  work.spend(2 * text.size());
  Reading reading = PODIUM_TRY(read_search_blocks(lines));
  if (reading.blocks.empty()) reading = read_diff(lines);
  if (reading.blocks.empty()) {
    return fail(reply_errors::kPatchMissing, "it begins " + in_quotes(text));
  }
  if (reading.blocks.size() > kPatchBlocksMax) {
    return fail(reply_errors::kPatchDoesNotApply,
                "a change may have " + std::to_string(kPatchBlocksMax) + " blocks, not " +
                    std::to_string(reading.blocks.size()));
  }
  PatchReply out;
  out.plan = plan_before(lines, reading.begin);
  out.plan_line = plan_line_of(out.plan);
  out.blocks = std::move(reading.blocks);
  return out;
}

}  // namespace podium::codegen
