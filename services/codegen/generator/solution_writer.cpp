#include "services/codegen/generator/solution_writer.hpp"

#include <algorithm>
#include <format>

#include "services/codegen/generator/column_roles.hpp"
#include "services/codegen/generator/competition_constants.hpp"
#include "services/codegen/generator/model_pieces.hpp"
#include "services/codegen/generator/problem.hpp"
#include "services/codegen/generator/program_builder.hpp"
#include "services/codegen/generator/solution_summary.hpp"

namespace podium::codegen {
namespace {

class Writer {
 public:
  Writer(const TemplateLibrary& templates, const Problem& problem, const ColumnRoles& roles,
         const SolutionChoice& choice)
      : builder_{templates}, problem_{problem}, roles_{roles}, choice_{choice} {}

  Result<SolutionText> write() {
    const auto families = families_of(problem_, roles_, choice_);
    set_constants(builder_, problem_, roles_, choice_);
    PODIUM_TRY(builder_.add("constants"));
    PODIUM_TRY(builder_.add("log"));
    PODIUM_TRY(builder_.add("read_table"));
    PODIUM_TRY(problem_.images ? add_pictures() : add_tables());
    PODIUM_TRY(add_metric());
    PODIUM_TRY(add_folds());
    PODIUM_TRY(add_models(builder_, problem_, roles_, families));
    PODIUM_TRY(add_validation());
    PODIUM_TRY(add_submission());
    PODIUM_TRY(add_main());
    const SolutionSummary summary = summarize(problem_, roles_, choice_, families);
    return SolutionText{.code = builder_.program(summary.docstring),
                        .plan = summary.plan,
                        .plan_line = summary.plan_line,
                        .requirements = requirements_of(builder_.modules()),
                        .needs = needs_of(problem_)};
  }

 private:
  bool classes() const { return problem_.form == Form::classes; }
  bool labelled() const { return problem_.form == Form::binary || classes(); }
  bool several() const {
    return problem_.form == Form::number_columns || problem_.form == Form::binary_columns;
  }

  Result<void> add_pictures() { return builder_.add("image_pixels"); }

  Result<void> add_tables() {
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
    return add_features();
  }

