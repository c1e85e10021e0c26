// What happens to one delivery on its way through a stage: decode, spans, handler, answers,
// settling.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "libs/chassis/bus/open_deliveries.hpp"
#include "libs/chassis/bus/stage_runner.hpp"

namespace podium {

/// Shared by the workers of one stage; all calls are safe from several threads.
class StageHandling {
 public:
  /// Everything referred to must outlive the object.
  StageHandling(EventPublisher& publisher, const StageOptions& options, const StageHandler& handler,
                OpenDeliveries& open, std::stop_token stop);

  /// Settles `delivery`, unless it was handed back meanwhile. The error that must end the stage, if
  /// there is one.
  std::optional<Error> handle(Delivery& delivery);

 private:
  std::optional<Error> handle_event(const v1::Event& event, Delivery& delivery);
  Result<void> run(const v1::Event& event, StageContext& context,
                   std::string_view process_traceparent);
  Result<Events> call_handler(const v1::Event& event, StageContext& context);
  /// The outcome as metrics and spans name it.
  std::string_view settle(Delivery& delivery, const Result<void>& handled,
                          std::optional<std::chrono::milliseconds> comes_again_after);
  std::string_view settle_failed(Delivery& delivery, const Error& error);
  std::chrono::milliseconds next_delay(const Delivery& delivery) const;
  void drop_unreadable(Delivery& delivery, const Error& error);

  EventPublisher& publisher_;
  const StageOptions& options_;
  const StageHandler& handler_;
  OpenDeliveries& open_;
  std::stop_token stop_;
};

}  // namespace podium
