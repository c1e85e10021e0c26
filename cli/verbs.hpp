// The client's verbs. Each takes what was typed and the world it acts on; data goes to console.out.
#pragma once

#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/gateway_client.hpp"
#include "cli/interrupts.hpp"
#include "cli/outcome.hpp"
#include "libs/chassis/environment.hpp"

namespace podium::cli {

struct World {
  const GatewayClient& gateway;
  const Console& console;
  Interrupts& interrupts;
  Environment& environment;
};

/// Runs the verb that was named.
Outcome<Exit> run_verb(const Arguments& arguments, const World& world);

/// run: sends the request, again while the gateway is full, and watches if asked to.
Outcome<Exit> run_job(const Arguments& arguments, const World& world);
/// events: from NATS as user viewer.
Outcome<Exit> show_events(const Arguments& arguments, const World& world);
/// status without a job: the stack in four lines, with what an event viewer needs to log in.
Outcome<Exit> show_overview(const Arguments& arguments, const World& world);
/// What models were paid, for each tenant.
Outcome<Exit> show_spending(const Arguments& arguments, const World& world);
/// doctor: every part in turn; Exit::error when one is not well.
Outcome<Exit> run_doctor(const Arguments& arguments, const World& world);
/// rebuild: by the tracker's program where it and its settings are, else says where to type it.
Outcome<Exit> rebuild_projection(const World& world);
/// result: to a file, whole or not at all, or to stdout.
Outcome<Exit> save_result(const Arguments& arguments, const World& world);
/// tree: the candidates of a job, each below the one it grew from.
Outcome<Exit> show_tree(const Arguments& arguments, const World& world);
/// results: the scores of a job in the order they came.
Outcome<Exit> show_results(const Arguments& arguments, const World& world);
/// show: plan, code, prompt, reply and log of a candidate, or one of them.
Outcome<Exit> show_candidate(const Arguments& arguments, const World& world);
/// diff: what differs between the programs of two candidates.
Outcome<Exit> show_diff(const Arguments& arguments, const World& world);
/// artifact: lists the stored files of a job, or takes one.
Outcome<Exit> handle_artifact(const Arguments& arguments, const World& world);
/// hint: advice to the search of a running job.
Outcome<Exit> give_hint(const Arguments& arguments, const World& world);
/// submit: the submission of a job that has ended, to Kaggle.
Outcome<Exit> submit_job(const Arguments& arguments, const World& world);
/// retry: a new job for what one that has ended was asked for.
Outcome<Exit> retry_job(const Arguments& arguments, const World& world);

/// Text of a body in one line for `--json`.
std::string trimmed(std::string text);

}  // namespace podium::cli
