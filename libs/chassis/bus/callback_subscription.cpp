#include "libs/chassis/bus/callback_subscription.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "libs/chassis/bus/nats_error.hpp"
#include "libs/chassis/log.hpp"

namespace podium {

struct CallbackSubscription::Callback {
  OnMessage on_message;
  std::mutex mutex;
  std::condition_variable changed;
  bool completed = false;           // guarded by mutex
  std::thread::id delivery_thread;  // guarded by mutex
};

namespace {

// What nats.c holds of a subscription: released by its completion callback, which is the last one.
template <typename Callback>
using Closure = std::shared_ptr<Callback>;

template <typename Callback>
void deliver(natsConnection*, natsSubscription*, natsMsg* raw, void* closure) noexcept {
  NatsMessage message{raw};
  const auto callback = *static_cast<Closure<Callback>*>(closure);
  {
    const std::scoped_lock lock{callback->mutex};
    callback->delivery_thread = std::this_thread::get_id();
  }
  try {
    callback->on_message(std::move(message));
  } catch (const std::exception& error) {
    log_error("a subscription's callback threw", {{"error", error.what()}});
  }
}

template <typename Callback>
void complete(void* closure) noexcept {
  const std::unique_ptr<Closure<Callback>> held{static_cast<Closure<Callback>*>(closure)};
  const std::scoped_lock lock{(*held)->mutex};
  (*held)->completed = true;
  (*held)->changed.notify_all();
}

}  // namespace

CallbackSubscription::CallbackSubscription(std::shared_ptr<Callback> callback)
    : callback_{std::move(callback)} {}

Result<std::unique_ptr<CallbackSubscription>> CallbackSubscription::open(const Maker& maker,
                                                                         OnMessage on_message) {
  auto callback = std::make_shared<Callback>();
  callback->on_message = std::move(on_message);
  std::unique_ptr<CallbackSubscription> made{new CallbackSubscription{callback}};
  auto closure = std::make_unique<Closure<Callback>>(callback);
  auto status = maker(std::out_ptr(made->subscription_), deliver<Callback>, closure.get());
  if (status != NATS_OK) {
    callback->completed = true;
    return std::unexpected{nats_error(status, "subscribing")};
  }
  status = natsSubscription_SetOnCompleteCB(made->subscription_.get(), complete<Callback>,
                                            closure.get());
  // From here on nats.c may still call back, so the closure is its own, even when it will never say
  // that it is done with it.
  std::ignore = closure.release();
  if (status != NATS_OK) {
    callback->completed = true;
    return std::unexpected{nats_error(status, "subscribing")};
  }
  natsSubscription_SetPendingLimits(made->subscription_.get(), -1, -1);
  return made;
}

CallbackSubscription::~CallbackSubscription() {
  subscription_.reset();
  std::unique_lock lock{callback_->mutex};
  if (callback_->delivery_thread == std::this_thread::get_id()) return;
  callback_->changed.wait(lock, [this] { return callback_->completed; });
}

}  // namespace podium
