// Every limit of the reading of replies in one place, each with its reason. Sizes are bytes.
#pragma once

#include <cstddef>

namespace podium::codegen {

/// A reply: the longest answers that vendors allow (128,000 tokens) are about half of this.
inline constexpr std::size_t kReplyBytesMax = std::size_t{1} << 20;
/// A program; far above what a person would write, so that only nonsense is refused.
inline constexpr std::size_t kProgramBytesMax = 256 * 1024;
/// What is kept of the prose before the code: enough for a page.
inline constexpr std::size_t kPlanBytesMax = 4000;
/// The plan in one line, for lists on a terminal.
inline constexpr std::size_t kPlanLineBytesMax = 160;
/// requirements.txt: a line per package.
inline constexpr std::size_t kRequirementsBytesMax = 4000;

/// A tail of this size that repeats itself so often is a model that no longer stops; a program or a
/// table that a person would write is varied long before.
inline constexpr std::size_t kRepetitionBytesMin = 4096;
inline constexpr std::size_t kRepetitionTimesMin = 8;
/// How much of a tail is looked at: longer periods are not recognised as repetition.
inline constexpr std::size_t kRepetitionWindowBytes = 64 * 1024;
/// Refusals say so at once; further down the same words belong to an explanation.
inline constexpr std::size_t kRefusalBytesMax = 400;

/// Fence lines inside strings that turned out to end a block after all: the reader goes back so
/// often, which bounds its work, and from then on takes each fence line for an end.
inline constexpr std::size_t kFenceReversalsMax = 4;
/// Strings within fields of f-strings: Python itself stops at about this depth.
inline constexpr std::size_t kStringNestingMax = 64;
/// Problems of one program's text that are told; after these a model needs no more.
inline constexpr std::size_t kPythonProblemsMax = 20;
/// Findings about one program that are told.
inline constexpr std::size_t kFindingsMax = 40;
/// Positions of hidden characters that are named.
inline constexpr std::size_t kHiddenNamedMax = 8;
/// Names of data files that a sentence lists.
inline constexpr std::size_t kFilesNamedMax = 12;

/// Blocks of one patch: each costs one pass over the parent's lines.
inline constexpr std::size_t kPatchBlocksMax = 64;
/// How much of a line of the model's is quoted in a sentence.
inline constexpr std::size_t kQuoteBytesMax = 80;

/// Longest sleep that a program may have, in seconds: its time is paid for.
inline constexpr double kSleepSecondsMax = 5;

}  // namespace podium::codegen
