// A subscription of nats.c whose callback is a C++ function. Once it is destroyed the function is
// not running and will not run again, unless it destroyed the subscription itself. Messages come
// one at a time, from a thread of the subscription.
#pragma once

#include <functional>
#include <memory>

#include "libs/chassis/bus/bus.hpp"
#include "libs/chassis/bus/nats_handles.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

class CallbackSubscription final : public Subscription {
 public:
  using OnMessage = std::function<void(NatsMessage message)>;
  /// Makes the subscription with nats.c's call of choice.
  using Maker =
      std::function<natsStatus(natsSubscription** made, natsMsgHandler handler, void* closure)>;

  static Result<std::unique_ptr<CallbackSubscription>> open(const Maker& maker,
                                                            OnMessage on_message);
  ~CallbackSubscription() override;

 private:
  struct Callback;
  explicit CallbackSubscription(std::shared_ptr<Callback> callback);

  std::shared_ptr<Callback> callback_;
  NatsSubscription subscription_;
};

}  // namespace podium
