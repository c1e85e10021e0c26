// Writes prompts: from a competition's facts, what the search has tried and the program to be
// changed. The same input gives the same text. What comes again in every call of a job stands first
// and is marked for the vendors' caches. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/job.pb.h"
#include "services/codegen/prompts/prompt.hpp"
#include "services/codegen/prompts/prompt_library.hpp"

namespace podium::codegen {

/// What a prompt is made of, beside the templates.
struct PromptInput {
  const v1::DraftRequested& request;
  const v1::CompetitionFacts& facts;
  /// Of the candidate to be changed, and of the other branch of a merge; empty where there is none.
  std::string parent_code{};
  std::string second_code{};
  /// Of the scaffold, where only its function is asked for: what it is given and must give back.
  std::string scaffold_contract{};
};

/// The prompt for a candidate. CONFIGURATION when a template is missing or has an unknown place.
Result<Prompt> write_prompt(const PromptLibrary& library, const PromptInput& input);

/// In which form an answer is asked for.
enum class AnswerForm { program, changes, function };

/// The same conversation with the reply and what is wrong with it, for the one repair call.
/// `problem` is a sentence or more of ours; `form` is asked for again.
Result<Prompt> write_repair(const PromptLibrary& library, const Prompt& prompt,
                            std::string_view reply, std::string_view problem, AnswerForm form);

}  // namespace podium::codegen
