#include "libs/competition/id_index.hpp"

#include <algorithm>
#include <functional>

namespace podium::competition {

void IdIndex::add(std::string_view id, std::uint64_t row_begin) {
  places_.push_back({std::hash<std::string_view>{}(id), begins_.size()});
  begins_.push_back(row_begin);
}

void IdIndex::sort() {
  std::ranges::sort(places_, [](const Place& a, const Place& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.ordinal < b.ordinal;
  });
}

std::span<const IdIndex::Place> IdIndex::find(std::string_view id) const {
  const auto hash = std::hash<std::string_view>{}(id);
  const auto range = std::ranges::equal_range(places_, hash, {}, &Place::hash);
  return {range.begin(), range.end()};
}

std::vector<std::span<const IdIndex::Place>> IdIndex::shared_hashes() const {
  std::vector<std::span<const Place>> runs;
  for (std::size_t begin = 0; begin < places_.size();) {
    std::size_t end = begin + 1;
    while (end < places_.size() && places_[end].hash == places_[begin].hash) ++end;
    if (end - begin > 1) runs.push_back(std::span{places_}.subspan(begin, end - begin));
    begin = end;
  }
  return runs;
}

std::uint64_t IdIndex::row_begin(std::uint64_t ordinal) const {
  return begins_[ordinal];
}

}  // namespace podium::competition
