// With what plays Kaggle.
#include "services/scraper/kaggle/kaggle_credential_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/kaggle_standin.hpp"

namespace podium::scraper {
namespace {

using podium::testing::KaggleStandin;
using ::testing::HasSubstr;
using ::testing::Not;

class KaggleCredentialCheck : public ::testing::Test {
 protected:
  CredentialFinding check(const KaggleCredentials& credentials) {
    return check_kaggle_credentials(kaggle_.api_url(), credentials, {});
  }
  static KaggleCredentials token(std::string value) {
    KaggleCredentials credentials;
    credentials.token = Secret{std::move(value)};
    return credentials;
  }
  static KaggleCredentials key(std::string value) {
    KaggleCredentials credentials;
    credentials.user = "standin";
    credentials.key = Secret{std::move(value)};
    return credentials;
  }

  KaggleStandin kaggle_;
};

TEST_F(KaggleCredentialCheck, GoodOnesAreAccepted) {
  EXPECT_EQ(check(token(KaggleStandin::token() + "-canary")).state, CredentialState::accepted);
  EXPECT_EQ(check(key("standin-key-canary")).state, CredentialState::accepted);
}

TEST_F(KaggleCredentialCheck, WrongOnesAreRefusedAndNotRepeated) {
  for (const auto& credentials : {token("KGAT_wrong-canary"), key("wrong-canary")}) {
    const auto finding = check(credentials);
    EXPECT_EQ(finding.state, CredentialState::refused) << finding.detail;
    EXPECT_THAT(finding.next_step, HasSubstr("KAGGLE_API_TOKEN"));
    EXPECT_THAT(finding.detail + finding.next_step, Not(HasSubstr("canary")));
  }
}

TEST_F(KaggleCredentialCheck, ARefusalInA200IsARefusal) {
  kaggle_.fault({{"fault", "error_in_200"}, {"status", 401}});
  EXPECT_EQ(check(key("standin-key")).state, CredentialState::refused);
}

TEST_F(KaggleCredentialCheck, WhatSaysNothingOfThemIsUnreachable) {
  for (const auto* fault : {"rate_limited", "unavailable", "dropped"}) {
    kaggle_.fault(fault);
    const auto finding = check(token(KaggleStandin::token()));
    EXPECT_EQ(finding.state, CredentialState::unreachable) << fault;
    EXPECT_FALSE(finding.next_step.empty());
  }
}

TEST_F(KaggleCredentialCheck, WithoutCredentialsNobodyIsAsked) {
  EXPECT_EQ(check({}).state, CredentialState::not_configured);
  EXPECT_EQ(kaggle_.requests().size(), 0U);
}

}  // namespace
}  // namespace podium::scraper
