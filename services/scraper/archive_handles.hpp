// What owns the things of libarchive, each freed as its kind wants. Values only.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace podium::scraper {

namespace detail {
struct FreeReader {
  void operator()(archive* open) const { archive_read_free(open); }
};
struct FreeWriter {
  void operator()(archive* open) const { archive_write_free(open); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
}  // namespace detail

using ReadArchive = std::unique_ptr<archive, detail::FreeReader>;
using WriteArchive = std::unique_ptr<archive, detail::FreeWriter>;
using ArchiveEntry = std::unique_ptr<archive_entry, detail::FreeEntry>;

}  // namespace podium::scraper
