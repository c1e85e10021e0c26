#include <format>
#include <nlohmann/json.hpp>

#include "cli/json_fields.hpp"
#include "cli/text_table.hpp"
#include "cli/verbs.hpp"

namespace podium::cli {
namespace {

std::string count_at(const nlohmann::json& tenant, const char* pointer) {
  return std::format("{:.0f}", number_at(tenant, pointer));
}

/// With a mark where some of it is not known.
std::string cost_of(const nlohmann::json& tenant) {
  const bool partly = number_at(tenant, "/unpriced_calls") > 0;
  return std::format("${:.4f}{}", number_at(tenant, "/cost_usd"), partly ? " + ?" : "");
}

}  // namespace

Outcome<Exit> show_spending(const Arguments& arguments, const World& world) {
  const auto body = world.gateway.get("/spending");
  if (!body) return std::unexpected{body.error()};
  if (arguments.json) {
    world.console.out << trimmed(*body) << '\n';
    return Exit::ok;
  }
  const auto told = nlohmann::json::parse(*body, nullptr, false);
  if (!told.is_object()) return not_understood();
  std::vector<TableRow> rows;
  bool partly = false;
  for (const auto& tenant : list_at(told, "/tenants")) {
    rows.push_back({.cells = {text_at(tenant, "/tenant"), count_at(tenant, "/jobs"),
                              count_at(tenant, "/candidates"), count_at(tenant, "/calls"),
                              count_at(tenant, "/input_tokens"), count_at(tenant, "/output_tokens"),
                              cost_of(tenant)}});
    partly = partly || number_at(tenant, "/unpriced_calls") > 0;
  }
  if (rows.empty()) {
    world.console.say("no job was ever started here");
    return Exit::ok;
  }
  world.console.out << table_text(
      {"TENANT", "JOBS", "CANDIDATES", "CALLS", "TOKENS IN", "TOKENS OUT", "COST"}, rows,
      world.console);
  if (partly) world.console.say("?: calls of models whose price is not known");
  return Exit::ok;
}

}  // namespace podium::cli
