#include "cli/job_reference.hpp"

#include <algorithm>
#include <format>

#include "cli/job_status.hpp"
#include "libs/chassis/ids.hpp"

namespace podium::cli {
namespace {

constexpr std::size_t kPrefixBytesMin = 4;

bool is_prefix(std::string_view text) {
  return text.size() >= kPrefixBytesMin && text.size() < 36 &&
         std::ranges::all_of(
             text,
             [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; });
}

Outcome<JobList> list(const GatewayClient& gateway, const std::string& query) {
  return gateway.get("/jobs?" + query).and_then(parse_job_list);
}

}  // namespace

Outcome<std::string> find_job_id(const GatewayClient& gateway, std::string_view reference) {
  const std::string all = gateway.address().command + " jobs";
  if (is_uuid(reference)) return std::string{reference};
  if (reference == "@latest") {
    const auto found = list(gateway, "limit=1");
    if (!found) return std::unexpected{found.error()};
    if (!found->jobs.empty()) return found->jobs.front().job_id;
    return give_up(Exit::not_found, "there are no jobs yet", "",
                   gateway.address().command + " run titanic --watch");
  }
  if (!is_prefix(reference)) {
    return give_up(Exit::usage, std::format("'{}' names no job", reference),
                   "a job is named by its id, the first characters of it (at least 4), or @latest",
                   all);
  }
  const auto found = list(gateway, "limit=2&prefix=" + std::string{reference});
  if (!found) return std::unexpected{found.error()};
  if (found->jobs.size() == 1) return found->jobs.front().job_id;
  if (found->jobs.empty()) {
    return give_up(Exit::not_found, std::format("no job's id begins with {}", reference), "", all);
  }
  return give_up(Exit::usage,
                 std::format("{} jobs have ids that begin with {}", found->total, reference),
                 "give more characters", all);
}

}  // namespace podium::cli
