// The set-up step: what must be made once before services start, each verb safe to repeat.
//
//   podium setup nats-config --output FILE   the NATS server's configuration, users and permissions
//   podium setup apply                       SQL, streams, consumers, buckets; upgrades in place
//   podium setup probe URL                   exit 0 when URL answers 2xx (for health checks)
#pragma once

#include <string>
#include <vector>

namespace podium::setup {

/// `arguments` is what stands behind `podium setup`. The exit code: 0 done, 1 failed, 2 usage.
int run_setup(const std::vector<std::string>& arguments);

}  // namespace podium::setup
