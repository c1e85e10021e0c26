// What every artifact store promises, as tests: one text of expectations, which each adapter's test
// program runs by INSTANTIATE_TEST_SUITE_P(NAME, ArtifactStoreContract, ...). For tests only.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "libs/chassis/store/artifact_store.hpp"

namespace podium::testing_support {

/// A store of one test, empty at first, and what a test may do to it from outside.
class StoreHome {
 public:
  virtual ~StoreHome() = default;
  virtual ArtifactStore& store() = 0;
  /// Files or objects that are there, unfinished and temporary ones too.
  virtual std::size_t files() = 0;
  /// Leaves of stored content only the first three bytes.
  virtual void cut_short(const std::string& sha256) = 0;
};

using OpenStoreHome = std::function<std::unique_ptr<StoreHome>()>;

class ArtifactStoreContract : public ::testing::TestWithParam<OpenStoreHome> {
 protected:
  ArtifactStoreContract();
  ~ArtifactStoreContract() override;

  std::filesystem::path folder;
  std::unique_ptr<StoreHome> home;
  ArtifactStore* store;
};

}  // namespace podium::testing_support
