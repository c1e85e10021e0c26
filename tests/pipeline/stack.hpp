// The whole of Podium for a test: a real nats-server with the users and permissions of
// permissions.json, a real PostgreSQL, the set-up step, the six services as processes, sandboxes
// in the machine's Docker engine. Everything on free ports of 127.0.0.1; gone with the object.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/http/client.hpp"
#include "podium/v1/event.pb.h"
#include "tests/support/nats_server.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

inline const std::vector<std::string> kServices = {"gateway",  "scraper", "codegen",
                                                   "executor", "tracker", "notifier"};

class Stack {
 public:
  /// Starts everything, of the services the given ones, and waits until the gateway is ready.
  /// `environment` is added to every service's own.
  explicit Stack(std::map<std::string, std::string> environment = {},
                 const std::vector<std::string>& services = kServices);
  /// Stops the services, then removes what sandboxes are left of this stack's jobs.
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  /// Starts (another replica of) a service; `replica` 0 is there from the beginning.
  void start(const std::string& service, int replica = 0);
  /// SIGKILL.
  void kill(const std::string& service, int replica = 0);
  Process& process(const std::string& service, int replica = 0);
  /// What a service is started with, for one that is started elsewhere.
  std::map<std::string, std::string> environment_of(const std::string& service, int replica = 0);
  /// Folder of what the stack keeps: settings, logs, artifacts.
  const std::filesystem::path& folder() const { return folder_.path(); }
  NatsServer& nats() { return nats_; }
  PostgresServer& postgres() { return postgres_; }

  /// Asks for a job by POST /run; repeats while the gateway is away. The job's id.
  std::string run_job(const nlohmann::json& request);
  /// GET /status/{id}; null while the gateway is away.
  nlohmann::json status(const std::string& job, int replica = 0);
  /// The status once the job has ended; fails the test when it has not within `timeout`.
  nlohmann::json wait_for_end(const std::string& job, std::chrono::seconds timeout);
  /// From now on calls to the gateway show this API key.
  void use_key(std::string key) { key_ = std::move(key); }
  /// Any call to the gateway.
  Result<HttpAnswer> call(const std::string& method, const std::string& path,
                          const std::string& body = {}, int replica = 0);

  /// GET of the health server of a service: /metrics, /readyz ...
  Result<HttpAnswer> ask_health(const std::string& service, const std::string& path);
  /// "http://127.0.0.1:P" of that server, once the service runs.
  std::string health_url(const std::string& service);
  /// What the client prints, as a person types it.
  std::string type(const std::vector<std::string>& words,
                   const std::map<std::string, std::string>& environment = {});

  /// Messages in a stream, 0 while the broker is away.
  std::uint64_t messages(const std::string& stream);
  /// Events of this name that a job has, of all its candidates and runs, as the stream tells it.
  int events_of(const std::string& job, const std::string& name);
  /// All events of a job, in their order.
  std::vector<v1::Event> job_events(const std::string& job);
  /// Containers, volumes, claims and tickets that jobs of this stack have left; empty when clean.
  std::vector<std::string> leftovers();

  /// Names of the artifacts that a candidate has in the store, sorted.
  std::vector<std::string> artifacts_of(const std::string& job, const std::string& candidate) const;
  /// An artifact of a candidate; empty when there is none.
  std::string artifact(const std::string& job, const std::string& candidate,
                       const std::string& name) const;

  /// Where a text stands that was handed to a service, by name: logs, stored files, messages of all
  /// streams and buckets, rows of all tables, and what the gateway answers of each job. For when
  /// all jobs have ended.
  std::vector<std::string> places_with(const std::string& text);

  /// The end of every service's log, for failures.
  std::string logs() const;
  /// Label that this stack's sandboxes carry, "podium.stack=...".
  std::string label() const;

 private:
  std::string name() const;
  void write_secrets();
  void set_up();
  void setup_step(const std::vector<std::string>& arguments);
  Bus& admin();

  std::string key_;
  TemporaryFolder folder_;
  std::map<std::string, std::string> extra_environment_;
  PostgresServer postgres_;
  NatsServer nats_;
  std::map<std::pair<std::string, int>, int> ports_;
  std::map<std::pair<std::string, int>, Process> processes_;
  std::unique_ptr<Bus> admin_;
};

}  // namespace podium::testing
