// An S3-compatible server for a test, and boto3 beside it to read and write the same buckets by
// other code: a process on free ports of 127.0.0.1, gone with the object. See
// tests/standins/s3/README.md for what it checks and what it can be told.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/store/s3_options.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

class ObjectServer {
 public:
  /// Starts it and waits until it answers; throws when it does not.
  ObjectServer();

  /// The bucket by path, with the server's own credentials.
  S3Options options(const std::string& bucket, const std::string& prefix = "") const;
  /// The same as a service's settings.
  std::map<std::string, std::string> environment(const std::string& bucket) const;

  // By boto3; each throws when boto3 does.
  void make_bucket(const std::string& bucket) const;
  void put(const std::string& bucket, const std::string& object, const std::string& bytes) const;
  std::string get(const std::string& bucket, const std::string& object) const;
  /// Names and sizes.
  std::map<std::string, std::uint64_t> objects(const std::string& bucket) const;
  /// Names of the multipart uploads that are open.
  std::vector<std::string> uploads(const std::string& bucket) const;
  /// Begins a multipart upload and leaves it.
  void leave_upload(const std::string& bucket, const std::string& object) const;

  /// What Python's own client, without credentials, is answered.
  HttpAnswer fetch(const std::string& url) const;
  /// Changes how the server behaves: `clock_ahead`, `faults`, `busy_every`, `uploads_age`.
  void tell(const nlohmann::json& settings) const;

 private:
  HttpAnswer peer(const std::string& method, const std::string& path,
                  const std::string& body = "") const;

  TemporaryFolder folder_;
  int port_;
  int peer_port_;
  std::unique_ptr<Process> process_;
  AwsSigning signing_;
};

}  // namespace podium::testing
