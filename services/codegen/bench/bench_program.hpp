// The program podium-bench-search: what the command line asks for, measured and printed.
#pragma once

namespace podium::codegen::bench {

/// Prints to stdout. 0, or what the command line's error asks for.
int run_bench_search(int argc, char** argv);

}  // namespace podium::codegen::bench
