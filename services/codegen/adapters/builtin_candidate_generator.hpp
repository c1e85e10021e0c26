// CandidateGenerator without a language model: programs written from templates and the profile.
#pragma once

#include "services/codegen/generator/template_library.hpp"
#include "services/codegen/ports.hpp"

namespace podium::codegen {

/// Immutable after it is made, so any number of threads may call it.
class BuiltinCandidateGenerator final : public CandidateGenerator {
 public:
  /// `templates` must outlive it.
  explicit BuiltinCandidateGenerator(const TemplateLibrary& templates) : templates_{templates} {}
  Result<DraftAnswer> draft(const DraftOrder& order) override;

 private:
  const TemplateLibrary& templates_;
};

}  // namespace podium::codegen
