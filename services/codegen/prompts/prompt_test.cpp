#include "services/codegen/prompts/prompt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/prompts/prompt_library.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>

namespace podium::codegen {
namespace {

using ::testing::HasSubstr;

void write(const std::filesystem::path& file, std::string_view text) {
  std::ofstream{file} << text;
}

TEST(Prompt, WhatIsNoPromptIsRefused) {
  EXPECT_FALSE(prompt_from_json("{"));
  EXPECT_FALSE(prompt_from_json(R"({"name": 1})"));
}

TEST(Prompt, PeopleSeeWhoSaysWhat) {
  const Prompt prompt{.name = "draft/1", .system = "be brief", .messages = {{.text = "hello"}}};
  EXPECT_EQ(to_markdown(prompt), "<!-- draft/1 -->\n\n## system\n\nbe brief\n\n## user\n\nhello\n");
}

TEST(PromptLibrary, ATemplateSaysItsVersionAndIsFilled) {
  const podium::testing::TemporaryFolder folder;
  write(folder.path() / "draft.md", "version: 3\nHello {{NAME}}\n");
  const auto library = PromptLibrary::load(folder.path());
  ASSERT_TRUE(library) << library.error().text();
  EXPECT_EQ(library->versioned("draft"), "draft/3");
  EXPECT_EQ(library->fill("draft", {{"NAME", "{{OTHER}}"}}).value(), "Hello {{OTHER}}");
  EXPECT_THAT(library->fill("draft", {}).error().text(), HasSubstr("NAME"));
  EXPECT_FALSE(library->fill("absent", {}));
}

TEST(PromptLibrary, ATemplateWithoutAVersionIsRefused) {
  const podium::testing::TemporaryFolder folder;
  write(folder.path() / "draft.md", "Hello\n");
  EXPECT_THAT(PromptLibrary::load(folder.path()).error().text(), HasSubstr("draft.md"));
  EXPECT_FALSE(PromptLibrary::load(folder.path() / "absent"));
}

}  // namespace
}  // namespace podium::codegen
