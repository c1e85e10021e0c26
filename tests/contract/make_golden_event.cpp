// Writes the next golden of each payload that is named, and never over an old one.
#include <google/protobuf/text_format.h>

#include <cstdio>
#include <exception>
#include <format>
#include <fstream>
#include <print>

#include "tests/contract/golden_event.hpp"

namespace {

void make(std::string_view payload) {
  const std::filesystem::path folder = PODIUM_SOURCE_DIR "/tests/contract/golden";
  const auto number = podium::testing::goldens_of(folder, payload).size() + 1;
  const auto golden = (folder / std::format("{}.{}", payload, number)).string();
  const auto event = podium::testing::full_event(payload);
  std::string text;
  google::protobuf::TextFormat::PrintToString(event, &text);
  std::ofstream{golden + ".txtpb", std::ios::binary} << text;
  std::ofstream{golden + ".hex", std::ios::binary}
      << podium::testing::hex_of(podium::testing::bytes_of(event));
  std::println("{}", golden);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::println(stderr, "usage: make_golden_event PAYLOAD...");
    return 2;
  }
  for (int i = 1; i < argc; ++i) make(argv[i]);
  return 0;
} catch (const std::exception& error) {
  std::println(stderr, "{}", error.what());
  return 1;
}
