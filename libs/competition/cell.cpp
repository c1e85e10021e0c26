#include "libs/competition/cell.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "libs/competition/text.hpp"

namespace podium::competition {
namespace {

// pandas.read_csv, parameter na_values, sorted.
constexpr std::array<std::string_view, 19> kMissing{
    "",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null"};
constexpr std::size_t kMissingLengthMax = 8;

constexpr std::array<std::string_view, 5> kBlank{"", "na", "nan", "none", "null"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits of an integral number spelled "12", "+12", "012", "12." or "12.00": "12"; else nullopt.
std::optional<std::string> integral_digits(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::string_view whole = text.substr(0, point);
  const std::string_view rest =
      point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  const bool digits = !whole.empty() && std::ranges::all_of(whole, is_digit);
  if (!digits || rest.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size() - 1));
  return (negative && whole != "0" ? "-" : "") + std::string{whole};
}

}  // namespace

bool is_missing(std::string_view cell) {
  return cell.size() <= kMissingLengthMax && std::ranges::binary_search(kMissing, cell);
}

bool is_blank_prediction(std::string_view cell) {
  const std::string_view text = trim(cell);
  if (text.size() > 4) return false;
  return std::ranges::find(kBlank, lower(text)) != kBlank.end();
}

std::optional<double> parse_number(std::string_view cell) {
  std::string_view text = trim(cell);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = end == text.data() + text.size() && !text.empty();
  if (!whole || std::isnan(value)) return std::nullopt;
  if (status == std::errc{}) return value;
  if (status != std::errc::result_out_of_range) return std::nullopt;
  // Out of range: from_chars leaves the value; a negative exponent means that it is next to zero.
  const std::size_t exponent = text.find_first_of("eE");
  const bool tiny = exponent != std::string_view::npos ? text.substr(exponent + 1).starts_with('-')
                                                       : text.find('.') != std::string_view::npos;
  if (tiny) return 0.0;
  return text.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
}

std::optional<bool> parse_boolean(std::string_view cell) {
  if (cell == "True" || cell == "TRUE" || cell == "true") return true;
  if (cell == "False" || cell == "FALSE" || cell == "false") return false;
  return std::nullopt;
}

bool is_integer_text(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  return !cell.empty() && std::ranges::all_of(cell, is_digit);
}

std::string normal_label(std::string_view cell) {
  const std::string_view text = trim(cell);
  const std::string small = text.size() <= 5 ? lower(text) : std::string{};
  if (small == "true") return "True";
  if (small == "false") return "False";
  if (auto digits = integral_digits(text)) return *std::move(digits);
  return std::string{text};
}

void append_csv_field(std::string& out, std::string_view cell, char delimiter) {
  const bool plain = cell.find_first_of("\"\r\n") == std::string_view::npos &&
                     cell.find(delimiter) == std::string_view::npos;
  if (plain) {
    out.append(cell);
    return;
  }
  out.push_back('"');
  for (const char c : cell) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

}  // namespace podium::competition
