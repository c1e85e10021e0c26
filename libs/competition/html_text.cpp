#include "libs/competition/html_text.hpp"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

constexpr int kDepthMax = 200;

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, name) != names.end();
}

constexpr std::array<std::string_view, 9> kUnseen{"script", "style",  "head",     "noscript", "svg",
                                                  "iframe", "object", "template", "math"};
constexpr std::array<std::string_view, 17> kBlocks{
    "p",     "div",        "section", "article", "ul",   "ol",     "dl",     "dt",  "dd",
    "table", "blockquote", "header",  "footer",  "main", "figure", "center", "form"};

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{}
                         : std::string_view{reinterpret_cast<const char*>(text)};  // NOLINT(*cast)
}

/// Writes the text of a tree. Blanks run together, but for preformatted parts.
class TextWriter {
 public:
  std::string take() && { return std::string{trim(text_)}; }

  void write(const xmlNode* node, int depth = 0) {
    for (; node != nullptr; node = node->next) {
      if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        add(view(node->content));
      } else if (node->type == XML_ELEMENT_NODE && depth < kDepthMax) {
        element(*node, depth);
      }
    }
  }

 private:
  void element(const xmlNode& node, int depth) {
    const auto name = view(node.name);
    if (is_one_of(name, kUnseen)) return;
    if (name == "br") return line();
    if (name == "hr") return block();
    if (name == "pre") return preformatted(node, depth);
    if (name == "tr") return row(node, depth);
    if (name == "li") {
      line();
      add("- ");
      write(node.children, depth + 1);
      return line();
    }
    if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
      block();
      text_.append(static_cast<std::size_t>(name[1] - '0'), '#').append(" ");
      write(node.children, depth + 1);
      return block();
    }
    const bool is_block = is_one_of(name, kBlocks);
    if (is_block) block();
    write(node.children, depth + 1);
    if (is_block) block();
  }

  void preformatted(const xmlNode& node, int depth) {
    block();
    text_ += "```\n";
    const bool before = std::exchange(as_it_stands_, true);
    write(node.children, depth + 1);
    as_it_stands_ = before;
    line();
    text_ += "```";
    block();
  }

  /// Cells with a bar between, on one line.
  void row(const xmlNode& node, int depth) {
    line();
    for (const auto* cell = node.children; cell != nullptr; cell = cell->next) {
      if (cell->type != XML_ELEMENT_NODE) continue;
      TextWriter inner;
      inner.write(cell->children, depth + 1);
      auto words = std::move(inner).take();
      std::ranges::replace(words, '\n', ' ');
      text_.append("| ").append(words).append(" ");
    }
    text_ += "|\n";
  }

  void add(std::string_view words) {
    if (as_it_stands_) {
      text_ += words;
      return;
    }
    for (const char c : words) {
      const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
      if (!blank) {
        text_ += c;
      } else if (!text_.empty() && text_.back() != ' ' && text_.back() != '\n') {
        text_ += ' ';
      }
    }
  }
  void line() {
    while (!text_.empty() && text_.back() == ' ') text_.pop_back();
    if (!text_.empty() && text_.back() != '\n') text_ += '\n';
  }
  void block() {
    line();
    if (!text_.empty() && !text_.ends_with("\n\n")) text_ += '\n';
  }

  std::string text_;
  bool as_it_stands_ = false;
};

}  // namespace

bool is_html(std::string_view page, std::string_view media_type) {
  if (media_type.contains("html")) return true;
  if (!media_type.empty()) return false;
  constexpr std::array<std::string_view, 8> kSigns{"</p>",  "</div>", "</li>", "</h1>",
                                                   "</h2>", "</h3>",  "</td>", "<br"};
  const auto head = lower(page.substr(0, kPageSignBytes));
  return std::ranges::any_of(kSigns, [&](auto sign) { return head.contains(sign); });
}

std::string text_of_html(std::string_view html) {
  const auto page = cut_utf8(html, kHtmlBytesMax);
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document{
      htmlReadMemory(page.data(), static_cast<int>(page.size()), nullptr, "utf-8",
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                         HTML_PARSE_NONET | HTML_PARSE_COMPACT),
      xmlFreeDoc};
  if (document == nullptr) return std::string{page};
  TextWriter writer;
  writer.write(xmlDocGetRootElement(document.get()));
  return std::move(writer).take();
}

}  // namespace podium::competition
