#include "services/scraper/bench/file_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <format>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "libs/chassis/digest.hpp"

namespace podium::scraper::bench {
namespace {

constexpr std::size_t kRequestBytesMax = 16 * 1024;
constexpr std::size_t kReadBytes = std::size_t{1} << 20;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

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

/// Up to the empty line; what a body holds does not matter here.
std::string read_head(int client) {
  std::string head;
  std::array<char, 4'096> piece{};
  while (!head.contains("\r\n\r\n") && head.size() < kRequestBytesMax) {
    const auto got = recv(client, piece.data(), piece.size(), 0);
    if (got <= 0) return {};
    head.append(piece.data(), static_cast<std::size_t>(got));
  }
  return head;
}

void send_text(int client, std::string_view text) {
  std::ignore = send(client, text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace

FileServer::FileServer(const std::filesystem::path& file)
    : file_{open(file.c_str(), O_RDONLY | O_CLOEXEC)},
      listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  struct stat found{};
  auto address = loopback(0);
  if (file_ < 0 || fstat(file_, &found) != 0 ||
      bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, SOMAXCONN) != 0) {
    throw std::runtime_error{"the file cannot be served: " + file.string()};
  }
  bytes_ = static_cast<std::uint64_t>(found.st_size);
  md5_ = md5_of(file_);
  thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

FileServer::~FileServer() {
  thread_.request_stop();
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  close(file_);
}

std::string FileServer::host() const {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  return std::format("127.0.0.1:{}", ntohs(address.sin_port));
}

void FileServer::serve(const std::stop_token& stop) const {
  while (!stop.stop_requested()) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    answer(client);
    close(client);
  }
}

void FileServer::answer(int client) const {
  const auto head = read_head(client);
  if (head.starts_with("POST")) {
    return send_text(client, std::format("HTTP/1.1 302 Found\r\nLocation: {}\r\n"
                                         "Content-Length: 0\r\nConnection: close\r\n\r\n",
                                         url()));
  }
  if (!head.starts_with("GET")) return;
  send_text(client, std::format("HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n"
                                "Content-Length: {}\r\nETag: \"bench\"\r\n"
                                "x-goog-hash: md5={}\r\nConnection: close\r\n\r\n",
                                bytes_, md5_));
  off_t at = 0;
  while (static_cast<std::uint64_t>(at) < bytes_) {
    if (sendfile(client, file_, &at, bytes_ - static_cast<std::uint64_t>(at)) <= 0) return;
  }
}

}  // namespace podium::scraper::bench
