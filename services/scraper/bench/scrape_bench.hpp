// How long jobs wait for their competition: the scraper as a program, beside a nats-server as the
// set-up step prepares it (every event synced to disk) and what plays Kaggle.
#pragma once

namespace podium::scraper::bench {

/// From `requested` to `scraped`, by the broker's clock: of a competition whose data is stored, and
/// of 50 jobs of one competition at once beside one job alone, nothing of either being stored; for
/// a competition of 70 kB, 260 kB and 1.4 MB, and of the smallest with a Kaggle far away.
/// Throws when a job is not scraped.
void time_scrapes(int repetitions);

}  // namespace podium::scraper::bench
