#include "libs/chassis/http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/chassis/http/http_errors.hpp"

namespace podium::http {
namespace {

Router router_of(std::initializer_list<std::pair<std::string, std::string>> routes) {
  Router router;
  for (const auto& [method, pattern] : routes) router.add({.method = method, .pattern = pattern});
  return router;
}

const Router kRouter = router_of({{"GET", "/"},
                                  {"GET", "/jobs"},
                                  {"GET", "/jobs/{id}"},
                                  {"DELETE", "/jobs/{id}"},
                                  {"GET", "/jobs/latest"},
                                  {"POST", "/jobs/{id}/cancel"},
                                  {"GET", "/result/{id}/{name}"}});

std::string pattern_of(std::string_view method, std::string_view path) {
  const auto match = kRouter.find(method, path);
  return match ? match->route->pattern : std::string{match.error().code->name};
}

TEST(Router, FindsLiteralsAndParameters) {
  EXPECT_EQ(pattern_of("GET", "/"), "/");
  EXPECT_EQ(pattern_of("GET", "/jobs"), "/jobs");
  const auto match = kRouter.find("GET", "/result/job-1/submission.csv").value();
  EXPECT_EQ(match.parameters.at("id"), "job-1");
  EXPECT_EQ(match.parameters.at("name"), "submission.csv");
}

TEST(Router, PutsALiteralBeforeAParameterWhateverTheOrder) {
  EXPECT_EQ(pattern_of("GET", "/jobs/latest"), "/jobs/latest");
  EXPECT_EQ(pattern_of("GET", "/jobs/other"), "/jobs/{id}");
  EXPECT_EQ(pattern_of("DELETE", "/jobs/latest"), "/jobs/{id}");
}

TEST(Router, AnswersHeadLikeGet) {
  EXPECT_EQ(pattern_of("HEAD", "/jobs/x"), "/jobs/{id}");
}

TEST(Router, TellsAnUnknownPathFromAnUnknownMethod) {
  EXPECT_EQ(pattern_of("GET", "/nothing"), "NOT_FOUND");
  EXPECT_EQ(pattern_of("GET", "/jobs/"), "NOT_FOUND") << "a parameter is never empty";
  EXPECT_EQ(pattern_of("GET", "/jobs/a/b"), "NOT_FOUND");
  EXPECT_EQ(pattern_of("GET", "//jobs"), "NOT_FOUND");
  EXPECT_EQ(pattern_of("PUT", "/jobs"), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(kRouter.allowed("/jobs/x"), "DELETE, GET, HEAD");
}

TEST(Router, NamesItsRoutesInOrder) {
  EXPECT_THAT(router_of({{"POST", "/run"}, {"GET", "/jobs/{id}"}}).names(),
              testing::ElementsAre("POST /run", "GET /jobs/{id}"));
}

}  // namespace
}  // namespace podium::http
