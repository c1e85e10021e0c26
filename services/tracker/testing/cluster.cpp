#include "services/tracker/testing/cluster.hpp"

#include <format>
#include <stdexcept>

#include "cli/setup/sql/sql_migrations.hpp"
#include "libs/chassis/bus/event_publisher.hpp"
#include "libs/chassis/ids.hpp"

namespace podium::tracker::testing {
namespace {

constexpr std::string_view kMakeStream = R"({"name":"JOBS","subjects":["podium.jobs.>"],
  "retention":"limits","storage":"file","discard":"new","num_replicas":1,"allow_direct":true,
  "duplicate_window":120000000000})";

constexpr std::array kTables{"checkpoint", "jobs", "candidates", "runs", "artifacts", "anomalies"};

template <typename Value>
Value must(Result<Value> result) {
  if (!result) throw std::runtime_error{result.error().text()};
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

}  // namespace

Cluster::Cluster() : bus_{connect()}, owner_{open("podium")} {
  const std::vector<setup::SqlRole> roles{{.name = "podium_tracker", .password = Secret{"podium"}},
                                          {.name = "podium_gateway", .password = Secret{"podium"}},
                                          {.name = "podium_codegen", .password = Secret{"podium"}}};
  must(setup::apply_sql(*owner_, std::string{PODIUM_SOURCE_DIR} + "/schemas/sql", roles));
  make_stream();
}

std::unique_ptr<Bus> Cluster::connect() const {
  BusOptions options;
  options.url = nats.url();
  options.name = "tracker-test";
  return must(Bus::connect(options));
}

std::unique_ptr<Database> Cluster::open(const std::string& role) const {
  return must(Database::open({.url = postgres.url(role),
                              .password = Secret{"podium"},
                              .application_name = role + "-test",
                              .statement_timeout = kStatementTimeout}));
}

void Cluster::make_stream() {
  must(bus_->request("$JS.API.STREAM.CREATE.JOBS", kMakeStream));
}

void Cluster::delete_stream() {
  must(bus_->request("$JS.API.STREAM.DELETE.JOBS", ""));
}

void Cluster::publish(const std::vector<v1::Event>& events) {
  EventPublisher publisher{*bus_, "test"};
  for (const v1::Event& event : events) must(publisher.publish_as_is(event));
}

void Cluster::publish_raw(std::string_view subject, std::string_view bytes) {
  must(bus_->publish(subject, bytes));
}

std::string Cluster::projection_hash() {
  Sha256 hash;
  for (const char* table : kTables) {
    const auto rows = must(owner_->run(std::format(
        "SELECT r::text AS row FROM podium.{} r ORDER BY r::text COLLATE \"C\"", table)));
    for (std::size_t row = 0; row < rows->size(); ++row) {
      hash.update(std::format("{} {}\n", table, rows->text(row, "row")));
    }
  }
  return hash.finish();
}

std::int64_t Cluster::number(std::string_view sql) {
  return must(owner_->run(sql))->integer(0, "n");
}

bool Cluster::is_up_to_date() {
  const auto state = bus_->stream_state("JOBS");
  const auto rows = owner_->run("SELECT sequence, stream_created FROM podium.checkpoint");
  if (!state || !rows || (*rows)->size() == 0) return false;
  const auto known = parse_moment((*rows)->text(0, "stream_created"));
  return known == created(*state).value() &&
         (*rows)->integer(0, "sequence") == static_cast<std::int64_t>(state->last_sequence);
}

RunningTracker::RunningTracker(const Cluster& cluster)
    : bus_{cluster.connect()}, database_{cluster.open("podium_tracker")}, store_{*database_} {
  thread_ = std::jthread{[this](const std::stop_token& stop) {
    TrackTask task{*bus_, store_, {.standby_interval = std::chrono::milliseconds{50}}};
    std::ignore = task.run(stop);
  }};
}

RunningTracker::~RunningTracker() {
  thread_.request_stop();
  thread_.join();
}

}  // namespace podium::tracker::testing
