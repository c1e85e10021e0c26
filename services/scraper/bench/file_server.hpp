// Plays Kaggle and its storage for one file, as fast as the machine can: every POST is answered by
// the file's address, every GET by the file, from the kernel's cache straight into the socket. On
// a port of 127.0.0.1; one thread, one connection after the other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

#include "libs/chassis/http/test_sockets.hpp"

namespace podium::scraper::bench {

class FileServer {
 public:
  /// Throws when it cannot be started or the file cannot be read. The file must stay as it is.
  explicit FileServer(const std::filesystem::path& file);
  ~FileServer();
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  /// "127.0.0.1:PORT".
  std::string host() const { return "127.0.0.1:" + std::to_string(listener_.port()); }
  std::string url() const { return "http://" + host() + "/bench.zip"; }

 private:
  void serve(const std::stop_token& stop);
  void answer(testing_support::TestSocket client) const;

  int file_ = -1;
  testing_support::TestListener listener_;
  std::uint64_t bytes_ = 0;
  std::string md5_;
  std::jthread thread_;
};

}  // namespace podium::scraper::bench
