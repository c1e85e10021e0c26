#include "services/scraper/kaggle/kaggle_upload.hpp"

#include <algorithm>
#include <chrono>
#include <format>
#include <nlohmann/json.hpp>

#include "libs/competition/reasons.hpp"
#include "libs/competition/text.hpp"
#include "services/scraper/kaggle/kaggle_json.hpp"
#include "services/scraper/kaggle/kaggle_limits.hpp"
#include "services/scraper/kaggle/kaggle_storage.hpp"
#include "services/scraper/kaggle/kaggle_submission_answers.hpp"

namespace podium::scraper {
namespace {

using nlohmann::json;
namespace reasons = competition::reasons;

/// One file on its way, through as many sessions and cuts as it takes.
class Upload {
 public:
  Upload(KaggleClient& kaggle, const UploadPlace& place, const SubmissionFile& file,
         std::stop_token stop)
      : kaggle_{kaggle}, place_{place}, file_{file}, stop_{std::move(stop)} {}

  Result<std::string> run() {
    for (int session = 0; session < kKaggleUploadSessionsMax; ++session) {
      const auto begun = PODIUM_TRY(begin());
      sent_ = 0;
      cuts_ = 0;
      if (PODIUM_TRY(put(begun.url))) return begun.token;
    }
    return fail(errors::kUnavailable, std::format("{} sessions for the upload came to nothing",
                                                  kKaggleUploadSessionsMax));
  }

 private:
  Result<KaggleUpload> begin() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const json question = {
        {"competitionName", place_.slug},
        {"fileName", file_.name},
        {"contentLength", file_.bytes},
        {"lastModifiedEpochSeconds", std::chrono::floor<std::chrono::seconds>(now).count()}};
    const auto reply = PODIUM_TRY(kaggle_.ask_once("StartSubmissionUpload", question, stop_));
    if (reply.problem) return std::unexpected{submit_reason_of(*reply.problem, place_.slug)};
    auto begun = read_upload(parse_answer(reply.body));
    if (begun.token.empty() || begun.url.empty()) {
      return fail(errors::kUnavailable, "Kaggle's answer to StartSubmissionUpload names no place");
    }
    PODIUM_TRY(check_storage_address(begun.url, place_.storage_hosts, reasons::kSubmitFailed));
    return begun;
  }

  /// True when the storage has the whole file, false when the session is lost.
  Result<bool> put(const std::string& url) {
    auto answer = send_rest(url);
    while (true) {
      if (failure_) return std::unexpected{*failure_};
      const int status = answer ? answer->status : 0;
      if (status == 200 || status == 201) return true;
      if (status == 404 || status == 410) return false;
      if (status == 308) {
        PODIUM_TRY(go_on_from(next_byte_of(header_in(answer->headers, "range"))));
        answer = send_rest(url);
        continue;
      }
      if (status >= 400 && status < 500 && status != 408 && status != 429) {
        const KaggleProblem problem{.status = status, .message = "the upload was refused"};
        return std::unexpected{submit_reason_of(problem, place_.slug)};
      }
      if (!answer && !answer.error().is(errors::kUnavailable) &&
          !answer.error().is(errors::kTimeout)) {
        return std::unexpected{answer.error()};
      }
      PODIUM_TRY(rest());
      answer = ask_how_much(url);
    }
  }

  /// A session that takes nothing more is not asked for ever.
  Result<void> go_on_from(std::uint64_t next) {
    if (next > sent_) {
      sent_ = std::min(next, file_.bytes);
      cuts_ = 0;
      return {};
    }
    sent_ = next;
    return rest();
  }

  Result<void> rest() {
    if (++cuts_ > kKaggleCutsMax) {
      return fail(errors::kUnavailable, "the upload was cut again and again");
    }
    const auto delay = kaggle_delay(cuts_, "", std::chrono::system_clock::now());
    if (!kaggle_.wait(delay, stop_)) return fail(errors::kStopped, "the upload was stopped");
    return {};
  }

  Result<HttpAnswer> send_rest(const std::string& url) {
    auto call = storage_call("PUT", url, stop_);
    if (sent_ > 0) {
      call.headers = {
          {"Content-Range", std::format("bytes {}-{}/{}", sent_, file_.bytes - 1, file_.bytes)}};
    }
    call.body_bytes = static_cast<std::int64_t>(file_.bytes - sent_);
    auto at = sent_;
    call.body_source = [&](char* buffer, std::size_t room) { return fill(at, buffer, room); };
    return send_to_kaggle(call, "storage.upload");
  }

  Result<HttpAnswer> ask_how_much(const std::string& url) {
    auto call = storage_call("PUT", url, stop_);
    call.headers = {{"Content-Range", std::format("bytes */{}", file_.bytes)}};
    return send_to_kaggle(call, "storage.upload");
  }

  std::size_t fill(std::uint64_t& at, char* buffer, std::size_t room) {
    if (at >= file_.bytes) return 0;
    const auto wanted = std::min<std::uint64_t>(room, kKaggleUploadPieceBytes);
    const auto piece = file_.read(at, wanted);
    if (!piece || piece->empty() || piece->size() > room) {
      failure_ =
          piece ? Error{&errors::kUnavailable, "the file is shorter than it was"} : piece.error();
      return kHttpBodyAborted;
    }
    std::ranges::copy(*piece, buffer);
    at += piece->size();
    return piece->size();
  }

  KaggleClient& kaggle_;
  const UploadPlace& place_;
  const SubmissionFile& file_;
  std::stop_token stop_;
  /// Bytes that the session is known to have.
  std::uint64_t sent_ = 0;
  int cuts_ = 0;
  /// Of reading the file.
  std::optional<Error> failure_;
};

}  // namespace

Result<std::string> upload_file(KaggleClient& kaggle, const UploadPlace& place,
                                const SubmissionFile& file, const std::stop_token& stop) {
  return Upload{kaggle, place, file, stop}.run();
}

}  // namespace podium::scraper
