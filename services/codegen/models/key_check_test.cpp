#include "services/codegen/models/key_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/models/testing/model_peer.hpp"
#include "services/codegen/models/testing/streams.hpp"

namespace podium::codegen::models {
namespace {

using ::testing::HasSubstr;
using testing::json_answer;
using testing::ModelPeer;
using ::testing::Not;
using ::testing::StartsWith;

ProviderSettings provider_at(const std::string& url, Wire wire) {
  ProviderSettings provider;
  provider.name = "peer";
  provider.wire = wire;
  provider.base_url = url;
  provider.key = Secret{"sk-very-secret"};
  provider.key_setting = "PEER_API_KEY";
  return provider;
}

TEST(KeyCheck, AsksEachVendorForItsModels) {
  ModelPeer peer{{json_answer(200, R"({"data":[]})"), json_answer(200, R"({"data":[]})")}};
  EXPECT_EQ(check_key(provider_at(peer.url(), Wire::anthropic), {}).state,
            CredentialState::accepted);
  EXPECT_EQ(check_key(provider_at(peer.url() + "/v1", Wire::openai_chat), {}).state,
            CredentialState::accepted);
  peer.join();
  EXPECT_THAT(peer.requests()[0], StartsWith("GET /v1/models HTTP/1.1\r\n"));
  EXPECT_THAT(peer.requests()[0], HasSubstr("x-api-key: sk-very-secret\r\n"));
  EXPECT_THAT(peer.requests()[1], StartsWith("GET /v1/models HTTP/1.1\r\n"));
  EXPECT_THAT(peer.requests()[1], HasSubstr("Authorization: Bearer sk-very-secret\r\n"));
}

TEST(KeyCheck, AVendorWhoseListIsOpenToEverybodyIsAskedForTheKey) {
  ModelPeer peer{{json_answer(200, R"({"data":{"label":"a key"}})")}};
  auto provider = provider_at(peer.url() + "/api/v1", Wire::openai_chat);
  provider.key_path = "/key";
  EXPECT_EQ(check_key(provider, {}).state, CredentialState::accepted);
  peer.join();
  EXPECT_THAT(peer.requests()[0], StartsWith("GET /api/v1/key HTTP/1.1\r\n"));
}

TEST(KeyCheck, ARefusedKeyIsNamedByItsSettingAndNeverShown) {
  ModelPeer peer{{json_answer(401, R"({"error":{"message":"no such key: sk-very-secret"}})")}};
  const auto finding = check_key(provider_at(peer.url(), Wire::openai_chat), {});
  EXPECT_EQ(finding.state, CredentialState::refused);
  EXPECT_THAT(finding.detail, HasSubstr("401"));
  EXPECT_THAT(finding.next_step, HasSubstr("PEER_API_KEY"));
  EXPECT_THAT(finding.detail + finding.next_step, Not(HasSubstr("sk-very-secret")));
}

TEST(KeyCheck, AWrongKeyOfGeminiIsToldBy400) {
  const auto* told = R"([{"error":{"code":400,"message":"API key not valid. Pass a valid one."}}])";
  ModelPeer peer{{json_answer(400, told)}};
  EXPECT_EQ(check_key(provider_at(peer.url(), Wire::openai_chat), {}).state,
            CredentialState::refused);
}

TEST(KeyCheck, WhoDoesNotAnswerIsUnreachable) {
  const auto finding = check_key(provider_at("http://127.0.0.1:1", Wire::openai_chat), {});
  EXPECT_EQ(finding.state, CredentialState::unreachable);
  EXPECT_THAT(finding.detail, HasSubstr("UNAVAILABLE"));
}

}  // namespace
}  // namespace podium::codegen::models
