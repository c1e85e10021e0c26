#include <algorithm>
#include <condition_variable>
#include <format>
#include <mutex>

#include "libs/chassis/postgres/pg_session.hpp"
#include "libs/chassis/postgres/postgres.hpp"

namespace podium {
namespace postgres {
namespace {

// Hands sessions out and takes them back. Lost ones, and ones in an open transaction, are closed.
class Pool {
 public:
  explicit Pool(DatabaseOptions options) : options_{std::move(options)} {}

  const DatabaseOptions& options() const { return options_; }

  Result<std::unique_ptr<PgSession>> take() {
    std::unique_ptr<PgSession> session;
    {
      std::unique_lock lock{mutex_};
      const bool free = returned_.wait_for(lock, kConnectionWaitMax,
                                           [&] { return in_use_ < options_.connections_max; });
      if (!free) return fail(errors::kUnavailable, "all connections to PostgreSQL are in use");
      ++in_use_;
      if (!idle_.empty()) {
        session = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (session && session->quiet()) return session;
    auto fresh = PgSession::connect(options_);
    if (!fresh) give_back(nullptr);
    return fresh;
  }

  void give_back(std::unique_ptr<PgSession> session) {
    {
      const std::scoped_lock lock{mutex_};
      --in_use_;
      if (session && session->usable() && session->idle()) idle_.push_back(std::move(session));
    }
    returned_.notify_one();
  }

 private:
  const DatabaseOptions options_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<PgSession>> idle_;  // guarded by mutex_
  int in_use_ = 0;                                // guarded by mutex_
};

// A session of the pool, given back when this ends.
class Lease {
 public:
  static Result<Lease> of(Pool& pool) { return Lease{pool, PODIUM_TRY(pool.take())}; }
  ~Lease() {
    if (session_) pool_->give_back(std::move(session_));
  }
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) = delete;

  PgSession* operator->() const { return session_.get(); }
  PgSession& operator*() const { return *session_; }

 private:
  Lease(Pool& pool, std::unique_ptr<PgSession> session)
      : pool_{&pool}, session_{std::move(session)} {}

  Pool* pool_;
  std::unique_ptr<PgSession> session_;
};

class PgDatabase final : public Database {
 public:
  explicit PgDatabase(const DatabaseOptions& options) : pool_{options} {}

  Result<std::unique_ptr<Rows>> run(std::string_view sql,
                                    const std::vector<SqlValue>& values) override {
    const Lease session = PODIUM_TRY(Lease::of(pool_));
    return session->run(sql, values);
  }

  Result<void> transaction(const std::function<Result<void>(Session&)>& work) override {
    const Lease session = PODIUM_TRY(Lease::of(pool_));
    return session->transaction(work);
  }

  Result<std::unique_ptr<Session>> session() override {
    return PODIUM_TRY(PgSession::connect(pool_.options()));
  }

 private:
  Pool pool_;
};

}  // namespace
}  // namespace postgres

DatabaseOptions read_database_options(Environment& environment, std::string_view service) {
  DatabaseOptions options;
  options.url = environment.text("DATABASE_URL",
                                 std::format("postgresql://podium_{}@127.0.0.1/podium", service));
  options.password = environment.secret("PODIUM_DATABASE_PASSWORD");
  options.application_name = std::format("podium-{}", service);
  return options;
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options) {
  char* message = nullptr;
  const postgres::PgOptions parsed{PQconninfoParse(options.url.c_str(), &message)};
  const std::unique_ptr<char, postgres::PgMemoryDeleter> problem{message};
  if (!parsed) return fail(errors::kConfiguration, "DATABASE_URL is not a PostgreSQL URL");
  if (options.connections_max < 1) {
    return fail(errors::kConfiguration, "a database needs at least one connection");
  }
  return std::make_unique<postgres::PgDatabase>(options);
}

}  // namespace podium
