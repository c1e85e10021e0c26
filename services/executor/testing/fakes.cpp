#include "services/executor/testing/fakes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <format>

#include "libs/chassis/event.hpp"
#include "services/executor/limits.hpp"

namespace podium::executor::fakes {

Result<std::optional<KeyValue::Entry>> FakeKeyValue::get(std::string_view key) {
  const std::scoped_lock lock{mutex_};
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

Result<std::uint64_t> FakeKeyValue::create(std::string_view key, std::string_view value) {
  {
    const std::scoped_lock lock{mutex_};
    if (entries_.contains(key)) return fail(errors::kConflict, "the key has a value");
  }
  return put(key, value);
}

Result<std::uint64_t> FakeKeyValue::update(std::string_view key, std::string_view value,
                                           std::uint64_t revision) {
  {
    const std::scoped_lock lock{mutex_};
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.revision != revision) {
      return fail(errors::kConflict, "another revision");
    }
  }
  return put(key, value);
}

Result<std::uint64_t> FakeKeyValue::put(std::string_view key, std::string_view value) {
  const std::scoped_lock lock{mutex_};
  entries_[std::string{key}] = {.key = std::string{key},
                                .value = std::string{value},
                                .revision = ++revision_,
                                .deleted = false};
  return revision_;
}

Result<void> FakeKeyValue::remove(std::string_view key) {
  const std::scoped_lock lock{mutex_};
  if (const auto found = entries_.find(key); found != entries_.end()) entries_.erase(found);
  return {};
}

Result<std::vector<std::string>> FakeKeyValue::keys() {
  const std::scoped_lock lock{mutex_};
  std::vector<std::string> all;
  for (const auto& [key, entry] : entries_) all.push_back(key);
  return all;
}

Result<std::unique_ptr<Subscription>> FakeKeyValue::watch(std::function<void(const Entry&)>) {
  return fail(errors::kUnavailable, "nothing here watches");
}

Result<void> FakeDelivery::ack() {
  ++settled_.acknowledged;
  return {};
}

Result<void> FakeDelivery::retry_after(std::chrono::milliseconds delay) {
  settled_.handed_back.push_back(delay);
  return {};
}

Result<void> FakeDelivery::terminate(std::string_view reason) {
  settled_.terminated.emplace_back(reason);
  return {};
}

Result<void> FakeDelivery::in_progress() {
  ++settled_.beats;
  return {};
}

Result<bool> FakeLedger::is_executed(std::string_view, std::string_view run_id) {
  const std::scoped_lock lock{mutex_};
  if (error_) return std::unexpected{*error_};
  return executed_.contains(run_id);
}

Result<JobState> FakeLedger::job_state(std::string_view job_id) {
  const std::scoped_lock lock{mutex_};
  if (error_) return std::unexpected{*error_};
  const auto found = jobs_.find(job_id);
  return found == jobs_.end() ? JobState::open : found->second;
}

Result<void> FakeLedger::publish(const v1::Event& event, std::string_view) {
  const std::scoped_lock lock{mutex_};
  if (error_) return std::unexpected{*error_};
  events_.push_back(event);
  if (event.has_executed()) executed_.insert(event.executed().run_id());
  return {};
}

Result<void> FakeLedger::publish_quietly(const v1::Event& event) {
  return publish(event, {});
}

void FakeLedger::set_job(const std::string& job_id, JobState state) {
  const std::scoped_lock lock{mutex_};
  jobs_[job_id] = state;
}

void FakeLedger::set_executed(const std::string& run_id) {
  const std::scoped_lock lock{mutex_};
  executed_.insert(run_id);
}

void FakeLedger::fail_with(std::optional<Error> error) {
  const std::scoped_lock lock{mutex_};
  error_ = std::move(error);
}

std::vector<v1::Event> FakeLedger::events() const {
  const std::scoped_lock lock{mutex_};
  return events_;
}

int FakeLedger::count(std::string_view name) const {
  const auto all = events();
  return static_cast<int>(std::ranges::count_if(
      all, [name](const v1::Event& event) { return event_name(event) == name; }));
}

v1::Executed FakeLedger::only_executed() const {
  EXPECT_EQ(count("executed"), 1);
  for (const auto& event : events()) {
    if (event.has_executed()) return event.executed();
  }
  return {};
}

std::optional<Error> FakeRuntime::error() const {
  const std::scoped_lock lock{mutex_};
  return error_;
}

Result<EngineFacts> FakeRuntime::self_check() {
  if (const auto failed = error()) return std::unexpected{*failed};
  const std::scoped_lock lock{mutex_};
  return EngineFacts{.id = engine_id_,
                     .version = "1",
                     .runtime = "fake",
                     .cpus = 4,
                     .memory_bytes = 16ULL << 30,
                     .image_id = "sha256:1"};
}

Result<void> FakeRuntime::ensure_data(const DataSource&, std::stop_token) {
  if (const auto failed = error()) return std::unexpected{*failed};
  return {};
}

Result<void> FakeRuntime::start(const SandboxSpec& spec) {
  if (const auto failed = error()) return std::unexpected{*failed};
  const std::scoped_lock lock{mutex_};
  started_.push_back(spec);
  auto& state = states_[spec.run_id];
  state.phase = exit_code_ ? SandboxPhase::ended : SandboxPhase::running;
  state.exit_code = exit_code_.value_or(0);
  state.started_at = std::chrono::system_clock::now();
  state.ended_at = state.started_at + std::chrono::seconds{1};
  return {};
}

Result<SandboxState> FakeRuntime::inspect(std::string_view run_id) {
  if (const auto failed = error()) return std::unexpected{*failed};
  const std::scoped_lock lock{mutex_};
  const auto found = states_.find(run_id);
  return found == states_.end() ? SandboxState{} : found->second;
}

Result<bool> FakeRuntime::wait(std::string_view run_id, std::chrono::milliseconds timeout,
                               std::stop_token stop) {
  if (const auto failed = error()) return std::unexpected{*failed};
  std::unique_lock lock{mutex_};
  const auto ended = [&] {
    const auto found = states_.find(run_id);
    return error_ || found == states_.end() || found->second.phase == SandboxPhase::ended;
  };
  changed_.wait_for(lock, stop, timeout, ended);
  if (stop.stop_requested()) return fail(errors::kStopped, "stopped");
  if (!states_.contains(run_id)) return fail(errors::kNotFound, "gone");
  return states_.find(run_id)->second.phase == SandboxPhase::ended;
}

Result<std::optional<Usage>> FakeRuntime::usage(std::string_view) {
  return Usage{.cpu_seconds = 1.5, .memory_peak_bytes = 100};
}

Result<void> FakeRuntime::follow_log(std::string_view, std::optional<TimePoint>,
                                     const std::function<bool(std::string_view bytes)>& sink,
                                     std::stop_token stop) {
  std::unique_lock lock{mutex_};
  const auto log = log_;
  lock.unlock();
  sink(log);
  lock.lock();
  // Like an engine, it ends when the program has ended.
  changed_.wait(lock, stop, [this] {
    return std::ranges::all_of(
        states_, [](const auto& one) { return one.second.phase == SandboxPhase::ended; });
  });
  return {};
}

Result<std::string> FakeRuntime::log_end(std::string_view) {
  return std::string{"the end"};
}

Result<void> FakeRuntime::kill(std::string_view run_id) {
  if (const auto failed = error()) return std::unexpected{*failed};
  {
    const std::scoped_lock lock{mutex_};
    killed_.emplace_back(run_id);
    auto& state = states_[std::string{run_id}];
    state.phase = SandboxPhase::ended;
    state.exit_code = 137;
  }
  changed_.notify_all();
  return {};
}

Result<Collected> FakeRuntime::collect(std::string_view, SandboxFile which, std::string_view,
                                       std::uint64_t, ScratchFile&) {
  if (const auto failed = error()) return std::unexpected{*failed};
  const std::scoped_lock lock{mutex_};
  return which == SandboxFile::predictions ? collected_
                                           : Collected{.kind = Collected::Kind::file, .detail = {}};
}

Result<std::optional<OutputSpace>> FakeRuntime::output_space(std::string_view) {
  const std::scoped_lock lock{mutex_};
  return space_;
}

Result<void> FakeRuntime::remove(std::string_view run_id) {
  if (const auto failed = error()) return std::unexpected{*failed};
  {
    const std::scoped_lock lock{mutex_};
    removed_.emplace_back(run_id);
    if (const auto found = states_.find(run_id); found != states_.end()) states_.erase(found);
  }
  changed_.notify_all();
  return {};
}

Result<std::vector<SandboxListing>> FakeRuntime::list() {
  const std::scoped_lock lock{mutex_};
  return sandboxes_;
}

Result<std::vector<DataListing>> FakeRuntime::list_data() {
  const std::scoped_lock lock{mutex_};
  return data_;
}

Result<void> FakeRuntime::remove_data(std::string_view sha256) {
  const std::scoped_lock lock{mutex_};
  removed_data_.emplace_back(sha256);
  return {};
}

Result<void> FakeRuntime::clear_stale_helpers(const std::function<bool(std::string_view)>&) {
  return {};
}

void FakeRuntime::on_start_end_with(std::optional<int> exit_code) {
  const std::scoped_lock lock{mutex_};
  exit_code_ = exit_code;
}

void FakeRuntime::set_state(const std::string& run_id, SandboxState state) {
  {
    const std::scoped_lock lock{mutex_};
    states_[run_id] = std::move(state);
  }
  changed_.notify_all();
}

void FakeRuntime::set_listing(std::vector<SandboxListing> sandboxes) {
  const std::scoped_lock lock{mutex_};
  sandboxes_ = std::move(sandboxes);
}

void FakeRuntime::set_data(std::vector<DataListing> data) {
  const std::scoped_lock lock{mutex_};
  data_ = std::move(data);
}

void FakeRuntime::set_log(std::string log) {
  const std::scoped_lock lock{mutex_};
  log_ = std::move(log);
}

void FakeRuntime::set_collected(Collected collected) {
  const std::scoped_lock lock{mutex_};
  collected_ = std::move(collected);
}

void FakeRuntime::set_space(OutputSpace space) {
  const std::scoped_lock lock{mutex_};
  space_ = space;
}

void FakeRuntime::set_engine(std::string engine_id) {
  const std::scoped_lock lock{mutex_};
  engine_id_ = std::move(engine_id);
}

void FakeRuntime::fail_with(std::optional<Error> error) {
  {
    const std::scoped_lock lock{mutex_};
    error_ = std::move(error);
  }
  changed_.notify_all();
}

std::vector<SandboxSpec> FakeRuntime::started() const {
  const std::scoped_lock lock{mutex_};
  return started_;
}

std::vector<std::string> FakeRuntime::killed() const {
  const std::scoped_lock lock{mutex_};
  return killed_;
}

std::vector<std::string> FakeRuntime::removed() const {
  const std::scoped_lock lock{mutex_};
  return removed_;
}

std::vector<std::string> FakeRuntime::removed_data() const {
  const std::scoped_lock lock{mutex_};
  return removed_data_;
}

Result<CheckReport> FakeCheck::check(const CheckInput&) {
  CheckReport report;
  report.verdict = verdict;
  report.score = score;
  report.predictions = PODIUM_TRY(ScratchFile::make(::testing::TempDir()));
  report.submission = PODIUM_TRY(ScratchFile::make(::testing::TempDir()));
  PODIUM_TRY(report.predictions.append("id,y\n1,2\n"));
  PODIUM_TRY(report.submission.append("id,y\n1,2\n"));
  return report;
}

v1::Event make_ticket() {
  v1::Event event;
  event.set_id(std::format("{}/run_ticket/1", kJobId));
  event.set_job_id(kJobId);
  event.set_tenant("default");
  auto& ticket = *event.mutable_run_ticket();
  ticket.set_run_id(std::format("{}-c1-1", kJobId));
  ticket.set_candidate_id("c1");
  ticket.set_attempt(1);
  ticket.set_purpose(v1::RUN_PURPOSE_SEARCH);
  ticket.set_resource_class("cpu");
  ticket.set_band(1);
  event.set_subject_id(std::format("cpu.1.{}", ticket.run_id()));
  return event;
}

}  // namespace podium::executor::fakes
