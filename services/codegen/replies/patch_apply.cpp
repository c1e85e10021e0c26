#include <algorithm>
#include <format>
#include <optional>
#include <unordered_map>
#include <utility>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/hidden_characters.hpp"
#include "services/codegen/replies/patch_reader.hpp"
#include "services/codegen/replies/reply_errors.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

using Lines = std::vector<std::string_view>;
using Line = std::string_view (*)(std::string_view);

std::string_view as_it_is(std::string_view line) {
  return line;
}

// Where one block goes: lines [begin, begin + count) of the parent become these.
struct Edit {
  std::size_t begin = 0;
  std::size_t count = 0;
  std::vector<std::string> lines;
  std::size_t block = 0;  // from 1
};

// Lines as numbers, the same number for the same text: compared in one step.
class LineNumbers {
 public:
  std::vector<std::size_t> of(const Lines& lines) {
    std::vector<std::size_t> numbers;
    numbers.reserve(lines.size());
    for (const std::string_view line : lines) {
      numbers.push_back(numbers_.emplace(line, numbers_.size()).first->second);
    }
    return numbers;
  }

 private:
  std::unordered_map<std::string_view, std::size_t> numbers_;
};

Lines seen_through(const Lines& lines, Line view) {
  Lines out;
  out.reserve(lines.size());
  for (const std::string_view line : lines) out.push_back(view(line));
  return out;
}

// All places where `search`, which is not empty, stands in `parent` (Knuth, Morris, Pratt).
std::vector<std::size_t> places_of(const Lines& search, const Lines& parent, WorkMeter& work) {
  LineNumbers numbers;
  const auto wanted = numbers.of(search);
  const auto there = numbers.of(parent);
  std::vector<std::size_t> border(wanted.size(), 0);
  for (std::size_t i = 1, length = 0; i < wanted.size(); ++i) {
    while (length > 0 && wanted[i] != wanted[length]) length = border[length - 1];
    if (wanted[i] == wanted[length]) ++length;
    border[i] = length;
  }
  std::vector<std::size_t> places;
  for (std::size_t i = 0, length = 0; i < there.size(); ++i) {
    while (length > 0 && (length == wanted.size() || there[i] != wanted[length])) {
      length = border[length - 1];
    }
    if (there[i] == wanted[length]) ++length;
    if (length == wanted.size()) places.push_back(i + 1 - wanted.size());
  }
  work.spend(2 * (wanted.size() + there.size()));
  return places;
}

// How the parent's indentation differs from that of the block: blanks to add or to take away.
struct Shift {
  std::string add;
  std::string remove;
};

std::optional<Shift> shift_of(std::string_view from, std::string_view to) {
  if (to.ends_with(from)) return Shift{std::string{to.substr(0, to.size() - from.size())}, {}};
  if (from.ends_with(to)) return Shift{{}, std::string{from.substr(0, from.size() - to.size())}};
  return {};
}

// The one shift that fits every line of the block at this place; none when they differ.
std::optional<Shift> common_shift(const Lines& search, const Lines& parent, std::size_t place) {
  std::optional<Shift> common;
  for (std::size_t i = 0; i < search.size(); ++i) {
    if (competition::trim(search[i]).empty()) continue;
    const auto shift = shift_of(indent_of(search[i]), indent_of(parent[place + i]));
    if (!shift) return {};
    if (common && (common->add != shift->add || common->remove != shift->remove)) return {};
    common = shift;
  }
  return common;
}

std::optional<std::vector<std::string>> shifted(const std::vector<std::string>& lines,
                                                const Shift& shift) {
  std::vector<std::string> out;
  for (const std::string& line : lines) {
    if (competition::trim(line).empty()) {
      out.push_back(line);
    } else if (line.starts_with(shift.remove)) {
      out.push_back(shift.add + line.substr(shift.remove.size()));
    } else {
      return {};
    }
  }
  return out;
}

class PatchApplier {
 public:
  PatchApplier(std::string_view parent, WorkMeter& work) : parent_{lines_of(parent)}, work_{work} {}

