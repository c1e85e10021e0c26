// What a table's file says that no such file may say. Thrown within this folder only, by code that
// reads what strangers wrote, and turned into an Error by the functions that others call.
#pragma once

#include <stdexcept>

namespace podium::scraper::tables {

class BrokenTable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace podium::scraper::tables
