#include "services/tracker/verbs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium::tracker {
namespace {

std::string chosen(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "podium-tracker");
  std::string name = "none";
  const auto verb = [&](const char* own) {
    return [&name, own](Service&) -> Result<void> {
      name = own;
      return {};
    };
  };
  const Verb found =
      verb_of(static_cast<int>(arguments.size()), const_cast<char**>(arguments.data()),
              {{"", verb("track")}, {"rebuild", verb("rebuild")}});
  struct NoService : Service {
    Environment& environment() override { return environment_; }
    const std::string& name() const override { return name_; }
    Result<Bus*> bus() override { return nullptr; }
    EventPublisher& publisher() override { std::abort(); }
    void add_stage(StageOptions, StageHandler) override {}
    void add_task(std::string, std::function<Result<void>(std::stop_token)>) override {}
    void add_check(std::string, std::function<Result<void>()>) override {}
    void add_credential(std::string, CredentialCheck) override {}
    void on_drain(std::function<void()>) override {}
    Result<void> run_until_signalled() override { return {}; }
    bool draining() const override { return false; }
    HttpResponse readiness() override { return {}; }
    Environment environment_;
    std::string name_;
  } service;
  const auto done = found(service);
  return done ? name : done.error().text();
}

TEST(Verbs, WithoutArgumentsTheTrackerTracks) {
  EXPECT_EQ(chosen({}), "track");
}

TEST(Verbs, AVerbIsFoundByItsName) {
  EXPECT_EQ(chosen({"rebuild"}), "rebuild");
}

TEST(Verbs, AnythingElseNamesWhatThereIs) {
  EXPECT_THAT(chosen({"rebiuld"}), ::testing::HasSubstr("rebuild"));
  EXPECT_THAT(chosen({"rebuild", "now"}), ::testing::StartsWith("CONFIGURATION"));
}

}  // namespace
}  // namespace podium::tracker
