// Programs that the generator wrote, looked at by the Python that stands in the toolchain.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "services/codegen/generator/template_library.hpp"

namespace podium::codegen::testing {

/// services/codegen/generator in the checkout, and the checkout itself.
std::filesystem::path generator_folder();
std::filesystem::path source_folder();

/// The real templates.
const TemplateLibrary& templates();

std::string read_file(const std::filesystem::path& path);

/// Compares with a file in golden/, or writes it anew when PODIUM_UPDATE_GOLDEN is set.
void expect_golden(const std::string& text, const std::string& name);

/// A folder for programs, gone after the test.
class Programs : public ::testing::Test {
 protected:
  Programs();
  ~Programs() override;

  void write(const std::string& name, const std::string& text) const;

  /// The exit status of `python3 <arguments>` in the folder.
  int python(const std::string& arguments) const;

  std::filesystem::path folder_;
};

}  // namespace podium::codegen::testing
