#include "tests/pipeline/object_server.hpp"

#include <chrono>
#include <format>
#include <stdexcept>

#include "tests/support/nats_server.hpp"
#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using nlohmann::json;

const std::string kSource = PODIUM_SOURCE_DIR;
/// Where the toolchain image has moto and boto3.
constexpr auto kPython = "/opt/s3/bin/python";
constexpr std::chrono::seconds kServerStartMax{60};

std::string good(const HttpAnswer& answer) {
  if (answer.status != 200) throw std::runtime_error{"boto3: " + answer.body};
  return answer.body;
}

}  // namespace

ObjectServer::ObjectServer() : port_{free_port()}, peer_port_{free_port()} {
  ProcessOptions options;
  options.command = {kPython,
                     "-m",
                     "standins.s3",
                     "--port",
                     std::to_string(port_),
                     "--peer-port",
                     std::to_string(peer_port_)};
  options.environment = {{"PYTHONPATH", kSource + "/tests"}, {"PYTHONDONTWRITEBYTECODE", "1"}};
  options.output = folder_.path() / "s3.log";
  process_ = std::make_unique<Process>(std::move(options));
  const auto answers = [this] { return !process_->running() || accepts_connections(peer_port_); };
  if (!wait_until(answers, kServerStartMax) || !process_->running()) {
    throw std::runtime_error{"the S3 server does not answer:\n" + process_->output()};
  }
  const auto known = json::parse(good(peer("GET", "credentials")));
  signing_ = {.region = known.at("region"),
              .access_key = known.at("access_key"),
              .secret_key = Secret{known.at("secret_key").get<std::string>()}};
}

S3Options ObjectServer::options(const std::string& bucket, const std::string& prefix) const {
  return {.bucket = bucket,
          .prefix = prefix,
          .endpoint = std::format("http://127.0.0.1:{}", port_),
          .signing = signing_};
}

std::map<std::string, std::string> ObjectServer::environment(const std::string& bucket) const {
  return {{"PODIUM_ARTIFACTS", "s3://" + bucket},
          {"AWS_ENDPOINT_URL_S3", std::format("http://127.0.0.1:{}", port_)},
          {"AWS_REGION", signing_.region},
          {"AWS_ACCESS_KEY_ID", signing_.access_key},
          {"AWS_SECRET_ACCESS_KEY", signing_.secret_key.reveal()}};
}

HttpAnswer ObjectServer::peer(const std::string& method, const std::string& path,
                              const std::string& body) const {
  HttpCall call{.method = method, .body = body};
  call.url = std::format("http://127.0.0.1:{}/{}", peer_port_, path);
  call.response_bytes_max = 256ULL * 1024 * 1024;
  const auto answer = send_http(call);
  if (!answer) throw std::runtime_error{answer.error().text()};
  return *answer;
}

void ObjectServer::make_bucket(const std::string& bucket) const {
  good(peer("PUT", "bucket/" + bucket));
}

void ObjectServer::put(const std::string& bucket, const std::string& object,
                       const std::string& bytes) const {
  good(peer("PUT", "object/" + bucket + "/" + object, bytes));
}

std::string ObjectServer::get(const std::string& bucket, const std::string& object) const {
  return good(peer("GET", "object/" + bucket + "/" + object));
}

std::map<std::string, std::uint64_t> ObjectServer::objects(const std::string& bucket) const {
  return json::parse(good(peer("GET", "objects/" + bucket)));
}

std::vector<std::string> ObjectServer::uploads(const std::string& bucket) const {
  return json::parse(good(peer("GET", "uploads/" + bucket)));
}

void ObjectServer::leave_upload(const std::string& bucket, const std::string& object) const {
  good(peer("POST", "uploads/" + bucket + "/" + object, "a part"));
}

HttpAnswer ObjectServer::fetch(const std::string& url) const {
  return peer("GET", "fetch?" + percent_encode(url));
}

void ObjectServer::tell(const json& settings) const {
  good(peer("POST", "checks", settings.dump()));
}

}  // namespace podium::testing
