// Whose turn it is when a slot is free: the order in which the durable consumers of the work queue
// are asked. Bands come in weighted turns (the first band most often, the last not never), classes
// of one band by turns. Pure state, no clock; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace podium::executor {

class Turns {
 public:
  /// One queue of run tickets.
  struct Queue {
    std::string resource_class;
    int band = 0;
    /// "executor-<class>-<band>", as schemas/streams.json names it.
    std::string durable() const;
  };

  explicit Turns(std::vector<std::string> resource_classes);

  /// Every queue once: those of the band whose turn it is, then the other bands from first to last.
  std::vector<Queue> order() const;
  /// A ticket was taken: the next turn begins.
  void taken();

 private:
  const std::vector<std::string> classes_;
  std::vector<int> round_;
  std::size_t turn_ = 0;
};

}  // namespace podium::executor
