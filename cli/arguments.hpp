// The command line as values. CLI11 stays in arguments.cpp, which takes 12 s to compile.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/outcome.hpp"

namespace podium::cli {

struct Arguments {
  /// run, status, watch, jobs, spending, events, logs, tree, results, show, diff, artifact, result,
  /// cancel, hint, submit, retry, rebuild, doctor, version, completion, setup.
  std::string verb;

  // All verbs.
  bool json = false;
  bool quiet = false;
  /// always, never or auto.
  std::string color = "auto";
  /// Of the gateway; empty takes PODIUM_URL.
  std::string url;

  /// A job reference, a competition, or a shell, by verb.
  std::string subject;

  // run
  bool watch = false;
  bool cancel_on_interrupt = false;
  std::string max_time;
  std::string max_candidates;
  std::string max_tokens;
  std::string max_cost;
  std::string priority;
  std::string cpu;
  std::string memory;
  std::string provider;
  std::string model;
  std::string email;
  std::string webhook;
  std::string submit;
  std::string idempotency_key;
  std::optional<std::chrono::milliseconds> timeout;

  // jobs
  std::string status;
  std::string competition;
  int limit = 20;

  // events, logs
  bool follow = false;
  std::uint64_t since = 0;

  // result
  std::string output = "submission.csv";

  // show, artifact: an id, or best.
  std::string candidate;
  // show: plan, code, prompt, reply or log; empty shows all.
  std::string only;
  // diff: candidates, an id or best each.
  std::string before;
  std::string after;
  // artifact: ls or get, which file, and where to; empty takes the file's own name.
  std::string action;
  std::string name;
  std::string save_as;
  // hint
  std::string text;
  // retry: scraping or search; empty lets the gateway choose.
  std::string from_stage;
};

/// What to do, or what to print and how to exit at once: help, or a usage error with a suggestion.
struct ParsedArguments {
  std::optional<Arguments> arguments;
  Exit exit = Exit::ok;
  std::string text;
};
ParsedArguments parse_arguments(const std::vector<std::string>& words, const std::string& command);

/// A completion script for bash, zsh or fish; nullopt for another shell.
std::optional<std::string> completion_script(const std::string& shell);

/// The verb nearest to a mistyped one; empty when none is near.
std::string nearest_verb(const std::string& word, const std::vector<std::string>& verbs);

}  // namespace podium::cli
