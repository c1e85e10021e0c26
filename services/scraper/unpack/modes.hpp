// What podium-unpack does, once it is locked in: see protocol.hpp. What is wrong with the files is
// the error, for the report.
#pragma once

#include <filesystem>

#include "libs/chassis/result.hpp"
#include "podium/v1/scrape.pb.h"
#include "services/scraper/ports.hpp"

namespace podium::scraper::unpack {

/// Unpacks `<folder>/packed` to `<folder>/data`, brings its tables into one form, tells the facts
/// and packs `<folder>/data.tar`. DATA_UNREADABLE, ARCHIVE_UNSAFE, DATA_TOO_LARGE,
/// SUBMISSION_SCHEMA_UNKNOWN; DISK_TOO_SMALL when the disk is full, UNAVAILABLE for other trouble
/// with it. After an error nothing that it made is there.
Result<void> read_data(const std::filesystem::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report);
/// Unpacks `<folder>/sent.tar`, which a person sent, to `<folder>/sent`, tells what its
/// competition.json and pages say and puts its data into `<folder>/packed`. Errors as of
/// read_data().
Result<void> open_sent(const std::filesystem::path& folder, const v1::UnpackQuestion& question,
                       const FetchControl& control, v1::UnpackReport& report);
/// Turns the question's pages into text, leaving out what is empty. Opens no file; does not fail.
Result<void> read_pages(const v1::UnpackQuestion& question, const FetchControl& control,
                        v1::UnpackReport& report);

}  // namespace podium::scraper::unpack
