#include "services/codegen/prompts/prompt_library.hpp"

#include <fstream>
#include <sstream>
#include <system_error>

#include "libs/competition/text.hpp"
#include "services/codegen/prompts/prompt_limits.hpp"

namespace podium::codegen {
namespace {

constexpr std::string_view kSuffix = ".md";
constexpr std::string_view kVersionMark = "version: ";

Result<std::string> read_template(const std::filesystem::path& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  if (error || bytes > kPromptTemplateBytesMax || !(text << file.rdbuf())) {
    return fail(errors::kConfiguration, "cannot read the prompt template " + path.string());
  }
  return text.str();
}

}  // namespace

Result<PromptLibrary> PromptLibrary::load(const std::filesystem::path& folder) {
  PromptLibrary library;
  std::error_code error;
  for (std::filesystem::directory_iterator at{folder, error}, end; !error && at != end;
       at.increment(error)) {
    const auto file = at->path().filename().string();
    if (!file.ends_with(kSuffix)) continue;
    const auto text = PODIUM_TRY(read_template(at->path()));
    const auto line_end = text.find('\n');
    if (!text.starts_with(kVersionMark) || line_end == std::string::npos) {
      return fail(errors::kConfiguration,
                  "the prompt template " + file + " does not begin with its version");
    }
    const std::string_view whole = text;
    library.templates_[file.substr(0, file.size() - kSuffix.size())] = {
        .version = std::string{competition::trim(
            whole.substr(kVersionMark.size(), line_end - kVersionMark.size()))},
        .text = std::string{competition::trim(whole.substr(line_end + 1))}};
  }
  if (error || library.templates_.empty()) {
    return fail(errors::kConfiguration, "there are no prompt templates in " + folder.string());
  }
  return library;
}

Result<std::string> PromptLibrary::fill(std::string_view name, const Fillings& fillings) const {
  const auto found = templates_.find(name);
  if (found == templates_.end()) {
    return fail(errors::kConfiguration, "there is no prompt template " + std::string{name});
  }
  return fill_places(name, found->second.text, fillings);
}

std::string PromptLibrary::versioned(std::string_view name) const {
  const auto found = templates_.find(name);
  if (found == templates_.end()) return std::string{name};
  return std::string{name} + "/" + found->second.version;
}

}  // namespace podium::codegen
