#include "services/codegen/report/job_story.hpp"

#include <algorithm>

#include <google/protobuf/util/time_util.h>

namespace podium::codegen {
namespace {

class StoryTeller {
 public:
  explicit StoryTeller(JobStory& story) : story_{story} {}

  void tell(const v1::Event& event) {
    switch (event.payload_case()) {
      case v1::Event::kRequested:
        story_.requested = event.requested();
        break;
      case v1::Event::kScraped:
        story_.scraped = event.scraped();
        break;
      case v1::Event::kDraftRequested:
        tell(event.draft_requested());
        break;
      case v1::Event::kDrafted:
        tell(event.drafted());
        break;
      case v1::Event::kDraftFailed:
        tell(event.draft_failed());
        break;
      case v1::Event::kStarted:
        run(event.started()).limits = event.started().limits();
        break;
      case v1::Event::kExecuted:
        run(event.executed()).executed = event.executed();
        break;
      case v1::Event::kHinted:
        story_.hints.push_back(event.hinted().text());
        break;
      default:
        break;
    }
  }

 private:
  CandidateStory& candidate(const std::string& id) {
    const auto at = std::ranges::find(story_.candidates, id, &CandidateStory::id);
    if (at != story_.candidates.end()) return *at;
    story_.candidates.emplace_back().id = id;
    return story_.candidates.back();
  }

  DraftStory& draft(const std::string& id, std::uint32_t attempt) {
    auto& drafts = candidate(id).drafts;
    const auto at = std::ranges::find(drafts, attempt, &DraftStory::attempt);
    if (at != drafts.end()) return *at;
    drafts.emplace_back().attempt = attempt;
    return drafts.back();
  }

  RunStory& run(const auto& told) {
    auto& runs = candidate(told.candidate_id()).runs;
    const auto at = std::ranges::find(runs, told.run_id(),
                                      [](const RunStory& run) { return run.executed.run_id(); });
    if (at != runs.end()) return *at;
    auto& added = runs.emplace_back().executed;
    added.set_run_id(told.run_id());
    added.set_candidate_id(told.candidate_id());
    added.set_attempt(told.attempt());
    return runs.back();
  }

  void tell(const v1::DraftRequested& request) {
    auto& told = candidate(request.candidate_id());
    told.kind = request.kind();
    told.generator = request.generator();
    told.parent_id = request.parent_id();
    told.second_parent_id = request.second_parent_id();
    told.scaffold = request.scaffold();
  }

  void tell(const v1::Drafted& drafted) {
    auto& told = candidate(drafted.candidate_id());
    told.kind = drafted.kind();
    told.generator = drafted.generator();
    told.parent_id = drafted.parent_id();
    told.plan_line = drafted.plan_line();
    told.code = drafted.code();
    told.plan = drafted.plan();
    told.requirements = drafted.requirements();
    note_draft(drafted).failed = false;
  }

  void tell(const v1::DraftFailed& failed) {
    auto& told = note_draft(failed);
    told.failed = true;
    told.reason_code = failed.reason_code();
    told.message = failed.message();
  }

  DraftStory& note_draft(const auto& told) {
    auto& noted = draft(told.candidate_id(), told.attempt());
    noted.prompt = told.prompt();
    noted.reply = told.reply();
    noted.tokens = told.tokens();
    noted.cost_micro_usd = told.cost_micro_usd();
    noted.use = told.model_use();
    return noted;
  }

  JobStory& story_;
};

}  // namespace

const RunStory* CandidateStory::telling_run() const {
  const auto accepted = std::ranges::find_if(runs.rbegin(), runs.rend(), [](const RunStory& run) {
    return run.executed.verdict().accepted();
  });
  if (accepted != runs.rend()) return &*accepted;
  return runs.empty() ? nullptr : &runs.back();
}

const CandidateStory* JobStory::find(std::string_view id) const {
  const auto at = std::ranges::find(candidates, id, &CandidateStory::id);
  return id.empty() || at == candidates.end() ? nullptr : &*at;
}

bool is_told(const v1::Event& event) {
  switch (event.payload_case()) {
    case v1::Event::kRequested:
    case v1::Event::kScraped:
    case v1::Event::kDraftRequested:
    case v1::Event::kDrafted:
    case v1::Event::kDraftFailed:
    case v1::Event::kStarted:
    case v1::Event::kExecuted:
    case v1::Event::kHinted:
      return true;
    default:
      return false;
  }
}

JobStory story_of(const Events& history, const v1::Event& ended) {
  JobStory story;
  story.job_id = ended.job_id();
  story.ended = ended.ended();
  StoryTeller teller{story};
  for (const auto& event : history) teller.tell(event);
  using google::protobuf::util::TimeUtil;
  const auto& begin =
      story.requested.has_created_at() ? story.requested.created_at() : story.ended.started_at();
  if (begin.seconds() > 0) {
    story.seconds =
        static_cast<double>(TimeUtil::DurationToMilliseconds(ended.time() - begin)) / 1000;
  }
  return story;
}

}  // namespace podium::codegen
