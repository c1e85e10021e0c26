#include "services/executor/testing/executor_process.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "cli/setup/jetstream_setup.hpp"
#include "cli/setup/nats_config.hpp"

namespace podium::executor::fakes {
namespace {

const std::filesystem::path kSchemas = PODIUM_SOURCE_DIR "/schemas";

template <typename T>
T must(Result<T>&& result) {
  if (!result) throw std::runtime_error{result.error().text()};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace

Broker::Broker() : server_{write_config()} {
  Environment environment{[](std::string_view) { return std::nullopt; }};
  const auto plan = must(setup::read_jetstream_plan(kSchemas / "streams.json", environment));
  must(setup::apply_jetstream_plan(*connect("admin"), plan));
}

std::filesystem::path Broker::write_config() const {
  const auto secrets = folder_.path() / "secrets";
  std::filesystem::create_directories(secrets);
  for (const auto* user :
       {"admin", "gateway", "scraper", "codegen", "executor", "tracker", "notifier", "viewer"}) {
    std::ofstream{secrets / (std::string{"nats_"} + user)} << password_of(user) << '\n';
  }
  const auto file = folder_.path() / "nats.conf";
  const auto config = must(setup::nats_config(
      {.permissions = kSchemas / "permissions.json", .secrets = secrets, .sync_interval = "10s"}));
  must(setup::write_private_file(file, config));
  return file;
}

std::unique_ptr<Bus> Broker::connect(const std::string& user) const {
  BusOptions options;
  options.url = server_.url();
  options.user = user;
  options.name = user;
  options.password = Secret{password_of(user)};
  return must(Bus::connect(options));
}

ExecutorProcess::ExecutorProcess(const Broker& broker, std::map<std::string, std::string> settings)
    : environment_{std::move(settings)} {
  environment_["NATS_URL"] = broker.url();
  environment_["NATS_USER"] = "executor";
  environment_["NATS_PASSWORD"] = Broker::password_of("executor");
  environment_["PODIUM_HEALTH_PORT"] = "0";
  environment_["OTEL_SDK_DISABLED"] = "true";
}

void ExecutorProcess::start() {
  process_.emplace(podium::testing::ProcessOptions{.command = {PODIUM_EXECUTOR_PROGRAM},
                                                   .environment = environment_,
                                                   .user = std::nullopt,
                                                   .output = folder_.path() / "executor.log"});
}

void ExecutorProcess::kill() {
  process_->kill();
}

std::optional<int> ExecutorProcess::stop(std::chrono::milliseconds patience) {
  process_->signal(SIGTERM);
  return process_->wait(patience);
}

std::string ExecutorProcess::output() const {
  return process_ ? process_->output() : "";
}

}  // namespace podium::executor::fakes
