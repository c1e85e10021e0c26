#include <dirent.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/store/artifact_keys.hpp"
#include "libs/chassis/store/artifact_store.hpp"
#include "libs/chassis/store/store_metrics.hpp"

namespace podium {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr mode_t kFolderMode = 0750;
constexpr mode_t kFileMode = 0640;

std::unexpected<Error> broken(std::string_view act, const fs::path& path) {
  const std::string why = std::system_category().message(errno);
  return fail(errors::kUnavailable, std::string{act} + " " + path.string() + ": " + why);
}

// An open file; closes itself.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_{descriptor} {}
  ~File() { close(); }
  File(File&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  File& operator=(File&& other) noexcept {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
  }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_ = -1;
};

Result<void> sync_folder(const fs::path& folder) {
  const File opened{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!opened.is_open() || fsync(opened.descriptor()) != 0) return broken("cannot sync", folder);
  return {};
}

// Makes `relative` below `root` and syncs the parent of each new folder.
Result<void> make_folders(const fs::path& root, const fs::path& relative) {
  fs::path folder = root;
  for (const fs::path& part : relative) {
    const fs::path parent = folder;
    folder /= part;
    if (mkdir(folder.c_str(), kFolderMode) == 0) {
      PODIUM_TRY(sync_folder(parent));
    } else if (errno != EEXIST) {
      return broken("cannot make the folder", folder);
    }
  }
  return {};
}

// A file under tmp/ that hashes what is written to it; removed unless it is moved to its place.
class TemporaryFile {
 public:
  static Result<TemporaryFile> make(const fs::path& root) {
    std::array<unsigned char, 8> random{};
    if (RAND_bytes(random.data(), random.size()) != 1) {
      return fail(errors::kUnavailable, "the system gives no random bytes");
    }
    const std::string_view bytes{reinterpret_cast<const char*>(random.data()), random.size()};
    TemporaryFile made;
    made.path_ = root / "tmp" / (std::to_string(getpid()) + "-" + sha256_hex(bytes).substr(0, 16));
    made.file_ = File{open(made.path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode)};
    if (!made.file_.is_open()) return broken("cannot make", std::exchange(made.path_, {}));
    return made;
  }

  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(TemporaryFile&& other) noexcept
      : path_{std::exchange(other.path_, {})},
        file_{std::move(other.file_)},
        hash_{std::move(other.hash_)},
        bytes_{other.bytes_} {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;

  Result<void> write(std::string_view piece) {
    hash_.update(piece);
    bytes_ += piece.size();
    while (!piece.empty()) {
      const ssize_t written = ::write(file_.descriptor(), piece.data(), piece.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return broken("cannot write", path_);
      piece.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  std::uint64_t bytes() const { return bytes_; }
  /// Call once, when everything is written.
  std::string sha256() { return hash_.finish(); }

  /// Makes the bytes safe and moves them to `place`, replacing what is there.
  Result<void> move_to(const fs::path& place) {
    if (fsync(file_.descriptor()) != 0) return broken("cannot sync", path_);
    if (rename(path_.c_str(), place.c_str()) != 0) return broken("cannot put in place", place);
    path_.clear();
    return sync_folder(place.parent_path());
  }

 private:
  TemporaryFile() = default;

  fs::path path_;
  File file_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
};

v1::ArtifactRef reference(std::string key, std::string sha256, std::uint64_t bytes) {
  v1::ArtifactRef made;
  made.set_key(std::move(key));
  made.set_sha256(std::move(sha256));
  made.set_bytes(bytes);
  return made;
}

struct OpenContent {
  File file;
  std::uint64_t bytes = 0;
};

class DirectoryStore final : public ArtifactStore {
 public:
  explicit DirectoryStore(fs::path root) : root_{std::move(root)} {}

  Result<void> open();

  Result<v1::ArtifactRef> put_content(std::string_view bytes) override;
  Result<v1::ArtifactRef> put_content_file(const fs::path& file) override;
  Result<v1::ArtifactRef> put_named(std::string_view job, std::string_view owner,
                                    std::string_view name, std::string_view bytes) override;
  Result<std::string> get(std::string_view key, std::uint64_t bytes_max) override;
  Result<void> read(std::string_view key,
                    const std::function<bool(std::string_view piece)>& sink) override;
  Result<std::string> get_range(std::string_view key, std::uint64_t offset,
                                std::uint64_t length) override;
  Result<std::uint64_t> size(std::string_view key) override;
  Result<std::unique_ptr<Upload>> upload(std::string_view sha256, std::uint64_t bytes_max) override;
  Result<void> remove_content(std::string_view sha256) override;

  /// Puts a complete file where its hash says; keeps what is there already.
  Result<v1::ArtifactRef> keep_content(TemporaryFile file, const std::string& sha256);

 private:
  void sweep_leftovers() const;
  bool has(const fs::path& relative, std::uint64_t bytes) const;
  Result<void> place(TemporaryFile file, const fs::path& relative);
  Result<OpenContent> open_content(std::string_view key) const;

  fs::path root_;
};

class DirectoryUpload final : public ArtifactStore::Upload {
 public:
  DirectoryUpload(DirectoryStore& store, TemporaryFile file, std::string sha256,
                  std::uint64_t bytes_max)
      : store_{store}, file_{std::move(file)}, sha256_{std::move(sha256)}, bytes_max_{bytes_max} {}

  Result<void> write(std::string_view piece) override {
    if (piece.size() > bytes_max_ - file_.bytes()) {
      return fail(errors::kTooLarge,
                  "the upload is longer than " + std::to_string(bytes_max_) + " bytes");
    }
    return file_.write(piece);
  }

  Result<v1::ArtifactRef> finish() override {
    const std::string found = file_.sha256();
    if (found != sha256_) {
      return fail(errors::kInvalid, "the bytes hash to " + found + ", not to " + sha256_);
    }
    return store_.keep_content(std::move(file_), sha256_);
  }

 private:
  DirectoryStore& store_;
  TemporaryFile file_;
  std::string sha256_;
  std::uint64_t bytes_max_;
};

Result<void> DirectoryStore::open() {
  std::error_code error;
  fs::create_directories(root_, error);
  if (error) {
    return fail(errors::kUnavailable,
                "cannot make the folder " + root_.string() + ": " + error.message());
  }
  for (const char* folder : {"sha256", "jobs", "tmp"}) PODIUM_TRY(make_folders(root_, folder));
  PODIUM_TRY(TemporaryFile::make(root_));
  sweep_leftovers();
  return {};
}

// Several processes may sweep at once; a file that is gone already is nobody's loss.
void DirectoryStore::sweep_leftovers() const {
  std::error_code error;
  const auto oldest = fs::file_time_type::clock::now() - kLeftoverAgeMax;
  for (const fs::directory_entry& entry : fs::directory_iterator{root_ / "tmp", error}) {
    const auto written = entry.last_write_time(error);
    if (!error && written < oldest) fs::remove(entry.path(), error);
  }
}

bool DirectoryStore::has(const fs::path& relative, std::uint64_t bytes) const {
  struct stat found{};
  return lstat((root_ / relative).c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
         static_cast<std::uint64_t>(found.st_size) == bytes;
}

Result<void> DirectoryStore::place(TemporaryFile file, const fs::path& relative) {
  PODIUM_TRY(make_folders(root_, relative.parent_path()));
  count(metrics::kBytesStored, {}, static_cast<double>(file.bytes()));
  return file.move_to(root_ / relative);
}

Result<v1::ArtifactRef> DirectoryStore::keep_content(TemporaryFile file,
                                                     const std::string& sha256) {
  const std::uint64_t bytes = file.bytes();
  std::string key = PODIUM_TRY(content_key(sha256));
  const fs::path relative = PODIUM_TRY(path_of_key(key));
  if (!has(relative, bytes)) PODIUM_TRY(place(std::move(file), relative));
  return reference(std::move(key), sha256, bytes);
}

Result<void> DirectoryStore::remove_content(std::string_view sha256) {
  const std::string key = PODIUM_TRY(content_key(sha256));
  const fs::path place = root_ / PODIUM_TRY(path_of_key(key));
  if (unlink(place.c_str()) != 0 && errno != ENOENT) return broken("cannot remove", place);
  return {};
}

Result<v1::ArtifactRef> DirectoryStore::put_content(std::string_view bytes) {
  const std::string sha256 = sha256_hex(bytes);
  std::string key = PODIUM_TRY(content_key(sha256));
  if (has(PODIUM_TRY(path_of_key(key)), bytes.size())) {
    return reference(std::move(key), sha256, bytes.size());
  }
  TemporaryFile file = PODIUM_TRY(TemporaryFile::make(root_));
  PODIUM_TRY(file.write(bytes));
  return keep_content(std::move(file), sha256);
}

Result<v1::ArtifactRef> DirectoryStore::put_content_file(const fs::path& path) {
  const File source{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!source.is_open()) return broken("cannot open", path);
  TemporaryFile file = PODIUM_TRY(TemporaryFile::make(root_));
  std::string piece(kPieceBytes, '\0');
  for (;;) {
    const ssize_t got = ::read(source.descriptor(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken("cannot read", path);
    if (got == 0) break;
    PODIUM_TRY(file.write(std::string_view{piece}.substr(0, static_cast<std::size_t>(got))));
  }
  const std::string sha256 = file.sha256();
  return keep_content(std::move(file), sha256);
}

Result<v1::ArtifactRef> DirectoryStore::put_named(std::string_view job, std::string_view owner,
                                                  std::string_view name, std::string_view bytes) {
  std::string key = PODIUM_TRY(named_key(job, owner, name));
  const fs::path relative = PODIUM_TRY(path_of_key(key));
  TemporaryFile file = PODIUM_TRY(TemporaryFile::make(root_));
  PODIUM_TRY(file.write(bytes));
  std::string sha256 = file.sha256();
  PODIUM_TRY(place(std::move(file), relative));
  return reference(std::move(key), std::move(sha256), bytes.size());
}

Result<OpenContent> DirectoryStore::open_content(std::string_view key) const {
  const fs::path path = root_ / PODIUM_TRY(path_of_key(key));
  OpenContent content{.file = File{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)}};
  if (!content.file.is_open()) {
    if (errno != ENOENT && errno != ENOTDIR) return broken("cannot open", path);
    return fail(errors::kNotFound, "there is no artifact '" + std::string{key} + "'");
  }
  struct stat found{};
  if (fstat(content.file.descriptor(), &found) != 0) return broken("cannot look at", path);
  if (!S_ISREG(found.st_mode)) {
    return fail(errors::kNotFound, "there is no artifact '" + std::string{key} + "'");
  }
  content.bytes = static_cast<std::uint64_t>(found.st_size);
  return content;
}

// Reads up to `length` bytes at `offset`; fewer only at the end of the file.
Result<std::string> read_at(const File& file, std::uint64_t offset, std::uint64_t length) {
  std::string bytes(length, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = pread(file.descriptor(), bytes.data() + have, bytes.size() - have,
                              static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken("cannot read", "an artifact");
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

Result<std::string> DirectoryStore::get(std::string_view key, std::uint64_t bytes_max) {
  const OpenContent content = PODIUM_TRY(open_content(key));
  if (content.bytes > bytes_max) {
    return fail(errors::kTooLarge, "'" + std::string{key} + "' has " +
                                       std::to_string(content.bytes) + " bytes, the limit is " +
                                       std::to_string(bytes_max));
  }
  return read_at(content.file, 0, content.bytes);
}

Result<void> DirectoryStore::read(std::string_view key,
                                  const std::function<bool(std::string_view piece)>& sink) {
  const OpenContent content = PODIUM_TRY(open_content(key));
  for (std::uint64_t offset = 0; offset < content.bytes; offset += kPieceBytes) {
    const std::string piece = PODIUM_TRY(read_at(content.file, offset, kPieceBytes));
    if (!sink(piece)) return fail(errors::kStopped, "the receiver wants no more");
  }
  return {};
}

Result<std::string> DirectoryStore::get_range(std::string_view key, std::uint64_t offset,
                                              std::uint64_t length) {
  const OpenContent content = PODIUM_TRY(open_content(key));
  if (offset >= content.bytes) return std::string{};
  return read_at(content.file, offset, std::min(length, content.bytes - offset));
}

Result<std::uint64_t> DirectoryStore::size(std::string_view key) {
  return PODIUM_TRY(open_content(key)).bytes;
}

Result<std::unique_ptr<ArtifactStore::Upload>> DirectoryStore::upload(std::string_view sha256,
                                                                      std::uint64_t bytes_max) {
  PODIUM_TRY(content_key(sha256));
  TemporaryFile file = PODIUM_TRY(TemporaryFile::make(root_));
  return std::make_unique<DirectoryUpload>(*this, std::move(file), std::string{sha256}, bytes_max);
}

}  // namespace

Result<std::unique_ptr<ArtifactStore>> open_directory_store(const fs::path& folder) {
  auto store = std::make_unique<DirectoryStore>(folder);
  PODIUM_TRY(store->open());
  return store;
}

}  // namespace podium
