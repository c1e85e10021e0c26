#include "services/scraper/kaggle/kaggle_json.hpp"

#include <charconv>

namespace podium::scraper {

using nlohmann::json;

namespace {

constexpr int kDepthMax = 32;

}  // namespace

json parse_answer(std::string_view body) {
  const auto is_shallow = [](int depth, json::parse_event_t, json&) { return depth <= kDepthMax; };
  return json::parse(body, is_shallow, false);
}

std::string text_in(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

bool flag_in(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_boolean() && at->get<bool>();
}

std::uint64_t number_in(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return 0;
  if (at->is_number_unsigned()) return at->get<std::uint64_t>();
  if (!at->is_string()) return 0;
  const auto& text = at->get_ref<const std::string&>();
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc{} && end == text.data() + text.size() ? number : 0;
}

std::span<const json> list_in(const json& answer, const char* key) {
  if (answer.is_array()) return answer.get_ref<const json::array_t&>();
  if (!answer.is_object()) return {};
  const auto at = answer.find(key);
  if (at == answer.end() || !at->is_array()) return {};
  return at->get_ref<const json::array_t&>();
}

}  // namespace podium::scraper
