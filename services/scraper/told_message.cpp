#include "services/scraper/told_message.hpp"

namespace podium::scraper {

v1::CompetitionTold message_of(const competition::ToldFacts& told) {
  v1::CompetitionTold message;
  message.set_slug(told.slug);
  message.set_title(told.title);
  message.set_url(told.url);
  message.set_description(told.description);
  message.set_metric_name(told.metric_name);
  message.set_id_column(told.id_column);
  message.mutable_target_columns()->Assign(told.target_columns.begin(), told.target_columns.end());
  message.set_sample_submission(told.sample_submission);
  message.set_licence(told.licence);
  if (told.deadline) *message.mutable_deadline() = *told.deadline;
  message.mutable_pages()->Assign(told.pages.begin(), told.pages.end());
  message.mutable_warnings()->Assign(told.warnings.begin(), told.warnings.end());
  return message;
}

competition::ToldFacts told_of(const v1::CompetitionTold& message) {
  competition::ToldFacts told;
  told.slug = message.slug();
  told.title = message.title();
  told.url = message.url();
  told.description = message.description();
  told.metric_name = message.metric_name();
  told.id_column = message.id_column();
  told.target_columns.assign(message.target_columns().begin(), message.target_columns().end());
  told.sample_submission = message.sample_submission();
  told.licence = message.licence();
  if (message.has_deadline()) told.deadline = message.deadline();
  told.pages.assign(message.pages().begin(), message.pages().end());
  told.warnings.assign(message.warnings().begin(), message.warnings().end());
  return told;
}

}  // namespace podium::scraper
