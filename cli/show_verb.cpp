#include <algorithm>
#include <array>
#include <format>
#include <nlohmann/json.hpp>

#include "cli/job_detail.hpp"
#include "cli/job_reference.hpp"
#include "cli/json_fields.hpp"
#include "cli/text_diff.hpp"
#include "cli/verbs.hpp"

namespace podium::cli {
namespace {

/// A part of a candidate, as a person names it, and the file that it is.
struct Part {
  std::string_view name;
  std::string_view file;
};

constexpr std::array kParts{Part{"plan", "plan.md"}, Part{"code", "solution.py"},
                            Part{"prompt", "prompt.md"}, Part{"reply", "reply.md"},
                            Part{"log", "log.txt"}};

Outcome<JobDetail> fetch_detail(const std::string& reference, const World& world) {
  const auto job_id = find_job_id(world.gateway, reference);
  if (!job_id) return std::unexpected{job_id.error()};
  return world.gateway.get("/jobs/" + *job_id).and_then(parse_job_detail);
}

Outcome<std::string> fetch_part(const JobDetail& detail, const Candidate& candidate,
                                const Part& part, const World& world) {
  if (!std::ranges::contains(candidate.files, part.file)) {
    return give_up(Exit::not_found, std::format("{} has no {}", candidate.id, part.name),
                   candidate.files.empty() ? "it has no files yet" : "",
                   std::format("{} artifact ls {} --candidate {}", world.console.command,
                               detail.job.job_id, candidate.id));
  }
  return world.gateway.get(std::format("/jobs/{}/artifacts/{}/{}", detail.job.job_id,
                                       percent_encode(candidate.id), part.file));
}

/// "c3  improve of c1  by gpt-5  ok  accuracy 0.83  9.8 s".
std::string headline(const Candidate& candidate) {
  std::string text = candidate.id;
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += "  " + part;
  };
  add(candidate.kind + (candidate.parent_id.empty() ? "" : " of " + candidate.parent_id));
  add(candidate.model.empty() ? candidate.generator : "by " + candidate.model);
  add(outcome_of(candidate));
  add(score_of(candidate));
  add(public_score_of(candidate));
  add(seconds_of(candidate));
  return text;
}

Outcome<Exit> show_one(const JobDetail& detail, const Candidate& candidate,
                       const Arguments& arguments, const World& world) {
  const auto* const part = std::ranges::find(kParts, std::string_view{arguments.only}, &Part::name);
  const auto text = fetch_part(detail, candidate, *part, world);
  if (!text) return std::unexpected{text.error()};
  if (arguments.json) {
    const nlohmann::ordered_json object{{"candidate_id", candidate.id}, {part->name, *text}};
    world.console.out << json_text(object) << '\n';
  } else {
    world.console.out << readable(world.console, *text) << std::flush;
  }
  return Exit::ok;
}

Outcome<Exit> show_all(const JobDetail& detail, const Candidate& candidate,
                       const Arguments& arguments, const World& world) {
  const Console& console = world.console;
  nlohmann::ordered_json object{{"candidate_id", candidate.id}};
  if (!arguments.json) console.out << headline(candidate) << '\n';
  for (const Part& part : kParts) {
    object[part.name] = nullptr;
    if (!std::ranges::contains(candidate.files, part.file)) continue;
    const auto text = fetch_part(detail, candidate, part, world);
    if (!text) return std::unexpected{text.error()};
    object[part.name] = *text;
    if (arguments.json) continue;
    console.out << toned(std::format("== {} ==", part.name), Tone::strong, console.out_has_color)
                << '\n'
                << readable(console, *text) << (text->ends_with('\n') ? "" : "\n");
  }
  if (arguments.json) console.out << json_text(object) << '\n';
  console.out << std::flush;
  return Exit::ok;
}

Outcome<NamedText> fetch_code(const JobDetail& detail, const std::string& reference,
                              const World& world) {
  const auto candidate = find_candidate(detail, reference);
  if (!candidate) return std::unexpected{candidate.error()};
  static constexpr Part kCode{"code", "solution.py"};
  const auto code = fetch_part(detail, *candidate, kCode, world);
  if (!code) return std::unexpected{code.error()};
  return NamedText{.name = candidate->id + "/solution.py", .text = *code};
}

}  // namespace

Outcome<Exit> show_candidate(const Arguments& arguments, const World& world) {
  const auto detail = fetch_detail(arguments.subject, world);
  if (!detail) return std::unexpected{detail.error()};
  const auto candidate =
      find_candidate(*detail, arguments.candidate.empty() ? "best" : arguments.candidate);
  if (!candidate) return std::unexpected{candidate.error()};
  if (arguments.only.empty()) return show_all(*detail, *candidate, arguments, world);
  return show_one(*detail, *candidate, arguments, world);
}

Outcome<Exit> show_diff(const Arguments& arguments, const World& world) {
  const auto detail = fetch_detail(arguments.subject, world);
  if (!detail) return std::unexpected{detail.error()};
  const auto before = fetch_code(*detail, arguments.before, world);
  if (!before) return std::unexpected{before.error()};
  const auto after = fetch_code(*detail, arguments.after, world);
  if (!after) return std::unexpected{after.error()};
  const auto diff = unified_diff(*before, *after);
  if (!diff) return std::unexpected{diff.error()};
  if (arguments.json) {
    world.console.out << json_text(
                             {{"before", before->name}, {"after", after->name}, {"diff", *diff}})
                      << '\n';
    return Exit::ok;
  }
  if (diff->empty()) world.console.say("the programs are the same");
  world.console.out << colored_diff(readable(world.console, *diff), world.console) << std::flush;
  return Exit::ok;
}

}  // namespace podium::cli
