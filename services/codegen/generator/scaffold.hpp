// A whole program with one hole: the function that learns and predicts. Everything around it (load,
// features, folds, the competition's metric, submission, score line, time) is put together from
// tested pieces, so that a weak model needs to write only what it is good at. The same facts give
// the same text. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/chassis/result.hpp"
#include "podium/v1/competition.pb.h"
#include "podium/v1/job.pb.h"
#include "services/codegen/generator/template_library.hpp"

namespace podium::codegen {

/// The function that fills the hole.
inline constexpr std::string_view kScaffoldFunction = "fit_predict";

struct Scaffold {
  /// The program up to the hole and behind it.
  std::string before;
  std::string after;
  /// The function's first line: `def fit_predict(...) -> np.ndarray:`.
  std::string signature;
  /// What the function gets and gives, in plain sentences, without quotation marks.
  std::string docstring;
  /// Markdown for a prompt: the signature with its docstring, the columns, what may be called. Of
  /// the facts it holds counts and names of columns, cleaned and bounded.
  std::string contract;
  /// Of the program around the hole, one package a line.
  std::string requirements;
  v1::Resources needs;
  /// "validated in 5 folds", for plans.
  std::string validation;
};

/// DRAFT_FAILED when the facts do not say enough, or the problem cannot be scaffolded (pictures
/// with several targets): ask for a whole program then. CONFIGURATION when a template is missing.
Result<Scaffold> make_scaffold(const TemplateLibrary& templates, const v1::CompetitionFacts& facts);

/// The whole program. `function_source` is what a model wrote: the function with imports and
/// helpers beside it, or its body alone; it is indented anew and kept otherwise, but for imports of
/// __future__ and what would run only as a program of its own. REPLY_NO_FUNCTION when it neither
/// defines fit_predict nor returns anything; REPLY_TRUNCATED, REPLY_TOO_LARGE,
/// REPLY_HIDDEN_CHARACTERS: all are told back to the model.
Result<std::string> fill_scaffold(const Scaffold& scaffold, std::string_view function_source);

/// The function in a program that fill_scaffold() made; nullopt for any other program.
std::optional<std::string> function_in(const Scaffold& scaffold, std::string_view program);

}  // namespace podium::codegen
