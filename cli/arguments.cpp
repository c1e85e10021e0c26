#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <format>
#include <memory>
#include <sstream>

#include "libs/chassis/environment.hpp"

namespace podium::cli {
namespace {

constexpr std::string_view kExamples = R"(
Examples
  podium run titanic --watch                       solve a competition and look on
  podium run ./my-problem --max-time 10m           solve one of your own
  podium status @latest                            how the newest job is doing
  podium result @latest -o submission.csv          take its submission
  podium events -f                                 every event of every job, as it happens
  podium tree @latest                              which solutions were tried, and how they did
  podium show @latest --candidate best --only code the program that won

A JOB is an id, the first characters of one, or @latest.
Exit codes: 0 ok, 1 error, 2 usage, 3 job failed, 4 credentials, 5 job cancelled, 6 not found,
7 gateway unreachable, 8 --timeout reached, 130 Ctrl-C.)";

std::string check_duration(const std::string& text) {
  return parse_duration(text) ? "" : "must be a duration such as 90s, 5m or 2h";
}

/// The flags that every verb has.
void add_common(CLI::App& verb, Arguments& into) {
  verb.add_flag("--json", into.json, "JSON on stdout; streams print one object a line");
  verb.add_flag("-q,--quiet", into.quiet, "Only data, no talk");
  verb.add_option("--color", into.color, "always, never or auto")
      ->check(CLI::IsMember({"always", "never", "auto"}));
  verb.add_flag_callback("--no-color", [&into] { into.color = "never"; }, "The same as never");
  verb.add_option("--url", into.url, "Address of the gateway (PODIUM_URL)");
}

void add_timeout(CLI::App& verb, Arguments& into) {
  verb.add_option_function<std::string>(
          "--timeout", [&into](const std::string& text) { into.timeout = parse_duration(text); },
          "Stop looking on after so long; the job goes on")
      ->check(check_duration);
}

void add_job(CLI::App& verb, Arguments& into, bool required) {
  auto* job = verb.add_option("JOB", into.subject, "Id, first characters of it, or @latest");
  if (required) job->required();
}

void add_run(CLI::App& app, Arguments& into) {
  auto& run =
      *app.add_subcommand("run", "Start a job: an address, a name, or a folder of your own");
  run.add_option("COMPETITION", into.subject,
                 "https://www.kaggle.com/competitions/titanic, titanic, or ./folder")
      ->required();
  run.add_flag("-w,--watch", into.watch, "Look on until it has ended");
  run.add_option("--max-time", into.max_time, "Time for the whole job: 90s, 5m; 2h when not told")
      ->check(check_duration);
  run.add_option("--max-candidates", into.max_candidates,
                 "How many solutions may be tried; 6 when not told");
  run.add_option("--max-tokens", into.max_tokens, "Tokens that models may use");
  run.add_option("--max-cost", into.max_cost, "US dollars that models may cost");
  run.add_option("--priority", into.priority, "0 (normal) to 2 (first)");
  run.add_option("--cpu", into.cpu, "Cpus of each sandbox: 2, 500m");
  run.add_option("--memory", into.memory, "Memory of each sandbox: 4Gi");
  run.add_option("--provider", into.provider, "Model provider, or builtin");
  run.add_option("--model", into.model, "Model");
  run.add_option("--email", into.email, "Who is mailed at the end");
  run.add_option("--webhook", into.webhook, "What http(s) address is called at the end");
  run.add_option("--submit", into.submit,
                 "best sends the submission to Kaggle at the end; never (default), manual");
  run.add_option("--idempotency-key", into.idempotency_key,
                 "The same key starts one job, however often it is sent");
  run.add_flag("--cancel-on-interrupt", into.cancel_on_interrupt, "Ctrl-C cancels the job");
  add_timeout(run, into);
}

void add_looking(CLI::App& app, Arguments& into) {
  add_job(*app.add_subcommand("status", "How a job is doing; without JOB how Podium is doing"),
          into, false);
  auto& watch = *app.add_subcommand("watch", "Look on until a job has ended");
  add_job(watch, into, true);
  watch.add_flag("--cancel-on-interrupt", into.cancel_on_interrupt, "Ctrl-C cancels the job");
  add_timeout(watch, into);

  auto& jobs = *app.add_subcommand("jobs", "All jobs, newest first");
  jobs.add_option("--status", into.status, "queued, running, success, failed, timeout, cancelled");
  jobs.add_option("--competition", into.competition, "Only of this competition");
  jobs.add_option("--limit", into.limit, "At most so many")->check(CLI::Range(1, 200));

  app.add_subcommand("spending", "What models were paid, for each tenant");

  auto& events = *app.add_subcommand("events", "Events from the bus, as user viewer");
  add_job(events, into, false);
  events.add_flag("-f,--follow", into.follow, "Go on as they happen");
  events.add_option("--since", into.since, "From this sequence on");

  auto& logs = *app.add_subcommand("logs", "What the sandboxes of a job print");
  add_job(logs, into, true);
  logs.add_flag("-f,--follow", into.follow, "Go on until the job has ended");
}

void add_solutions(CLI::App& app, Arguments& into) {
  add_job(*app.add_subcommand("tree", "The solutions of a job, each below the one it grew from"),
          into, true);
  add_job(*app.add_subcommand("results", "The scores of a job in the order they came"), into, true);

  auto& show = *app.add_subcommand("show", "Plan, code, prompt, reply and log of a solution");
  add_job(show, into, true);
  show.add_option("--candidate", into.candidate, "Which one: c3, or best");
  show.add_option("--only", into.only, "One of plan, code, prompt, reply, log")
      ->check(CLI::IsMember({"plan", "code", "prompt", "reply", "log"}));

  auto& diff = *app.add_subcommand("diff", "What differs between the programs of two solutions");
  add_job(diff, into, true);
  diff.add_option("A", into.before, "A candidate: c1, or best")->required();
  diff.add_option("B", into.after, "Another")->required();

  auto& artifact = *app.add_subcommand("artifact", "The stored files of a job");
  artifact.add_option("ACTION", into.action, "ls lists them, get takes one")
      ->required()
      ->check(CLI::IsMember({"ls", "get"}));
  add_job(artifact, into, true);
  artifact.add_option("NAME", into.name, "report.md, submission.csv, solution.py ...");
  artifact.add_option("--candidate", into.candidate, "Of this candidate: c3, or best");
  artifact.add_option("-o,--output", into.save_as, "File, or - for stdout; its own name");
}

void add_acting(CLI::App& app, Arguments& into) {
  auto& result = *app.add_subcommand("result", "Save the submission of a job");
  add_job(result, into, true);
  result.add_option("-o,--output", into.output, "File, or - for stdout; submission.csv");
  add_job(*app.add_subcommand("cancel", "End a job; its best submission is kept"), into, true);
  auto& hint = *app.add_subcommand("hint", "Give the search of a running job a piece of advice");
  add_job(hint, into, true);
  hint.add_option("TEXT", into.text, "At most 1000 bytes")->required();
  add_job(*app.add_subcommand("submit", "Send the submission of a job that has ended to Kaggle"),
          into, true);
  auto& retry = *app.add_subcommand("retry", "Try a job that has ended again, as a new job");
  add_job(retry, into, true);
  retry.add_option("--from", into.from_stage, "scraping, or search: with the data of then")
      ->check(CLI::IsMember({"scraping", "search"}));
  app.add_subcommand("rebuild", "Make the database's rows anew from the events");
  app.add_subcommand("doctor", "Look at every part; say what is wrong and how to mend it");
  app.add_subcommand("version", "Which Podium this is");
  app.add_subcommand("completion", "Print a completion script")
      ->add_option("SHELL", into.subject, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  app.add_subcommand("setup", "What is made once before services start")->prefix_command();
}

std::unique_ptr<CLI::App> make_app(Arguments& into) {
  auto app = std::make_unique<CLI::App>("Podium turns a competition into a checked submission.csv.",
                                        "podium");
  app->footer(std::string{kExamples});
  app->require_subcommand(1);
  app->set_help_flag("-h,--help", "This");
  add_run(*app, into);
  add_looking(*app, into);
  add_solutions(*app, into);
  add_acting(*app, into);
  for (CLI::App* verb : app->get_subcommands({})) {
    if (verb->get_name() != "setup") add_common(*verb, into);
  }
  return app;
}

std::vector<std::string> verbs_of(const CLI::App& app) {
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands({})) verbs.push_back(verb->get_name());
  return verbs;
}

std::vector<std::string> flags_of(const CLI::App& verb) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : verb.get_options()) {
    for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
    for (const auto& name : option->get_snames()) flags.push_back("-" + name);
  }
  return flags;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

