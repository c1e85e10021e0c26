// A look at a competition's data in words, for a prompt: files, tables with their columns, what a
// submission must look like. The sample submission is marked as the final authority. Values of
// cells are others' words: they are cleaned and quoted. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "podium/v1/competition.pb.h"

namespace podium::codegen {

/// At most about `bytes_max` bytes: when all columns in full are more, tables are told by the names
/// of their columns, and what is still more is cut with a mark.
std::string data_preview(const v1::CompetitionFacts& facts, std::size_t bytes_max);

/// The description and the pages, each page under its name, at most `bytes_max` bytes.
std::string pages_text(const v1::CompetitionFacts& facts, std::size_t bytes_max);

/// What is to be predicted, from which file, judged how, in a sentence or two.
std::string task_text(const v1::CompetitionFacts& facts);

}  // namespace podium::codegen
