// How the scraper and podium-unpack talk: by a folder that the child may work in and descriptors
// that it inherits, nothing else. The child has neither environment nor any other open descriptor.
#pragma once

#include <string_view>

namespace podium::scraper::unpack {

/// What it is to do, the program's first argument; the second is the folder, the third the most
/// seconds of processor time.
/// Unpacks `<folder>/packed` to `<folder>/data`, reads the facts, packs `<folder>/data.tar`.
inline constexpr std::string_view kDataMode = "data";
/// Unpacks `<folder>/sent.tar`, a folder that a person sent: its facts as told, its data to
/// `<folder>/packed`.
inline constexpr std::string_view kSentMode = "sent";
/// Turns pages into text; may open nothing, in the folder neither.
inline constexpr std::string_view kPagesMode = "pages";

enum Descriptor : int {
  /// UnpackQuestion.
  kQuestion = 3,
  /// UnpackReport.
  kReport = 4,
  /// A pipe: a line "<phase>\t<done>\t<file>" now and then, and before each file that is opened.
  kProgress = 5,
};
inline constexpr int kLastDescriptor = kProgress;

/// It did its work; the report says whether what it read was in order.
inline constexpr int kExitDone = 0;
/// It was called wrongly or could not lock itself in; stderr says why.
inline constexpr int kExitBroken = 3;

}  // namespace podium::scraper::unpack