  Result<void> add_features() {
    builder_.set("FEATURE_STEPS", "");
    builder_.set("PREPARE_STEPS", "");
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

  Result<void> add_metric() {
    const MetricRule& metric = *problem_.metric;
    PODIUM_TRY(builder_.add(metric.score_piece));
    PODIUM_TRY(builder_.add(problem_.targets_below_zero ? metric.answer_piece_below_zero
                                                        : metric.answer_piece));
    return builder_.add(metric.loss_piece);
  }

  Result<void> add_folds() {
    if (problem_.forward) {
      const auto& time = *find_column(*problem_.train, problem_.facts->task().time_column());
      const bool date = time.type() == v1::COLUMN_TYPE_DATE;
      return builder_.add(date ? "folds_forward" : "folds_forward_number");
    }
    if (problem_.form == Form::binary) return builder_.add("folds_stratified");
    return builder_.add(classes() ? "folds_classes" : "folds_shuffled");
  }

  bool has_calendar() const {
    return problem_.forward && roles_.hours.empty() &&
           find_column(*problem_.train, problem_.facts->task().time_column())->type() ==
               v1::COLUMN_TYPE_DATE;
  }

  Result<void> add_validation() {
    builder_.set("ROWS", problem_.images ? "x[rows]" : "x.iloc[rows]");
    builder_.set("HELD_OUT", problem_.images ? "x[held_out]" : "x.iloc[held_out]");
    builder_.set("FOLD_TABLES", "");
    if (!problem_.images && encodes_many_valued(roles_, choice_)) {
      const bool chances = problem_.form == Form::binary || problem_.form == Form::binary_columns;
      builder_.set("TARGET_TYPE", chances ? "\"binary\"" : "\"continuous\"");
      PODIUM_TRY(builder_.add(classes() ? "encode_codes" : "encode_means"));
      PODIUM_TRY(builder_.add_to("FOLD_TABLES", several() ? "fold_encode_column" : "fold_encode"));
    }
    if (has_calendar()) {
      PODIUM_TRY(builder_.add("calendar"));
      PODIUM_TRY(builder_.add_to("FOLD_TABLES", "fold_calendar"));
    }
    PODIUM_TRY(builder_.add(problem_.forward ? "cross_validate_forward"
                            : several()      ? "cross_validate_columns"
                                             : "cross_validate"));
    PODIUM_TRY(builder_.add("blend"));
    return builder_.add("report");
  }

  Result<void> add_submission() {
    const bool in_order = problem_.id.empty() || problem_.images;
    const bool class_columns = problem_.facts->submission().columns_are_classes();
    builder_.set("ANSWER_COLUMNS", several() ? "ANSWERS" : "ANSWER");
    builder_.set("ASSIGN", "");
    std::string_view piece = in_order ? "assign_in_order" : "assign_by_id";
    if (several() && !in_order) piece = "assign_columns_by_id";
    if (class_columns) piece = in_order ? "assign_classes_in_order" : "assign_classes_by_id";
    PODIUM_TRY(builder_.add_to("ASSIGN", piece));
    builder_.set("SUBMISSION_PARAMETERS", in_order ? "sample, values" : "sample, test, values");
    return builder_.add("submission");
  }

  // The expression whose value goes into the submission.
  std::string answers() const {
    const bool learns = answer_is_learned(problem_);
    const std::string decided = learns ? "decide(blended_test)" : "answer(blended_test)";
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
  std::string steps_before_writing() const {
    const bool learns = answer_is_learned(problem_);
    std::string steps = learns ? "        decide = learn_answer(truth, blended)\n" : "";
    if (problem_.facts->submission().columns_are_classes()) {
      steps += "        columns = [" + class_column(problem_) + " for label in labels]\n";
      steps += "        shares = pd.DataFrame(answer(blended_test), columns=columns)\n";
    }
    if (problem_.metric->answers > 0) {
      steps += "        best = np.argsort(-blended_test, axis=1)[:, :LISTED]\n";
      steps += "        lists = [\" \".join(map(str, row)) for row in labels[best]]\n";
    }
    return steps;
  }

  Result<void> add_main() {
    builder_.set("LOAD", "");
    PODIUM_TRY(builder_.add_to("LOAD", problem_.images ? "load_images" : "load_train_and_test"));
    std::string_view target = several() ? "load_number_columns" : "load_number";
    if (labelled()) target = "load_labels";
    if (problem_.form == Form::binary_columns) target = "load_binary_columns";
    PODIUM_TRY(builder_.add_to("LOAD", target));
    builder_.set("FOLDS_FROM", problem_.forward ? "train, test" : "y");
    PODIUM_TRY(builder_.add_to("LOAD", problem_.images ? "load_pixels" : "load_features"));
    if (has_calendar()) PODIUM_TRY(builder_.add_to("LOAD", "load_calendar"));
    const bool learns = answer_is_learned(problem_);
    builder_.set("BEFORE_WRITING", steps_before_writing());
    builder_.set("DECIDE", learns ? "decide" : "answer");
    const bool in_order = problem_.id.empty() || problem_.images;
    builder_.set("SUBMISSION_ARGUMENTS",
                 std::string{in_order ? "sample, " : "sample, test, "} + answers());
    return builder_.add("main");
  }

  ProgramBuilder builder_;
  const Problem& problem_;
  const ColumnRoles& roles_;
  const SolutionChoice& choice_;
};

}  // namespace

Result<SolutionText> write_solution(const TemplateLibrary& templates,
                                    const v1::CompetitionFacts& facts,
                                    const SolutionChoice& choice) {
  const Problem problem = PODIUM_TRY(problem_of(facts));
  const ColumnRoles roles = column_roles(problem);
  return Writer{templates, problem, roles, choice}.write();
}

}  // namespace podium::codegen
