// podium-bench-data: download, unpacking and scrapes beside what a person's tools take. Real parts,
// no network; `./podium bench data` runs it.
#include "services/scraper/bench/bench_program.hpp"

int main(int argc, char** argv) {
  return podium::scraper::bench::run_bench_data(argc, argv);
}
