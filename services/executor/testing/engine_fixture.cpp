#include "services/executor/testing/engine_fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <format>
#include <fstream>
#include <iterator>
#include <sstream>
#include <tuple>

#include "libs/chassis/ids.hpp"
#include "services/executor/adapters/docker_lists.hpp"
#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/tar.hpp"
#include "tests/support/test_run.hpp"

namespace podium::executor::fakes {
namespace {

constexpr auto kFacts = R"({
  "slug": "tiny",
  "metric": {"name": "RMSE", "key": "rmse"},
  "submission": {"path": "sample_submission.csv", "idColumn": "id", "targetColumns": ["y"],
                 "rows": "3", "targetKind": "TARGET_KIND_NUMBER"}})";

std::string setting(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string unique_id() {
  return new_uuid_v7(std::chrono::system_clock::now());
}

}  // namespace

std::string tar_of(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string all;
  for (const auto& [name, content] : files) {
    auto one = tar_of_file(name, content);
    all += one.substr(0, one.size() - 2 * kTarBlockBytes);
  }
  return all + std::string(2 * kTarBlockBytes, '\0');
}

EngineTest::EngineTest()
    : stack_{podium::testing::named_after_run(unique_id())}, api_{host(), ""}, runtime_{options()} {
  artifacts_ = open_directory_store(folder_.path() / "artifacts").value();
  const auto engine = runtime_.self_check();
  if (!engine) throw std::runtime_error{engine.error().text()};
  engine_id_ = engine->id;
  claims_ = std::make_unique<RunClaims>(bucket_,
                                        Identity{.engine = engine_id_, .executor = "executor-1"});
  // Data of its own, so that removing it takes nothing from anybody else on this engine.
  data_ = artifacts_
              ->put_content(tar_of({{"train.csv", "id,x,y\n10,1,2\n11,2,4\n"},
                                    {"test.csv", "id,x\n1,5\n2,6\n3,7\n"},
                                    {"sample_submission.csv", "id,y\n1,0\n2,0\n3,0\n"},
                                    {"stack.txt", stack_}}))
              .value();
  facts_ = artifacts_->put_content(kFacts).value();
  limits_.set_wall_seconds_max(60);
  limits_.set_cpu_milli(1000);
  limits_.set_memory_bytes_max(256ULL << 20);
  limits_.set_scratch_bytes_max(64ULL << 20);
  limits_.set_pids_max(64);
  limits_.set_predictions_bytes_max(8ULL << 20);
  limits_.set_log_bytes_max(1ULL << 20);
}

EngineTest::~EngineTest() {
  const auto all_data = runtime_.list_data().value();
  for (const auto& data : all_data) {
    EXPECT_TRUE(runtime_.remove_data(data.sha256).has_value());
  }
  EXPECT_EQ(left_on_engine(), std::vector<std::string>{});
}

DockerHost EngineTest::host() {
  return parse_docker_host(setting("DOCKER_HOST", std::string{kDockerHostDefault})).value();
}

DockerOptions EngineTest::options(const std::string& executor) const {
  return {.host = host(),
          .api_version = "",
          .image = setting("PODIUM_SANDBOX_IMAGE", "podium-sandbox:dev"),
          .seccomp_profile = read_file(PODIUM_SOURCE_DIR "/sandbox/seccomp.json"),
          .runtime = "",
          .stack = stack_,
          .executor = executor};
}

v1::Event EngineTest::ticket_for(const std::string& code) {
  auto event = make_ticket();
  auto& ticket = *event.mutable_run_ticket();
  // Unique on the engine, which other tests use as well.
  const auto candidate = std::format("c{}", unique_id().substr(0, 13));
  ticket.set_candidate_id(candidate);
  ticket.set_run_id(std::format("{}-1", unique_id()));
  *ticket.mutable_limits() = limits_;
  *ticket.mutable_code() = artifacts_->put_content(code).value();
  *ticket.mutable_facts() = facts_;
  *ticket.mutable_data() = data_;
  event.set_subject_id("cpu.1." + ticket.run_id());
  // As codegen makes it: the broker keeps only the first of the events with one id.
  event.set_id(std::format("{}/run_ticket/{}/1", event.job_id(), ticket.run_id()));
  return event;
}

DataSource EngineTest::data_source() const {
  return {.sha256 = data_.sha256(),
          .bytes = data_.bytes(),
          .read = [this](const auto& sink) { return artifacts_->read(data_.key(), sink); },
          .on_progress = {}};
}

RunStage EngineTest::stage(SandboxRuntime& runtime, RunClaims& claims) {
  return RunStage{{.runtime = runtime,
                   .check = check_,
                   .ledger = ledger_,
                   .claims = claims,
                   .artifacts = *artifacts_,
                   .capacity = {.slots = 4,
                                .cpu_milli = 8000,
                                .run_cpu_milli_max = 1000,
                                .memory_bytes = 4ULL << 30},
                   .scratch = "/tmp",
                   .watch_times = usual_watch_times()}};
}

v1::Executed EngineTest::run(const std::string& code) {
  return run(ticket_for(code));
}

v1::Executed EngineTest::run(const v1::Event& ticket) {
  LiveRun live{ticket};
  const auto settlement = stage(runtime_, *claims_).handle(live);
  EXPECT_EQ(settlement.kind, Settlement::Kind::acknowledge) << settlement.reason;
  for (const auto& event : ledger_.events()) {
    const bool ours =
        event.has_executed() && event.executed().run_id() == ticket.run_ticket().run_id();
    if (ours) return event.executed();
  }
  ADD_FAILURE() << "the run was not told";
  return {};
}

std::string EngineTest::log_of(const v1::Executed& executed) {
  return artifacts_->get(executed.log().key(), kLogBytesMax).value();
}

std::vector<std::string> EngineTest::left_on_engine() {
  const docker::LabelFilter ours{std::format("{}={}", docker::kStackLabel, stack_)};
  auto found = docker::list_containers(api_, ours).value();
  std::ranges::move(docker::list_volumes(api_, ours).value(), std::back_inserter(found));
  std::vector<std::string> left;
  for (const auto& one : found) left.push_back(one.name);
  return left;
}

}  // namespace podium::executor::fakes
