#include "libs/chassis/bus/test_broker.hpp"

#include <format>
#include <stdexcept>

namespace podium::testing {
namespace {

v1::Event event_of_test_job(std::string_view name, std::string_view subject_id, unsigned attempt) {
  v1::Event cause;
  cause.set_job_id(std::string{kTestJob});
  cause.set_tenant("default");
  return event_of(cause, name, subject_id, attempt);
}

}  // namespace

TestBroker::TestBroker(std::filesystem::path config_file)
    : server_{std::move(config_file)}, bus_{connect()} {}

BusOptions TestBroker::options() const {
  BusOptions options;
  options.url = server_.url();
  options.name = "test";
  return options;
}

std::unique_ptr<Bus> TestBroker::connect() const {
  auto bus = Bus::connect(options());
  if (!bus) throw std::runtime_error{bus.error().text()};
  return std::move(*bus);
}

std::string TestBroker::api(std::string_view subject, std::string_view request) {
  const auto answer = bus_->request(std::format("$JS.API.{}", subject), request);
  if (!answer) throw std::runtime_error{answer.error().text()};
  if (answer->contains("\"error\"")) throw std::runtime_error{*answer};
  return *answer;
}

void TestBroker::make_stream(std::string_view name, std::string_view subjects,
                             std::string_view more) {
  api(std::format("STREAM.CREATE.{}", name),
      std::format(R"({{"name":"{}","subjects":["{}"],"retention":"limits","storage":"file",)"
                  R"("num_replicas":1,"allow_direct":true{}}})",
                  name, subjects, more));
}

void TestBroker::make_consumer(std::string_view stream, std::string_view durable,
                               std::string_view more) {
  api(std::format("CONSUMER.DURABLE.CREATE.{}.{}", stream, durable),
      std::format(R"({{"stream_name":"{}","config":{{"durable_name":"{}","ack_policy":"explicit",)"
                  R"("deliver_policy":"all","replay_policy":"instant"{}}}}})",
                  stream, durable, more));
}

void TestBroker::make_bucket(std::string_view name) {
  make_stream(std::format("KV_{}", name), std::format("$KV.{}.>", name),
              R"(,"max_msgs_per_subject":1,"discard":"new","allow_rollup_hdrs":true,)"
              R"("deny_delete":true)");
}

v1::Event ended_event() {
  auto event = event_of_test_job("ended", "", 1);
  event.mutable_ended()->set_status(v1::JOB_STATUS_SUCCESS);
  return event;
}

v1::Event drafted_event(std::string_view candidate) {
  auto event = event_of_test_job("drafted", candidate, 1);
  event.mutable_drafted()->set_candidate_id(std::string{candidate});
  return event;
}

v1::Event progressed_event(std::string_view phase, unsigned attempt) {
  auto event = event_of_test_job("progressed", "", attempt);
  event.mutable_progressed()->set_phase(std::string{phase});
  return event;
}

}  // namespace podium::testing