ParsedArguments unknown_verb(const CLI::App& app, const std::string& word,
                             const std::string& command) {
  const std::string near = nearest_verb(word, verbs_of(app));
  std::string text = std::format("podium: there is no verb '{}'\n", word);
  if (!near.empty()) text += std::format("        did you mean {} {}?\n", command, near);
  text += std::format("        {} --help lists them\n", command);
  return {.arguments = std::nullopt, .exit = Exit::usage, .text = std::move(text)};
}

std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

ParsedArguments parse_arguments(const std::vector<std::string>& words, const std::string& command) {
  Arguments arguments;
  const auto app = make_app(arguments);
  const auto verbs = verbs_of(*app);
  const bool names_verb = !words.empty() && !words.front().starts_with('-');
  if (names_verb && !std::ranges::contains(verbs, words.front())) {
    return unknown_verb(*app, words.front(), command);
  }
  try {
    app->parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    const bool is_help = error.get_exit_code() == 0;
    std::ostringstream out;
    std::ostringstream problem;
    app->exit(error, out, problem);
    return {.arguments = std::nullopt,
            .exit = is_help ? Exit::ok : Exit::usage,
            .text = is_help ? out.str() : "podium: " + problem.str()};
  }
  arguments.verb = app->get_subcommands().front()->get_name();
  return {.arguments = std::move(arguments), .exit = Exit::ok, .text = {}};
}

