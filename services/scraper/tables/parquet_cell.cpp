#include "services/scraper/tables/parquet_cell.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <format>
#include <iterator>

#include "libs/competition/text.hpp"
#include "services/scraper/tables/bit_reader.hpp"
#include "services/scraper/tables/broken_table.hpp"

namespace podium::scraper::tables {
namespace {

constexpr std::int64_t kSecondsOfDay = 86'400;
constexpr std::int64_t kMicro = 1'000'000;
constexpr std::int64_t kNano = 1'000'000'000;
/// Days of the Julian calendar before 1970.
constexpr std::int64_t kJulianEpoch = 2'440'588;
constexpr std::size_t kDecimalBytesMax = 16;

void append_number(std::string& cell, auto number) {
  std::array<char, 64> room{};
  const auto written = std::to_chars(room.data(), room.data() + room.size(), number);
  cell.append(room.data(), written.ptr);
}

/// A moment in whole seconds and the rest of one.
struct Moment {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
};

std::int64_t floor_of(std::int64_t number, std::int64_t by) {
  return number / by - (number % by < 0 ? 1 : 0);
}

// What floor_of leaves, never below zero.
std::int64_t rest_of(std::int64_t number, std::int64_t by) {
  const std::int64_t rest = number % by;
  return rest < 0 ? rest + by : rest;
}

Moment moment_of(const ParquetColumn& column, const StoredValue& value) {
  if (column.physical != Physical::int96) {
    return {floor_of(value.integer, column.per_second),
            rest_of(value.integer, column.per_second) * (kNano / column.per_second)};
  }
  const auto of_day = static_cast<std::int64_t>(lowest_first(value.bytes.substr(0, 8)));
  const auto day = static_cast<std::int64_t>(lowest_first(value.bytes.substr(8, 4)));
  return {(day - kJulianEpoch) * kSecondsOfDay + floor_of(of_day, kNano), rest_of(of_day, kNano)};
}

TimeDetail detail_below_second(const Moment& moment) {
  if (moment.nanoseconds % (kNano / kMicro) != 0) return TimeDetail::nanosecond;
  return moment.nanoseconds != 0 ? TimeDetail::microsecond : TimeDetail::second;
}

void append_day(std::string& cell, std::int64_t days) {
  // Years of four digits and a few beyond: others are no dates.
  constexpr std::int64_t kDaysMax = 4'000'000;
  if (days > kDaysMax || days < -kDaysMax) throw BrokenTable{"a date lies thousands of years away"};
  const std::chrono::year_month_day day{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  std::format_to(std::back_inserter(cell), "{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                 static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

void append_clock(std::string& cell, std::int64_t of_day, std::int64_t nanoseconds,
                  TimeDetail detail) {
  std::format_to(std::back_inserter(cell), "{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60,
                 of_day % 60);
  if (detail == TimeDetail::microsecond) {
    std::format_to(std::back_inserter(cell), ".{:06}", nanoseconds / (kNano / kMicro));
  }
  if (detail == TimeDetail::nanosecond) {
    std::format_to(std::back_inserter(cell), ".{:09}", nanoseconds);
  }
}

void append_moment(std::string& cell, const Moment& moment, TimeDetail detail) {
  const std::int64_t days = floor_of(moment.seconds, kSecondsOfDay);
  append_day(cell, days);
  if (detail == TimeDetail::day) return;
  cell += ' ';
  append_clock(cell, moment.seconds - days * kSecondsOfDay, moment.nanoseconds, detail);
}

// Digits with the point where the scale says.
void append_decimal(std::string& cell, __int128 number, int scale) {
  // The least number has no opposite of its own.
  auto rest = static_cast<unsigned __int128>(number);
  if (number < 0) rest = -rest;
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  constexpr int kScaleMax = 38;
  if (scale < 0 || scale > kScaleMax) throw BrokenTable{"a decimal is of an unheard-of scale"};
  while (digits.size() <= static_cast<std::size_t>(scale)) digits += '0';
  if (number < 0) cell += '-';
  cell.append(digits.rbegin(), digits.rend() - scale);
  if (scale > 0) cell += '.';
  cell.append(digits.rend() - scale, digits.rend());
}

// Two's complement, the highest byte first.
__int128 highest_first(std::string_view bytes) {
  if (bytes.size() > kDecimalBytesMax) throw BrokenTable{"a decimal has more than 38 digits"};
  const bool negative = !bytes.empty() && static_cast<signed char>(bytes.front()) < 0;
  auto number = static_cast<unsigned __int128>(negative ? -1 : 0);
  for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
  return static_cast<__int128>(number);
}

void append_whole(std::string& cell, const ParquetColumn& column, std::int64_t number) {
  if (column.meaning != Meaning::whole_unsigned) return append_number(cell, number);
  if (column.physical == Physical::int32) {
    return append_number(cell, static_cast<std::uint32_t>(number));
  }
  append_number(cell, static_cast<std::uint64_t>(number));
}

// A number that is none counts as missing, as pandas writes it.
void append_real(std::string& cell, double number, bool single) {
  if (std::isnan(number)) return;
  if (single) return append_number(cell, static_cast<float>(number));
  append_number(cell, number);
}

// IEEE 754's binary16.
double half_of(std::string_view bytes) {
  const auto bits = static_cast<unsigned>(lowest_first(bytes.substr(0, 2)));
  const double sign = (bits & 0x8000U) != 0 ? -1.0 : 1.0;
  const int exponent = static_cast<int>(bits >> 10U & 0x1FU);
  const double fraction = static_cast<double>(bits & 0x3FFU) / 1024.0;
  if (exponent == 0x1F) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -14);
  return sign * std::ldexp(1 + fraction, exponent - 15);
}

bool write_bytes(const ParquetColumn& column, std::string_view bytes, std::string& cell) {
  if (column.meaning == Meaning::decimal) {
    append_decimal(cell, highest_first(bytes), column.scale);
    return true;
  }
  if (column.meaning == Meaning::half) {
    append_real(cell, half_of(bytes), true);
    return true;
  }
  if (column.meaning == Meaning::uuid) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) cell += '-';
      std::format_to(std::back_inserter(cell), "{:02x}", static_cast<unsigned char>(bytes[i]));
    }
    return true;
  }
  if (bytes.contains('\0') || !is_utf8(bytes)) return false;
  cell += bytes;
  return true;
}

void write_integer(const ParquetColumn& column, const StoredValue& value, TimeDetail detail,
                   std::string& cell) {
  switch (column.meaning) {
    case Meaning::date:
      append_day(cell, value.integer);
      return;
    case Meaning::timestamp:
      append_moment(cell, moment_of(column, value), detail);
      return;
    case Meaning::time: {
      const Moment moment = moment_of(column, value);
      append_clock(cell, moment.seconds, moment.nanoseconds, detail_below_second(moment));
      return;
    }
    case Meaning::decimal:
      append_decimal(cell, value.integer, column.scale);
      return;
    default:
      append_whole(cell, column, value.integer);
  }
}

}  // namespace

TimeDetail detail_of(const ParquetColumn& column, const StoredValue& value) {
  const Moment moment = moment_of(column, value);
  if (moment.nanoseconds != 0) return detail_below_second(moment);
  return moment.seconds % kSecondsOfDay == 0 ? TimeDetail::day : TimeDetail::second;
}

bool write_cell(const ParquetColumn& column, const StoredValue& value, TimeDetail detail,
                std::string& cell) {
  switch (column.physical) {
    case Physical::boolean:
      cell += value.integer != 0 ? "True" : "False";
      return true;
    case Physical::int32:
    case Physical::int64:
      write_integer(column, value, detail, cell);
      return true;
    case Physical::int96:
      append_moment(cell, moment_of(column, value), detail);
      return true;
    case Physical::real32:
    case Physical::real64:
      append_real(cell, value.real, column.physical == Physical::real32);
      return true;
    case Physical::bytes:
    case Physical::fixed_bytes:
      return write_bytes(column, value.bytes, cell);
  }
  return false;
}

}  // namespace podium::scraper::tables
