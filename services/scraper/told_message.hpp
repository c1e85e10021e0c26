// ToldFacts as a message, for the way to a child process and back. Pure.
#pragma once

#include "libs/competition/told_facts.hpp"
#include "podium/v1/scrape.pb.h"

namespace podium::scraper {

v1::CompetitionTold message_of(const competition::ToldFacts& told);
competition::ToldFacts told_of(const v1::CompetitionTold& message);

}  // namespace podium::scraper
