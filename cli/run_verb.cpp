#include <cstdlib>
#include <filesystem>
#include <format>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "cli/event_line.hpp"
#include "cli/folder_tar.hpp"
#include "cli/job_status.hpp"
#include "cli/job_watch.hpp"
#include "cli/temporary_file.hpp"
#include "cli/verbs.hpp"
#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"

namespace podium::cli {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

/// How long a full or absent gateway is asked again without --timeout.
constexpr std::chrono::minutes kRetryMax{10};
/// A gateway that is away is asked so often: it may just be starting.
constexpr int kUnreachableTries = 3;
constexpr std::chrono::seconds kRetryAfterDefault{5};
constexpr std::chrono::seconds kRetryAfterMax{60};

bool names_folder(const std::string& subject) {
  const bool is_address =
      subject.contains("://") || subject.starts_with("www.") || subject.starts_with("kaggle.com");
  return !is_address && (subject.contains('/') || subject == "." || subject == "..");
}

Outcome<std::string> upload_folder(const std::string& folder, const World& world) {
  if (!std::filesystem::is_directory(folder)) {
    return give_up(Exit::usage, "there is no folder " + folder, "",
                   "a competition's name has no slash: " + world.console.command + " run titanic");
  }
  const TemporaryFile file{".tar"};
  const auto packed = pack_folder(folder, file.path());
  if (!packed) return std::unexpected{packed.error()};
  for (const std::string& name : packed->left_out) {
    world.console.say("left out: " + one_line(name) + " (hidden, or no plain file)");
  }
  world.console.say(std::format("sending {} files, {}", packed->files,
                                bytes_text(static_cast<double>(packed->bytes))));
  const auto sent = world.gateway.put_file("/competitions/" + packed->sha256, packed->file);
  if (!sent) return std::unexpected{sent.error()};
  return packed->sha256;
}

void add_text(json& request, const char* name, const std::string& value) {
  if (!value.empty()) request[name] = value;
}

Outcome<json> request_of(const Arguments& arguments, const World& world) {
  json request = json::object();
  if (names_folder(arguments.subject)) {
    auto sha256 = upload_folder(arguments.subject, world);
    if (!sha256) return std::unexpected{sha256.error()};
    request["folder_sha256"] = *sha256;
  } else {
    request["kaggle_url"] = arguments.subject;
  }
  add_text(request, "max_time", arguments.max_time);
  add_text(request, "max_candidates", arguments.max_candidates);
  add_text(request, "max_tokens", arguments.max_tokens);
  add_text(request, "max_cost", arguments.max_cost);
  add_text(request, "priority", arguments.priority);
  add_text(request, "cpu", arguments.cpu);
  add_text(request, "memory", arguments.memory);
  add_text(request, "provider", arguments.provider);
  add_text(request, "model", arguments.model);
  add_text(request, "email", arguments.email);
  add_text(request, "webhook", arguments.webhook);
  add_text(request, "submit", arguments.submit);
  return request;
}

std::chrono::seconds retry_after(const HttpAnswer& answer) {
  const auto header = answer.headers.find("retry-after");
  if (header == answer.headers.end()) return kRetryAfterDefault;
  const long seconds = std::strtol(header->second.c_str(), nullptr, 10);
  return std::clamp(std::chrono::seconds{seconds}, std::chrono::seconds{1}, kRetryAfterMax);
}

/// Waits, unless Ctrl-C comes first.
void pause(std::chrono::seconds duration, const Interrupts& interrupts) {
  const auto until = Clock::now() + duration;
  while (Clock::now() < until && !interrupts.stopped()) {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

/// Sends the request until it is taken. The key makes it safe to send again: it starts one job.
Outcome<std::string> send_request(const std::string& body, const std::string& key,
                                  Clock::time_point deadline, const World& world) {
  int unreachable = 0;
  while (true) {
    const auto answer = world.gateway.try_post("/run", body, {{"Idempotency-Key", key}});
    std::chrono::seconds wait{1};
    std::optional<Failure> failure;
    if (!answer) {
      failure = answer.error();
      if (failure->exit != Exit::unreachable || ++unreachable == kUnreachableTries) {
        return std::unexpected{*failure};
      }
    } else {
      if (answer->status >= 200 && answer->status < 300) return answer->body;
      failure = world.gateway.failure_of(*answer);
      if (answer->status != 429 && answer->status != 503) return std::unexpected{*failure};
      wait = retry_after(*answer);
    }
    if (Clock::now() + wait > deadline) return std::unexpected{*failure};
    world.console.say(std::format("{}; trying again in {} s", failure->what, wait.count()));
    pause(wait, world.interrupts);
    if (world.interrupts.stopped()) return give_up(Exit::interrupted, "interrupted", "", "");
  }
}

void tell(const Arguments& arguments, const World& world, const std::string& body,
          const JobStatus& job) {
  const Console& console = world.console;
  for (const std::string& warning : job.warnings) console.say("note: " + warning);
  if (arguments.watch) {
    console.say(std::format("job {} is accepted", job.job_id));
    return;
  }
  console.out << (arguments.json ? trimmed(body) : job.job_id) << '\n' << std::flush;
  console.say(std::format("accepted; {} watch {} looks on", console.command, job.job_id));
}

}  // namespace

Outcome<Exit> run_job(const Arguments& arguments, const World& world) {
  const auto deadline = Clock::now() + arguments.timeout.value_or(kRetryMax);
  const auto request = request_of(arguments, world);
  if (!request) return std::unexpected{request.error()};
  const std::string key = arguments.idempotency_key.empty()
                              ? "cli-" + new_uuid_v7(std::chrono::system_clock::now())
                              : arguments.idempotency_key;
  const auto body = send_request(request->dump(), key, deadline, world);
  if (!body) return std::unexpected{body.error()};
  const auto job = parse_job_status(*body);
  if (!job) return std::unexpected{job.error()};
  tell(arguments, world, *body, *job);
  if (!arguments.watch) return Exit::ok;
  return watch_job(world.gateway, world.console, world.interrupts,
                   {.job_id = job->job_id,
                    .json = arguments.json,
                    .timeout = arguments.timeout,
                    .cancel_on_interrupt = arguments.cancel_on_interrupt});
}

}  // namespace podium::cli
