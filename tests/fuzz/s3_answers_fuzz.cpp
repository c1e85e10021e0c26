#include "libs/chassis/store/s3_answers.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {

void fuzz_s3_answers(std::string_view bytes) {
  is_error_body(bytes);
  open_uploads(bytes);
  demand(xml_text(bytes, "Key").size() <= bytes.size(), "a text is not longer than its answer");
  for (const int status : {200, 301, 403, 404, 503}) {
    const auto refusal = refusal_of(status, bytes, "");
    is_passing(refusal);
    const auto error = error_of("put", refusal);
    demand(error.code != nullptr && !error.detail.empty(), "an error says what is wrong");
  }
}

}  // namespace podium::fuzz
