// podium-bench-search: compares search policies on simulated competitions. No model, no sandbox, no
// network; `./podium bench search` runs it.
#include "services/codegen/bench/bench_program.hpp"

int main(int argc, char** argv) {
  return podium::codegen::bench::run_bench_search(argc, argv);
}
