// What a table's file says that no such file may say. Thrown within this folder only, by code that
// reads what strangers wrote, and turned into an Error by the functions that others call.
// Thread-safe; an exception is its thrower's.
#pragma once

#include <exception>
#include <expected>
#include <filesystem>
#include <new>
#include <stdexcept>

#include "libs/chassis/result.hpp"
#include "libs/competition/reasons.hpp"
#include "services/scraper/file_writer.hpp"

namespace podium::scraper::tables {

class BrokenTable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Within a handler only: what the exception means. DATA_UNREADABLE for whatever a file made a
/// reader throw, want of memory included; DISK_TOO_SMALL or UNAVAILABLE when the disk did.
inline std::unexpected<Error> unreadable() try {
  throw;
} catch (const std::filesystem::filesystem_error& error) {
  return disk_trouble(error);
} catch (const std::bad_alloc&) {
  return fail(competition::reasons::kDataUnreadable, "reading it takes too much memory");
} catch (const std::exception& error) {
  return fail(competition::reasons::kDataUnreadable, error.what());
}

}  // namespace podium::scraper::tables
