// The client `podium`: what a person types, joined to the gateway and the bus.
#include <iostream>
#include <string>
#include <vector>

#include "cli/client.hpp"
#include "cli/setup/setup.hpp"

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool sets_up = !words.empty() && words.front() == "setup";
  return sets_up ? podium::setup::run_setup({words.begin() + 1, words.end()})
                 : podium::cli::run_client(words, std::cout, std::cerr);
}
