// What comes out of a sandbox: its log, its files, the space that is left. All of it is foreign and
// passes through here unread.
#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>

#include "services/executor/adapters/docker_answers.hpp"
#include "services/executor/adapters/docker_frames.hpp"
#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/adapters/docker_sandbox_runtime.hpp"
#include "services/executor/errors.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/tar.hpp"

namespace podium::executor {
namespace {

/// Of what is read to find a log's end: lines may be of any length.
constexpr std::uint64_t kLogEndReadBytesMax = 8ULL << 20;
/// Answers of `stat -f` are short.
constexpr std::size_t kSpaceTextBytesMax = 256;

/// "seconds.nanoseconds", as the engine reads points in time.
std::string engine_time(TimePoint time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  return std::format("{}.{:09}", seconds.count(),
                     std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count());
}

/// The end of a call that its own sink wanted is no error.
Result<void> ended_as_wanted(const Result<HttpAnswer>& answer, bool sink_has_enough) {
  if (answer) return {};
  if (sink_has_enough && answer.error().is(errors::kStopped)) return {};
  return std::unexpected{answer.error()};
}

std::string path_in_sandbox(SandboxFile which, std::string_view path) {
  const auto folder = which == SandboxFile::predictions ? kWorkingFolder : kInputFolder;
  return std::format("{}/{}", folder, path);
}

}  // namespace

Result<void> DockerSandboxRuntime::follow_log(
    std::string_view run_id, std::optional<TimePoint> since,
    const std::function<bool(std::string_view bytes)>& sink, std::stop_token stop) {
  DockerFrames frames;
  bool enough = false;
  DockerCall call{.path = "/containers/" + docker::run_container(run_id) + "/logs",
                  .query = {{"stdout", "1"}, {"stderr", "1"}, {"follow", "1"}},
                  .on_body =
                      [&](std::string_view piece) {
                        enough = !frames.feed(piece, sink);
                        return !enough;
                      },
                  .total_timeout = std::chrono::milliseconds{0},
                  .stop = stop};
  if (since) call.query.emplace_back("since", engine_time(*since));
  return ended_as_wanted(api_.call(std::move(call)), enough);
}

Result<std::string> DockerSandboxRuntime::log_end(std::string_view run_id) {
  DockerFrames frames;
  std::string end;
  std::uint64_t read = 0;
  const auto keep = [&end](std::string_view payload) {
    end.append(payload);
    if (end.size() > 2 * kLogEndBytesMax) end.erase(0, end.size() - kLogEndBytesMax);
    return true;
  };
  const auto answer = api_.call(
      {.path = "/containers/" + docker::run_container(run_id) + "/logs",
       .query = {{"stdout", "1"}, {"stderr", "1"}, {"tail", std::to_string(kLogEndLinesMax)}},
       .on_body = [&](std::string_view piece) {
         read += piece.size();
         return frames.feed(piece, keep) && read < kLogEndReadBytesMax;
       }});
  PODIUM_TRY(ended_as_wanted(answer, read >= kLogEndReadBytesMax));
  if (end.size() > kLogEndBytesMax) end.erase(0, end.size() - kLogEndBytesMax);
  return end;
}

Result<Collected> DockerSandboxRuntime::collect(std::string_view run_id, SandboxFile which,
                                                std::string_view path, std::uint64_t bytes_max,
                                                ScratchFile& into) {
  Collected judged{.kind = Collected::Kind::refused,
                   .detail = "the engine does not say what it is"};
  std::uint64_t taken = 0;
  Result<void> written;
  const auto answer =
      api_.call({.path = "/containers/" + docker::keeper_container(run_id) + "/archive",
                 .query = {{"path", path_in_sandbox(which, path)}},
                 .on_body =
                     [&](std::string_view piece) {
                       taken += piece.size();
                       if (taken > bytes_max + kTarOverheadBytesMax) {
                         judged = {Collected::Kind::too_large,
                                   std::format("it grew beyond {} bytes", bytes_max)};
                         return false;
                       }
                       written = into.append(piece);
                       return written.has_value();
                     },
                 .on_headers =
                     [&](const std::map<std::string, std::string>& headers) {
                       const auto stat = headers.find("x-docker-container-path-stat");
                       judged = docker::judge_path_stat(
                           stat == headers.end() ? std::string_view{} : stat->second, bytes_max);
                       return judged.kind == Collected::Kind::file;
                     }});
  if (!answer && answer.error().is(errors::kNotFound)) {
    return Collected{.kind = Collected::Kind::absent, .detail = "there is none"};
  }
  PODIUM_TRY(written);
  PODIUM_TRY(ended_as_wanted(answer, judged.kind != Collected::Kind::file));
  return judged;
}

Result<std::optional<OutputSpace>> DockerSandboxRuntime::output_space(std::string_view run_id) {
  const nlohmann::json body{
      {"AttachStdout", true},
      {"Cmd", {"stat", "-f", "-c", "%S %b %a %d", std::string{kWorkingFolder}}}};
  const auto made = api_.call({.method = "POST",
                               .path = "/containers/" + docker::keeper_container(run_id) + "/exec",
                               .body = body.dump()});
  const bool cannot_be_told =
      !made && (made.error().is(errors::kNotFound) || made.error().is(errors::kConflict));
  if (cannot_be_told) return std::nullopt;
  if (!made) return std::unexpected{made.error()};
  const auto exec_id = PODIUM_TRY(docker::parse_exec_id(made->body));
  DockerFrames frames;
  std::string text;
  const auto keep = [&text](std::string_view payload) {
    text.append(payload.substr(0, kSpaceTextBytesMax - std::min(text.size(), kSpaceTextBytesMax)));
    return true;
  };
  PODIUM_TRY(
      api_.call({.method = "POST",
                 .path = "/exec/" + exec_id + "/start",
                 .body = R"({"Detach":false,"Tty":false})",
                 .on_body = [&](std::string_view piece) { return frames.feed(piece, keep); }}));
  return docker::parse_space(text);
}

}  // namespace podium::executor
