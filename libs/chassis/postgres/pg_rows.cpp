#include "libs/chassis/postgres/pg_rows.hpp"

#include <charconv>
#include <memory>
#include <new>
#include <stdexcept>

namespace podium::postgres {
namespace {

template <typename Number>
Number number_in(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

PgRows::PgRows(PgResult result) : result_{std::move(result)} {
  const int columns = PQnfields(result_.get());
  for (int number = 0; number < columns; ++number) {
    numbers_.emplace(PQfname(result_.get(), number), number);
  }
}

std::size_t PgRows::size() const {
  return static_cast<std::size_t>(PQntuples(result_.get()));
}

bool PgRows::is_null(std::size_t row, std::string_view column) const {
  return PQgetisnull(result_.get(), static_cast<int>(row), number_of(column)) == 1;
}

std::string PgRows::text(std::size_t row, std::string_view column) const {
  return std::string{cell(row, column)};
}

std::int64_t PgRows::integer(std::size_t row, std::string_view column) const {
  return number_in<std::int64_t>(cell(row, column));
}

double PgRows::real(std::size_t row, std::string_view column) const {
  return number_in<double>(cell(row, column));
}

bool PgRows::boolean(std::size_t row, std::string_view column) const {
  return cell(row, column) == "t";
}

std::string PgRows::bytes(std::size_t row, std::string_view column) const {
  const std::string escaped = text(row, column);
  std::size_t length = 0;
  const PgBytes raw{
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(escaped.c_str()), &length)};
  if (!raw) throw std::bad_alloc{};
  return {reinterpret_cast<const char*>(raw.get()), length};
}

std::int64_t PgRows::affected() const {
  return number_in<std::int64_t>(PQcmdTuples(result_.get()));
}

int PgRows::number_of(std::string_view column) const {
  const auto found = numbers_.find(column);
  if (found == numbers_.end()) {
    throw std::logic_error{"the statement has no column " + std::string{column}};
  }
  return found->second;
}

std::string_view PgRows::cell(std::size_t row, std::string_view column) const {
  if (row >= size()) throw std::logic_error{"the statement has no such row"};
  const int number = number_of(column);
  const int index = static_cast<int>(row);
  return {PQgetvalue(result_.get(), index, number),
          static_cast<std::size_t>(PQgetlength(result_.get(), index, number))};
}

}  // namespace podium::postgres
