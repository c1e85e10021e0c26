// Reads what people paste for a competition: the address of any of its pages, or its name alone.
// Pure; thread-safe. Nothing is fetched here: the host is compared, never resolved.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"

namespace podium::competition {

/// Longest text that is looked at, and longest name.
inline constexpr std::size_t kCompetitionUrlBytesMax = 2048;
inline constexpr std::size_t kSlugBytesMax = 128;

struct CompetitionAddress {
  /// Lower case, [a-z0-9][a-z0-9-]*.
  std::string slug;
  /// As it was pasted; a few community competitions have capitals.
  std::string slug_as_written;
  /// "https://www.kaggle.com/competitions/<slug>".
  std::string url;
  /// False when a name alone was given.
  bool is_url = false;
};

/// "https://www.kaggle.com/competitions/<slug>", for people.
std::string competition_page(std::string_view slug);

/// True for [a-z0-9][a-z0-9-]* of at most kSlugBytesMax bytes.
bool is_slug(std::string_view text);

/// Accepts https://www.kaggle.com/competitions/<slug> with or without scheme, "www.", further path,
/// query and fragment, the older /c/<slug>, and a bare name. COMPETITION_URL_INVALID, with what is
/// wrong, for other hosts, ports, users, data sets, notebooks, invitations and malformed names.
Result<CompetitionAddress> parse_competition_url(std::string_view text);

}  // namespace podium::competition
