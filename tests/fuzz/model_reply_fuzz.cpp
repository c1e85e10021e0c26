#include <string>

#include "libs/chassis/http/sse_parser.hpp"
#include "libs/chassis/utf8.hpp"
#include "services/codegen/replies/candidate_reply.hpp"
#include "tests/fuzz/fuzz_targets.hpp"

namespace podium::fuzz {
namespace {

constexpr std::string_view kParent = "import pandas as pd\n\n\ndef fit():\n    return 1\n";

}  // namespace

void fuzz_model_reply(std::string_view bytes) {
  codegen::ReadOptions options;
  options.check = {.data_files = {"train.csv"}, .input_folder = "/kaggle/input/titanic"};
  for (const auto parent : {std::string_view{}, kParent}) {
    const auto reply = codegen::read_candidate(bytes, parent, options);
    if (!reply) continue;
    demand(!codegen::refuses(reply->findings), "what is refused is no candidate");
    demand(is_utf8(reply->plan) && is_utf8(reply->plan_line), "a plan can be shown");
    demand(reply->plan_line.find('\n') == std::string::npos, "a plan in a line is one line");
    demand(reply->code.find('\r') == std::string::npos, "line ends are LF");
  }
  // However the bytes of a stream are cut, it says the same.
  std::string whole;
  std::string pieces;
  const auto into = [](std::string& out) {
    return [&out](const SseMessage& message) {
      out += message.event + '\n' + message.data + '\n';
      return true;
    };
  };
  SseParser one{into(whole)};
  one.feed(bytes);
  SseParser many{into(pieces)};
  for (std::size_t at = 0; at < bytes.size(); ++at) many.feed(bytes.substr(at, 1));
  demand(whole == pieces, "a stream says the same however it is cut");
}

}  // namespace podium::fuzz
