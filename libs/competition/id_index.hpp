// Where the row of each id stands in a predictions file, in 24 bytes a row: a hash and a place. Ids
// themselves stay in the file; whoever finds a place compares. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace podium::competition {

class IdIndex {
 public:
  struct Place {
    std::uint64_t hash = 0;
    /// Number of the row among those added, from 0.
    std::uint64_t ordinal = 0;
  };

  /// Adds the next row, which begins at byte `row_begin`.
  void add(std::string_view id, std::uint64_t row_begin);
  /// Call once, after the last add and before the rest.
  void sort();
  /// The rows whose id may be this one: usually one.
  std::span<const Place> find(std::string_view id) const;
  /// Rows whose hash is not theirs alone, in runs of equal hash.
  std::vector<std::span<const Place>> shared_hashes() const;
  std::uint64_t row_begin(std::uint64_t ordinal) const;
  std::uint64_t size() const { return begins_.size(); }

 private:
  std::vector<Place> places_;
  std::vector<std::uint64_t> begins_;
};

}  // namespace podium::competition
