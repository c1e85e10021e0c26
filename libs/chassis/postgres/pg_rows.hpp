// Rows over a PGresult, which it owns and never changes: any threads may read it at once.
#pragma once

#include <string_view>
#include <unordered_map>

#include "libs/chassis/postgres/pg_handle.hpp"
#include "libs/chassis/postgres/postgres.hpp"

namespace podium::postgres {

class PgRows final : public Rows {
 public:
  explicit PgRows(PgResult result);

  std::size_t size() const override;
  bool is_null(std::size_t row, std::string_view column) const override;
  std::string text(std::size_t row, std::string_view column) const override;
  std::int64_t integer(std::size_t row, std::string_view column) const override;
  double real(std::size_t row, std::string_view column) const override;
  bool boolean(std::size_t row, std::string_view column) const override;
  std::string bytes(std::size_t row, std::string_view column) const override;
  std::int64_t affected() const override;

 private:
  int number_of(std::string_view column) const;
  std::string_view cell(std::size_t row, std::string_view column) const;

  PgResult result_;
  /// Column numbers by name; the names live in result_.
  std::unordered_map<std::string_view, int> numbers_;
};

}  // namespace podium::postgres
