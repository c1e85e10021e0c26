// The rule by which NATS takes a subject for a filter: `*` is any one token, `>` all that are left.
#pragma once

#include <algorithm>
#include <string_view>

namespace podium::testing {

/// True when every subject that `subject` stands for is one that `filter` takes; `subject` may
/// itself hold wildcards.
inline bool matches(std::string_view filter, std::string_view subject) {
  while (!filter.empty()) {
    const auto filter_token = filter.substr(0, filter.find('.'));
    const auto subject_token = subject.substr(0, subject.find('.'));
    if (filter_token == ">") return !subject.empty();
    if (subject_token == ">") return false;
    if (filter_token != "*" && filter_token != subject_token) return false;
    filter.remove_prefix(std::min(filter.size(), filter_token.size() + 1));
    subject.remove_prefix(std::min(subject.size(), subject_token.size() + 1));
  }
  return subject.empty();
}

}  // namespace podium::testing
