// What the tests of prompts share: a small competition and the shipped templates. Test code.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "podium/v1/competition.pb.h"
#include "podium/v1/job.pb.h"
#include "services/codegen/prompts/prompt_library.hpp"

namespace podium::codegen::testing {

inline PromptLibrary shipped_prompts() {
  return PromptLibrary::load(std::filesystem::path{PODIUM_SOURCE_DIR} /
                             "services/codegen/prompts/templates")
      .value();
}

inline v1::CompetitionFacts towns_facts() {
  v1::CompetitionFacts facts;
  facts.set_slug("towns");
  facts.set_title("Towns");
  facts.set_description("Predict the rent.");
  facts.mutable_metric()->set_name("Root Mean Squared Error");
  facts.mutable_metric()->set_key("rmse");
  for (const auto* path : {"train.csv", "test.csv", "sample_submission.csv"}) {
    auto& file = *facts.add_files();
    file.set_path(path);
    file.set_bytes(1000);
  }
  auto& train = *facts.add_tables();
  train.set_path("train.csv");
  train.set_rows(50);
  train.set_delimiter(",");
  auto& size = *train.add_columns();
  size.set_name("size");
  size.set_type(v1::COLUMN_TYPE_REAL);
  size.set_distinct(40);
  size.set_distinct_exact(true);
  size.set_min(10);
  size.set_max(200);
  size.set_mean(75.5);
  auto& town = *train.add_columns();
  town.set_name("town");
  town.set_type(v1::COLUMN_TYPE_CATEGORY);
  town.set_missing(3);
  town.set_distinct(2);
  town.set_distinct_exact(true);
  town.add_examples("Bern");
  town.add_examples("Basel");
  facts.mutable_submission()->set_path("sample_submission.csv");
  facts.mutable_submission()->set_id_column("id");
  facts.mutable_submission()->add_target_columns("rent");
  facts.mutable_submission()->set_rows(20);
  facts.mutable_task()->set_kind(v1::TASK_KIND_REGRESSION);
  facts.mutable_task()->set_train_path("train.csv");
  facts.mutable_task()->set_test_path("test.csv");
  facts.mutable_task()->add_target_columns("rent");
  return facts;
}

inline v1::DraftRequested draft_request(v1::CandidateKind kind = v1::CANDIDATE_KIND_DRAFT) {
  v1::DraftRequested request;
  request.set_candidate_id("c4");
  request.set_kind(kind);
  request.set_generator(v1::GENERATOR_MODEL);
  request.set_attempt(1);
  request.set_run_seconds_max(600);
  request.mutable_budget_left()->set_seconds(1500);
  request.mutable_budget_left()->set_candidates(3);
  request.mutable_run_resources()->set_cpu_milli(2000);
  request.mutable_run_resources()->set_memory_bytes(4ULL << 30U);
  auto& good = *request.add_tried();
  good.set_candidate_id("c1");
  good.set_kind(v1::CANDIDATE_KIND_DRAFT);
  good.set_plan_line("linear model");
  good.set_outcome("ok");
  good.mutable_score()->set_metric("rmse");
  good.mutable_score()->set_value(12.25);
  good.mutable_score()->set_spread(0.5);
  auto& bad = *request.add_tried();
  bad.set_candidate_id("c2");
  bad.set_kind(v1::CANDIDATE_KIND_DRAFT);
  bad.set_plan_line("trees");
  bad.set_outcome("crashed");
  return request;
}

inline std::string read_golden(const std::string& name) {
  std::ifstream file{std::filesystem::path{PODIUM_SOURCE_DIR} / "services/codegen/prompts/golden" /
                     name};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace podium::codegen::testing
