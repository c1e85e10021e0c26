// What is said to a model in one call, as it is stored before the call and used again after a
// crash. Values only.
#pragma once

#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen {

struct Prompt {
  /// Template and version: "draft/1".
  std::string name{};
  std::string system{};
  std::vector<models::ModelMessage> messages{};
};

/// As JSON, for the store.
std::string to_json(const Prompt& prompt);
/// INVALID when it is not what to_json() writes.
Result<Prompt> prompt_from_json(std::string_view json);

/// As Markdown, for people: who says what, in order.
std::string to_markdown(const Prompt& prompt);

}  // namespace podium::codegen
