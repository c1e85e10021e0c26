// A file of the gateway's, to a place that a person named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cli/outcome.hpp"
#include "cli/verbs.hpp"

namespace podium::cli {

/// Into a file: written beside it first, so that it is there whole or not at all. Its bytes.
Outcome<std::uint64_t> download(const World& world, const std::string& path,
                                const std::filesystem::path& file);

/// To stdout; what others wrote cannot steer a terminal.
Outcome<void> print_file(const World& world, const std::string& path);

}  // namespace podium::cli
