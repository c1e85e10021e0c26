#include "cli/viewer_bus.hpp"

#include <format>
#include <nlohmann/json.hpp>

namespace podium::cli {
namespace {

/// A person waits for this.
constexpr std::chrono::milliseconds kConnectMax{3'000};

}  // namespace

BusOptions read_viewer_options(Environment& environment) {
  BusOptions options = read_bus_options(environment, "viewer");
  Secret password = environment.secret("PODIUM_VIEWER_PASSWORD");
  if (!password.empty()) {
    options.user = "viewer";
    options.password = std::move(password);
  }
  if (!options.user.empty()) options.name = options.user;
  options.connect_timeout = kConnectMax;
  return options;
}

Result<std::uint64_t> messages_on(Bus& bus, std::string_view stream, std::string_view subject) {
  const nlohmann::json query{{"subjects_filter", subject}};
  const std::string reply =
      PODIUM_TRY(bus.request(std::format("$JS.API.STREAM.INFO.{}", stream), query.dump()));
  const auto answer = nlohmann::json::parse(reply, nullptr, false);
  const nlohmann::json::json_pointer place{"/state/subjects"};
  std::uint64_t messages = 0;
  if (!answer.is_object() || !answer.contains(place)) return messages;
  for (const auto& [name, count] : answer.at(place).items()) {
    if (count.is_number_unsigned()) messages += count.get<std::uint64_t>();
  }
  return messages;
}

}  // namespace podium::cli
