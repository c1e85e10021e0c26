// The program podium-bench-data: what the command line asks for, measured and printed.
#pragma once

namespace podium::scraper::bench {

/// Prints to stdout. 0, 1 when something could not be done at all, or what the command line's error
/// asks for.
int run_bench_data(int argc, char** argv);

}  // namespace podium::scraper::bench
