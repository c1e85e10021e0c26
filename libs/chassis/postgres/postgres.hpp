// The one door to PostgreSQL. A Database hands out connections from a small pool, reconnects, and
// turns what the server says into errors, with the SQLSTATE in the detail:
//   UNAVAILABLE  a lost connection, 08*, 53*, 57P0*, 40001, 40P01, 55P03 (a lock was not to be had)
//   TIMEOUT      57014, or no answer within the statement timeout and a margin
//   INVALID      22*, 23*: the data is not what the tables take; a text with NUL, before it is sent
//   PERMISSION   42501
//   INTERNAL     everything else
// Sessions speak UTF-8, UTC and ISO dates, so that a text read is a text that may be written again.
// Thread-safe; a Session belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

struct DatabaseOptions {
  /// A libpq URL or connection string, without the password.
  std::string url;
  Secret password;
  std::string application_name;
  int connections_max = 4;
  /// Longest run of one statement; the server ends it then. Zero: no limit.
  std::chrono::milliseconds statement_timeout{10'000};
};

/// How long a call waits for a connection when the pool's are all in use.
inline constexpr std::chrono::milliseconds kConnectionWaitMax{5'000};
/// How much longer than the statement timeout a silent server is waited for.
inline constexpr std::chrono::milliseconds kAnswerMargin{2'000};

/// DATABASE_URL (default: user podium_<service>, database podium on this host),
/// PODIUM_DATABASE_PASSWORD(_FILE).
DatabaseOptions read_database_options(Environment& environment, std::string_view service);

/// A parameter as text in PostgreSQL's input form, or NULL. Bytes go as bytea.
class SqlValue {
 public:
  SqlValue(std::nullopt_t) {}                                    // NOLINT(*explicit*)
  SqlValue(const char* text) : text_{text} {}                    // NOLINT(*explicit*)
  SqlValue(std::string_view text) : text_{std::string{text}} {}  // NOLINT(*explicit*)
  SqlValue(std::string text) : text_{std::move(text)} {}         // NOLINT(*explicit*)
  SqlValue(bool value) : text_{value ? "t" : "f"} {}             // NOLINT(*explicit*)
  SqlValue(double value);                                        // NOLINT(*explicit*)
  template <typename Int>
    requires std::is_integral_v<Int>
  SqlValue(Int value) : text_{std::to_string(value)} {}  // NOLINT(*explicit*)
  static SqlValue bytes(std::string_view raw);
  /// A PostgreSQL array literal of the texts, for unnest.
  static SqlValue array(const std::vector<std::optional<std::string>>& items);

  const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
};

/// Rows of a statement, as text. A column that is not in the statement is a mistake of the program
/// (std::logic_error).
class Rows {
 public:
  virtual ~Rows() = default;
  virtual std::size_t size() const = 0;
  virtual bool is_null(std::size_t row, std::string_view column) const = 0;
  /// Empty for NULL; numbers 0, booleans false.
  virtual std::string text(std::size_t row, std::string_view column) const = 0;
  virtual std::int64_t integer(std::size_t row, std::string_view column) const = 0;
  virtual double real(std::size_t row, std::string_view column) const = 0;
  virtual bool boolean(std::size_t row, std::string_view column) const = 0;
  /// Decodes bytea.
  virtual std::string bytes(std::size_t row, std::string_view column) const = 0;
  /// Rows changed by INSERT, UPDATE or DELETE.
  virtual std::int64_t affected() const = 0;
};

/// One connection, inside or outside a transaction. It never reconnects: once it is lost, every
/// call says UNAVAILABLE, and what it held (locks, an open transaction) is gone.
class Session {
 public:
  virtual ~Session() = default;
  /// A statement with $1, $2 ... The text is a constant of the program, never built from input.
  virtual Result<std::unique_ptr<Rows>> run(std::string_view sql,
                                            const std::vector<SqlValue>& values = {}) = 0;
  /// BEGIN, `work`, COMMIT; ROLLBACK when `work` fails. INTERNAL when the server rolled back
  /// although `work` succeeded, because it passed over a failed statement. A lost COMMIT is
  /// UNAVAILABLE or TIMEOUT and unknown: the caller's work must be safe to repeat.
  virtual Result<void> transaction(const std::function<Result<void>(Session&)>& work) = 0;
  /// Several statements without parameters: for migrations.
  virtual Result<void> run_script(std::string_view sql) = 0;
  /// Sets a role's password; only its SCRAM verifier travels, so that no log can hold the password.
  virtual Result<void> change_password(const std::string& role, const Secret& password) = 0;
};

class Database {
 public:
  /// Success although the server is away: connections are made when they are needed. CONFIGURATION
  /// when the URL cannot be read.
  static Result<std::unique_ptr<Database>> open(const DatabaseOptions& options);
  virtual ~Database() = default;

  /// One statement on any connection of the pool.
  virtual Result<std::unique_ptr<Rows>> run(std::string_view sql,
                                            const std::vector<SqlValue>& values = {}) = 0;
  /// Session::transaction on any connection of the pool.
  virtual Result<void> transaction(const std::function<Result<void>(Session&)>& work) = 0;
  /// A connection of its own, for session locks; returned to nobody.
  virtual Result<std::unique_ptr<Session>> session() = 0;
};

}  // namespace podium
