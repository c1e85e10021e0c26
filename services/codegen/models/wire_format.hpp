// What is particular to a vendor's API: address, headers, request body, and how its stream is read.
// Pure: the shell that sends is http_model_endpoint.hpp. A WireFormat is constant and shared by all
// threads; a StreamReader belongs to one call.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/http/sse_parser.hpp"
#include "services/codegen/models/api_error.hpp"
#include "services/codegen/models/model_provider.hpp"
#include "services/codegen/models/request_shape.hpp"

namespace podium::codegen::models {

/// What a stream has said so far.
struct StreamedReply {
  std::string text{};
  /// Known once the stream has said why it stopped.
  std::optional<StopReason> stop_reason{};
  std::string stop_detail{};
  ModelUsage usage{};
  /// The vendor's last word on the usage has come.
  bool usage_is_final = false;
  std::string model{};
  std::string id{};
  /// All that the model wrote so far, reasoning included, in bytes.
  std::uint64_t bytes = 0;
  /// An error inside the stream: the reply is void.
  std::optional<ApiError> error{};
  /// The stream ended as it should. One that was cut is void.
  bool whole = false;
};

/// Reads one stream. Feed it message by message, then finish it.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  StreamReader() = default;
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  /// What it does not know it ignores. After the end nothing more is taken.
  void take(const SseMessage& message);
  /// The stream has said its last word, or there is an error, or the text is as long as it may be.
  bool ended() const { return ended_; }
  const StreamedReply& reply() const { return reply_; }
  /// Hands the reply out, once, when nothing more will come, for whatever reason.
  StreamedReply finish();

 protected:
  /// One message's data as JSON, always an object.
  virtual void take_object(const nlohmann::json& object) = 0;
  /// Data that is not JSON and ends the stream, such as [DONE].
  virtual bool is_end_mark(std::string_view data) const;
  /// Nothing more will come: the last touch to the reply. True when it is whole, errors aside.
  virtual bool settle() = 0;
  void add_text(std::string_view piece);
  void fail(ApiError error);
  void end() { ended_ = true; }

  StreamedReply reply_;

 private:
  bool ended_ = false;
};

class WireFormat {
 public:
  virtual ~WireFormat() = default;
  virtual std::string_view name() const = 0;
  /// What follows the base URL.
  virtual std::string_view path() const = 0;
  /// The same for the list of models.
  virtual std::string_view models_path() const = 0;
  /// Beside Content-Type.
  virtual std::vector<std::pair<std::string, std::string>> headers(const Secret& key) const = 0;
  /// The header with the vendor's id of a call, in lower case.
  virtual std::string_view request_id_header() const = 0;
  /// What to ask a model with that is not known yet.
  virtual RequestShape first_shape(std::string_view base_url) const = 0;
  /// The JSON body, UTF-8.
  virtual std::string body(const ModelRequest& request, const RequestShape& shape) const = 0;
  virtual std::unique_ptr<StreamReader> reader() const = 0;
};

/// The address of a path at a provider, whose base URL people give with and without /v1 and a slash
/// at its end.
std::string joined_url(std::string_view base_url, std::string_view path);

}  // namespace podium::codegen::models
