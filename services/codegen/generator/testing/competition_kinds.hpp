// Facts of every kind of competition that the generator treats in its own way, for its tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "podium/v1/competition.pb.h"

namespace podium::codegen::testing {

/// By a short name.
std::map<std::string, v1::CompetitionFacts> competitions();

/// One of the many competitions() that differ in their metric only.
bool by_metric(const std::string& name);

v1::CompetitionFacts rich_facts();
v1::CompetitionFacts picture_facts(v1::CompetitionFacts facts);
v1::CompetitionFacts two_targets(v1::CompetitionFacts facts);

/// Names that would act if they reached a program as anything but literals.
std::vector<std::string> hostile_names();

/// The same competition with every name of its files and columns beginning with `name`.
v1::CompetitionFacts renamed(v1::CompetitionFacts facts, const std::string& name);

}  // namespace podium::codegen::testing
