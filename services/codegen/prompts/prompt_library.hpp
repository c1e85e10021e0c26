// The templates of the prompts: the files `<name>.md` of one folder, read once. Each begins with
// the line `version: N`, raised with every change of meaning, so that a stored prompt says what it
// was made of. Immutable after loading, so any number of threads may use it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "services/codegen/text_template.hpp"

namespace podium::codegen {

class PromptLibrary {
 public:
  /// CONFIGURATION when the folder cannot be read, holds no template, or one has no version.
  static Result<PromptLibrary> load(const std::filesystem::path& folder);

  /// The template's text with its places filled, without a line end behind it. CONFIGURATION when
  /// there is no such template or a place has no filling.
  Result<std::string> fill(std::string_view name, const Fillings& fillings) const;

  /// "draft/1"; the name alone when there is no such template.
  std::string versioned(std::string_view name) const;

 private:
  struct Template {
    std::string version;
    std::string text;
  };
  std::map<std::string, Template, std::less<>> templates_;
};

}  // namespace podium::codegen
