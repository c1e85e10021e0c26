#include "services/codegen/models/model_provider.hpp"

namespace podium::codegen::models {
namespace {

constexpr std::uint64_t kBytesPerToken = 3;

}  // namespace

std::string_view to_string(StopReason reason) {
  switch (reason) {
    case StopReason::finished:
      return "finished";
    case StopReason::truncated:
      return "truncated";
    case StopReason::refused:
      return "refused";
    case StopReason::filtered:
      return "filtered";
  }
  return "truncated";
}

std::uint64_t estimate_tokens(std::uint64_t bytes) {
  return (bytes + kBytesPerToken - 1) / kBytesPerToken;
}

std::uint64_t prompt_bytes(const ModelRequest& request) {
  std::uint64_t bytes = request.system.size();
  for (const ModelMessage& message : request.messages) bytes += message.text.size();
  return bytes;
}

}  // namespace podium::codegen::models
