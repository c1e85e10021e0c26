#include "tests/support/postgres_server.hpp"

#include <pwd.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/nats_server.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

constexpr std::chrono::seconds kStartMax{60};
const std::string kPrograms = "/usr/lib/postgresql/17/bin/";

std::optional<unsigned> server_user() {
  if (geteuid() != 0) return std::nullopt;
  const auto* entry = getpwnam("postgres");
  if (entry == nullptr) throw std::runtime_error{"there is no user postgres"};
  return entry->pw_uid;
}

}  // namespace

PostgresServer::PostgresServer() : user_{server_user()}, port_{free_port()} {
  if (user_ && chown(folder_.path().c_str(), *user_, *user_) != 0) {
    throw std::runtime_error{"the cluster's folder cannot be given to postgres"};
  }
  make_cluster();
  start();
  if (run({kPrograms + "createdb", "-h", "127.0.0.1", "-p", std::to_string(port_), "-U", "podium",
           "podium"}) != 0) {
    throw std::runtime_error{"createdb failed:\n" + output()};
  }
}

PostgresServer::~PostgresServer() {
  kill();
}

int PostgresServer::run(std::vector<std::string> command) {
  ProcessOptions options;
  options.command = std::move(command);
  options.environment = {{"PGPASSWORD", "podium"}, {"LC_ALL", "C.UTF-8"}};
  options.user = user_;
  options.output = folder_.path() / "postgres.log";
  return Process{std::move(options)}.wait(kStartMax).value_or(-1);
}

void PostgresServer::make_cluster() {
  const auto password = folder_.path() / "password";
  std::ofstream{password} << "podium\n";
  if (run({kPrograms + "initdb", "-D", (folder_.path() / "cluster").string(), "-U", "podium",
           "--auth=scram-sha-256", "--pwfile=" + password.string(), "--no-sync", "-E", "UTF8"}) !=
      0) {
    throw std::runtime_error{"initdb failed:\n" + output()};
  }
}

void PostgresServer::start() {
  ProcessOptions options;
  options.command = {kPrograms + "postgres", "-D", (folder_.path() / "cluster").string(), "-p",
                     std::to_string(port_), "-h", "127.0.0.1", "-k", folder_.path().string(),
                     // In its folder, which goes with it: a killed server leaves none in /dev/shm.
                     "-c", "dynamic_shared_memory_type=mmap"};
  options.user = user_;
  options.output = folder_.path() / "postgres.log";
  const bool ready = wait_until(
      [&] {
        // After a kill it refuses to start until the children of the last one have gone.
        if (!process_ || !process_->running()) process_.emplace(options);
        return run({kPrograms + "psql", "-h", "127.0.0.1", "-p", std::to_string(port_), "-U",
                    "podium", "-d", "postgres", "-Atqc", "SELECT 1"}) == 0;
      },
      kStartMax);
  if (!ready) throw std::runtime_error{"postgres did not start:\n" + output()};
}

void PostgresServer::kill() {
  if (!process_) return;
  process_->kill();
  process_.reset();
  // Its children notice that the postmaster is gone and end by themselves.
  wait_until([this] { return !accepts_connections(port_); }, kStartMax);
}

std::string PostgresServer::url(const std::string& user) const {
  return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + "/podium";
}

std::string PostgresServer::output() const {
  std::ifstream file{folder_.path() / "postgres.log"};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

}  // namespace podium::testing
