#include "services/codegen/generator_choice.hpp"

#include <gtest/gtest.h>

#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

v1::SearchState with_models(const v1::JobOptions& options = {}) {
  return initial_state(requested(options), model_settings());
}

v1::CandidateState& add(v1::SearchState& state, v1::CandidateKind kind, v1::Generator generator,
                        const std::string& parent = "") {
  auto& one = *state.add_candidates();
  one.set_id("c" + std::to_string(state.candidates_size()));
  one.set_kind(kind);
  one.set_generator(generator);
  one.set_parent_id(parent);
  return one;
}

v1::CandidateState asked(v1::CandidateKind kind, const std::string& parent = "") {
  v1::CandidateState one;
  one.set_id("new");
  one.set_kind(kind);
  one.set_parent_id(parent);
  return one;
}

TEST(GeneratorChoice, TheFirstCandidateIsTheBuiltinGenerators) {
  auto state = with_models();
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_BUILTIN);
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_BUILTIN);
  EXPECT_EQ(generator_for(state, state.candidates(0)), v1::GENERATOR_BUILTIN);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_MODEL);
}

TEST(GeneratorChoice, TheWinnerOfAnEarlierJobGoesBeforeTheBuiltinGenerator) {
  auto state = with_models();
  state.mutable_earlier()->mutable_winner()->set_job_id("earlier");
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_EARLIER);
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_EARLIER);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_BUILTIN);
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_BUILTIN);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_MODEL);
}

TEST(GeneratorChoice, AnEnsembleIsAModelsWhereThereAreModels) {
  auto state = with_models();
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_BUILTIN);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_ENSEMBLE, "c1")), v1::GENERATOR_MODEL);
}

TEST(GeneratorChoice, WithoutModelsAllIsBuiltin) {
  auto state = initial_state(requested());
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_BUILTIN);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_BUILTIN);
}

TEST(GeneratorChoice, TheFirstImprovementOfABuiltinCandidateIsItsOwn) {
  auto state = with_models();
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_BUILTIN);
  const auto improve = asked(v1::CANDIDATE_KIND_IMPROVE, "c1");
  EXPECT_EQ(generator_for(state, improve), v1::GENERATOR_BUILTIN);
  add(state, v1::CANDIDATE_KIND_IMPROVE, v1::GENERATOR_BUILTIN, "c1");
  EXPECT_EQ(generator_for(state, improve), v1::GENERATOR_MODEL);
}

TEST(GeneratorChoice, ACapThatIsReachedLeavesTheBuiltinGenerator) {
  v1::JobOptions options;
  options.set_tokens_max(1'000);
  auto state = with_models(options);
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_BUILTIN);
  state.set_tokens(999);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_MODEL);
  state.set_tokens(1'000);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_BUILTIN);
}

TEST(GeneratorChoice, ARequestMayForbidModels) {
  v1::JobOptions options;
  options.set_provider("builtin");
  auto state = with_models(options);
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_BUILTIN);
  EXPECT_EQ(generator_for(state, asked(v1::CANDIDATE_KIND_DRAFT)), v1::GENERATOR_BUILTIN);
}

TEST(GeneratorChoice, TwoModelDraftsThatCameToNothingLeadToTheScaffold) {
  auto state = with_models();
  auto draft = asked(v1::CANDIDATE_KIND_DRAFT);
  draft.set_generator(v1::GENERATOR_MODEL);
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_MODEL).set_step(v1::CANDIDATE_STEP_GIVEN_UP);
  EXPECT_FALSE(wants_scaffold(state, draft));
  add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_MODEL).set_step(v1::CANDIDATE_STEP_DONE);
  EXPECT_TRUE(wants_scaffold(state, draft));
  auto& good = add(state, v1::CANDIDATE_KIND_DRAFT, v1::GENERATOR_MODEL);
  good.set_step(v1::CANDIDATE_STEP_DONE);
  good.set_accepted(true);
  EXPECT_FALSE(wants_scaffold(state, draft));
}

}  // namespace
}  // namespace podium::codegen
