#include "services/codegen/commands.hpp"

#include <gtest/gtest.h>

#include "services/codegen/limits.hpp"
#include "services/codegen/search_testing.hpp"

namespace podium::codegen {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

constexpr auto kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

v1::SearchState searching(const v1::JobOptions& options = {}) {
  return evolve(initial_state(requested(options)), scraped());
}

TEST(Commands, ADraftRequestCarriesFactsBudgetAndTrace) {
  const auto state =
      carry_out(searching(), {DraftCandidate{.candidate_id = "c1", .parent_id = ""}}, kTraceparent);
  ASSERT_EQ(state.outbox_size(), 1);
  const auto& event = state.outbox(0).publish();
  EXPECT_EQ(event.id(), kJob + "/draft_requested/c1/1.1");
  EXPECT_EQ(event.trace().traceparent(), kTraceparent);
  EXPECT_EQ(event.draft_requested().facts().key(), "sha256/facts");
  EXPECT_EQ(event.draft_requested().budget_left().seconds(), kJobTimeDefault.count());
}

TEST(Commands, AMergeCarriesTheCodeOfBothParents) {
  auto state = searching();
  for (const auto* id : {"c1", "c2"}) {
    auto& parent = *state.add_candidates();
    parent.set_id(id);
    parent.mutable_code()->set_key(std::string{id} + "/solution.py");
  }
  state = carry_out(std::move(state),
                    {DraftCandidate{.candidate_id = "c3",
                                    .kind = v1::CANDIDATE_KIND_IMPROVE,
                                    .parent_id = "c1",
                                    .second_parent_id = "c2"}},
                    "");
  EXPECT_EQ(state.candidates(2).second_parent_id(), "c2");
  const auto& request = state.outbox(0).publish().draft_requested();
  EXPECT_EQ(request.parent_code().key(), "c1/solution.py");
  EXPECT_EQ(request.second_parent_id(), "c2");
  EXPECT_EQ(request.second_parent_code().key(), "c2/solution.py");
}

TEST(Commands, ARepeatedTicketNamesTheSameRunUnderANewId) {
  auto state = carry_out(searching(), {DraftCandidate{.candidate_id = "c1", .parent_id = ""}}, "");
  state = carry_out(std::move(state), {RunCandidate{"c1", 1}}, "");
  state = carry_out(std::move(state), {RunCandidate{"c1", 1}}, "");
  const auto& first = state.outbox(1).publish();
  const auto& second = state.outbox(2).publish();
  EXPECT_EQ(first.run_ticket().run_id(), second.run_ticket().run_id());
  EXPECT_NE(first.id(), second.id());
}

TEST(Commands, ATicketGoesToItsClassAndBand) {
  v1::JobOptions options;
  options.set_priority(2);
  options.mutable_resources()->set_memory_bytes(32ULL << 30);
  auto state =
      carry_out(searching(options), {DraftCandidate{.candidate_id = "c1", .parent_id = ""}}, "");
  state = carry_out(std::move(state), {RunCandidate{"c1", 1}}, "");
  EXPECT_EQ(state.outbox(1).publish().subject_id(), "memory.0." + kJob + "-c1-1");
}

TEST(Commands, ManyOpenRunsOfOneJobStepItBack) {
  auto state = searching();
  std::uint32_t first_band = 0;
  std::uint32_t last_band = 0;
  for (int i = 1; i <= 8; ++i) {
    const auto id = "c" + std::to_string(i);
    state = carry_out(std::move(state), {DraftCandidate{.candidate_id = id, .parent_id = ""}}, "");
    state = carry_out(std::move(state), {RunCandidate{id, 1}}, "");
    last_band = state.outbox(state.outbox_size() - 1).publish().run_ticket().band();
    if (i == 1) first_band = last_band;
  }
  EXPECT_EQ(first_band, 1U);
  EXPECT_EQ(last_band, 3U);
}

std::uint32_t band_under(std::uint32_t runs, std::uint32_t all_runs, std::uint32_t tenants) {
  v1::Tick tick;
  tick.mutable_load()->set_runs(runs);
  tick.mutable_load()->set_all_runs(all_runs);
  tick.mutable_load()->set_tenants(tenants);
  auto state = evolve(searching(), tick);
  state = carry_out(std::move(state), {DraftCandidate{.candidate_id = "c1", .parent_id = ""}}, "");
  state = carry_out(std::move(state), {RunCandidate{"c1", 1}}, "");
  return state.outbox(1).publish().run_ticket().band();
}

TEST(Commands, ATenantWhoComesLateGoesBeforeTheCrowdOfAnother) {
  EXPECT_EQ(band_under(0, 40, 2), 0U);
  EXPECT_EQ(band_under(40, 40, 2), 2U);
}

TEST(Commands, TenantsWithLikeSharesAndATenantAloneAreNotMoved) {
  EXPECT_EQ(band_under(20, 45, 2), 1U);
  EXPECT_EQ(band_under(40, 40, 1), 1U);
  EXPECT_EQ(band_under(0, 0, 0), 1U);
}

TEST(Commands, TheEndRemovesTheTicketOnce) {
  auto state = carry_out(searching(),
                         {EndJob{.status = v1::JOB_STATUS_CANCELLED,
                                 .reason_code = "CANCELLED",
                                 .message = "",
                                 .next_step = ""}},
                         "");
  ASSERT_EQ(state.outbox_size(), 2);
  EXPECT_EQ(state.outbox(0).publish().id(), kJob + "/ended/1");
  EXPECT_EQ(state.outbox(1).remove_ticket(), 7U);
}

TEST(Commands, TheStateWakesForItsEarliestNeed) {
  auto state = searching();
  EXPECT_EQ(wake_at(state), from_proto(state.deadline()));
  state = with(std::move(state), DraftCandidate{.candidate_id = "c1", .parent_id = ""});
  EXPECT_EQ(wake_at(state), kStart + kDraftAskAgain);
  state.add_outbox()->set_remove_ticket(1);
  EXPECT_EQ(wake_at(state), kStart + kOutboxAskAgain);
}

}  // namespace
}  // namespace podium::codegen
