// libpq's handles as unique_ptr. Only files of this folder include libpq-fe.h. A connection is used
// by one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace podium::postgres {

struct PgConnectionDeleter {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using PgConnection = std::unique_ptr<PGconn, PgConnectionDeleter>;

struct PgResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, PgResultDeleter>;

struct PgMemoryDeleter {
  void operator()(void* memory) const { PQfreemem(memory); }
};
using PgBytes = std::unique_ptr<unsigned char, PgMemoryDeleter>;

struct PgOptionsDeleter {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using PgOptions = std::unique_ptr<PQconninfoOption, PgOptionsDeleter>;

}  // namespace podium::postgres
