// What the short forms of schemas/permissions.json mean; see nats_config.hpp.
#include <format>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/setup/nats_config.hpp"
#include "libs/chassis/event.hpp"

namespace podium::setup {
namespace {

using nlohmann::json;
using Expand = std::function<void(NatsRights&, const json&)>;

void may_publish(NatsRights& rights, std::string subject) {
  rights.publish.push_back(std::move(subject));
}

void may_read_state(NatsRights& rights, const std::string& stream) {
  may_publish(rights, "$JS.API.STREAM.INFO." + stream);
}

void may_get(NatsRights& rights, const std::string& stream) {
  may_publish(rights, "$JS.API.DIRECT.GET." + stream);
  may_publish(rights, std::format("$JS.API.DIRECT.GET.{}.>", stream));
}

/// Ephemeral consumers only: a durable one is made under another subject.
void may_read_in_order(NatsRights& rights, const std::string& stream) {
  may_read_state(rights, stream);
  may_publish(rights, "$JS.API.CONSUMER.CREATE." + stream);
  may_publish(rights, std::format("$JS.FC.{}.>", stream));
}

void may_consume(NatsRights& rights, const std::string& stream, const std::string& durable) {
  // A name with a star stands for the family of durables that begins so.
  const auto one = durable.ends_with('*') ? std::string{"*"} : durable;
  may_publish(rights, std::format("$JS.API.CONSUMER.INFO.{}.{}", stream, one));
  may_publish(rights, std::format("$JS.API.CONSUMER.MSG.NEXT.{}.{}", stream, one));
  may_publish(rights, std::format("$JS.ACK.{}.{}.>", stream, one));
}

Expand for_each(std::function<void(NatsRights&, const std::string&)> expand) {
  return [expand = std::move(expand)](NatsRights& rights, const json& names) {
    for (const auto& name : names) expand(rights, name.get<std::string>());
  };
}

const std::map<std::string, Expand>& short_forms() {
  static const std::map<std::string, Expand> kForms = {
      {"why", [](NatsRights&, const json&) {}},
      {"events", for_each([](NatsRights& rights, const std::string& event) {
         may_publish(rights, subjects_of_event(event));
         may_publish(rights, subjects_of_event(event + ".*"));
       })},
      {"publish", for_each(may_publish)},
      {"subscribe", for_each([](NatsRights& rights, const std::string& subject) {
         rights.subscribe.push_back(subject);
       })},
      {"get", for_each(may_get)},
      {"stream", for_each(may_read_state)},
      {"delete", for_each([](NatsRights& rights, const std::string& stream) {
         may_publish(rights, "$JS.API.STREAM.MSG.DELETE." + stream);
       })},
      {"read", for_each(may_read_in_order)},
      {"bucket_read", for_each([](NatsRights& rights, const std::string& bucket) {
         may_read_state(rights, "KV_" + bucket);
         may_get(rights, "KV_" + bucket);
       })},
      {"bucket_write", for_each([](NatsRights& rights, const std::string& bucket) {
         may_publish(rights, std::format("$KV.{}.>", bucket));
       })},
      {"bucket_watch", for_each([](NatsRights& rights, const std::string& bucket) {
         may_read_in_order(rights, "KV_" + bucket);
       })},
      {"consume",
       [](NatsRights& rights, const json& pairs) {
         for (const auto& pair : pairs) {
           may_consume(rights, pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
         }
       }},
  };
  return kForms;
}

}  // namespace

Result<NatsRights> rights_of(std::string_view user, std::string_view entry) try {
  NatsRights rights;
  const auto form = json::parse(entry);
  if (form.value("everything", false)) return NatsRights{.publish = {">"}, .subscribe = {">"}};
  for (const auto& [key, value] : form.items()) {
    const auto known = short_forms().find(key);
    if (known == short_forms().end()) {
      return fail(errors::kConfiguration, std::format("{}: unknown key {}", user, key));
    }
    known->second(rights, value);
  }
  rights.subscribe.push_back(std::format("_INBOX_{}.>", user));
  return rights;
} catch (const json::exception& error) {
  return fail(errors::kConfiguration, std::format("{}: {}", user, error.what()));
}

}  // namespace podium::setup
