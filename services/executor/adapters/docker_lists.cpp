#include "services/executor/adapters/docker_lists.hpp"

#include <format>
#include <nlohmann/json.hpp>

#include "services/executor/adapters/docker_names.hpp"

namespace podium::executor::docker {
namespace {

std::string filters_of(const LabelFilter& labels) {
  return nlohmann::json{{"label", labels}}.dump();
}

Result<void> done_or_gone(const Result<HttpAnswer>& answer) {
  if (answer || answer.error().is(errors::kNotFound)) return {};
  return std::unexpected{answer.error()};
}

}  // namespace

LabelFilter of_kind(std::string_view kind, std::string_view stack) {
  return {std::format("{}={}", kKindLabel, kind), std::format("{}={}", kStackLabel, stack)};
}

Result<std::vector<Labelled>> list_containers(DockerApi& api, const LabelFilter& labels) {
  const auto answer = PODIUM_TRY(api.call(
      {.path = "/containers/json", .query = {{"all", "1"}, {"filters", filters_of(labels)}}}));
  return parse_containers(answer.body);
}

Result<std::vector<Labelled>> list_volumes(DockerApi& api, const LabelFilter& labels) {
  const auto answer =
      PODIUM_TRY(api.call({.path = "/volumes", .query = {{"filters", filters_of(labels)}}}));
  return parse_volumes(answer.body);
}

Result<std::optional<Labelled>> find_volume(DockerApi& api, const std::string& name) {
  const auto answer = api.call({.path = "/volumes/" + name});
  if (!answer && answer.error().is(errors::kNotFound)) return std::nullopt;
  if (!answer) return std::unexpected{answer.error()};
  return PODIUM_TRY(parse_volume(answer->body));
}

Result<void> remove_container(DockerApi& api, const std::string& name) {
  return done_or_gone(api.call(
      {.method = "DELETE", .path = "/containers/" + name, .query = {{"force", "1"}, {"v", "1"}}}));
}

Result<void> remove_volume(DockerApi& api, const std::string& name) {
  return done_or_gone(api.call({.method = "DELETE", .path = "/volumes/" + name}));
}

}  // namespace podium::executor::docker
