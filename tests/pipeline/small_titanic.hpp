// The bundled titanic with its first rows only: a competition whose runs are quick.
#pragma once

#include <filesystem>

namespace podium::testing {

inline constexpr int kSmallTitanicRows = 120;

/// Writes train.csv, test.csv and sample_submission.csv into the folder, which is there.
void write_small_titanic(const std::filesystem::path& folder);

}  // namespace podium::testing
