#include "services/gateway/file_routes.hpp"

#include <algorithm>
#include <format>
#include <functional>
#include <nlohmann/json.hpp>

#include "libs/chassis/log.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/errors.hpp"
#include "services/gateway/job_files.hpp"

namespace podium::gateway {
namespace {

/// Most bytes that are read at once for an answer.
constexpr std::uint64_t kPieceBytesMax = 1024 * 1024;

std::string_view media_type(std::string_view name) {
  if (name.ends_with(".csv")) return "text/csv; charset=utf-8";
  if (name.ends_with(".json")) return "application/json";
  if (name.ends_with(".tar")) return "application/x-tar";
  // Programs, plans, prompts and logs are shown as text, whatever they claim to be.
  return "text/plain; charset=utf-8";
}

HttpResponse send_file(const FileRoutes& routes, const std::string& key, const std::string& name,
                       bool attached) {
  const auto bytes = routes.artifacts.size(key);
  if (!bytes) {
    log_warning("stored file cannot be read", {{"key", key}, {"error", bytes.error().text()}});
    return problem(bytes.error());
  }
  HttpResponse response;
  response.content_type = media_type(name);
  if (attached) {
    response.headers.emplace_back("Content-Disposition",
                                  std::format("attachment; filename=\"{}\"", name));
  }
  response.content_bytes = *bytes;
  response.content = [&artifacts = routes.artifacts, key](std::uint64_t offset,
                                                          std::uint64_t length) {
    return artifacts.get_range(key, offset, std::min(length, kPieceBytesMax));
  };
  return response;
}

HttpResponse get_submission(const FileRoutes& routes, const HttpRequest& request) {
  const auto facts =
      routes.directory.find(request.parameters.at("id"), routes.access.caller_of(request).sees);
  if (!facts) return problem(facts.error());
  if (!facts->ended()) {
    return problem(Error{&errors::kJobNotFinished, "the job is " + facts->status});
  }
  if (facts->submission_key.empty()) {
    return problem(
        Error{&errors::kJobWithoutResult, std::format("the job ended as {} ({}): {}", facts->status,
                                                      facts->reason_code, facts->message)});
  }
  return send_file(routes, facts->submission_key, "submission.csv", true);
}

/// Files belong to the job, a candidate or a run; `owner` is the id of one of the latter or empty.
/// What the search writes for people alone is looked for in the store, where no row tells of it.
HttpResponse get_artifact(const FileRoutes& routes, const std::string& owner,
                          const HttpRequest& request) {
  const auto facts =
      routes.directory.find(request.parameters.at("id"), routes.access.caller_of(request).sees);
  if (!facts) return problem(facts.error());
  const auto artifacts = routes.views.artifacts(facts->job_id);
  if (!artifacts) return problem(artifacts.error());
  const std::string& name = request.parameters.at("name");
  if (const auto* const found = find_artifact(*artifacts, owner, name)) {
    return send_file(routes, found->key, found->name, false);
  }
  if (!owner.empty()) {
    return problem(
        Error{&errors::kArtifactUnknown, "the candidate or run has no file of this name"});
  }
  const auto key = find_job_file(routes.artifacts, facts->job_id, name);
  if (!key) return problem(key.error());
  return send_file(routes, *key, name, false);
}

HttpResponse uploaded(int status, const std::string& sha256, std::uint64_t bytes) {
  const nlohmann::ordered_json body{
      {"sha256", sha256},
      {"bytes", bytes},
      {"message", status == 201 ? "The folder is stored." : "The folder was here already."},
      {"next_step", "POST /run {\"folder_sha256\": \"" + sha256 + "\"}"}};
  return answer(status, body.dump() + "\n");
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Stored as it comes and never looked into here: the scraper unpacks it, under limits.
HttpResponse put_competition(const FileRoutes& routes, const HttpRequest& request,
                             const HttpServer::ReadBody& read_body) {
  const std::string& sha256 = request.parameters.at("sha256");
  if (!is_sha256(sha256)) {
    return wrong_fields({{"/sha256", "must be 64 lower-case hex digits"}});
  }
  if (const auto bytes = routes.artifacts.size("sha256/" + sha256)) {
    return uploaded(200, sha256, *bytes);
  }
  auto upload = routes.artifacts.upload(sha256, routes.upload_bytes_max);
  if (!upload) return problem(upload.error());
  Result<void> wrote;
  const bool whole = read_body([&](std::string_view piece) {
    wrote = (*upload)->write(piece);
    return wrote.has_value();
  });
  if (!wrote) return problem(wrote.error());
  if (!whole) return problem(Error{&podium::errors::kInvalid, "the upload broke off"});
  const auto stored = (*upload)->finish();
  if (!stored) return problem(stored.error());
  return uploaded(201, sha256, stored->bytes());
}

}  // namespace

void add_file_routes(HttpServer& server, const FileRoutes& routes) {
  server.route("GET", "/result/{id}/submission.csv", std::bind_front(get_submission, routes));
  server.route("GET", "/jobs/{id}/artifacts/{name}",
               [routes](const HttpRequest& request) { return get_artifact(routes, "", request); });
  server.route("GET", "/jobs/{id}/artifacts/{owner}/{name}", [routes](const HttpRequest& request) {
    return get_artifact(routes, request.parameters.at("owner"), request);
  });
  server.route_upload("PUT", "/competitions/{sha256}",
                      {.body_bytes_max = routes.upload_bytes_max,
                       .handle = std::bind_front(put_competition, routes)});
}

}  // namespace podium::gateway
