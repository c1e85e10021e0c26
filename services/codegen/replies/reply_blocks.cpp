#include "services/codegen/replies/reply_blocks.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/python_tokens.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

constexpr std::size_t kFenceLengthMin = 3;

struct Tag {
  std::string_view name;
  TagLanguage language;
};

constexpr std::array kTags{
    Tag{"python", TagLanguage::python},
    Tag{"py", TagLanguage::python},
    Tag{"python3", TagLanguage::python},
    Tag{"py3", TagLanguage::python},
    Tag{"ipython", TagLanguage::python},
    Tag{"python-code", TagLanguage::python},
    Tag{"tool_code", TagLanguage::python},
    Tag{"", TagLanguage::unknown},
    Tag{"text", TagLanguage::unknown},
    Tag{"txt", TagLanguage::unknown},
    Tag{"plaintext", TagLanguage::unknown},
    Tag{"code", TagLanguage::unknown},
    Tag{"plain", TagLanguage::unknown},
    Tag{"bash", TagLanguage::shell},
    Tag{"sh", TagLanguage::shell},
    Tag{"shell", TagLanguage::shell},
    Tag{"zsh", TagLanguage::shell},
    Tag{"console", TagLanguage::shell},
    Tag{"cmd", TagLanguage::shell},
    Tag{"powershell", TagLanguage::shell},
    Tag{"requirements", TagLanguage::requirements},
    Tag{"requirements.txt", TagLanguage::requirements},
    Tag{"diff", TagLanguage::patch},
    Tag{"patch", TagLanguage::patch},
    Tag{"json", TagLanguage::json},
    Tag{"json5", TagLanguage::json},
    Tag{"jsonc", TagLanguage::json},
    Tag{"markdown", TagLanguage::prose},
    Tag{"md", TagLanguage::prose},
};

struct Fence {
  char mark = '`';
  std::size_t length = 0;
  std::size_t indent = 0;
  std::string_view info;
};

// "{.python}", "python:solution.py" and `python title="a"` all say python.
std::string tag_of(std::string_view info) {
  info.remove_prefix(std::min(info.find_first_not_of(" \t{."), info.size()));
  return competition::lower(info.substr(0, info.find_first_of(" \t{},:;")));
}

std::optional<Fence> fence_of(std::string_view line) {
  const std::size_t indent = indent_of(line).size();
  line.remove_prefix(indent);
  if (line.empty() || (line.front() != '`' && line.front() != '~')) return {};
  const char mark = line.front();
  const std::size_t length = std::min(line.find_first_not_of(mark), line.size());
  const std::string_view info = competition::trim(line.substr(length));
  // Backticks behind backticks are code within a line.
  if (length < kFenceLengthMin || info.find('`') != std::string_view::npos) return {};
  return Fence{mark, length, indent, info};
}

// "Here it is: ```python" begins a block although prose stands before it.
std::optional<Fence> fence_behind_prose(std::string_view line) {
  const std::size_t at = line.rfind("```");
  if (at == std::string_view::npos || at == 0) return {};
  const std::string_view info = competition::trim(line.substr(at + kFenceLengthMin));
  if (language_of(competition::lower(info)) != TagLanguage::python) return {};
  return Fence{'`', kFenceLengthMin, 0, info};
}

class BlockFinder {
 public:
  BlockFinder(std::string_view reply, WorkMeter& work) : reply_{reply}, work_{work} {}

  std::vector<ReplyBlock> run() {
    for (;;) {
      while (at_ < reply_.size()) look_at_line();
      if (!open_) break;
      if (!fence_in_string_) {
        close(reply_.size(), reply_.size(), false);
        break;
      }
      go_back();
    }
    return std::move(blocks_);
  }

 private:
  struct Position {
    std::size_t begin;
    std::size_t end;
    std::size_t line;
  };

