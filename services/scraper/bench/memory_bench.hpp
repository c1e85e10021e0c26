// What a scrape takes of memory, by the size of the data.
#pragma once

#include <cstdint>

namespace podium::scraper::bench {

/// The most memory that the scraper and podium-unpack had resident while they fetched, unpacked,
/// profiled and packed a competition of one table: of a twentieth of `megabytes`, and of all. Each
/// scraper has scraped a small competition before. Wants four times as much room on the disk of
/// temporary files. Throws when a job is not scraped.
void measure_memory(std::uint64_t megabytes);

}  // namespace podium::scraper::bench
