#include "services/scraper/kaggle/kaggle_download.hpp"

#include <algorithm>
#include <charconv>
#include <format>
#include <fstream>
#include <limits>
#include <optional>
#include <tuple>

#include "libs/competition/competition_url.hpp"
#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/file_writer.hpp"
#include "services/scraper/kaggle/background_md5.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/kaggle/kaggle_storage.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;
namespace reasons = competition::reasons;

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional{number} : std::nullopt;
}

using Headers = std::map<std::string, std::string>;

/// "crc32c=...,md5=<base64>".
std::string md5_in(const Headers& headers) {
  const auto text = header_in(headers, "x-goog-hash");
  const auto at = text.find("md5=");
  if (at == std::string::npos) return {};
  const auto from = at + 4;
  return text.substr(from, text.find_first_of(", ", from) - from);
}

/// One download, over as many addresses and pieces as it takes.
class Download {
 public:
  Download(KaggleClient& kaggle, const KaggleDownload& wanted, const FetchControl& control)
      : kaggle_{kaggle},
        wanted_{wanted},
        control_{control},
        file_{wanted.folder / "download.part"} {}

  Result<fs::path> run() {
    begin();
    for (int addresses = 1; addresses <= kKaggleAddressesMax; ++addresses) {
      const auto location = PODIUM_TRY(ask());
      if (!location.empty()) {
        PODIUM_TRY(check_storage_address(location, wanted_.storage_hosts, reasons::kScrapeFailed));
        name_ = file_name_of(location);
        if (!PODIUM_TRY(fetch(location))) continue;  // the address has expired
      }
      return finish();
    }
    return fail(reasons::kScrapeFailed,
                std::format("{} addresses for the data came to nothing", kKaggleAddressesMax));
  }

 private:
  /// The address of the bytes; empty when they came at once.
  Result<std::string> ask() {
    auto location =
        kaggle_.ask_for_download(wanted_.slug,
                                 {.begin =
                                      [this](const Headers& headers) {
                                        begin();
                                        return note(headers);
                                      },
                                  .take = [this](std::string_view piece) { return take(piece); }},
                                 control_.stop);
    if (!location) return std::unexpected{failure_.value_or(location.error())};
    return location;
  }

  /// False when another address is needed.
  Result<bool> fetch(const std::string& location) {
    for (int cuts = 0; cuts <= kKaggleCutsMax;) {
      const auto before = bytes_;
      const auto begun = std::chrono::steady_clock::now();
      begin_pace();
      int status = 0;
      const auto answer = send_to_kaggle(piece_of(location, status), "storage.download");
      if (failure_) return std::unexpected{*failure_};
      if (answer && status == 416 && length_ == bytes_) return true;
      if (answer && (status == 200 || status == 206)) {
        if (!length_ || bytes_ >= *length_) return true;
      } else if (answer && status < 500 && status != 429) {
        return false;
      } else if (!answer && answer.error().is(errors::kStopped) && !is_other_file_) {
        return std::unexpected{answer.error()};
      }
      cuts = bytes_ > before ? 0 : cuts + 1;
      const auto retry_after = answer ? header_in(answer->headers, "retry-after") : "";
      const auto delay = kaggle_delay(cuts + 1, retry_after, std::chrono::system_clock::now());
      stalled_ += delay;
      if (bytes_ == before) stalled_ += std::chrono::steady_clock::now() - begun;
      if (stalled_ > wanted_.pace.stall_max) {
        return std::unexpected{stalled(answer && status == 429)};
      }
      if (!kaggle_.wait(delay, control_.stop)) {
        return fail(errors::kStopped, "the download was stopped");
      }
    }
    return fail(reasons::kScrapeFailed,
                std::format("the download broke off at {} bytes again and again", bytes_));
  }

  Error stalled(bool rate_limited) const {
    const auto told =
        std::format("the download came to {} bytes and would have to wait longer", bytes_);
    return {rate_limited ? &reasons::kKaggleRateLimited : &reasons::kScrapeFailed, told};
  }

  /// From where the last one stopped.
  HttpCall piece_of(const std::string& location, int& status) {
    auto call = storage_call("GET", location, control_.stop);
    call.response_bytes_max = std::numeric_limits<std::uint64_t>::max();
    if (bytes_ > 0) call.headers.emplace_back("Range", std::format("bytes={}-", bytes_));
    // Another file of that name comes whole.
    if (bytes_ > 0 && !etag_.empty()) call.headers.emplace_back("If-Range", etag_);
    is_other_file_ = false;
    call.on_headers = [this, &status](int told, const Headers& headers) {
      status = told;
      if (told == 200 && bytes_ > 0) begin();
      if (told == 200) return note(headers);
      if (told != 206 || continues(headers)) return true;
      // What came so far is of another file: the next call begins at the beginning.
      is_other_file_ = true;
      begin();
      return false;
    };
    call.on_body = [this, &status](std::string_view piece) {
      return status != 200 && status != 206 ? true : take(piece);
    };
    return call;
  }

