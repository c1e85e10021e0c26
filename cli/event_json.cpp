#include "cli/event_json.hpp"

#include <google/protobuf/util/json_util.h>

namespace podium::cli {

std::string to_json_line(const v1::Event& event) {
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  static_cast<void>(google::protobuf::util::MessageToJsonString(event, &json, options));
  return json;
}

v1::Event event_of_json(const std::string& json) {
  v1::Event event;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(json, &event, options).ok()) event.Clear();
  return event;
}

}  // namespace podium::cli
