// The one door to cpp-httplib: writes answers, with their ranges, chunks and lengths. The library
// never sees a client's bytes: it is given a head that we write. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "libs/chassis/http/connection.hpp"
#include "libs/chassis/http/server.hpp"

namespace podium::http {

struct WriteOptions {
  /// Head only, as HEAD is answered.
  bool head_only = false;
  /// The client's header Range, for answers with `content`; empty for the whole.
  std::string range{};
  /// The connection ends after this answer.
  bool close = false;
  /// The client does not know chunks.
  bool is_http_1_0 = false;
  std::chrono::milliseconds timeout{};
  /// Ends open streams.
  std::stop_token stop{};
};

struct Written {
  /// The whole answer went out; the connection can be used again.
  bool complete = false;
  /// The status that the client saw: 206 or 416 where a range was asked for.
  int status = 0;
};

class ResponseWriter {
 public:
  ResponseWriter();
  ~ResponseWriter();
  ResponseWriter(const ResponseWriter&) = delete;
  ResponseWriter& operator=(const ResponseWriter&) = delete;

  Written write(HttpConnection& connection, const HttpResponse& response,
                const WriteOptions& options);

 private:
  class Library;
  std::unique_ptr<Library> library_;
};

}  // namespace podium::http
