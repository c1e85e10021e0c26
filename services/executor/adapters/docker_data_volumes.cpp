#include "services/executor/adapters/docker_data_volumes.hpp"

#include <format>
#include <map>
#include <thread>

#include "libs/chassis/clock.hpp"
#include "libs/chassis/ids.hpp"
#include "libs/chassis/log.hpp"
#include "services/executor/adapters/byte_pipe.hpp"
#include "services/executor/adapters/docker_lists.hpp"
#include "services/executor/adapters/docker_names.hpp"
#include "services/executor/errors.hpp"
#include "services/executor/limits.hpp"
#include "services/executor/tar.hpp"

namespace podium::executor {
namespace {

/// The bytes on their way to the engine: looked at, hashed, counted.
class Inspection {
 public:
  explicit Inspection(const DataSource& data) : data_{data} {}

  bool take(std::string_view piece) {
    if (const auto guarded = guard_.feed(piece); !guarded) {
      problem_ = guarded.error().detail;
      return false;
    }
    hash_.update(piece);
    bytes_ += piece.size();
    if (data_.on_progress) data_.on_progress(bytes_);
    return true;
  }

  bool has_problem() const { return !problem_.empty(); }

  /// Success when all of it came and it is what it should be.
  Result<void> finish() {
    if (problem_.empty()) {
      if (const auto ended = guard_.finish(); !ended) problem_ = ended.error().detail;
    }
    if (problem_.empty() && hash_.finish() != data_.sha256) problem_ = "its hash is another one";
    if (problem_.empty()) return {};
    return fail(kDataUnsafe, std::format("data {}: {}", data_.sha256, problem_));
  }

 private:
  const DataSource& data_;
  TarGuard guard_;
  Sha256 hash_;
  std::uint64_t bytes_ = 0;
  std::string problem_;
};

}  // namespace

/// While it lives, this process is known to work on the lock, so that its own clean-up leaves it.
class DockerDataVolumes::FillingNote {
 public:
  FillingNote(DockerDataVolumes& volumes, std::string lock_name)
      : volumes_{volumes}, lock_name_{std::move(lock_name)} {
    const std::scoped_lock lock{volumes_.mutex_};
    volumes_.filling_.insert(lock_name_);
  }
  ~FillingNote() {
    const std::scoped_lock lock{volumes_.mutex_};
    volumes_.filling_.erase(volumes_.filling_.find(lock_name_));
  }
  FillingNote(const FillingNote&) = delete;
  FillingNote& operator=(const FillingNote&) = delete;
  const std::string& lock_name() const { return lock_name_; }

