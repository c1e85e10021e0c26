#include "services/notifier/job_end.hpp"

#include <algorithm>
#include <format>

#include "libs/chassis/signed_link.hpp"
#include "libs/chassis/trace.hpp"
#include "libs/competition/words.hpp"
#include "services/notifier/limits.hpp"

namespace podium::notifier {

JobEnd job_end_of(const v1::Event& requested, const v1::Event& ended, const LinkOptions& links,
                  TimePoint now) {
  const auto& asked = requested.requested();
  JobEnd end;
  end.event_id = ended.id();
  end.job_id = ended.job_id();
  end.trace_id = trace_id_of(ended.trace().traceparent());
  end.kaggle_url = asked.competition().kaggle_url();
  end.competition = asked.competition().slug();
  end.status = competition::word(ended.ended().status()).value_or("failed");
  end.ended = ended.ended();
  if (asked.has_created_at()) end.created_at = from_proto(asked.created_at());
  end.ended_at = from_proto(ended.time());
  end.status_link = links.public_url + "/status/" + end.job_id;
  if (!end.ended.submission().key().empty()) {
    end.link_ends_at = std::min(now + links.time, end.ended_at + kFileTimeMax);
    end.result_link = links.public_url + sign_link("/result/" + end.job_id + "/submission.csv",
                                                   *end.link_ends_at, links.key);
  }
  return end;
}

std::string score_text(const v1::Ended& ended) {
  if (!ended.has_score()) return {};
  const auto& score = ended.score();
  return std::format("{} {} ({} is better, {})", score.metric(), score.value(),
                     score.higher_is_better() ? "higher" : "lower",
                     competition::word(score.kind()).value_or("reported"));
}

}  // namespace podium::notifier
