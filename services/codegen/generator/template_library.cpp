#include "services/codegen/generator/template_library.hpp"

#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

namespace podium::codegen {
namespace {

constexpr std::string_view kSuffix = ".py.tmpl";

Result<std::string> read_piece(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text(TemplateLibrary::kPieceBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || !file.eof()) {
    return fail(errors::kConfiguration, "cannot read the template " + path.string());
  }
  return text;
}

bool is_import(std::string_view line) {
  return line.starts_with("import ") || line.starts_with("from ");
}

// Takes the import lines that a piece begins with, and the blank lines after them, off `text`.
std::vector<std::string> take_imports(std::string& text) {
  std::vector<std::string> imports;
  std::string_view rest = text;
  while (is_import(rest)) {
    const std::size_t end = rest.find('\n');
    imports.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  if (!imports.empty()) {
    while (rest.starts_with('\n')) rest.remove_prefix(1);
  }
  text = std::string{rest};
  return imports;
}

}  // namespace

Result<TemplateLibrary> TemplateLibrary::load(const std::filesystem::path& folder) {
  TemplateLibrary library;
  std::error_code error;
  for (std::filesystem::directory_iterator at{folder, error}, end; !error && at != end;
       at.increment(error)) {
    const std::string file = at->path().filename().string();
    if (!file.ends_with(kSuffix)) continue;
    if (library.pieces_.size() == kPiecesMax) {
      return fail(errors::kConfiguration, "too many templates in " + folder.string());
    }
    library.pieces_.emplace(file.substr(0, file.size() - kSuffix.size()),
                            PODIUM_TRY(read_piece(at->path())));
  }
  if (error || library.pieces_.empty()) {
    return fail(errors::kConfiguration, "there are no templates in " + folder.string());
  }
  return library;
}

Result<TemplatePiece> TemplateLibrary::fill(std::string_view name, const Fillings& fillings) const {
  const auto piece = pieces_.find(name);
  if (piece == pieces_.end()) {
    return fail(errors::kConfiguration, "there is no template " + std::string{name});
  }
  TemplatePiece out;
  std::string text = piece->second;
  for (const std::string& line : take_imports(text)) {
    out.imports.push_back(PODIUM_TRY(fill_places(name, line, fillings)));
  }
  out.body = PODIUM_TRY(fill_places(name, text, fillings));
  return out;
}

std::vector<std::string> TemplateLibrary::names() const {
  std::vector<std::string> names;
  for (const auto& [name, text] : pieces_) names.push_back(name);
  return names;
}

}  // namespace podium::codegen
