#include "services/scraper/bench/file_server.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <format>
#include <stdexcept>
#include <utility>
#include <vector>

#include "libs/chassis/digest.hpp"

namespace podium::scraper::bench {
namespace {

using testing_support::TestSocket;

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

std::string md5_of(int file) {
  Md5 md5;
  std::vector<char> block(kReadBytes);
  off_t at = 0;
  while (const auto got = pread(file, block.data(), block.size(), at)) {
    if (got < 0) throw std::runtime_error{"the file to be served cannot be read"};
    md5.update({block.data(), static_cast<std::size_t>(got)});
    at += got;
  }
  return md5.finish();
}

}  // namespace

FileServer::FileServer(const std::filesystem::path& file)
    : file_{open(file.c_str(), O_RDONLY | O_CLOEXEC)} {
  struct stat found{};
  if (file_ < 0 || fstat(file_, &found) != 0) {
    throw std::runtime_error{"the file cannot be served: " + file.string()};
  }
  bytes_ = static_cast<std::uint64_t>(found.st_size);
  md5_ = md5_of(file_);
  thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

FileServer::~FileServer() {
  thread_.request_stop();
  listener_.close();  // wakes it
  thread_.join();
  close(file_);
}

void FileServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (auto client = listener_.accept(); client.valid()) answer(std::move(client));
  }
}

void FileServer::answer(TestSocket client) const {
  const auto head = client.read_http_message();
  if (head.starts_with("POST")) {
    client.send(
        std::format("HTTP/1.1 302 Found\r\nLocation: {}\r\n"
                    "Content-Length: 0\r\nConnection: close\r\n\r\n",
                    url()));
    return;
  }
  if (!head.starts_with("GET")) return;
  client.send(
      std::format("HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n"
                  "Content-Length: {}\r\nETag: \"bench\"\r\n"
                  "x-goog-hash: md5={}\r\nConnection: close\r\n\r\n",
                  bytes_, md5_));
  off_t at = 0;
  while (static_cast<std::uint64_t>(at) < bytes_) {
    const auto left = bytes_ - static_cast<std::uint64_t>(at);
    if (sendfile(client.descriptor(), file_, &at, left) <= 0) return;
  }
}

}  // namespace podium::scraper::bench
