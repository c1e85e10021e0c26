// How the executor's containers and volumes are named and labelled. Names make every creation safe
// to repeat (the engine refuses a second one), labels are how they are found again. Pure.
#pragma once

#include <format>
#include <string>
#include <string_view>

namespace podium::executor::docker {

// Labels. `podium` is the kind: run, data, fill or probe.
inline constexpr std::string_view kKindLabel = "podium";
inline constexpr std::string_view kStackLabel = "podium.stack";
inline constexpr std::string_view kRunLabel = "podium.run";
inline constexpr std::string_view kJobLabel = "podium.job";
inline constexpr std::string_view kEngineLabel = "podium.engine";
inline constexpr std::string_view kExecutorLabel = "podium.executor";
inline constexpr std::string_view kAttemptLabel = "podium.attempt";
/// Seconds since 1970.
inline constexpr std::string_view kCreatedLabel = "podium.created";
inline constexpr std::string_view kReapAfterLabel = "podium.reap_after";
inline constexpr std::string_view kDataLabel = "podium.sha256";
inline constexpr std::string_view kBytesLabel = "podium.bytes";
/// Drawn anew with each data volume; the marker of a filled one repeats it.
inline constexpr std::string_view kFillLabel = "podium.fill";

inline std::string run_container(std::string_view run_id) {
  return std::format("podium-{}", run_id);
}
/// Sleeps beside the run and holds its output, which is memory, until it is collected.
inline std::string keeper_container(std::string_view run_id) {
  return std::format("podium-{}-keeper", run_id);
}
inline std::string work_volume(std::string_view run_id) {
  return std::format("podium-{}-work", run_id);
}
inline std::string code_volume(std::string_view run_id) {
  return std::format("podium-{}-code", run_id);
}

/// Enough of the hash to tell any two data sets apart, short enough to read.
inline constexpr std::size_t kHashPrefix = 32;

inline std::string data_volume(std::string_view sha256) {
  return std::format("podium-data-{}", sha256.substr(0, kHashPrefix));
}
/// Exists when the data volume is filled to the end.
inline std::string data_marker(std::string_view sha256) {
  return std::format("podium-data-{}-complete", sha256.substr(0, kHashPrefix));
}
/// Exists while somebody fills the data volume: the lock, and the hand that fills.
inline std::string fill_container(std::string_view sha256) {
  return std::format("podium-fill-{}", sha256.substr(0, kHashPrefix));
}
inline std::string probe_container(std::string_view stack, std::string_view executor) {
  return std::format("podium-probe-{}-{}", stack, executor);
}

}  // namespace podium::executor::docker
