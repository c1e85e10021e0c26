#include "services/codegen/models/roster_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace podium::codegen::models {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Settings = std::map<std::string, std::string, std::less<>>;

Environment environment_of(const Settings& settings) {
  return Environment{[settings](std::string_view name) -> std::optional<std::string> {
    const auto found = settings.find(name);
    return found == settings.end() ? std::nullopt : std::optional{found->second};
  }};
}

std::vector<std::string> told(const RosterSettings& settings) {
  std::vector<std::string> out;
  for (const auto& one : settings.providers) {
    out.push_back(one.name + " " + one.model + " " + one.cheap_model);
  }
  return out;
}

std::vector<std::string> roster(const Settings& settings) {
  auto environment = environment_of(settings);
  auto read = read_roster_settings(environment);
  EXPECT_TRUE(environment.check()) << environment.check().error().text();
  return told(read);
}

std::string problem(const Settings& settings) {
  auto environment = environment_of(settings);
  read_roster_settings(environment);
  return environment.check() ? "" : environment.check().error().text();
}

TEST(RosterSettings, WithoutKeysThereAreNoModels) {
  EXPECT_THAT(roster({}), IsEmpty());
}

TEST(RosterSettings, EveryProviderWithAKeyIsAskedInAFixedOrder) {
  EXPECT_EQ(roster({{"OPENAI_API_KEY", "k"}, {"ANTHROPIC_API_KEY", "k"}}),
            (std::vector<std::string>{"anthropic claude-sonnet-4-6 claude-haiku-4-5",
                                      "openai gpt-5 gpt-5-mini"}));
}

TEST(RosterSettings, AnAddressOfOnesOwnNeedsNoKey) {
  EXPECT_EQ(roster({{"OPENAI_BASE_URL", "http://gpu:8000/v1"}, {"PODIUM_MODELS", "openai/qwen"}}),
            (std::vector<std::string>{"openai qwen qwen"}));
  EXPECT_EQ(roster({{"PODIUM_LOCAL_MODELS_URL", "http://gpu:11434/v1"},
                    {"PODIUM_MODELS", "local/llama3:70b"},
                    {"PODIUM_MODELS_CHEAP", "local/llama3:8b"}}),
            (std::vector<std::string>{"local llama3:70b llama3:8b"}));
}

TEST(RosterSettings, ModelsMayHaveSlashesInTheirNames) {
  EXPECT_EQ(roster({{"OPENROUTER_API_KEY", "k"},
                    {"PODIUM_MODELS", "openrouter/anthropic/claude-sonnet-4.5"}}),
            (std::vector<std::string>{
                "openrouter anthropic/claude-sonnet-4.5 anthropic/claude-sonnet-4.5"}));
}

TEST(RosterSettings, OpenRouterItselfIsAskedForTheKey) {
  Settings set{{"OPENROUTER_API_KEY", "k"}, {"PODIUM_MODELS", "openrouter/qwen"}};
  auto environment = environment_of(set);
  EXPECT_EQ(read_roster_settings(environment).providers.at(0).key_path, "/key");
  set.emplace("OPENROUTER_BASE_URL", "http://gateway:8000/v1");
  auto of_ones_own = environment_of(set);
  EXPECT_EQ(read_roster_settings(of_ones_own).providers.at(0).key_path, "");
}

TEST(RosterSettings, TheListIsTheOrderOfFailover) {
  EXPECT_EQ(roster({{"OPENAI_API_KEY", "k"},
                    {"ANTHROPIC_API_KEY", "k"},
                    {"PODIUM_MODELS", "openai/gpt-5.1, anthropic"}}),
            (std::vector<std::string>{"openai gpt-5.1 gpt-5.1",
                                      "anthropic claude-sonnet-4-6 claude-haiku-4-5"}));
}

TEST(RosterSettings, NoneTurnsModelsOff) {
  EXPECT_THAT(roster({{"ANTHROPIC_API_KEY", "k"}, {"PODIUM_MODELS", "none"}}), IsEmpty());
}

TEST(RosterSettings, AnAuthTokenTravelsAsBearer) {
  auto environment = environment_of({{"ANTHROPIC_AUTH_TOKEN", "t"}});
  const auto read = read_roster_settings(environment);
  ASSERT_EQ(read.providers.size(), 1U);
  EXPECT_EQ(read.providers[0].wire, Wire::anthropic_bearer);
}

TEST(RosterSettings, AProviderWithoutAModelOfItsOwnAsksForOne) {
  EXPECT_THAT(problem({{"OPENROUTER_API_KEY", "k"}}), HasSubstr("openrouter/MODEL"));
}

TEST(RosterSettings, WhatIsWrongIsNamed) {
  EXPECT_THAT(problem({{"PODIUM_MODELS", "antropic"}}), HasSubstr("no provider 'antropic'"));
  EXPECT_THAT(problem({{"PODIUM_MODELS", "openai"}}), HasSubstr("OPENAI_API_KEY"));
  EXPECT_THAT(problem({{"OPENROUTER_API_KEY", "k"}, {"PODIUM_MODELS", "openrouter"}}),
              HasSubstr("openrouter/MODEL"));
}

}  // namespace
}  // namespace podium::codegen::models
