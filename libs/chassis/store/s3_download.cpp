#include "libs/chassis/store/s3_download.hpp"

#include <algorithm>
#include <charconv>
#include <format>
#include <map>

namespace podium {
namespace {

using Headers = std::map<std::string, std::string>;

/// Connections that one download may take, whatever progress each makes.
constexpr int kConnectionsMax = 1'000;
constexpr int kPartial = 206;
constexpr int kRangeNotSatisfiable = 416;

std::optional<std::uint64_t> number_of(const Headers& headers, const std::string& name) {
  const auto found = headers.find(name);
  if (found == headers.end()) return std::nullopt;
  const std::string& text = found->second;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

class Download {
 public:
  Download(const S3Client& client, const S3Download& wanted,
           const std::function<bool(std::string_view piece)>& sink)
      : client_{client}, wanted_{wanted}, sink_{sink} {}

  Result<void> run();

 private:
  S3Call next_call();
  Result<void> take_head(int status, const Headers& headers);
  bool take_piece(std::string_view piece);
  bool is_ranged() const { return wanted_.offset + done_ > 0 || wanted_.length.has_value(); }

  const S3Client& client_;
  const S3Download& wanted_;
  const std::function<bool(std::string_view piece)>& sink_;
  /// Bytes that were given out.
  std::uint64_t done_ = 0;
  /// Bytes that will be given out in all, once the first head has told.
  std::optional<std::uint64_t> length_;
  std::string tag_;
};

Result<void> Download::run() {
  int failures = 0;
  for (int connections = 0; connections < kConnectionsMax; ++connections) {
    const auto before = done_;
    const auto answer = client_.attempt(next_call());
    if (answer) return {};
    if (!answer.error().passing) return std::unexpected{answer.error().error};
    failures = done_ > before ? 1 : failures + 1;
    if (failures == kS3AttemptsMax) return std::unexpected{answer.error().error};
    client_.pause(failures, answer.error().error);
  }
  return fail(errors::kUnavailable, "GET " + wanted_.object + ": it is cut again and again");
}

S3Call Download::next_call() {
  S3Call call{.object = wanted_.object};
  if (is_ranged()) {
    const auto from = wanted_.offset + done_;
    const auto last = wanted_.length ? std::format("{}", wanted_.offset + *wanted_.length - 1) : "";
    call.headers.emplace_back("Range", std::format("bytes={}-{}", from, last));
  }
  // Of a tag that the first answer told: another version is refused with 412.
  if (done_ > 0 && !tag_.empty()) call.headers.emplace_back("If-Match", tag_);
  if (done_ == 0 && is_ranged()) call.also_answers = {kRangeNotSatisfiable};
  call.on_head = [this](int status, const Headers& headers) { return take_head(status, headers); };
  call.on_piece = [this](std::string_view piece) { return take_piece(piece); };
  return call;
}

Result<void> Download::take_head(int status, const Headers& headers) {
  if (status == kRangeNotSatisfiable) return {};
  const auto length = number_of(headers, "content-length");
  if (!length) {
    return fail(errors::kUnavailable, "GET " + wanted_.object + ": the length is not told");
  }
  if (is_ranged()) {
    const auto range = headers.find("content-range");
    const auto begin = std::format("bytes {}-", wanted_.offset + done_);
    if (status != kPartial || range == headers.end() || !range->second.starts_with(begin)) {
      return fail(errors::kUnavailable, "GET " + wanted_.object + ": another range came");
    }
  }
  if (done_ == 0) {
    length_ = length;
    if (const auto tag = headers.find("etag"); tag != headers.end()) tag_ = tag->second;
  }
  if (done_ + *length != *length_ || *length > wanted_.length.value_or(*length)) {
    return fail(errors::kUnavailable, "GET " + wanted_.object + ": the length has changed");
  }
  if (*length_ > wanted_.bytes_max.value_or(*length_)) {
    return fail(errors::kTooLarge, std::format("'{}' has {} bytes, the limit is {}", wanted_.object,
                                               *length_, *wanted_.bytes_max));
  }
  return {};
}

bool Download::take_piece(std::string_view piece) {
  while (!piece.empty()) {
    const auto part = piece.substr(0, kS3PieceBytesMax);
    piece.remove_prefix(part.size());
    done_ += part.size();
    if (!sink_(part)) return false;
  }
  return true;
}

}  // namespace

Result<void> download(const S3Client& client, const S3Download& wanted,
                      const std::function<bool(std::string_view piece)>& sink) {
  return Download{client, wanted, sink}.run();
}

}  // namespace podium
