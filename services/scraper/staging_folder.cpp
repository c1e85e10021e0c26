#include "services/scraper/staging_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <format>
#include <system_error>

#include "libs/chassis/ids.hpp"
#include "services/scraper/file_writer.hpp"

namespace podium::scraper {
namespace {

namespace fs = std::filesystem;

// Locks stand beside the folders, so that a folder can be removed while its lock is held.
constexpr std::string_view kLockEnding = ".lock";

fs::path lock_of(const fs::path& folder) {
  return folder.string() + std::string{kLockEnding};
}

// The descriptor that holds the lock, or -1 when a living scraper has it.
int take_lock(const fs::path& lock, int flags) {
  constexpr mode_t kOwnerOnly = 0600;
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CLOEXEC | flags, kOwnerOnly);
  if (descriptor < 0) return -1;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

void remove_with_lock(const fs::path& folder, int lock) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  fs::remove(lock_of(folder), ignored);
  ::close(lock);
}

// Removes the folders whose lock nobody holds.
void sweep(const fs::path& work) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{work, ignored}) {
    if (entry.path().extension() != kLockEnding) continue;
    const fs::path folder = entry.path().parent_path() / entry.path().stem();
    const int lock = take_lock(entry.path(), 0);
    if (lock >= 0) remove_with_lock(folder, lock);
  }
}

}  // namespace

fs::path StagingFolder::new_path(const fs::path& work, std::string_view job_id) {
  return work / std::format("{}.{}", job_id, new_uuid_v7(std::chrono::system_clock::now()));
}

Result<StagingFolder> StagingFolder::make(fs::path path) {
  const auto work = path.parent_path();
  std::error_code failed;
  fs::create_directories(work, failed);
  if (failed) return disk_trouble(work.string(), failed);
  sweep(work);
  const int lock = take_lock(lock_of(path), O_CREAT | O_EXCL);
  if (lock < 0) return disk_trouble(lock_of(path).string(), {errno, std::generic_category()});
  StagingFolder folder{std::move(path), lock};
  fs::create_directory(folder.path(), failed);
  if (failed) return disk_trouble(folder.path().string(), failed);
  return folder;
}

StagingFolder::~StagingFolder() {
  if (lock_ >= 0) remove_with_lock(path_, lock_);
}

}  // namespace podium::scraper
