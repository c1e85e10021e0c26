// Which handler answers a path. Built once, then read by many threads.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/http/server.hpp"
#include "libs/chassis/result.hpp"

namespace podium::http {

struct Route {
  enum class Kind {
    plain,   ///< Answers at once; the body is read before it is called.
    upload,  ///< Reads its body itself; counted as a stream.
  };
  std::string method;
  std::string pattern;
  Kind kind = Kind::plain;
  /// Largest body; of plain routes the server's.
  std::uint64_t body_bytes_max = 0;
  HttpServer::Handler handler{};
  HttpServer::UploadHandler upload{};
};

struct RouteMatch {
  const Route* route = nullptr;
  std::map<std::string, std::string> parameters{};
};

class Router {
 public:
  void add(Route route);

  /// The route for a method and a decoded path; HEAD finds the GET route. NOT_FOUND when no pattern
  /// has the path, METHOD_NOT_ALLOWED when none of them takes the method. A literal segment goes
  /// before a `{name}`.
  Result<RouteMatch> find(std::string_view method, std::string_view path) const;

  /// The methods that a path takes, as the header Allow has them: "GET, HEAD, POST".
  std::string allowed(std::string_view path) const;

  /// Every route as "METHOD /path", in the order they were added.
  std::vector<std::string> names() const;

 private:
  std::vector<Route> routes_;
};

}  // namespace podium::http
