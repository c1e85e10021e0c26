// A competition that lies in a folder, in the catalogue's shape: competition.json and pages (*.md)
// beside data/, or all in one folder. Shared by the catalogue and by folders that people send.
#pragma once

#include <filesystem>

#include "libs/chassis/result.hpp"
#include "libs/competition/told_facts.hpp"

namespace podium::scraper {

/// competition.json and the pages of `folder`. Both may be missing. DATA_UNREADABLE when
/// competition.json is not what it should be.
Result<competition::ToldFacts> read_told_facts(const std::filesystem::path& folder);

/// The folder inside, when `folder` holds nothing but one folder that is not data/: people also
/// pack their problem with the folder around it.
std::filesystem::path inner_folder(const std::filesystem::path& folder);

/// Links or copies the data of `folder` below `target`: what is in data/, else everything but
/// competition.json and pages. Only plain files and folders; others are ARCHIVE_UNSAFE.
Result<void> take_data(const std::filesystem::path& folder, const std::filesystem::path& target);

}  // namespace podium::scraper
