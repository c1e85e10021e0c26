// For tests: somebody who must not be contacted. Listens on one port of 127.0.0.1 and of ::1,
// answers nobody, and counts who came: a connection counts as soon as it is made. One thread.
#pragma once

#include <string>
#include <vector>

namespace podium::scraper::testing {

class CountingListener {
 public:
  /// Throws when it cannot listen on 127.0.0.1; a machine without IPv6 goes without ::1.
  CountingListener();
  ~CountingListener();
  CountingListener(const CountingListener&) = delete;
  CountingListener& operator=(const CountingListener&) = delete;

  std::string port() const { return std::to_string(port_); }
  /// Connections so far.
  int count();

 private:
  std::vector<int> sockets_;
  int port_ = 0;
  int count_ = 0;
};

}  // namespace podium::scraper::testing
