// The check of submissions: reads foreign bytes so that the executor need not. Started anew for
// each run, locked in before it reads anything, gone afterwards. See protocol.hpp.
#include <unistd.h>

#include "services/executor/check/check_program.hpp"

int main(int argc, char** argv) {
  // Nothing is left to be tidied: what it had are descriptors and memory.
  _exit(podium::executor::check::run_check(argc, argv));
}