  /// Of a part: "bytes 5-9/10", or "/*" where the server does not know.
  bool continues(const Headers& headers) const {
    const auto text = header_in(headers, "content-range");
    const std::string_view range{text};
    if (!range.starts_with(std::format("bytes {}-", bytes_))) return false;
    const auto total = number_of(range.substr(range.rfind('/') + 1));
    return !total || !length_ || *total == *length_;
  }

  void begin() {
    out_.emplace(file_);
    md5_.emplace();
    bytes_ = 0;
    pace_bytes_ = 0;
    length_.reset();
    told_md5_.clear();
    etag_.clear();
  }

  bool note(const Headers& headers) {
    length_ = number_of(header_in(headers, "content-length"));
    told_md5_ = md5_in(headers);
    etag_ = header_in(headers, "etag");
    if (!etag_.starts_with('"')) etag_.clear();
    media_type_ = header_in(headers, "content-type");
    return true;
  }

  bool take(std::string_view piece) {
    if (bytes_ + piece.size() > wanted_.bytes_max) {
      failure_ = Error{&reasons::kDataTooLarge,
                       std::format("the packed data alone is more than PODIUM_DATA_BYTES_MAX, {} "
                                   "bytes",
                                   wanted_.bytes_max)};
      return false;
    }
    if (const auto written = out_->write(piece); !written) {
      failure_ = written.error();
      return false;
    }
    md5_->update(piece);
    bytes_ += piece.size();
    tell_progress();
    return keeps_pace();
  }

  void begin_pace() {
    pace_since_ = std::chrono::steady_clock::now();
    pace_bytes_ = bytes_;
  }

  /// False once all that crawled, or did not come at all, took too long.
  bool keeps_pace() {
    const auto time = std::chrono::steady_clock::now() - pace_since_;
    if (time < wanted_.pace.window) return true;
    if (bytes_ - pace_bytes_ < wanted_.pace.bytes_least) stalled_ += time;
    begin_pace();
    if (stalled_ <= wanted_.pace.stall_max) return true;
    failure_ = stalled(false);
    return false;
  }

  void tell_progress() {
    const auto now = std::chrono::steady_clock::now();
    if (!control_.on_progress || now - told_at_ < kKaggleProgressEvery) return;
    told_at_ = now;
    control_.on_progress(kFetching, bytes_, length_.value_or(0));
  }

  Result<fs::path> finish() {
    PODIUM_TRY(out_->close());
    if (length_ && *length_ != bytes_) {
      return fail(reasons::kScrapeFailed,
                  std::format("{} bytes came of {} that were told", bytes_, *length_));
    }
    if (!told_md5_.empty() && told_md5_ != md5_->finish()) {
      return fail(reasons::kScrapeFailed, "the data came damaged: its MD5 is not the one told");
    }
    if (is_page()) {
      return fail(reasons::kKaggleNotEntered, "Kaggle sent a web page in place of the data. Open " +
                                                  competition::competition_page(wanted_.slug));
    }
    if (name_.empty()) name_ = wanted_.slug + ".zip";
    auto named = wanted_.folder / fs::path{name_}.filename();
    std::error_code failed;
    fs::rename(file_, named, failed);
    if (failed) return fail(errors::kUnavailable, named.string() + ": " + failed.message());
    return named;
  }

  bool is_page() const {
    if (media_type_.starts_with("text/html")) return true;
    std::string head(16, '\0');
    std::ifstream in{file_, std::ios::binary};
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    const auto begin = competition::lower(competition::trim(head));
    return begin.starts_with("<!doctype") || begin.starts_with("<html");
  }

  KaggleClient& kaggle_;
  const KaggleDownload& wanted_;
  const FetchControl& control_;
  fs::path file_;
  std::optional<FileWriter> out_;
  std::optional<BackgroundMd5> md5_;
  std::uint64_t bytes_ = 0;
  std::optional<std::uint64_t> length_;
  std::string told_md5_;
  /// A strong one, which names just these bytes; empty when there is none.
  std::string etag_;
  std::string media_type_;
  std::string name_;
  std::optional<Error> failure_;
  /// Of a part that came last: it does not go on where we stopped.
  bool is_other_file_ = false;
  std::chrono::nanoseconds stalled_{0};
  /// When the newest look at the pace began, and what had come by then.
  std::chrono::steady_clock::time_point pace_since_ = std::chrono::steady_clock::now();
  std::uint64_t pace_bytes_ = 0;
  std::chrono::steady_clock::time_point told_at_;
};

}  // namespace

Result<fs::path> download_data(KaggleClient& kaggle, const KaggleDownload& wanted,
                               const FetchControl& control) {
  return Download{kaggle, wanted, control}.run();
}

}  // namespace podium::scraper
