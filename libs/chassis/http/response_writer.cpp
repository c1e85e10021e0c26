#include "libs/chassis/http/response_writer.hpp"

#include <httplib.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "libs/chassis/http/http_errors.hpp"
#include "libs/chassis/log.hpp"

namespace podium::http {
namespace {

constexpr std::uint64_t kPieceBytes = 64 * 1024;
constexpr int kOk = 200;
constexpr int kNoContent = 204;
constexpr int kNotModified = 304;
constexpr int kRangeNotSatisfiable = 416;

// One answer under way. The library's handlers have no argument of their own; they find it here.
struct Answer {
  const HttpResponse& response;
  const WriteOptions& options;
  HttpConnection& connection;
  int status = 0;
};
thread_local Answer* current_answer = nullptr;

// What the library reads from is our head; what it writes goes to the client.
class AnswerStream final : public httplib::Stream {
 public:
  AnswerStream(Answer& answer, std::string head)
      : answer_{answer}, head_{std::move(head)}, pace_{answer.options.timeout} {}

  bool is_readable() const override { return read_ < head_.size(); }
  bool wait_readable() const override { return is_readable(); }
  bool wait_writable() const override { return answer_.connection.wait_writable(pace_); }
  // Whether the client is there shows when it is written to; one that has closed only its own side
  // still gets its answer.
  bool is_peer_alive() const override { return true; }
  ssize_t read(char* into, size_t room) override {
    const std::size_t taken = std::min(room, head_.size() - read_);
    std::copy_n(head_.data() + read_, taken, into);
    read_ += taken;
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* bytes, size_t count) override {
    // An open stream is as slow as its events; each piece has its own time.
    if (answer_.response.stream) pace_ = Pace{answer_.options.timeout};
    return answer_.connection.write({bytes, count}, pace_) ? static_cast<ssize_t>(count) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = answer_.connection.remote_address();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  socket_t socket() const override { return answer_.connection.descriptor(); }
  time_t duration() const override { return 0; }

 private:
  Answer& answer_;
  std::string head_;
  std::size_t read_ = 0;
  Pace pace_;
};

bool write_piece_of_content(const HttpResponse& response, std::size_t offset, std::size_t length,
                            httplib::DataSink& sink) {
  const auto piece = response.content(offset, std::min<std::uint64_t>(length, kPieceBytes));
  if (piece && !piece->empty() && piece->size() <= length) {
    return sink.write(piece->data(), piece->size());
  }
  log_error("an answer is cut short",
            {{"detail", piece ? "the content has another length" : piece.error().text()}});
  return false;
}

bool write_stream(const Answer& answer, httplib::DataSink& sink) {
  const HttpSink write = [&](std::string_view piece) {
    if (answer.options.stop.stop_requested() || !answer.connection.is_alive()) return false;
    return piece.empty() || sink.write(piece.data(), piece.size());
  };
  try {
    answer.response.stream(write);
  } catch (const std::exception& error) {
    log_error("a streamed answer is cut short", {{"detail", error.what()}});
    return false;
  }
  sink.done();
  return true;
}

void fill_content(const Answer& answer, httplib::Response& to) {
  const HttpResponse& from = answer.response;
  to.set_header("Accept-Ranges", "bytes");
  if (from.content_bytes == 0) {
    to.set_header("Content-Type", from.content_type);
    return;
  }
  // Left open, the library says 200 or 206.
  if (!answer.options.range.empty()) to.status = -1;
  to.set_content_provider(from.content_bytes, from.content_type,
                          [&from](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                            return write_piece_of_content(from, offset, length, sink);
                          });
}

void fill_stream(const Answer& answer, httplib::Response& to) {
  const auto provider = [&answer](std::size_t /*offset*/, httplib::DataSink& sink) {
    return write_stream(answer, sink);
  };
  if (answer.options.is_http_1_0) {
    to.set_content_provider(answer.response.content_type, provider);
  } else {
    to.set_chunked_content_provider(answer.response.content_type, provider);
  }
}

httplib::Server::HandlerResponse fill(const httplib::Request& /*request*/, httplib::Response& to) {
  const Answer& answer = *current_answer;
  const HttpResponse& from = answer.response;
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  if (from.stream) {
    fill_stream(answer, to);
  } else if (from.content) {
    fill_content(answer, to);
  } else if (from.status != kNoContent && from.status != kNotModified) {
    to.set_content(from.body, from.content_type);
  }
  return httplib::Server::HandlerResponse::Handled;
}

// The library answers a range that the file does not have by itself, and without a word.
httplib::Server::HandlerResponse explain_range(const httplib::Request& /*request*/,
                                               httplib::Response& to) {
  if (to.status != kRangeNotSatisfiable || !current_answer->response.content) {
    return httplib::Server::HandlerResponse::Unhandled;
  }
  const std::string bytes = std::to_string(current_answer->response.content_bytes);
  const HttpResponse why =
      problem({&errors::kRangeNotSatisfiable, "the file has " + bytes + " bytes"});
  to.set_header("Content-Range", "bytes */" + bytes);
  to.set_content(why.body, why.content_type);
  return httplib::Server::HandlerResponse::Handled;
}

void note_status(const httplib::Request& /*request*/, httplib::Response& response) {
  current_answer->status = response.status;
}

ssize_t write_headers(httplib::Stream& stream, httplib::Headers& headers) {
  headers.erase("Keep-Alive");
  headers.erase("Connection");
  if (current_answer->options.close) headers.emplace("Connection", "close");
  const int status = current_answer->status;
  if (status == kNoContent || status == kNotModified) headers.erase("Content-Length");
  std::string text;
  for (const auto& [name, value] : headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  text.append("\r\n");
  return stream.write(text.data(), text.size());
}

std::string head_for(const WriteOptions& options) {
  std::string head = options.head_only ? "HEAD" : "GET";
  head += " / HTTP/1.1\r\nHost: podium\r\n";
  if (!options.range.empty()) head += "Range: " + options.range + "\r\n";
  return head + "\r\n";
}

}  // namespace

class ResponseWriter::Library final : public httplib::Server {
 public:
  Library() {
    // The library ends long answers when it has no listener; ours is elsewhere.
    svr_sock_ = 0;
    set_pre_routing_handler(fill);
    set_error_handler(HandlerWithResponse{explain_range});
    set_post_routing_handler(note_status);
    set_header_writer(write_headers);
  }

  bool write(Answer& answer) {
    AnswerStream stream{answer, head_for(answer.options)};
    bool connection_closed = false;
    current_answer = &answer;
    const bool complete = process_request(stream, answer.connection.remote_address(), 0, "", 0,
                                          answer.options.close, connection_closed, nullptr);
    current_answer = nullptr;
    return complete;
  }
};

ResponseWriter::ResponseWriter() : library_{std::make_unique<Library>()} {}

ResponseWriter::~ResponseWriter() = default;

Written ResponseWriter::write(HttpConnection& connection, const HttpResponse& response,
                              const WriteOptions& options) {
  Answer answer{.response = response, .options = options, .connection = connection};
  const bool complete = library_->write(answer);
  return {.complete = complete && !(response.stream && options.is_http_1_0),
          .status = answer.status != 0 ? answer.status : kOk};
}

}  // namespace podium::http