 private:
  DockerDataVolumes& volumes_;
  const std::string lock_name_;
};

Result<void> DockerDataVolumes::ensure(const DataSource& data, const docker::Settings& settings,
                                       std::stop_token stop) {
  {
    const std::scoped_lock lock{mutex_};
    last_used_[data.sha256] = now();
  }
  const auto until = std::chrono::steady_clock::now() + kFillTimeMax;
  while (std::chrono::steady_clock::now() < until) {
    if (PODIUM_TRY(complete(data.sha256))) return {};
    if (PODIUM_TRY(try_fill(data, settings, stop))) return {};
    PODIUM_TRY(clear_overdue_fill(data.sha256));
    if (!pause_for(kFillPollEvery, stop)) return fail(errors::kStopped, "waiting for data");
  }
  return fail(errors::kTimeout, std::format("data {} was not ready in time", data.sha256));
}

Result<bool> DockerDataVolumes::complete(std::string_view sha256) {
  const auto volume = PODIUM_TRY(docker::find_volume(api_, docker::data_volume(sha256)));
  const auto marker = PODIUM_TRY(docker::find_volume(api_, docker::data_marker(sha256)));
  if (!volume || !marker) return false;
  const auto fill_number = volume->label(docker::kFillLabel);
  return !fill_number.empty() && fill_number == marker->label(docker::kFillLabel) &&
         volume->label(docker::kDataLabel) == sha256 && marker->label(docker::kDataLabel) == sha256;
}

Result<std::optional<std::string>> DockerDataVolumes::make_volume(
    const DataSource& data, const docker::Settings& settings) {
  const auto body =
      docker::data_volume_body(data.sha256, data.bytes, new_uuid_v7(now()), settings, now());
  // Making a volume that exists gives the one that is there, with the labels that it was made with.
  const auto made =
      PODIUM_TRY(api_.call({.method = "POST", .path = "/volumes/create", .body = body}));
  const auto volume = PODIUM_TRY(docker::parse_volume(made.body));
  const auto fill_number = volume.label(docker::kFillLabel);
  if (!fill_number.empty() && volume.label(docker::kDataLabel) == data.sha256) return fill_number;
  // The engine made it unasked, for a container that named a volume that had just been removed.
  const auto removed = docker::remove_volume(api_, volume.name);
  if (!removed && !removed.error().is(errors::kConflict)) return std::unexpected{removed.error()};
  return std::nullopt;
}

Result<bool> DockerDataVolumes::try_fill(const DataSource& data, const docker::Settings& settings,
                                         std::stop_token stop) {
  const auto fill_number = PODIUM_TRY(make_volume(data, settings));
  if (!fill_number) return false;
  const FillingNote note{*this, docker::fill_container(data.sha256)};
  const auto locked = api_.call({.method = "POST",
                                 .path = "/containers/create",
                                 .query = {{"name", note.lock_name()}},
                                 .body = docker::fill_body(data.sha256, settings, now())});
  if (!locked && locked.error().is(errors::kConflict)) return false;
  if (!locked) return std::unexpected{locked.error()};
  const auto filled = fill(data, *fill_number, settings, stop);
  const auto unlocked = docker::remove_container(api_, note.lock_name());
  PODIUM_TRY(filled);
  PODIUM_TRY(unlocked);
  return true;
}

Result<void> DockerDataVolumes::fill(const DataSource& data, const std::string& fill_number,
                                     const docker::Settings& settings, std::stop_token stop) {
  // Somebody else may have been at it until now.
  if (PODIUM_TRY(complete(data.sha256))) return {};
  const auto volume = PODIUM_TRY(docker::find_volume(api_, docker::data_volume(data.sha256)));
  if (!volume || volume->label(docker::kFillLabel) != fill_number) {
    return fail(errors::kConflict, "the data volume was removed while it was locked");
  }
  PODIUM_TRY(send_tar(data, stop));
  PODIUM_TRY(bring_to_disk(data.sha256, stop));
  PODIUM_TRY(set_marker(data.sha256, fill_number, settings));
  log_info("data volume filled", {{"sha256", data.sha256}, {"bytes", data.bytes}});
  return {};
}

Result<void> DockerDataVolumes::send_tar(const DataSource& data, std::stop_token stop) {
  BytePipe pipe{kFillBufferBytesMax};
  Inspection inspection{data};
  Result<void> read;
  std::jthread reader{[&] {
    read = data.read(
        [&](std::string_view piece) { return inspection.take(piece) && pipe.write(piece); });
    pipe.close_writing(read.has_value());
  }};
  auto answer =
      api_.call({.method = "PUT",
                 .path = "/containers/" + docker::fill_container(data.sha256) + "/archive",
                 .query = {{"path", std::string{kInputFolder}}},
                 .content_type = "application/x-tar",
                 .body_source =
                     [&pipe](char* buffer, std::size_t room) {
                       return pipe.read(buffer, room).value_or(kHttpBodyAborted);
                     },
                 .body_bytes = static_cast<std::int64_t>(data.bytes),
                 .total_timeout = kFillTimeMax,
                 .stop = stop});
  pipe.close_reading();
  reader.join();
  // What is wrong with the data, or with where it comes from, explains whatever the engine made of
  // it.
  if (inspection.has_problem()) return inspection.finish();
  if (!read && !read.error().is(errors::kStopped)) return read;
  if (!answer) return std::unexpected{answer.error()};
  return inspection.finish();
}

Result<void> DockerDataVolumes::bring_to_disk(std::string_view sha256, std::stop_token stop) {
  const auto path = "/containers/" + docker::fill_container(sha256);
  PODIUM_TRY(api_.call({.method = "POST", .path = path + "/start"}));
  const auto waited = PODIUM_TRY(api_.call({.method = "POST",
                                            .path = path + "/wait",
                                            .query = {{"condition", "not-running"}},
                                            .total_timeout = kFillTimeMax,
                                            .stop = stop}));
  const int status = PODIUM_TRY(docker::parse_exit_status(waited.body));
  if (status == 0) return {};
  return fail(kSandboxUnavailable,
              std::format("bringing data to the disk ended with exit code {}", status));
}

Result<void> DockerDataVolumes::set_marker(std::string_view sha256, const std::string& fill_number,
                                           const docker::Settings& settings) {
  const auto name = docker::data_marker(sha256);
  for (int tries = 0; tries < 2; ++tries) {
    const auto made = PODIUM_TRY(
        api_.call({.method = "POST",
                   .path = "/volumes/create",
                   .body = docker::data_marker_body(sha256, fill_number, settings, now())}));
    const auto marker = PODIUM_TRY(docker::parse_volume(made.body));
    if (marker.label(docker::kFillLabel) == fill_number) return {};
    // The marker of an earlier volume of this name.
    PODIUM_TRY(docker::remove_volume(api_, name));
  }
  return fail(errors::kConflict, std::format("the marker {} cannot be set", name));
}

Result<std::vector<DataListing>> DockerDataVolumes::list(const std::string& stack) {
  const auto markers =
      PODIUM_TRY(docker::list_volumes(api_, docker::of_kind("data-complete", stack)));
  std::map<std::string, std::string> fill_numbers;
  for (const auto& marker : markers) {
    fill_numbers[marker.label(docker::kDataLabel)] = marker.label(docker::kFillLabel);
  }
  const auto volumes = PODIUM_TRY(docker::list_volumes(api_, docker::of_kind("data", stack)));
  std::vector<DataListing> all;
  for (const auto& volume : volumes) {
    const auto sha256 = volume.label(docker::kDataLabel);
    const auto marker = fill_numbers.find(sha256);
    all.push_back({.sha256 = sha256,
                   .bytes = volume.number(docker::kBytesLabel),
                   .last_used = last_use_of(sha256, volume.time(docker::kCreatedLabel)),
                   .complete = marker != fill_numbers.end() &&
                               marker->second == volume.label(docker::kFillLabel)});
    if (marker != fill_numbers.end()) fill_numbers.erase(marker);
  }
  // A marker without its volume is waste as well.
  for (const auto& [sha256, fill_number] : fill_numbers) {
    all.push_back({.sha256 = sha256, .bytes = 0, .last_used = {}, .complete = false});
  }
  return all;
}

Result<void> DockerDataVolumes::remove(std::string_view sha256) {
  if (is_filling(docker::fill_container(sha256))) {
    return fail(errors::kConflict, "the data volume is being filled");
  }
  // The volume first: while somebody uses it this fails, and then its marker must stay.
  PODIUM_TRY(docker::remove_volume(api_, docker::data_volume(sha256)));
  {
    const std::scoped_lock lock{mutex_};
    last_used_.erase(std::string{sha256});
  }
  return docker::remove_volume(api_, docker::data_marker(sha256));
}

Result<void> DockerDataVolumes::clear_overdue_fill(std::string_view sha256) {
  const auto name = docker::fill_container(sha256);
  const auto same_data =
      PODIUM_TRY(docker::list_containers(api_, {std::format("{}={}", docker::kDataLabel, sha256)}));
  for (const auto& fill : same_data) {
    if (fill.name != name || fill.time(docker::kReapAfterLabel) > now()) continue;
    log_warning("a fill that took too long is given up", {{"container", name}});
    PODIUM_TRY(docker::remove_container(api_, name));
  }
  return {};
}

Result<void> DockerDataVolumes::clear_stale_fills(
    const docker::Settings& settings,
    const std::function<bool(std::string_view executor)>& is_alive) {
  const auto fills =
      PODIUM_TRY(docker::list_containers(api_, docker::of_kind("fill", settings.stack)));
  for (const auto& fill : fills) {
    const auto owner = fill.label(docker::kExecutorLabel);
    const bool works = owner == settings.executor ? is_filling(fill.name) : is_alive(owner);
    if (works) continue;
    log_warning("a fill that nobody works on is removed", {{"container", fill.name}});
    PODIUM_TRY(docker::remove_container(api_, fill.name));
  }
  return {};
}

TimePoint DockerDataVolumes::last_use_of(const std::string& sha256, TimePoint created) {
  const std::scoped_lock lock{mutex_};
  const auto known = last_used_.find(sha256);
  return known == last_used_.end() ? created : known->second;
}

bool DockerDataVolumes::is_filling(std::string_view lock_name) {
  const std::scoped_lock lock{mutex_};
  return filling_.contains(lock_name);
}

}  // namespace podium::executor
