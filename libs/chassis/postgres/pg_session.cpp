#include "libs/chassis/postgres/pg_session.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <format>
#include <string_view>
#include <tuple>

#include "libs/chassis/log.hpp"
#include "libs/chassis/postgres/pg_rows.hpp"
#include "libs/chassis/postgres/sqlstate.hpp"

namespace podium::postgres {
namespace {

using Clock = std::chrono::steady_clock;

// A server that is gone is noticed within seconds, whichever way it went.
constexpr const char* kConnectTimeoutSeconds = "3";
constexpr const char* kTcpUserTimeoutMilliseconds = "5000";
constexpr const char* kKeepalivesIdleSeconds = "5";
constexpr const char* kKeepalivesIntervalSeconds = "2";
constexpr const char* kKeepalivesCount = "3";
// PostgreSQL's own limit on the number of parameters of a statement.
constexpr std::size_t kParametersMax = 65'535;

constexpr std::string_view kSetUp = R"(
  SELECT set_config('statement_timeout', $1, false), set_config('TimeZone', 'UTC', false),
         set_config('DateStyle', 'ISO, YMD', false), set_config('bytea_output', 'hex', false),
         set_config('extra_float_digits', '1', false))";

std::string trimmed(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text;
}

void log_notice(void* /*unused*/, const char* message) {
  log_debug("notice from PostgreSQL", {{"notice", trimmed(message)}});
}

std::unexpected<Error> statement_error(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view sqlstate = state == nullptr ? "" : state;
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  return fail(error_of(sqlstate),
              std::format("{} (SQLSTATE {})",
                          trimmed(primary == nullptr ? PQresultErrorMessage(result) : primary),
                          sqlstate.empty() ? "none" : sqlstate));
}

bool failed(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY;
}

// A text with NUL would be cut there by libpq; PostgreSQL's texts cannot hold it anyway.
Result<std::vector<const char*>> parameters_of(const std::vector<SqlValue>& values) {
  if (values.size() > kParametersMax) return fail(errors::kInvalid, "too many parameters");
  std::vector<const char*> parameters;
  parameters.reserve(values.size());
  for (const SqlValue& value : values) {
    if (value.text() && value.text()->contains('\0')) {
      return fail(errors::kInvalid,
                  std::format("parameter ${} holds a NUL", parameters.size() + 1));
    }
    parameters.push_back(value.text() ? value.text()->c_str() : nullptr);
  }
  return parameters;
}

Clock::time_point deadline_after(std::chrono::milliseconds statement_timeout) {
  if (statement_timeout.count() == 0) return Clock::time_point::max();
  return Clock::now() + statement_timeout + kAnswerMargin;
}

int poll_milliseconds(Clock::time_point deadline) {
  if (deadline == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

Result<std::unique_ptr<PgSession>> PgSession::connect(const DatabaseOptions& options) {
  // What follows `dbname` overrides what the URL in it says.
  const std::array keywords{
      "dbname",
      "application_name",
      "connect_timeout",
      "tcp_user_timeout",
      "keepalives",
      "keepalives_idle",
      "keepalives_interval",
      "keepalives_count",
      "client_encoding",
      options.password.empty() ? static_cast<const char*>(nullptr) : "password",
      static_cast<const char*>(nullptr)};
  const std::array values{options.url.c_str(),
                          options.application_name.c_str(),
                          kConnectTimeoutSeconds,
                          kTcpUserTimeoutMilliseconds,
                          "1",
                          kKeepalivesIdleSeconds,
                          kKeepalivesIntervalSeconds,
                          kKeepalivesCount,
                          "UTF8",
                          options.password.reveal().c_str(),
                          static_cast<const char*>(nullptr)};
  PgConnection connection{PQconnectdbParams(keywords.data(), values.data(), 1)};
  if (!connection) return fail(errors::kUnavailable, "no memory for a connection");
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return fail(errors::kUnavailable, trimmed(PQerrorMessage(connection.get())));
  }
  PQsetNoticeProcessor(connection.get(), log_notice, nullptr);
  std::unique_ptr<PgSession> session{
      new PgSession{std::move(connection), options.statement_timeout}};
  PODIUM_TRY(session->set_up());
  return session;
}

Result<void> PgSession::set_up() {
  if (PQsetnonblocking(connection_.get(), 1) != 0) return connection_error();
  PODIUM_TRY(run(kSetUp, {statement_timeout_.count()}));
  return {};
}

Result<std::unique_ptr<Rows>> PgSession::run(std::string_view sql,
                                             const std::vector<SqlValue>& values) {
  const auto parameters = PODIUM_TRY(parameters_of(values));
  if (!usable()) return fail(errors::kUnavailable, "the connection is lost");
  const int sent = PQsendQueryParams(connection_.get(), std::string{sql}.c_str(),
                                     static_cast<int>(parameters.size()), nullptr,
                                     parameters.data(), nullptr, nullptr, 0);
  PgResult result = PODIUM_TRY(finish(sent));
  return std::make_unique<PgRows>(std::move(result));
}

Result<void> PgSession::run_script(std::string_view sql) {
  if (!usable()) return fail(errors::kUnavailable, "the connection is lost");
  const int sent = PQsendQuery(connection_.get(), std::string{sql}.c_str());
  PODIUM_TRY(finish(sent));
  return {};
}

Result<void> PgSession::change_password(const std::string& role, const Secret& password) {
  if (!usable()) return fail(errors::kUnavailable, "the connection is lost");
  const PgResult result{
      PQchangePassword(connection_.get(), role.c_str(), password.reveal().c_str())};
  if (!result) return connection_error();
  if (failed(result.get())) return statement_error(result.get());
  return {};
}

Result<void> PgSession::transaction(const std::function<Result<void>(Session&)>& work) {
  PODIUM_TRY(run("BEGIN", {}));
  if (auto done = work(*this); !done) {
    if (connection_) std::ignore = run("ROLLBACK", {});
    return done;
  }
  return commit();
}

// The server answers COMMIT of a failed transaction with ROLLBACK and no error.
Result<void> PgSession::commit() {
  if (!usable()) return fail(errors::kUnavailable, "the connection was lost before COMMIT");
  const PgResult result = PODIUM_TRY(finish(PQsendQuery(connection_.get(), "COMMIT")));
  if (std::string_view{PQcmdStatus(result.get())} == "COMMIT") return {};
  return fail(errors::kInternal, "a statement of the transaction had failed; it was rolled back");
}

bool PgSession::usable() {
  if (!connection_ || PQstatus(connection_.get()) != CONNECTION_OK) return false;
  pollfd socket{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  if (::poll(&socket, 1, 0) <= 0) return true;
  // Something came although nothing was asked: often the server's farewell, which is read as data
  // first and only the second time as the end of the connection.
  return PQconsumeInput(connection_.get()) == 1 && PQconsumeInput(connection_.get()) == 1 &&
         PQstatus(connection_.get()) == CONNECTION_OK;
}

bool PgSession::quiet() const {
  if (!connection_ || PQstatus(connection_.get()) != CONNECTION_OK) return false;
  pollfd socket{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  return ::poll(&socket, 1, 0) == 0;
}

bool PgSession::idle() const {
  return connection_ && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

Result<PgResult> PgSession::finish(int sent) {
  if (sent != 1) return connection_error();
  const auto deadline = deadline_after(statement_timeout_);
  PODIUM_TRY(flush(deadline));
  return collect(deadline);
}

Result<void> PgSession::flush(Clock::time_point deadline) {
  for (int left = PQflush(connection_.get()); left != 0; left = PQflush(connection_.get())) {
    if (left < 0) return connection_error();
    PODIUM_TRY(wait_for_socket(POLLIN | POLLOUT, deadline));
    if (PQconsumeInput(connection_.get()) != 1) return connection_error();
  }
  return {};
}

// The first error of a script, else its last result. All results are taken, so that the connection
// is ready for the next statement.
Result<PgResult> PgSession::collect(Clock::time_point deadline) {
  PgResult kept;
  while (true) {
    while (PQisBusy(connection_.get()) == 1) {
      PODIUM_TRY(wait_for_socket(POLLIN, deadline));
      if (PQconsumeInput(connection_.get()) != 1) return connection_error();
    }
    PgResult next{PQgetResult(connection_.get())};
    if (!next) break;
    if (!kept || !failed(kept.get())) kept = std::move(next);
  }
  if (!kept) return connection_error();
  if (failed(kept.get())) return statement_error(kept.get());
  return kept;
}

Result<void> PgSession::wait_for_socket(short events, Clock::time_point deadline) {
  pollfd socket{.fd = PQsocket(connection_.get()), .events = events, .revents = 0};
  const int ready = ::poll(&socket, 1, poll_milliseconds(deadline));
  if (ready > 0 || (ready < 0 && errno == EINTR)) return {};
  if (ready == 0) return lost(errors::kTimeout, "PostgreSQL did not answer in time");
  return lost(errors::kUnavailable, "poll failed on the connection to PostgreSQL");
}

std::unexpected<Error> PgSession::lost(const ErrorCode& code, std::string detail) {
  connection_.reset();
  return fail(code, std::move(detail));
}

std::unexpected<Error> PgSession::connection_error() {
  return lost(errors::kUnavailable, trimmed(PQerrorMessage(connection_.get())));
}

}  // namespace podium::postgres