std::optional<std::string> completion_script(const std::string& shell) {
  Arguments unused;
  const auto app = make_app(unused);
  const std::string verbs = joined(verbs_of(*app));
  std::string text;
  if (shell == "bash" || shell == "zsh") {
    if (shell == "zsh") text += "autoload -U +X bashcompinit && bashcompinit\n";
    text +=
        "_podium() {\n  local word=${COMP_WORDS[COMP_CWORD]} words\n"
        "  case ${COMP_WORDS[1]} in\n";
    for (const CLI::App* verb : app->get_subcommands({})) {
      text += std::format("    {}) words='{}' ;;\n", verb->get_name(), joined(flags_of(*verb)));
    }
    text += std::format(
        "    *) words='{}' ;;\n  esac\n"
        "  if ((COMP_CWORD == 1)); then words='{}'; fi\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}}\n"
        "complete -o default -F _podium podium ./podium\n",
        verbs, verbs);
    return text;
  }
  if (shell != "fish") return std::nullopt;
  for (const CLI::App* verb : app->get_subcommands({})) {
    text += std::format("complete -c podium -n __fish_use_subcommand -a {} -d '{}'\n",
                        verb->get_name(), verb->get_description());
    for (const CLI::Option* option : verb->get_options()) {
      for (const auto& name : option->get_lnames()) {
        text += std::format("complete -c podium -n '__fish_seen_subcommand_from {}' -l {}\n",
                            verb->get_name(), name);
      }
    }
  }
  return text;
}

std::string nearest_verb(const std::string& word, const std::vector<std::string>& verbs) {
  const auto near = std::ranges::min_element(
      verbs, {}, [&](const std::string& verb) { return distance(word, verb); });
  const std::size_t most = word.size() <= 4 ? 1 : 2;
  return near != verbs.end() && distance(word, *near) <= most ? *near : "";
}

}  // namespace podium::cli
