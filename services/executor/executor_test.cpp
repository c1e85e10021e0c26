#include "services/executor/executor.hpp"

#include <gtest/gtest.h>

namespace podium::executor {
namespace {

TEST(JobOfSubject, IsTheThirdToken) {
  EXPECT_EQ(job_of_subject("podium.jobs.abc-1.cancel_requested"), "abc-1");
  EXPECT_EQ(job_of_subject("podium.jobs.abc-1.executed.run"), "abc-1");
  EXPECT_EQ(job_of_subject("podium.logs.abc-1"), "");
}

}  // namespace
}  // namespace podium::executor
