#include "services/codegen/generator/program_pieces.hpp"

#include "services/codegen/generator/competition_constants.hpp"

namespace podium::codegen {

ProgramPieces::ProgramPieces(ProgramBuilder& builder, const Problem& problem,
                             const ColumnRoles& roles, const SolutionChoice& choice)
    : builder_{builder}, problem_{problem}, roles_{roles}, choice_{choice} {}

Result<void> ProgramPieces::add_data(std::string_view column_names) {
  set_constants(builder_, problem_, roles_, choice_);
  PODIUM_TRY(builder_.add("constants"));
  PODIUM_TRY(builder_.add("log"));
  PODIUM_TRY(builder_.add("read_table"));
  if (!problem_.images) return add_tables(column_names);
  return builder_.add(problem_.sounds ? "sound_pixels" : "image_pixels");
}

Result<void> ProgramPieces::add_tables(std::string_view column_names) {
  builder_.set("LOAD_STEPS", "");
  const auto join = [&](bool wanted, std::string_view piece,
                        std::string_view step) -> Result<void> {
    if (!wanted) return {};
    PODIUM_TRY(builder_.add(piece));
    return builder_.add_to("LOAD_STEPS", step);
  };
  PODIUM_TRY(join(!roles_.clocks.empty(), "clock_columns", "load_step_clocks"));
  PODIUM_TRY(join(!roles_.lookups.empty(), "lookup_tables", "load_step_lookups"));
  PODIUM_TRY(join(!roles_.histories.empty(), "history_tables", "load_step_histories"));
  PODIUM_TRY(builder_.add("load_table"));
  return add_features(column_names);
}

Result<void> ProgramPieces::add_features(std::string_view column_names) {
  builder_.set("FEATURE_STEPS", "");
  builder_.set("PREPARE_STEPS", "");
  builder_.set("COLUMN_NAMES", std::string{column_names});
  const bool rich = choice_.rich;
  const auto step = [&](bool wanted, std::string_view place,
                        std::string_view piece) -> Result<void> {
    return wanted ? builder_.add_to(place, piece) : Result<void>{};
  };
  const std::string_view row = "FEATURE_STEPS";
  const std::string_view all = "PREPARE_STEPS";
  PODIUM_TRY(step(!roles_.numbers.empty(), row, "step_numbers"));
  PODIUM_TRY(step(!roles_.categories.empty(), row, "step_categories"));
  PODIUM_TRY(step(rich && !roles_.codes.empty(), row, "step_codes"));
  PODIUM_TRY(step(!roles_.dates.empty(), row, "step_dates"));
  PODIUM_TRY(step(!roles_.hours.empty(), row, "step_hours"));
  PODIUM_TRY(step(rich && !roles_.ratios.empty(), row, "step_ratios"));
  PODIUM_TRY(step(rich && !roles_.series.empty(), row, "step_series"));
  PODIUM_TRY(step(rich && roles_.gaps.size() > 1, row, "step_missing"));
  PODIUM_TRY(step(rich && !roles_.names.empty(), row, "step_names"));
  PODIUM_TRY(step(!roles_.texts.empty(), row, "step_text_shape"));
  PODIUM_TRY(step(roles_.wordy, row, "step_texts"));
  PODIUM_TRY(step(rich && !roles_.crosses.empty(), all, "prepare_crosses"));
  PODIUM_TRY(step(has_categories(roles_, choice_), all, "prepare_categories"));
  PODIUM_TRY(step(!roles_.texts.empty() && !roles_.wordy, all, "prepare_common_words"));
  if (roles_.wordy) {
    PODIUM_TRY(builder_.add("topics"));
    PODIUM_TRY(builder_.add_to(all, "prepare_topics"));
  }
  return builder_.add("features");
}

Result<void> ProgramPieces::add_metric() {
  PODIUM_TRY(builder_.add(problem_.metric->score_piece));
  return builder_.add(answer_piece_of(problem_));
}

Result<void> ProgramPieces::add_folds() {
  if (problem_.forward) {
    const auto& time = *find_column(*problem_.train, problem_.facts->task().time_column());
    const bool date = time.type() == v1::COLUMN_TYPE_DATE;
    return builder_.add(date ? "folds_forward" : "folds_forward_number");
  }
  if (problem_.form == Form::binary) return builder_.add("folds_stratified");
  return builder_.add(classes() ? "folds_classes" : "folds_shuffled");
}

bool ProgramPieces::has_calendar() const {
  return problem_.forward && roles_.hours.empty() &&
         find_column(*problem_.train, problem_.facts->task().time_column())->type() ==
             v1::COLUMN_TYPE_DATE;
}

Result<void> ProgramPieces::add_fold_tables() {
  builder_.set("ROWS", problem_.images ? "x[rows]" : "x.iloc[rows]");
  builder_.set("HELD_OUT", problem_.images ? "x[held_out]" : "x.iloc[held_out]");
  builder_.set("FOLD_TABLES", "");
  if (!problem_.images && encodes_many_valued(roles_, choice_)) {
    const bool chances = problem_.form == Form::binary || problem_.form == Form::binary_columns;
    builder_.set("TARGET_TYPE", chances ? "\"binary\"" : "\"continuous\"");
    PODIUM_TRY(builder_.add(classes() ? "encode_codes" : "encode_means"));
    PODIUM_TRY(
        builder_.add_to("FOLD_TABLES", several(problem_) ? "fold_encode_column" : "fold_encode"));
  }
  if (!has_calendar()) return {};
  PODIUM_TRY(builder_.add("calendar"));
  return builder_.add_to("FOLD_TABLES", "fold_calendar");
}

Result<void> ProgramPieces::add_submission() {
  const bool in_order = problem_.id.empty() || problem_.images;
  const bool class_columns = problem_.facts->submission().columns_are_classes();
  builder_.set("ANSWER_COLUMNS", several(problem_) ? "ANSWERS" : "ANSWER");
  builder_.set("ASSIGN", "");
  std::string_view piece = in_order ? "assign_in_order" : "assign_by_id";
  if (several(problem_) && !in_order) piece = "assign_columns_by_id";
  if (class_columns) piece = in_order ? "assign_classes_in_order" : "assign_classes_by_id";
  PODIUM_TRY(builder_.add_to("ASSIGN", piece));
  builder_.set("SUBMISSION_PARAMETERS", in_order ? "sample, values" : "sample, test, values");
  return builder_.add("submission");
}

// The expression whose value goes into the submission.
std::string ProgramPieces::answers() const {
  const bool learns = answer_is_learned(problem_);
  std::string decided = learns ? "decide(blended_test)" : "answer(blended_test)";
  const MetricRule& metric = *problem_.metric;
  if (metric.answers > 0) return "lists";
  if (problem_.facts->submission().columns_are_classes()) return "shares";
  const bool probabilities =
      metric.answer_piece == "answer_plain" || metric.answer_piece == "answer_probability";
  if (labelled() && !probabilities) return "labels[" + decided + "]";
  if (metric.key == "qwk") return decided + ".astype(int)";
  return decided;
}

// Lines between blending and writing: rules that are learned, answers that take a line to make.
std::string ProgramPieces::steps_before_writing(std::string_view indent) const {
  std::string steps;
  const auto line = [&](const std::string& text) { steps.append(indent).append(text + "\n"); };
  if (answer_is_learned(problem_)) line("decide = learn_answer(truth, blended)");
  if (problem_.facts->submission().columns_are_classes()) {
    line("columns = [" + class_column(problem_) + " for label in labels]");
    line("shares = pd.DataFrame(answer(blended_test), columns=columns)");
  }
  if (problem_.metric->answers > 0) {
    line("best = np.argsort(-blended_test, axis=1)[:, :LISTED]");
    line("lists = [\" \".join(map(str, row)) for row in labels[best]]");
  }
  return steps;
}

Result<void> ProgramPieces::fill_main(std::string_view indent) {
  builder_.set("LOAD", "");
  PODIUM_TRY(builder_.add_to("LOAD", problem_.images ? "load_images" : "load_train_and_test"));
  std::string_view target = several(problem_) ? "load_number_columns" : "load_number";
  if (labelled()) target = "load_labels";
  if (problem_.form == Form::binary_columns) target = "load_binary_columns";
  PODIUM_TRY(builder_.add_to("LOAD", target));
  builder_.set("FOLDS_FROM", problem_.forward ? "train, test" : "y");
  PODIUM_TRY(builder_.add_to("LOAD", problem_.images ? "load_pixels" : "load_features"));
  if (has_calendar()) PODIUM_TRY(builder_.add_to("LOAD", "load_calendar"));
  const bool learns = answer_is_learned(problem_);
  builder_.set("BEFORE_WRITING", steps_before_writing(indent));
  builder_.set("DECIDE", learns ? "decide" : "answer");
  const bool in_order = problem_.id.empty() || problem_.images;
  builder_.set("SUBMISSION_ARGUMENTS",
               std::string{in_order ? "sample, " : "sample, test, "} + answers());
  return {};
}

}  // namespace podium::codegen
