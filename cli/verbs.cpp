#include "cli/verbs.hpp"

#include <array>
#include <format>
#include <functional>
#include <string_view>

#include "cli/job_reference.hpp"
#include "cli/job_status.hpp"
#include "cli/job_watch.hpp"
#include "libs/chassis/version.hpp"

namespace podium::cli {
namespace {

Outcome<Exit> show_status(const Arguments& arguments, const World& world) {
  if (arguments.subject.empty()) return show_overview(arguments, world);
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  const auto body = world.gateway.get("/status/" + *job_id);
  if (!body) return std::unexpected{body.error()};
  if (arguments.json) {
    world.console.out << trimmed(*body) << '\n';
    return Exit::ok;
  }
  const auto job = parse_job_status(*body);
  if (!job) return std::unexpected{job.error()};
  world.console.out << describe(*job, world.console);
  return Exit::ok;
}

Outcome<Exit> watch(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  return watch_job(world.gateway, world.console, world.interrupts,
                   {.job_id = *job_id,
                    .json = arguments.json,
                    .timeout = arguments.timeout,
                    .cancel_on_interrupt = arguments.cancel_on_interrupt});
}

Outcome<Exit> list_jobs(const Arguments& arguments, const World& world) {
  std::string query = std::format("/jobs?limit={}", arguments.limit);
  if (!arguments.status.empty()) query += "&status=" + percent_encode(arguments.status);
  if (!arguments.competition.empty()) {
    query += "&competition=" + percent_encode(arguments.competition);
  }
  const auto body = world.gateway.get(query);
  if (!body) return std::unexpected{body.error()};
  if (arguments.json) {
    world.console.out << trimmed(*body) << '\n';
    return Exit::ok;
  }
  const auto list = parse_job_list(*body);
  if (!list) return std::unexpected{list.error()};
  if (arguments.quiet) {
    for (const JobStatus& job : list->jobs) world.console.out << job.job_id << '\n';
    return Exit::ok;
  }
  world.console.out << describe(*list, world.console);
  if (!list->next_cursor.empty()) {
    world.console.say(
        std::format("{} of {} jobs; --limit shows more", list->jobs.size(), list->total));
  }
  return Exit::ok;
}

Outcome<Exit> show_logs(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  const std::string path = "/logs/" + *job_id;
  const Console& console = world.console;
  if (arguments.json && !arguments.follow) {
    const auto body = world.gateway.get(path);
    if (!body) return std::unexpected{body.error()};
    console.out << trimmed(*body) << '\n';
    return Exit::ok;
  }
  TerminalFilter filter{console};
  const auto read = world.gateway.stream(path + (arguments.follow ? "?follow=1" : ""),
                                         {{"Accept", "text/plain"}}, std::chrono::milliseconds{0},
                                         world.gateway.token(), [&](std::string_view piece) {
                                           console.out << filter(piece) << std::flush;
                                           return console.out.good();
                                         });
  if (read) return Exit::ok;
  Failure failure = read.error();
  if (failure.exit == Exit::interrupted) {
    failure.what = "detached";
    failure.next = std::format("{} logs {} -f comes back", console.command, *job_id);
  }
  return std::unexpected{failure};
}

Outcome<Exit> cancel(const Arguments& arguments, const World& world) {
  const auto job_id = find_job_id(world.gateway, arguments.subject);
  if (!job_id) return std::unexpected{job_id.error()};
  const auto body = world.gateway.post("/jobs/" + *job_id + "/cancel", "{}");
  if (!body) return std::unexpected{body.error()};
  if (arguments.json) {
    world.console.out << trimmed(*body) << '\n';
  } else {
    world.console.say(std::format("cancelling {}; {} watch {} shows its end", *job_id,
                                  world.console.command, *job_id));
  }
  return Exit::ok;
}

Outcome<Exit> show_version(const Arguments& arguments, const World& world) {
  if (arguments.json) {
    world.console.out << std::format(R"({{"version":"{}","commit":"{}"}})", version(), commit())
                      << '\n';
  } else {
    world.console.out << std::format("podium {} ({})\n", version(), commit());
  }
  return Exit::ok;
}

Outcome<Exit> print_completion(const Arguments& arguments, const World& world) {
  world.console.out << completion_script(arguments.subject).value_or("");
  return Exit::ok;
}

}  // namespace

Outcome<Exit> run_verb(const Arguments& arguments, const World& world) {
  struct Verb {
    std::string_view name;
    Outcome<Exit> (*run)(const Arguments&, const World&);
  };
  static constexpr std::array kVerbs{
      Verb{"run", run_job},
      Verb{"status", show_status},
      Verb{"watch", watch},
      Verb{"jobs", list_jobs},
      Verb{"spending", show_spending},
      Verb{"events", show_events},
      Verb{"logs", show_logs},
      Verb{"result", save_result},
      Verb{"cancel", cancel},
      Verb{"tree", show_tree},
      Verb{"results", show_results},
      Verb{"show", show_candidate},
      Verb{"diff", show_diff},
      Verb{"artifact", handle_artifact},
      Verb{"hint", give_hint},
      Verb{"submit", submit_job},
      Verb{"retry", retry_job},
      Verb{"rebuild", [](const Arguments&, const World& at) { return rebuild_projection(at); }},
      Verb{"doctor", run_doctor},
      Verb{"version", show_version},
      Verb{"completion", print_completion}};
  for (const Verb& verb : kVerbs) {
    if (verb.name == arguments.verb) return verb.run(arguments, world);
  }
  return give_up(Exit::usage, "there is no verb " + arguments.verb, "", "");
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \r\n") + 1);
  return text;
}

}  // namespace podium::cli