  void look_at_line() {
    const std::size_t begin = at_;
    const std::size_t end = std::min(reply_.find('\n', begin), reply_.size());
    const std::string_view line = reply_.substr(begin, end - begin);
    at_ = std::min(end + 1, reply_.size());
    ++line_;
    work_.spend(line.size() + 1);
    const auto fence = fence_of(line);
    const Position here{begin, at_, line_};
    if (open_) {
      line_in_block(fence, here, line);
    } else if (fence) {
      line_between_blocks(*fence, here);
    } else if (const auto late = fence_behind_prose(line)) {
      open(*late, here);
    }
  }

  void line_between_blocks(const Fence& fence, const Position& here) {
    // The end of a markdown block whose inside was taken instead.
    if (fence.info.empty() && wrappers_ > 0) {
      --wrappers_;
      return;
    }
    open(fence, here);
  }

  void line_in_block(const std::optional<Fence>& fence, const Position& here,
                     std::string_view line) {
    if (!fence || fence->mark != opener_.mark) {
      strings_.line(line);
      return;
    }
    if (strings_.inside() && reversals_ < kFenceReversalsMax) {
      if (fence->info.empty() && !fence_in_string_) fence_in_string_ = here;
      strings_.line(line);
      return;
    }
    const bool python = language_of(open_->tag) == TagLanguage::python;
    if (fence->info.empty()) {
      if (fence->length >= opener_.length) close(here.begin, here.end, true);
    } else if (!python) {
      ++wrappers_;
      open(*fence, here);
    } else if (fence->length >= opener_.length) {
      close(here.begin, here.begin, false);  // the model began anew
      open(*fence, here);
    }
  }

  void open(const Fence& fence, const Position& here) {
    opener_ = fence;
    strings_ = {};
    fence_in_string_.reset();
    open_ = ReplyBlock{tag_of(fence.info), {}, here.begin, 0, here.line, fence.indent, false};
    text_begin_ = here.end;
  }

  void close(std::size_t text_end, std::size_t end, bool closed) {
    open_->text = reply_.substr(text_begin_, text_end - text_begin_);
    open_->end = end;
    open_->closed = closed;
    blocks_.push_back(*std::exchange(open_, std::nullopt));
    fence_in_string_.reset();
  }

  // The string around a fence line was never closed, so the line ended the block after all.
  void go_back() {
    ++reversals_;
    const Position fence = *fence_in_string_;
    close(fence.begin, fence.end, true);
    at_ = fence.end;
    line_ = fence.line;
  }

  std::string_view reply_;
  WorkMeter& work_;
  std::vector<ReplyBlock> blocks_;
  std::optional<ReplyBlock> open_;
  std::optional<Position> fence_in_string_;
  Fence opener_;
  TripleStringTracker strings_;
  std::size_t text_begin_ = 0;
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  std::size_t wrappers_ = 0;
  std::size_t reversals_ = 0;
};

}  // namespace

std::vector<ReplyBlock> find_blocks(std::string_view reply, WorkMeter& work) {
  return BlockFinder{reply, work}.run();
}

std::string text_of(const ReplyBlock& block) {
  std::string text;
  text.reserve(block.text.size() + 1);
  std::string_view rest = block.text;
  while (!rest.empty()) {
    std::string_view line = take_line(rest);
    line.remove_prefix(std::min(indent_of(line).size(), block.indent));
    text.append(line).push_back('\n');
  }
  return without_blank_edges(text);
}

std::string without_blank_edges(std::string_view text) {
  text = trim_right(text);
  while (!text.empty()) {
    std::string_view rest = text;
    if (!competition::trim(take_line(rest)).empty()) break;
    text = rest;
  }
  if (text.empty()) return {};
  return std::string{text} + "\n";
}

TagLanguage language_of(std::string_view tag) {
  const auto* const found = std::ranges::find(kTags, tag, &Tag::name);
  return found == kTags.end() ? TagLanguage::other : found->language;
}

}  // namespace podium::codegen
