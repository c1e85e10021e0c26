#include <algorithm>
#include <string>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_keys.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void fuzz_ids(std::string_view bytes) {
  if (is_uuid(bytes)) demand(is_valid_id(bytes), "a UUID is an id");
  if (is_valid_id(bytes)) {
    demand(bytes.size() <= kIdLengthMax, "the limit on ids holds");
    demand(bytes.find_first_of("./*> \n") == std::string_view::npos, "an id is one word");
  }
  const auto object = object_of_key(bytes);
  const auto path = path_of_key(bytes);
  demand(object.has_value() == path.has_value(), "stores agree on what is a key");
  if (!path) return;
  demand(path->is_relative(), "a key stays in its store");
  demand(std::ranges::none_of(*path, [](const auto& part) { return part == ".."; }),
         "a key leads nowhere else");
  demand(*object == "sha256/" + object->substr(7) || object->starts_with("jobs/"),
         "an object is content or a job's");
}

}  // namespace podium::fuzz
