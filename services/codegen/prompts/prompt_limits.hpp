// Every limit of the prompts in one place, each with its reason. Sizes are bytes; a model counts
// about one token for each three or four of them.
#pragma once

#include <cstddef>

namespace podium::codegen {

/// What the competition's pages may take: longer ones repeat themselves, and each call pays them.
inline constexpr std::size_t kPromptPagesBytesMax = std::size_t{16} * 1024;
/// What the look at the data may take; beyond it tables are told by their columns' names alone.
inline constexpr std::size_t kPromptPreviewBytesMax = std::size_t{16} * 1024;
/// Columns of one table that are told one by one.
inline constexpr int kPromptColumnsMax = 80;
/// Files and folders that are named; more of them are counted.
inline constexpr int kPromptFilesMax = 40;
/// Examples of a column's values.
inline constexpr int kPromptExamplesMax = 5;
/// A program that is to be changed; a longer one is asked for anew.
inline constexpr std::size_t kPromptCodeBytesMax = std::size_t{96} * 1024;
/// The end of a failed run's output.
inline constexpr std::size_t kPromptLogBytesMax = 4096;
/// What was tried, condensed: oldest lines go first when it is more.
inline constexpr std::size_t kPromptTriedBytesMax = std::size_t{6} * 1024;
/// A reply that is shown to its model again, to be mended.
inline constexpr std::size_t kPromptReplyBytesMax = std::size_t{64} * 1024;
/// Largest template file.
inline constexpr std::size_t kPromptTemplateBytesMax = std::size_t{64} * 1024;

}  // namespace podium::codegen
