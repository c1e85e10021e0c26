#include "services/codegen/replies/reply_requirements.hpp"

#include <algorithm>
#include <set>

#include "libs/competition/text.hpp"
#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_text.hpp"

namespace podium::codegen {
namespace {

// How far before a block its announcement is looked for.
constexpr std::size_t kAnnouncementBytes = 120;
constexpr std::size_t kRequirementBytesMax = 100;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "lightgbm", "scikit-learn[alldeps]>=1.5,<2": no address, no option, no sentence.
bool is_requirement(std::string_view word) {
  constexpr std::string_view kMarks = ".-_[]=<>!~,*+";
  return !word.empty() && word.size() <= kRequirementBytesMax && is_letter_or_digit(word.front()) &&
         std::ranges::all_of(word, [&](char c) {
           return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
         });
}

class RequirementList {
 public:
  void add(std::string_view word) {
    if (!is_requirement(word) || text_.size() + word.size() >= kRequirementsBytesMax) return;
    if (!seen_.emplace(word).second) return;
    text_.append(word).push_back('\n');
  }

  void add_lines(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = take_line(text);
      add(competition::trim(line.substr(0, line.find('#'))));
    }
  }

  // The packages of "pip install -q a b" and "python -m pip install a".
  void add_pip_command(std::string_view line) {
    constexpr std::string_view kCommand = "pip install ";
    const std::size_t at = line.find(kCommand);
    if (at == std::string_view::npos) return;
    line.remove_prefix(at + kCommand.size());
    while (!line.empty()) {
      const std::size_t end = std::min(line.find(' '), line.size());
      std::string_view word = line.substr(0, end);
      line.remove_prefix(std::min(end + 1, line.size()));
      if (word == "&&" || word == ";" || word == "#") return;
      const std::size_t quote = word.find_first_not_of("\"'");
      word = quote == std::string_view::npos ? "" : word.substr(quote);
      add(word.substr(0, word.find_first_of("\"'")));
    }
  }

  const std::string& text() const { return text_; }

 private:
  std::set<std::string, std::less<>> seen_;
  std::string text_;
};

bool is_announced(std::string_view reply, const ReplyBlock& block) {
  const std::size_t begin = block.begin - std::min(block.begin, kAnnouncementBytes);
  const std::string before = competition::lower(reply.substr(begin, block.begin - begin));
  return before.find("requirements") != std::string::npos;
}

}  // namespace

std::string requirements_of(std::string_view reply, const std::vector<ReplyBlock>& blocks,
                            WorkMeter& work) {
  RequirementList list;
  for (const ReplyBlock& block : blocks) {
    const TagLanguage language = language_of(block.tag);
    work.spend(kAnnouncementBytes + block.text.size());
    if (language == TagLanguage::requirements ||
        (language == TagLanguage::unknown && is_announced(reply, block))) {
      list.add_lines(block.text);
    }
    if (language != TagLanguage::shell) continue;
    for (const std::string_view line : lines_of(block.text)) list.add_pip_command(line);
  }
  return list.text();
}

std::string requirements_of_list(std::string_view text) {
  RequirementList list;
  list.add_lines(text);
  return list.text();
}

}  // namespace podium::codegen
