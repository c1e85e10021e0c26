// For tests: what the submit stage stands on, as a test says.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "libs/chassis/bus/stage_runner.hpp"
#include "libs/chassis/event.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper::testing {

class SubmitContext final : public StageContext {
 public:
  Result<void> emit(const v1::Event& event, bool) override {
    emitted.push_back(event);
    return {};
  }
  void come_again(std::chrono::milliseconds delay) override { again = delay; }
  std::stop_token stop() const override { return {}; }
  std::string traceparent() const override { return ""; }
  std::uint64_t sequence() const override { return at; }
  std::uint64_t deliveries() const override { return delivery; }

  std::vector<v1::Event> emitted;
  std::optional<std::chrono::milliseconds> again;
  std::uint64_t delivery = 1;
  std::uint64_t at = 7;
};

class FakeJobEvents final : public JobEvents {
 public:
  Result<std::optional<v1::Event>> last(const std::string&, std::string_view name) override {
    const auto found = events.find(name);
    return found == events.end() ? std::nullopt : std::optional{found->second};
  }
  void keep(const v1::Event& event) { events[event_name(event)] = event; }

  std::map<std::string, v1::Event, std::less<>> events;
};

class FakeClaims final : public SubmitClaims {
 public:
  Result<bool> is_free(const std::string&) override { return !taken; }
  Result<std::optional<SubmitTurn>> take(const std::string& job_id) override {
    if (taken) return std::nullopt;
    taken = true;
    return SubmitTurn{.job_id = job_id, .revision = ++revision};
  }
  Result<void> begin_call(SubmitTurn& turn) override {
    if (overtaken) return fail(errors::kConflict, "another has the turn");
    EXPECT_EQ(turn.revision, revision);
    call_begun = true;
    turn.revision = ++revision;
    return {};
  }
  Result<void> release(const SubmitTurn& turn) override {
    if (turn.revision == revision) settle();
    return {};
  }
  /// As if the time were over in which our submission is looked for.
  void settle() { taken = call_begun = false; }

  bool taken = false;
  bool call_begun = false;
  bool overtaken = false;
  std::uint64_t revision = 0;
};

// A Kaggle that keeps what it is given, and says what a test wants it to.
class FakeDesk final : public SubmissionDesk {
 public:
  explicit FakeDesk(const FakeClaims& whose) : claims{whose} {}

  struct Kept {
    std::string description;
    SentSubmission sent;
  };

  Result<SubmissionPlace> open(const v1::CompetitionRequest& competition,
                               const std::stop_token&) override {
    if (closed) return std::unexpected{*closed};
    return SubmissionPlace{.name = competition.slug(), .refusal = refusal, .teams = 9};
  }
  Result<std::optional<SentSubmission>> find(const SubmissionPlace&, std::string_view description,
                                             const std::stop_token&) override {
    ++searches;
    if (searches == fails_at) return fail(errors::kUnavailable, "no list");
    if (shows_after > 0) --shows_after;
    if (shows_after > 0) return std::nullopt;
    for (const auto& one : kept) {
      if (one.description == description) return one.sent;
    }
    return std::nullopt;
  }
  Result<void> check_allowance(const SubmissionPlace&, const std::stop_token&) override {
    if (allowance) return std::unexpected{*allowance};
    return {};
  }
  Result<std::string> upload(const SubmissionPlace&, const SubmissionFile& file,
                             const std::stop_token&) override {
    ++uploads;
    uploaded = file.read(0, file.bytes).value();
    return "token";
  }
  Result<std::string> submit(const SubmissionPlace&, const std::string& token,
                             const std::string& description, const std::stop_token&) override {
    EXPECT_EQ(token, "token");
    EXPECT_TRUE(claims.call_begun) << "known before the call, so that a crash in it is";
    ++calls;
    if (!refusals.empty()) {
      const auto refused = refusals.front();
      refusals.pop_front();
      return std::unexpected{refused};
    }
    SentSubmission sent;
    sent.reference = std::to_string(100 + kept.size());
    kept.push_back({description, sent});
    if (!lost_replies) return kept.back().sent.reference;
    --*lost_replies;
    if (*lost_replies == 0) lost_replies.reset();
    return fail(errors::kTimeout, "no answer");
  }
  Result<SentSubmission> look(const std::string& competition, const std::string& reference,
                              const std::stop_token&) override {
    EXPECT_EQ(competition, "titanic");
    for (const auto& one : kept) {
      if (one.sent.reference == reference) return one.sent;
    }
    return fail(errors::kUnavailable, "not there");
  }
  Result<BoardPlace> place_of(const SubmissionPlace&, double, bool,
                              const std::stop_token&) override {
    if (board_fails) return fail(errors::kUnavailable, "no board");
    return BoardPlace{.rank = 3, .teams = 9};
  }

  std::optional<Error> closed;
  std::optional<Error> refusal;
  std::optional<Error> allowance;
  std::deque<Error> refusals;
  std::optional<int> lost_replies;
  const FakeClaims& claims;
  int shows_after = 0;
  /// This search is not answered.
  int fails_at = 0;
  int calls = 0;
  bool board_fails = false;
  int searches = 0;
  int uploads = 0;
  std::string uploaded;
  std::vector<Kept> kept;
};

}  // namespace podium::scraper::testing
