#include "services/gateway/run_request.hpp"

#include <algorithm>
#include <cctype>
#include <format>
#include <nlohmann/json.hpp>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>

#include "libs/chassis/ids.hpp"
#include "services/gateway/run_fields.hpp"

namespace podium::gateway {
namespace {

using nlohmann::json;

/// A value as it was sent, and where.
struct Sent {
  std::string name;
  std::string pointer;
  std::string text;
};

/// What was sent, before it is understood.
struct Collected {
  std::vector<Sent> values;
  std::vector<std::string> unknown;
  FieldErrors errors;
};

/// Most unknown fields that are named in a warning.
constexpr std::size_t kUnknownNamedMax = 10;

bool is_field_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
}

std::optional<std::string> text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_float()) return std::format("{}", value.get<double>());
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

void collect_value(std::string_view name, std::string pointer, const json& value,
                   Collected& collected) {
  if (find_run_field(name) == nullptr) {
    // Only what looks like a name is ever said back to the sender.
    collected.unknown.emplace_back(is_field_name(name) ? name : "with an odd name");
    return;
  }
  if (value.is_null()) return;
  if (auto text = text_of(value)) {
    collected.values.push_back({std::string{name}, std::move(pointer), *std::move(text)});
  } else {
    collected.errors.push_back({std::move(pointer), "must be a text or a number"});
  }
}

void collect_group(const std::string& group, const json& members, Collected& collected) {
  if (members.is_null()) return;
  if (!members.is_object()) {
    collected.errors.push_back({"/" + group, "must be an object"});
    return;
  }
  for (const auto& [name, value] : members.items()) {
    collect_value(name, std::format("/{}/{}", group, name), value, collected);
  }
}

void collect_body(const std::string& body, Collected& collected) {
  if (body.find_first_not_of(" \t\r\n") == std::string::npos) return;
  const json document = json::parse(body, nullptr, false);
  if (!document.is_object()) {
    collected.errors.push_back({"", "the body must be a JSON object such as {\"kaggle_url\": …}"});
    return;
  }
  for (const auto& [name, value] : document.items()) {
    if (name == "resources" || name == "budget") {
      collect_group(name, value, collected);
    } else {
      collect_value(name, "/" + name, value, collected);
    }
  }
}

Collected collect(const RunRequestInput& input) {
  Collected collected;
  for (const auto& [name, value] : input.query) {
    collect_value(name, "?" + name, json(value), collected);
  }
  collect_body(input.body, collected);
  if (!input.idempotency_key.empty()) {
    collected.values.push_back({"Idempotency-Key", "Idempotency-Key", input.idempotency_key});
  }
  return collected;
}

std::string sha256_of(const RunRequest& request) {
  v1::CompetitionRequest competition = request.competition;
  competition.clear_kaggle_url();  // the slug is what it means
  return sha256_hex(competition.SerializeAsString() + '\0' + request.options.SerializeAsString());
}

/// What the request would be if this were all that was sent: spelled alike for alike meanings.
std::string meaning_of(const Sent& sent) {
  RunRequest alone;
  find_run_field(sent.name)->read(sent.text, alone);
  return sha256_of(alone) + alone.idempotency_key;
}

/// Reads every value; two of one meaning must agree.
void read_values(const Collected& collected, RunRequest& request, FieldErrors& errors) {
  std::map<std::string_view, const Sent*> first_of;
  for (const Sent& sent : collected.values) {
    const RunField& field = *find_run_field(sent.name);
    if (auto problem = field.read(sent.text, request)) {
      errors.push_back({sent.pointer, *std::move(problem)});
      continue;
    }
    const auto [place, is_first] = first_of.emplace(field.meaning, &sent);
    if (!is_first && meaning_of(*place->second) != meaning_of(sent)) {
      errors.push_back({sent.pointer, "says something else than " + place->second->pointer});
    }
  }
}

void check_competition(const v1::CompetitionRequest& competition, FieldErrors& errors) {
  const bool has_folder = !competition.folder_sha256().empty();
  if (has_folder && !competition.kaggle_url().empty()) {
    errors.push_back({"/folder_sha256", "a folder and an address cannot both be the competition"});
  }
  if (!has_folder && competition.kaggle_url().empty()) {
    errors.push_back({"/kaggle_url",
                      "is needed: the address of a Kaggle competition, such as "
                      "https://www.kaggle.com/competitions/titanic"});
  }
}

void check_submit(const RunRequest& request, FieldErrors& errors) {
  const auto mode = request.options.submit();
  const bool submits = mode == v1::SUBMIT_MODE_BEST || mode == v1::SUBMIT_MODE_MANUAL;
  if (submits && !request.competition.folder_sha256().empty()) {
    errors.push_back(
        {"/submit", "must be never: a folder of your own is no competition of Kaggle"});
  }
}

void add_warnings(const std::vector<std::string>& unknown, bool sends_mail, RunRequest& request) {
  for (const std::string& name : unknown | std::views::take(kUnknownNamedMax)) {
    request.warnings.push_back(std::format("The field {} is not known and was left out.", name));
  }
  if (!sends_mail) warn_of_mail(request);
}

}  // namespace

void warn_of_mail(RunRequest& request) {
  if (request.options.notify_email().empty()) return;
  request.warnings.emplace_back(
      "No mail will be sent: no mail server is set up here (PODIUM_SMTP_URL). Ask "
      "GET /status/{id}?wait=30s instead.");
}

std::expected<RunRequest, FieldErrors> parse_run_request(const RunRequestInput& input) {
  Collected collected = collect(input);
  FieldErrors errors = std::move(collected.errors);
  RunRequest request;
  read_values(collected, request, errors);
  if (errors.empty()) check_competition(request.competition, errors);
  if (errors.empty()) check_submit(request, errors);
  if (!errors.empty()) return std::unexpected{std::move(errors)};
  request.sha256 = sha256_of(request);
  add_warnings(collected.unknown, input.sends_mail, request);
  return request;
}

}  // namespace podium::gateway
