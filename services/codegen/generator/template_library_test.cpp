#include "services/codegen/generator/template_library.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace podium::codegen {
namespace {

namespace fs = std::filesystem;

class TemplateFolder : public ::testing::Test {
 protected:
  TemplateFolder()
      : folder_{fs::temp_directory_path() / ("podium-templates-" + std::to_string(::getpid()))} {
    fs::create_directories(folder_);
  }
  ~TemplateFolder() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }

  fs::path folder_;
};

TEST_F(TemplateFolder, ImportsAreToldApartFromTheBody) {
  write("piece.py.tmpl", "import os\nfrom a import b\n\n\ndef f():\n    return {{VALUE}}\n");
  const auto library = TemplateLibrary::load(folder_);
  ASSERT_TRUE(library.has_value());
  const auto piece = library->fill("piece", {{"VALUE", "1"}});
  ASSERT_TRUE(piece.has_value());
  EXPECT_EQ(piece->imports, (std::vector<std::string>{"import os", "from a import b"}));
  EXPECT_EQ(piece->body, "def f():\n    return 1\n");
}

TEST_F(TemplateFolder, AFillingIsNeverReadAsAPlace) {
  write("piece.py.tmpl", "x = {{A}}\ny = {{B}}\n");
  const auto library = TemplateLibrary::load(folder_);
  ASSERT_TRUE(library.has_value());
  const auto piece = library->fill("piece", {{"A", "\"{{B}}\""}, {"B", "2"}});
  ASSERT_TRUE(piece.has_value());
  EXPECT_EQ(piece->body, "x = \"{{B}}\"\ny = 2\n");
}

TEST_F(TemplateFolder, APlaceThatNothingFillsIsAnError) {
  write("piece.py.tmpl", "x = {{A}}\n");
  const auto library = TemplateLibrary::load(folder_);
  ASSERT_TRUE(library.has_value());
  const auto piece = library->fill("piece", {});
  ASSERT_FALSE(piece.has_value());
  EXPECT_TRUE(piece.error().is(errors::kConfiguration));
  EXPECT_NE(piece.error().detail.find("A"), std::string::npos);
}

TEST_F(TemplateFolder, AMissingPieceIsAnError) {
  write("piece.py.tmpl", "x = 1\n");
  const auto library = TemplateLibrary::load(folder_);
  ASSERT_TRUE(library.has_value());
  EXPECT_FALSE(library->fill("other", {}).has_value());
}

TEST_F(TemplateFolder, OtherFilesAreLeftAlone) {
  write("piece.py.tmpl", "x = 1\n");
  write("README.md", "not a template");
  const auto library = TemplateLibrary::load(folder_);
  ASSERT_TRUE(library.has_value());
  EXPECT_EQ(library->names(), std::vector<std::string>{"piece"});
}

TEST_F(TemplateFolder, AFolderWithoutTemplatesIsAnError) {
  const auto empty = TemplateLibrary::load(folder_);
  ASSERT_FALSE(empty.has_value());
  EXPECT_TRUE(empty.error().is(errors::kConfiguration));
  EXPECT_FALSE(TemplateLibrary::load(folder_ / "missing").has_value());
}

TEST_F(TemplateFolder, ATemplateThatIsTooLargeIsAnError) {
  write("piece.py.tmpl", std::string(TemplateLibrary::kPieceBytesMax + 1, 'x'));
  EXPECT_FALSE(TemplateLibrary::load(folder_).has_value());
}

}  // namespace
}  // namespace podium::codegen
