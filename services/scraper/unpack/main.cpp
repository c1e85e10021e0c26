// podium-unpack: reads archives, tables and pages of strangers so that the scraper, which holds the
// token, need not. Started anew for each competition, locked in before it reads anything, gone
// afterwards. See protocol.hpp.
#include <unistd.h>

#include "services/scraper/unpack/unpack_program.hpp"

int main(int argc, char** argv) {
  // Nothing is left to be tidied: what it had are descriptors and memory.
  _exit(podium::scraper::unpack::run_unpack(argc, argv));
}
