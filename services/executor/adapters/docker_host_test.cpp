#include "services/executor/adapters/docker_host.hpp"

#include <gtest/gtest.h>

namespace podium::executor {
namespace {

TEST(DockerHost, ASocketIsAPath) {
  const auto host = parse_docker_host(kDockerHostDefault);
  ASSERT_TRUE(host.has_value());
  EXPECT_EQ(host->unix_socket, "/var/run/docker.sock");
  EXPECT_EQ(host->base_url, "http://docker");
}

TEST(DockerHost, TcpIsAnAddress) {
  const auto host = parse_docker_host("tcp://10.0.0.7:2375/");
  ASSERT_TRUE(host.has_value());
  EXPECT_EQ(host->unix_socket, "");
  EXPECT_EQ(host->base_url, "http://10.0.0.7:2375");
}

TEST(DockerHost, WhatIsNotSpokenIsAConfigurationError) {
  for (const auto* text :
       {"", "ssh://host", "unix://relative", "tcp://", "tcp://a@b", "/var/run"}) {
    const auto host = parse_docker_host(text);
    ASSERT_FALSE(host.has_value()) << text;
    EXPECT_TRUE(host.error().is(errors::kConfiguration)) << text;
  }
}

}  // namespace
}  // namespace podium::executor
