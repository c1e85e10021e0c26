// One connection to PostgreSQL. Calls wait for the server at most until the statement timeout and a
// margin; a connection that failed or went silent is lost for good. One thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "libs/chassis/postgres/pg_handle.hpp"
#include "libs/chassis/postgres/postgres.hpp"

namespace podium::postgres {

class PgSession final : public Session {
 public:
  /// UNAVAILABLE when the server cannot be reached or refuses.
  static Result<std::unique_ptr<PgSession>> connect(const DatabaseOptions& options);

  Result<std::unique_ptr<Rows>> run(std::string_view sql,
                                    const std::vector<SqlValue>& values) override;
  Result<void> transaction(const std::function<Result<void>(Session&)>& work) override;
  Result<void> run_script(std::string_view sql) override;
  Result<void> change_password(const std::string& role, const Secret& password) override;

  /// False once the connection is lost. Looks at what has arrived, sends nothing.
  bool usable();
  /// True when nothing has come that was not asked for. What comes is mostly the farewell of a
  /// server that ends, so whoever can have another session takes that one.
  bool quiet() const;
  /// Outside any transaction: may be handed to the next caller.
  bool idle() const;

 private:
  PgSession(PgConnection connection, std::chrono::milliseconds statement_timeout)
      : connection_{std::move(connection)}, statement_timeout_{statement_timeout} {}

  Result<void> set_up();
  Result<void> commit();
  Result<PgResult> finish(int sent);
  Result<void> flush(std::chrono::steady_clock::time_point deadline);
  Result<PgResult> collect(std::chrono::steady_clock::time_point deadline);
  Result<void> wait_for_socket(short events, std::chrono::steady_clock::time_point deadline);
  std::unexpected<Error> lost(const ErrorCode& code, std::string detail);
  std::unexpected<Error> connection_error();

  PgConnection connection_;
  std::chrono::milliseconds statement_timeout_;
};

}  // namespace podium::postgres