  Result<Edit> place(const PatchBlock& block, std::size_t number) {
    const Lines search{block.search.begin(), block.search.end()};
    const auto blank = [](std::string_view line) { return competition::trim(line).empty(); };
    if (std::ranges::all_of(search, blank)) {
      if (parent_.empty()) return Edit{0, 0, block.replace, number};
      return refuse(block, number,
                    "it has no lines to search for; repeat the lines that stand around the change");
    }
    // From strict to tolerant; the first view that finds the lines decides.
    for (const Line view : {Line{as_it_is}, Line{trim_right}, Line{competition::trim}}) {
      const auto places = places_of(seen_through(search, view), seen_through(parent_, view), work_);
      if (places.empty()) continue;
      if (places.size() > 1) return refuse(block, number, found_often(places));
      return fitted(block, search, places.front(), number);
    }
    return refuse(block, number, not_found(search));
  }

  std::string with(std::vector<Edit> edits) const {
    std::string out;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
      for (; at < edit.begin; ++at) out.append(parent_[at]).push_back('\n');
      for (const std::string& line : edit.lines) out.append(line).push_back('\n');
      at += edit.count;
    }
    for (; at < parent_.size(); ++at) out.append(parent_[at]).push_back('\n');
    return out;
  }

 private:
  Result<Edit> fitted(const PatchBlock& block, const Lines& search, std::size_t place,
                      std::size_t number) const {
    const auto shift = common_shift(search, parent_, place);
    auto lines = shift ? shifted(block.replace, *shift) : std::nullopt;
    if (!lines) {
      return refuse(block, number,
                    std::format("its indentation is not that of the program's line {}", place + 1));
    }
    return Edit{place, search.size(), std::move(*lines), number};
  }

  static std::string found_often(const std::vector<std::size_t>& places) {
    return std::format(
        "its lines are found {} times, at lines {} and {} of the program first; "
        "add lines around them until they are found once",
        places.size(), places[0] + 1, places[1] + 1);
  }

  // The first line that the program does not have at all is what the model got wrong.
  std::string not_found(const Lines& search) const {
    std::unordered_map<std::string_view, std::size_t> there;
    for (const std::string_view line : parent_) there.emplace(competition::trim(line), 0);
    for (const std::string_view line : search) {
      if (!there.contains(competition::trim(line))) {
        return "the program has no line " + in_quotes(line);
      }
    }
    return "the program has each of its lines, but not one after the other";
  }

  static std::unexpected<Error> refuse(const PatchBlock& block, std::size_t number,
                                       const std::string& why) {
    return fail(reply_errors::kPatchDoesNotApply,
                std::format("block {} (line {} of the reply): {}", number, block.line, why));
  }

  Lines parent_;
  WorkMeter& work_;
};

Result<void> refuse_overlap(const std::vector<Edit>& edits) {
  for (std::size_t i = 1; i < edits.size(); ++i) {
    const Edit& before = edits[i - 1];
    if (edits[i].begin >= before.begin + before.count && before.count > 0) continue;
    return fail(reply_errors::kPatchDoesNotApply,
                std::format("blocks {} and {} change the same lines, at line {} of the program; "
                            "make one block of them",
                            std::min(before.block, edits[i].block),
                            std::max(before.block, edits[i].block), edits[i].begin + 1));
  }
  return {};
}

}  // namespace

Result<std::string> apply_patch(std::string_view parent, const std::vector<PatchBlock>& blocks,
                                WorkMeter& work) {
  const std::string plain = with_plain_line_ends(parent);
  PatchApplier applier{plain, work};
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    edits.push_back(PODIUM_TRY(applier.place(blocks[i], i + 1)));
  }
  std::ranges::stable_sort(edits, {}, &Edit::begin);
  PODIUM_TRY(refuse_overlap(edits));
  std::string program = applier.with(std::move(edits));
  work.spend(plain.size() + program.size());
  if (program == plain) return fail(reply_errors::kPatchChangesNothing, "no line is different");
  if (program.size() > kProgramBytesMax) {
    return fail(reply_errors::kReplyTooLarge, std::format("a program may have {} bytes, not {}",
                                                          kProgramBytesMax, program.size()));
  }
  PODIUM_TRY(refuse_hidden(program, work));
  return program;
}

}  // namespace podium::codegen
