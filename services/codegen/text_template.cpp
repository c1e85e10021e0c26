#include "services/codegen/text_template.hpp"

namespace podium::codegen {

Result<std::string> fill_places(std::string_view name, std::string_view text,
                                const Fillings& fillings) {
  std::string out;
  for (;;) {
    const std::size_t begin = text.find("{{");
    const std::size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) break;
    const std::string_view place = text.substr(begin + 2, end - begin - 2);
    const auto filling = fillings.find(place);
    if (filling == fillings.end()) {
      return fail(errors::kConfiguration,
                  "the template " + std::string{name} +
                      " has a place that nothing fills: " + std::string{place});
    }
    out += text.substr(0, begin);
    out += filling->second;
    text.remove_prefix(end + 2);
  }
  return out.append(text);
}

}  // namespace podium::codegen
