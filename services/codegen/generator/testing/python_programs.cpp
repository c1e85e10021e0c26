#include "services/codegen/generator/testing/python_programs.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace podium::codegen::testing {

namespace fs = std::filesystem;

fs::path source_folder() {
  return PODIUM_SOURCE_DIR;
}

fs::path generator_folder() {
  return source_folder() / "services/codegen/generator";
}

const TemplateLibrary& templates() {
  static const auto library = TemplateLibrary::load(generator_folder() / "templates").value();
  return library;
}

std::string read_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void expect_golden(const std::string& text, const std::string& name) {
  const fs::path golden = generator_folder() / "golden" / name;
  if (std::getenv("PODIUM_UPDATE_GOLDEN") != nullptr) std::ofstream{golden} << text;
  EXPECT_EQ(text, read_file(golden))
      << "If the change is meant, run this test with PODIUM_UPDATE_GOLDEN=1 and read the diff.";
}

Programs::Programs()
    : folder_{fs::temp_directory_path() / ("podium-programs-" + std::to_string(getpid()))} {
  fs::create_directories(folder_);
}

Programs::~Programs() {
  fs::remove_all(folder_);
}

void Programs::write(const std::string& name, const std::string& text) const {
  std::ofstream{folder_ / name, std::ios::binary} << text;
}

int Programs::python(const std::string& arguments) const {
  return std::system(("cd '" + folder_.string() + "' && python3 " + arguments).c_str());
}

}  // namespace podium::codegen::testing
