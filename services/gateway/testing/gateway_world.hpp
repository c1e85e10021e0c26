// A real broker with the users of permissions.json, a real PostgreSQL, the set-up step, the tracker
// and as many gateways as a test wants, as processes on free ports. The rest of Podium is the test:
// it publishes what scraper, codegen and executor would say.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/http/client.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "podium/v1/event.pb.h"
#include "tests/support/nats_server.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::gateway::testing {

inline constexpr std::chrono::seconds kLong{60};
inline constexpr auto kTitanic = "https://www.kaggle.com/competitions/titanic";

using Headers = std::vector<std::pair<std::string, std::string>>;

class GatewayWorld {
 public:
  /// `environment` is added to that of the set-up step and of every process. Starts the tracker and
  /// gateway 0 and waits until it is ready.
  explicit GatewayWorld(std::map<std::string, std::string> environment = {});
  ~GatewayWorld();
  GatewayWorld(const GatewayWorld&) = delete;
  GatewayWorld& operator=(const GatewayWorld&) = delete;

  void start_gateway(int replica, const std::map<std::string, std::string>& environment = {});
  void stop_gateway(int replica);
  void start_tracker();
  void stop_tracker();

  int port(int replica = 0) const { return ports_.at(replica); }
  std::string url(int replica = 0) const;
  HttpAnswer call(const std::string& method, const std::string& path, const std::string& body = {},
                  const Headers& headers = {}, int replica = 0);
  /// The answer of POST /run, which must be 201.
  nlohmann::json run(const nlohmann::json& request = {{"kaggle_url", kTitanic}},
                     const Headers& headers = {}, int replica = 0);
  nlohmann::json status(const std::string& job_id, int replica = 0);
  /// GET /status until it says so; fails the test when it does not within kLong.
  void wait_for_status(const std::string& job_id, const std::string& status);

  /// The bus with all rights.
  Bus& bus() { return *bus_; }
  ArtifactStore& artifacts() { return *artifacts_; }
  podium::testing::NatsServer& nats() { return *nats_; }
  podium::testing::PostgresServer& postgres() { return postgres_; }
  std::filesystem::path folder() const { return folder_.path(); }

  /// An event of the job, with the trace of its request, not published yet.
  v1::Event event(const std::string& job_id, std::string_view name,
                  std::string_view subject_id = "", unsigned attempt = 1);
  /// Its sequence.
  std::uint64_t publish(const v1::Event& event);

  // What the other services would say.
  void publish_scraped(const std::string& job_id);
  void publish_draft(const std::string& job_id, const std::string& candidate_id);
  /// Written by a model from its parent, with prompt and reply, at a price that is not known.
  void publish_model_draft(const std::string& job_id, const std::string& candidate_id,
                           const std::string& parent_id);
  void publish_started(const std::string& job_id, const std::string& candidate_id);
  void publish_lines(const std::string& job_id, const std::string& candidate_id,
                     std::uint64_t first_line, const std::vector<std::string>& lines);
  void publish_executed(const std::string& job_id, const std::string& candidate_id, double score,
                        const std::string& log);
  /// With a submission when the status is success.
  void publish_ended(const std::string& job_id, v1::JobStatus status,
                     const std::string& reason_code);
  /// Takes the ticket back, as codegen does at the end.
  void remove_ticket(const std::string& job_id);

  std::uint64_t messages(const std::string& stream);
  /// What the processes wrote, for failures.
  std::string logs() const;

 private:
  void write_secrets() const;
  void set_up(const std::vector<std::string>& arguments);
  std::map<std::string, std::string> environment_of(const std::string& service) const;
  podium::testing::Process start(const std::string& service, const std::string& name,
                                 std::map<std::string, std::string> environment);

  podium::testing::TemporaryFolder folder_;
  std::map<std::string, std::string> extra_;
  podium::testing::PostgresServer postgres_;
  std::optional<podium::testing::NatsServer> nats_;
  std::unique_ptr<Bus> bus_;
  std::unique_ptr<ArtifactStore> artifacts_;
  std::optional<EventPublisher> publisher_;
  std::optional<podium::testing::Process> tracker_;
  std::map<int, podium::testing::Process> gateways_;
  std::map<int, int> ports_;
};

/// A program of the build, beside the tests.
std::filesystem::path program(const std::string& name);

/// The run of a candidate's first attempt.
std::string run_id_of(const std::string& job_id, const std::string& candidate_id);

}  // namespace podium::gateway::testing
