// CandidateGenerator without a language model: programs written from templates and the profile.
#pragma once

#include <filesystem>
#include <memory>

#include "services/codegen/generator/template_library.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

/// Immutable after it is made, so any number of threads may call it.
class BuiltinCandidateGenerator final : public CandidateGenerator {
 public:
  explicit BuiltinCandidateGenerator(TemplateLibrary templates);
  Result<DraftAnswer> draft(const DraftOrder& order) override;

 private:
  TemplateLibrary templates_;
};

/// CONFIGURATION when the folder holds no templates.
Result<std::unique_ptr<CandidateGenerator>> open_builtin_generator(
    const std::filesystem::path& templates);

}  // namespace podium::codegen
