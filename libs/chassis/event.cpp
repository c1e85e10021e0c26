#include "libs/chassis/event.hpp"

#include <google/protobuf/descriptor.h>

#include <chrono>
#include <format>
#include <limits>
#include <ranges>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"
#include "podium/v1/options.pb.h"

namespace podium {
namespace {

constexpr std::string_view kJobsPrefix = "podium.jobs";
constexpr std::string_view kLogsPrefix = "podium.logs";
constexpr std::string_view kTicketsPrefix = "podium.tickets";

/// The payload that is set; nullptr when none is.
const google::protobuf::FieldDescriptor* payload_field(const v1::Event& event) {
  static const auto* const payload = v1::Event::descriptor()->FindOneofByName("payload");
  return v1::Event::GetReflection()->GetOneofFieldDescriptor(event, payload);
}

const google::protobuf::MessageOptions& payload_options(
    const google::protobuf::FieldDescriptor& field) {
  return field.message_type()->options();
}

/// The parts between the dots; at least one.
std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (const auto part : std::views::split(text, '.')) tokens.emplace_back(part);
  if (tokens.empty()) tokens.emplace_back();
  return tokens;
}

Result<void> check_ids(const v1::Event& event, bool several_tokens) {
  if (!is_valid_id(event.job_id())) {
    return fail(errors::kInvalid, std::format("'{}' is not a job id", event.job_id()));
  }
  if (event.subject_id().empty()) return {};
  const auto tokens = tokens_of(event.subject_id());
  const bool too_many = tokens.size() > 1 && !several_tokens;
  if (too_many || !std::ranges::all_of(tokens, is_valid_id)) {
    return fail(errors::kInvalid, std::format("'{}' is not a subject id", event.subject_id()));
  }
  return {};
}

/// A subject id of several tokens says the whole place of its event, so no job goes before it.
bool stands_alone(std::string_view subject_id) {
  return subject_id.contains('.');
}

std::string join(std::string_view prefix, std::string_view job, std::string_view subject_id) {
  if (stands_alone(subject_id)) return std::format("{}.{}", prefix, subject_id);
  if (subject_id.empty()) return std::format("{}.{}", prefix, job);
  return std::format("{}.{}.{}", prefix, job, subject_id);
}

/// Only the last token of a subject id is unbounded: the ones before it are classes.
std::string template_of_id(std::string_view subject_id) {
  if (subject_id.empty()) return {};
  const auto dot = subject_id.rfind('.');
  if (dot == std::string_view::npos) return "{id}";
  return std::format("{}.{{id}}", subject_id.substr(0, dot));
}

}  // namespace

std::string event_name(const v1::Event& event) {
  const auto* const field = payload_field(event);
  return field == nullptr ? std::string{} : field->name();
}

Result<std::string> subject_of(const v1::Event& event) {
  const auto* const field = payload_field(event);
  if (field == nullptr) return fail(errors::kInvalid, "the event has no payload");
  const auto& prefix = payload_options(*field).GetExtension(v1::subject_prefix);
  PODIUM_TRY(check_ids(event, !prefix.empty()));
  if (!prefix.empty()) {
    if (event.subject_id().empty()) {
      return fail(errors::kInvalid, std::format("{} without a subject id", field->name()));
    }
    return join(prefix, event.job_id(), event.subject_id());
  }
  const auto subject = std::format("{}.{}.{}", kJobsPrefix, event.job_id(), field->name());
  return event.subject_id().empty() ? subject : std::format("{}.{}", subject, event.subject_id());
}

std::string subject_template(const v1::Event& event) {
  const auto* const field = payload_field(event);
  if (field == nullptr) return {};
  const auto id = template_of_id(event.subject_id());
  const auto& prefix = payload_options(*field).GetExtension(v1::subject_prefix);
  if (!prefix.empty()) return join(prefix, "{job}", id);
  const auto subject = std::format("{}.{{job}}.{}", kJobsPrefix, field->name());
  return id.empty() ? subject : std::format("{}.{}", subject, id);
}

std::string job_subjects(std::string_view job) {
  return std::format("{}.{}.>", kJobsPrefix, job);
}

std::string all_job_subjects() {
  return std::format("{}.>", kJobsPrefix);
}

std::string subjects_of_event(std::string_view name) {
  return std::format("{}.*.{}", kJobsPrefix, name);
}

std::string log_subject(std::string_view job, std::string_view run) {
  return std::format("{}.{}.{}", kLogsPrefix, job, run);
}

std::string log_subjects(std::string_view job) {
  return std::format("{}.{}.>", kLogsPrefix, job);
}

std::string ticket_subject(std::string_view tenant) {
  return std::format("{}.{}", kTicketsPrefix, tenant);
}

std::string all_ticket_subjects() {
  return std::format("{}.*", kTicketsPrefix);
}

std::string_view job_of_subject(std::string_view subject) {
  if (!subject.starts_with(kJobsPrefix)) return {};
  subject.remove_prefix(kJobsPrefix.size());
  if (!subject.starts_with('.')) return {};
  subject.remove_prefix(1);
  return subject.substr(0, subject.find('.'));
}

bool happens_once(const v1::Event& event) {
  const auto* const field = payload_field(event);
  return field != nullptr && payload_options(*field).GetExtension(v1::once);
}

v1::Event event_of(const v1::Event& cause, std::string_view name, std::string_view subject_id,
                   unsigned attempt) {
  v1::Event event;
  event.set_id(subject_id.empty()
                   ? std::format("{}/{}/{}", cause.job_id(), name, attempt)
                   : std::format("{}/{}/{}/{}", cause.job_id(), name, subject_id, attempt));
  event.set_job_id(cause.job_id());
  event.set_tenant(cause.tenant());
  event.set_subject_id(std::string{subject_id});
  *event.mutable_time() = to_proto(std::chrono::system_clock::now());
  *event.mutable_trace() = cause.trace();
  return event;
}

Result<v1::Event> parse_event(std::string_view bytes) {
  v1::Event event;
  const bool fits = bytes.size() <= std::numeric_limits<int>::max();
  if (!fits || !event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(errors::kInvalid, "the bytes are not an event");
  }
  if (payload_field(event) == nullptr) {
    return fail(errors::kInvalid, "the event carries no payload that is known here");
  }
  return event;
}

}  // namespace podium
