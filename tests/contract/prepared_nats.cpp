#include "tests/contract/prepared_nats.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "cli/setup/jetstream_setup.hpp"
#include "cli/setup/nats_config.hpp"

namespace podium::testing {
namespace {

template <typename T>
T must(Result<T>&& result) {
  if (!result) throw std::runtime_error{result.error().text()};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace

std::filesystem::path schemas_folder() {
  return PODIUM_SOURCE_DIR "/schemas";
}

std::vector<std::string> user_names() {
  std::ifstream file{schemas_folder() / "permissions.json"};
  std::vector<std::string> names;
  const auto permissions = nlohmann::json::parse(file);
  for (const auto& [name, entry] : permissions.at("users").items()) names.push_back(name);
  return names;
}

PreparedNats::PreparedNats() : server_{write_config()} {
  apply_streams();
}

std::filesystem::path PreparedNats::write_config() const {
  const auto secrets = folder_.path() / "secrets";
  std::filesystem::create_directories(secrets);
  for (const auto& user : user_names()) {
    std::ofstream{secrets / ("nats_" + user)} << password_of(user) << '\n';
  }
  const auto config = must(setup::nats_config(
      {.permissions = schemas_folder() / "permissions.json", .secrets = secrets}));
  const auto file = folder_.path() / "nats.conf";
  must(setup::write_private_file(file, config));
  return file;
}

void PreparedNats::apply_streams() const {
  Environment environment{[](std::string_view) { return std::nullopt; }};
  const auto plan =
      must(setup::read_jetstream_plan(schemas_folder() / "streams.json", environment));
  const auto admin = connect("admin");
  must(setup::apply_jetstream_plan(*admin, plan));
}

std::unique_ptr<Bus> PreparedNats::connect(const std::string& user) const {
  BusOptions options;
  options.url = server_.url();
  options.user = user;
  options.name = user;
  options.password = Secret{password_of(user)};
  return must(Bus::connect(options));
}

}  // namespace podium::testing
