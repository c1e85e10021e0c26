#include <nlohmann/json.hpp>

#include "cli/job_detail.hpp"
#include "cli/job_reference.hpp"
#include "cli/json_fields.hpp"
#include "cli/solution_tree.hpp"
#include "cli/verbs.hpp"

namespace podium::cli {
namespace {

using Json = nlohmann::ordered_json;

Outcome<std::string> fetch_job(const std::string& reference, const World& world) {
  const auto job_id = find_job_id(world.gateway, reference);
  if (!job_id) return std::unexpected{job_id.error()};
  return world.gateway.get("/jobs/" + *job_id);
}

/// What the gateway says of the candidates, without the rest of the job.
std::string tree_json(const std::string& body) {
  const auto job = Json::parse(body, nullptr, false);
  Json tree = Json::object();
  for (const auto* key : {"job_id", "status", "best_candidate_id", "score", "candidates"}) {
    tree[key] = job.value(key, Json(nullptr));
  }
  return json_text(tree);
}

std::string scores_json(const JobDetail& detail) {
  Json results = Json::array();
  for (const ScoredCandidate& each : scores_over_time(detail)) {
    const CandidateScore& score = *each.candidate.score;
    const auto& kaggle = each.candidate.public_score;
    results.push_back({{"candidate_id", each.candidate.id},
                       {"elapsed_seconds", each.elapsed_seconds},
                       {"metric", score.metric},
                       {"value", score.value},
                       {"spread", score.spread > 0 ? Json(score.spread) : Json(nullptr)},
                       {"kind", score.kind},
                       {"best_so_far", each.is_best_so_far},
                       {"public_score", kaggle ? Json(kaggle->value) : Json(nullptr)},
                       {"rank", kaggle && kaggle->rank > 0 ? Json(kaggle->rank) : Json(nullptr)}});
  }
  return json_text(Json{{"job_id", detail.job.job_id}, {"results", std::move(results)}});
}

}  // namespace

Outcome<Exit> show_tree(const Arguments& arguments, const World& world) {
  const auto body = fetch_job(arguments.subject, world);
  if (!body) return std::unexpected{body.error()};
  const auto detail = parse_job_detail(*body);
  if (!detail) return std::unexpected{detail.error()};
  if (arguments.json) {
    world.console.out << tree_json(*body) << '\n';
  } else if (arguments.quiet) {
    for (const Candidate& candidate : detail->candidates) world.console.out << candidate.id << '\n';
  } else {
    world.console.out << describe_tree(*detail, world.console);
  }
  return Exit::ok;
}

Outcome<Exit> show_results(const Arguments& arguments, const World& world) {
  const auto detail = fetch_job(arguments.subject, world).and_then(parse_job_detail);
  if (!detail) return std::unexpected{detail.error()};
  if (arguments.json) {
    world.console.out << scores_json(*detail) << '\n';
  } else if (arguments.quiet) {
    for (const ScoredCandidate& each : scores_over_time(*detail)) {
      world.console.out << each.candidate.id << '\n';
    }
  } else {
    world.console.out << describe_scores(*detail, world.console);
  }
  return Exit::ok;
}

}  // namespace podium::cli
