#include "services/codegen/prompts/prompt.hpp"

#include <nlohmann/json.hpp>

#include "libs/chassis/utf8.hpp"

namespace podium::codegen {
namespace {

using nlohmann::json;

constexpr std::string_view kUser = "user";
constexpr std::string_view kAssistant = "assistant";

std::string_view name_of(models::Role role) {
  return role == models::Role::user ? kUser : kAssistant;
}

}  // namespace

std::string to_json(const Prompt& prompt) {
  auto messages = json::array();
  for (const auto& message : prompt.messages) {
    messages.push_back({{"role", name_of(message.role)},
                        {"text", with_replacements(message.text)},
                        {"cache_to_here", message.cache_to_here}});
  }
  return json{{"name", prompt.name},
              {"system", with_replacements(prompt.system)},
              {"messages", std::move(messages)}}
      .dump(1);
}

Result<Prompt> prompt_from_json(std::string_view text) {
  const auto stored = json::parse(text, nullptr, false);
  Prompt prompt;
  try {
    prompt.name = stored.at("name").get<std::string>();
    prompt.system = stored.at("system").get<std::string>();
    for (const auto& message : stored.at("messages")) {
      const bool user = message.at("role").get<std::string>() == kUser;
      prompt.messages.push_back({.role = user ? models::Role::user : models::Role::assistant,
                                 .text = message.at("text").get<std::string>(),
                                 .cache_to_here = message.at("cache_to_here").get<bool>()});
    }
  } catch (const json::exception& error) {
    return fail(errors::kInvalid, std::string{"a stored prompt cannot be read: "} + error.what());
  }
  return prompt;
}

std::string to_markdown(const Prompt& prompt) {
  std::string out = "<!-- " + prompt.name + " -->\n\n## system\n\n" + prompt.system;
  for (const auto& message : prompt.messages) {
    out += "\n\n## " + std::string{name_of(message.role)} + "\n\n" + message.text;
  }
  if (!out.ends_with('\n')) out += '\n';
  return out;
}

}  // namespace podium::codegen
