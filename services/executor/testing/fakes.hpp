// Stand-ins for the executor's ports, in memory and under a test's control. Thread-safe where the
// code under test uses threads.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libs/chassis/bus/bus.hpp"
#include "services/executor/ports.hpp"

namespace podium::executor::fakes {

/// A bucket in memory with revisions.
class FakeKeyValue : public KeyValue {
 public:
  Result<std::optional<Entry>> get(std::string_view key) override;
  Result<std::uint64_t> create(std::string_view key, std::string_view value) override;
  Result<std::uint64_t> update(std::string_view key, std::string_view value,
                               std::uint64_t revision) override;
  Result<std::uint64_t> put(std::string_view key, std::string_view value) override;
  Result<void> remove(std::string_view key) override;
  Result<std::vector<std::string>> keys() override;
  Result<std::unique_ptr<Subscription>> watch(std::function<void(const Entry& entry)>) override;

 private:
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t revision_ = 0;
};

/// What a test sees of how a ticket was settled.
struct Settled {
  int acknowledged = 0;
  int beats = 0;
  std::vector<std::chrono::milliseconds> handed_back;
  std::vector<std::string> terminated;
};

class FakeDelivery : public Delivery {
 public:
  FakeDelivery(Settled& settled, std::string subject, std::string data,
               std::uint64_t deliveries = 1)
      : settled_{settled},
        subject_{std::move(subject)},
        data_{std::move(data)},
        deliveries_{deliveries} {}
  const std::string& subject() const override { return subject_; }
  std::string_view data() const override { return data_; }
  std::uint64_t sequence() const override { return 1; }
  std::uint64_t deliveries() const override { return deliveries_; }
  std::uint64_t pending() const override { return 0; }
  Result<void> ack() override;
  Result<void> retry_after(std::chrono::milliseconds delay) override;
  Result<void> terminate(std::string_view reason) override;
  Result<void> in_progress() override;

 private:
  Settled& settled_;
  std::string subject_;
  std::string data_;
  std::uint64_t deliveries_;
};

/// Keeps what is published and answers as the test says.
class FakeLedger : public RunLedger {
 public:
  Result<bool> is_executed(std::string_view job_id, std::string_view run_id) override;
  Result<JobState> job_state(std::string_view job_id) override;
  Result<void> publish(const v1::Event& event, std::string_view parent) override;
  Result<void> publish_quietly(const v1::Event& event) override;

  void set_job(const std::string& job_id, JobState state);
  void set_executed(const std::string& run_id);
  /// The next calls fail with this, until it is set to nullopt.
  void fail_with(std::optional<Error> error);
  std::vector<v1::Event> events() const;
  /// The one event `executed`; fails the test when there is another number of them.
  v1::Executed only_executed() const;
  int count(std::string_view name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, JobState, std::less<>> jobs_;
  std::set<std::string, std::less<>> executed_;
  std::vector<v1::Event> events_;
  std::optional<Error> error_;
};

/// An engine in memory: sandboxes are states that the test sets.
class FakeRuntime : public SandboxRuntime {
 public:
  Result<EngineFacts> self_check() override;
  Result<void> ensure_data(const DataSource& data, std::stop_token stop) override;
  Result<void> start(const SandboxSpec& spec) override;
  Result<SandboxState> inspect(std::string_view run_id) override;
  Result<bool> wait(std::string_view run_id, std::chrono::milliseconds timeout,
                    std::stop_token stop) override;
  Result<std::optional<Usage>> usage(std::string_view run_id) override;
  Result<void> follow_log(std::string_view run_id, std::optional<TimePoint> since,
                          const std::function<bool(std::string_view bytes)>& sink,
                          std::stop_token stop) override;
  Result<std::string> log_end(std::string_view run_id) override;
  Result<void> kill(std::string_view run_id) override;
  Result<Collected> collect(std::string_view run_id, SandboxFile which, std::string_view path,
                            std::uint64_t bytes_max, ScratchFile& into) override;
  Result<std::optional<OutputSpace>> output_space(std::string_view run_id) override;
  Result<void> remove(std::string_view run_id) override;
  Result<std::vector<SandboxListing>> list() override;
  Result<std::vector<DataListing>> list_data() override;
  Result<void> remove_data(std::string_view sha256) override;
  Result<void> clear_stale_helpers(
      const std::function<bool(std::string_view executor)>& is_alive) override;

  /// What a started sandbox becomes: nullopt lets it run until the test ends or kills it.
  void on_start_end_with(std::optional<int> exit_code);
  void set_state(const std::string& run_id, SandboxState state);
  void set_listing(std::vector<SandboxListing> sandboxes);
  void set_data(std::vector<DataListing> data);
  void set_log(std::string log);
  void set_collected(Collected collected);
  void set_space(OutputSpace space);
  void set_engine(std::string engine_id);
  /// Every call fails with this, until it is set to nullopt.
  void fail_with(std::optional<Error> error);

  std::vector<SandboxSpec> started() const;
  std::vector<std::string> killed() const;
  std::vector<std::string> removed() const;
  std::vector<std::string> removed_data() const;

 private:
  std::optional<Error> error() const;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string engine_id_ = "engine-a";
  std::optional<int> exit_code_ = 0;
  std::map<std::string, SandboxState, std::less<>> states_;
  std::vector<SandboxListing> sandboxes_;
  std::vector<DataListing> data_;
  std::string log_;
  Collected collected_{.kind = Collected::Kind::file, .detail = {}};
  std::optional<OutputSpace> space_;
  std::optional<Error> error_;
  std::vector<SandboxSpec> started_;
  std::vector<std::string> killed_;
  std::vector<std::string> removed_;
  std::vector<std::string> removed_data_;
};

/// A check that answers what the test says.
class FakeCheck : public SubmissionCheck {
 public:
  Result<CompetitionNames> read_facts(ScratchFile&) override { return names; }
  Result<CheckReport> check(const CheckInput& input) override;

  CompetitionNames names{.slug = "titanic", .sample_path = "sample_submission.csv"};
  v1::Verdict verdict;
  std::optional<v1::Score> score;
};

/// A ticket of job `kJobId` for run `<job>-c1-1`, its artifacts not stored.
inline constexpr auto kJobId = "0190a0b0-0000-7000-8000-000000000001";
v1::Event make_ticket();

}  // namespace podium::executor::fakes
