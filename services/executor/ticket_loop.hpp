// Takes run tickets from the work queue: only when a slot is free, the bands in weighted turns.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/result.hpp"
#include "services/executor/live_run.hpp"
#include "services/executor/run_pool.hpp"
#include "services/executor/run_stage.hpp"
#include "services/executor/slots.hpp"
#include "services/executor/turns.hpp"

namespace podium::executor {

class TicketLoop {
 public:
  /// Opens the durable consumer of a name in stream RUNS.
  using Open = std::function<Result<std::unique_ptr<PullConsumer>>(std::string_view durable)>;
  struct Parts {
    Open open;
    RunStage& stage;
    LiveRuns& live;
    SlotAccount& slots;
    RunPool& pool;
    /// False while sandboxes cannot be started: then nothing is asked for.
    std::function<bool()> ready;
  };
  TicketLoop(Parts parts, Turns turns) : parts_{std::move(parts)}, turns_{std::move(turns)} {}

  /// Runs until it is stopped. Runs that have begun go on.
  void run(std::stop_token stop);

 private:
  /// A ticket from the first queue that has one; nullptr when none has.
  std::unique_ptr<Delivery> ask(std::stop_token stop);
  Result<PullConsumer*> consumer_of(const std::string& durable);
  void take(std::unique_ptr<Delivery> delivery, const std::string& durable, std::stop_token stop);
  void begin(const std::shared_ptr<LiveRun>& run, std::stop_token stop);

  Parts parts_;
  Turns turns_;
  std::map<std::string, std::unique_ptr<PullConsumer>> consumers_;
  std::string asked_last_;
};

/// The ticket of a delivery. INVALID when it is none, or when its names are not what its subject
/// says.
Result<v1::Event> read_ticket(std::string_view subject, std::string_view data);

}  // namespace podium::executor
