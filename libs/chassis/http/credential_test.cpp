#include "libs/chassis/http/credential.hpp"

#include <gtest/gtest.h>

namespace podium {
namespace {

CredentialFinding after(int status) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = "your key sk-secret is known";
  return finding_of("https://user:sk-secret@api.vendor.example/v1?key=sk-secret", answer,
                    "set VENDOR_KEY");
}

TEST(Credential, AnAnswerSaysWhetherItIsTaken) {
  EXPECT_EQ(after(200).state, CredentialState::accepted);
  EXPECT_EQ(after(200).next_step, "");
  EXPECT_EQ(after(401).state, CredentialState::refused);
  EXPECT_EQ(after(403).next_step, "set VENDOR_KEY");
  for (const int status : {302, 404, 429, 500}) {
    EXPECT_EQ(after(status).state, CredentialState::unreachable) << status;
    EXPECT_NE(after(status).next_step, "") << status;
  }
}

TEST(Credential, OnlyHostAndCodeAreTold) {
  EXPECT_EQ(after(401).detail, "api.vendor.example answers 401");
  const auto silent = finding_of("http://api.vendor.example/",
                                 fail(errors::kTimeout, "sk-secret was sent"), "set VENDOR_KEY");
  EXPECT_EQ(silent.state, CredentialState::unreachable);
  EXPECT_EQ(silent.detail, "api.vendor.example does not answer (TIMEOUT)");
}

}  // namespace
}  // namespace podium
