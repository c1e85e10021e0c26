// The fenced blocks of a reply, as models write them and not only as CommonMark has them: nested in
// a markdown block, begun behind prose, never closed, with fence lines inside of Python strings.
// Pure; blocks are views of the reply.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/work_meter.hpp"

namespace podium::codegen {

struct ReplyBlock {
  /// First word behind the fence, lower case: "python"; empty when there is none.
  std::string tag;
  /// What stands between the fences.
  std::string_view text;
  /// Where its first fence begins and its last one ends, in bytes of the reply.
  std::size_t begin = 0;
  std::size_t end = 0;
  /// Line of its first fence, from 1.
  std::size_t line = 0;
  /// Bytes of blanks before its first fence: its lines are indented by as many.
  std::size_t indent = 0;
  bool closed = false;
};

/// All blocks in order; they do not overlap. Line ends are LF. Linear.
std::vector<ReplyBlock> find_blocks(std::string_view reply, WorkMeter& work);

/// The block's lines without the indentation of its fence, without blank lines around them, with
/// one line end at the end; empty when all is blank.
std::string text_of(const ReplyBlock& block);

/// Lines as text_of gives them, of a text without fences.
std::string without_blank_edges(std::string_view text);

enum class TagLanguage {
  python,
  unknown,  ///< No tag, or one that says nothing: text, code.
  shell,
  requirements,
  patch,
  json,
  prose,  ///< markdown
  other,  ///< Another programming language, output, configuration.
};

/// What a tag in lower case says about its block.
TagLanguage language_of(std::string_view tag);

}  // namespace podium::codegen
