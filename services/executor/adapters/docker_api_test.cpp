#include "services/executor/adapters/docker_api.hpp"

#include <gtest/gtest.h>

#include "services/executor/errors.hpp"

namespace podium::executor {
namespace {

TEST(DockerApi, AnOldEngineIsSpokenToInItsOwnVersion) {
  EXPECT_EQ(negotiate_version("1.41").value(), "1.41");
  EXPECT_EQ(negotiate_version("1.44").value(), "1.44");
}

TEST(DockerApi, ANewerEngineIsSpokenToInTheNewestKnownVersion) {
  EXPECT_EQ(negotiate_version("1.99").value(), "1.51");
}

TEST(DockerApi, ATooOldEngineIsUnavailableAndNamed) {
  const auto spoken = negotiate_version("1.40");
  ASSERT_FALSE(spoken.has_value());
  EXPECT_TRUE(spoken.error().is(kSandboxUnavailable));
  EXPECT_TRUE(spoken.error().detail.contains("1.40"));
}

TEST(DockerApi, NonsenseIsNoVersion) {
  for (const auto* text : {"", "2.0", "1.", "1.4x", "latest"}) {
    EXPECT_FALSE(negotiate_version(text).has_value()) << text;
  }
}

TEST(DockerApi, AnErrorsStatusTellsWhatToDo) {
  const auto code_of = [](int status) { return error_of_answer(status, "{}", "x").code; };
  EXPECT_EQ(code_of(404), &errors::kNotFound);
  EXPECT_EQ(code_of(409), &errors::kConflict);
  EXPECT_EQ(code_of(400), &kSandboxRefused);
  EXPECT_EQ(code_of(500), &kSandboxUnavailable);
  EXPECT_EQ(code_of(503), &kSandboxUnavailable);
}

TEST(DockerApi, AnErrorHoldsTheEnginesWords) {
  EXPECT_EQ(
      error_of_answer(404, R"({"message":"No such image: x"})", "POST /containers/create").detail,
      "POST /containers/create: 404 No such image: x");
  EXPECT_TRUE(error_of_answer(500, "not json", "x").detail.ends_with("not json"));
  EXPECT_LT(error_of_answer(500, std::string(100'000, 'x'), "x").detail.size(), 1000U);
}

TEST(DockerApi, AnEngineThatIsNotThereIsUnavailable) {
  DockerApi api{DockerHost{.unix_socket = "/nonexistent/docker.sock", .base_url = "http://docker"},
                ""};
  const auto answer = api.call({.path = "/info"});
  ASSERT_FALSE(answer.has_value());
  EXPECT_TRUE(answer.error().is(kSandboxUnavailable));
}

}  // namespace
}  // namespace podium::executor
