// Programs made of the scaffold and a plain function, in real sandboxes: for each competition of a
// catalogue the program runs and leaves a submission that the executor's check accepts. Built-in
// solutions of competitions of other shapes likewise.
// PODIUM_COMPETITIONS names another catalogue than the bundled one.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "libs/competition/facts_reader.hpp"
#include "services/codegen/generator/scaffold.hpp"
#include "services/codegen/generator/solution_writer.hpp"
#include "services/executor/testing/engine_fixture.hpp"
#include "services/scraper/adapters/catalogue_competition_source.hpp"
#include "services/scraper/data_tar.hpp"
#include "services/scraper/unpack.hpp"
#include "services/scraper/unpack/modes.hpp"
#include "tests/support/process.hpp"

namespace podium::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTables = R"(
from sklearn.ensemble import {}


def fit_predict(train_x, train_y, test_x):
    model = {}(max_iter=60, random_state=0)
    model.fit(as_numbers(train_x), train_y)
    return outputs(model, as_numbers(test_x))
)";
constexpr std::string_view kPixels = R"(
from sklearn.ensemble import ExtraTreesClassifier


def fit_predict(train_x, train_y, test_x):
    model = ExtraTreesClassifier(100, random_state=0, n_jobs=CPUS).fit(train_x, train_y)
    return outputs(model, test_x)
)";
constexpr std::string_view kWords = R"(
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = train_x.select_dtypes(object).columns
    join = lambda table: table[texts].agg(" ".join, axis=1)
    words = TfidfVectorizer(sublinear_tf=True, min_df=3)
    model = LogisticRegression(C=5, max_iter=300).fit(words.fit_transform(join(train_x)), train_y)
    return outputs(model, words.transform(join(test_x)))
)";

std::string function_for(const codegen::Scaffold& scaffold) {
  if (scaffold.signature.contains("np.ndarray, train_y")) return std::string{kPixels};
  if (scaffold.contract.contains("texts (object")) return std::string{kWords};
  const bool chances = scaffold.docstring.contains("probabilit");
  const std::string_view model =
      chances ? "HistGradientBoostingClassifier" : "HistGradientBoostingRegressor";
  return std::vformat(kTables, std::make_format_args(model, model));
}

fs::path catalogue() {
  const char* other = std::getenv("PODIUM_COMPETITIONS");
  return other == nullptr ? fs::path{PODIUM_SOURCE_DIR} / "competitions" : fs::path{other};
}

std::vector<std::string> slugs() {
  std::vector<std::string> slugs;
  for (const auto& entry : fs::directory_iterator{catalogue()}) {
    if (entry.is_directory()) slugs.push_back(entry.path().filename().string());
  }
  std::ranges::sort(slugs);
  return slugs;
}

class ScaffoldRun : public executor::fakes::EngineTest {
 protected:
  fs::path data() const { return folder_.path() / "data"; }

  // As the scraper does it.
  v1::CompetitionFacts scrape(const std::string& slug) const {
    const auto packed = folder_.path() / "packed";
    fs::create_directory(packed);
    v1::CompetitionRequest request;
    request.set_slug(slug);
    scraper::CatalogueCompetitionSource source{catalogue()};
    const auto fetched = source.fetch(request, packed, {}).value();
    const scraper::FetchControl control;
    scraper::UnpackAccount account{
        {.bytes_max = 1ULL << 30, .packed_bytes = scraper::bytes_below(packed)}, control};
    EXPECT_TRUE(scraper::unpack_folder(packed, data(), account).has_value());
    competition::FactsOptions options;
    options.now = std::chrono::system_clock::now();
    return competition::read_facts(data(), fetched.told, fetched.door, options).value();
  }

  static codegen::Scaffold scaffold_of(const v1::CompetitionFacts& facts) {
    const auto templates =
        codegen::TemplateLibrary::load(PODIUM_SOURCE_DIR "/services/codegen/generator/templates");
    return codegen::make_scaffold(templates.value(), facts).value();
  }

  // The run mounts data of its own, so that removing it takes nothing from anybody else.
  void bring(const v1::CompetitionFacts& facts) {
    std::ofstream{data() / "stack.txt"} << stack_;
    const auto tar = folder_.path() / "data.tar";
    ASSERT_TRUE(scraper::write_data_tar(data(), tar, {}).has_value());
    data_ = artifacts_->put_content_file(tar).value();
    std::string json;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(facts, &json).ok());
    facts_ = artifacts_->put_content(json).value();
    limits_.set_memory_bytes_max(2ULL << 30);
    limits_.set_wall_seconds_max(240);
    limits_.set_predictions_bytes_max(64ULL << 20);
  }
};

/// Competitions of other shapes than the catalogue's; see tests/standins/kaggle/shapes.py.
class ShapeRuns : public ScaffoldRun, public ::testing::WithParamInterface<const char*> {
 protected:
  // All of what podium-unpack does, in this process.
  v1::CompetitionFacts unpack_shape(const std::string& name) const {
    ProcessOptions make;
    make.command = {"python3", "-m", "standins.kaggle.shapes", folder_.path().string(), name};
    make.environment = {{"PYTHONPATH", std::string{PODIUM_SOURCE_DIR} + "/tests"},
                        {"PYTHONDONTWRITEBYTECODE", "1"}};
    make.output = folder_.path() / "shapes.log";
    Process maker{std::move(make)};
    EXPECT_EQ(maker.wait(std::chrono::seconds{60}), 0) << maker.output();
    fs::rename(folder_.path() / name / "data", folder_.path() / "packed");
    v1::UnpackQuestion question;
    question.mutable_told()->set_slug(name);
    question.mutable_told()->set_metric_name("Categorization Accuracy");
    question.set_data_bytes_max(1ULL << 30);
    v1::UnpackReport report;
    const auto done = scraper::unpack::read_data(folder_.path(), question, {}, report);
    EXPECT_TRUE(done) << done.error().text();
    return report.facts();
  }
};

TEST_P(ShapeRuns, TheBuiltInSolutionLeavesAnAcceptedSubmission) {
  auto facts = unpack_shape(GetParam());
  // As if there were more of it.
  if (std::string_view{GetParam()} == "plain-tables") {
    for (auto& file : *facts.mutable_files()) file.set_bytes(file.bytes() + (1ULL << 30));
  }
  bring(facts);
  const codegen::SolutionChoice choice{.families = {codegen::Family::linear}, .folds = 2};
  const auto templates =
      codegen::TemplateLibrary::load(PODIUM_SOURCE_DIR "/services/codegen/generator/templates");
  const auto solution = codegen::write_solution(templates.value(), facts, choice);
  ASSERT_TRUE(solution) << solution.error().text();
  const auto executed = run(solution->code);
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK) << executed.message() << log_of(executed);
  EXPECT_GT(executed.submission().bytes(), 0U);
  EXPECT_GE(executed.score().value(), 0.7) << log_of(executed);
}

INSTANTIATE_TEST_SUITE_P(Shapes, ShapeRuns,
                         ::testing::Values("plain-tables", "class-folders", "sound-folders",
                                           "halves-to-join", "features-by-id", "other-order"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

class ScaffoldRuns : public ScaffoldRun, public ::testing::WithParamInterface<std::string> {};

TEST_P(ScaffoldRuns, APlainFunctionLeavesAnAcceptedSubmission) {
  const auto facts = scrape(GetParam());
  bring(facts);
  const auto scaffold = scaffold_of(facts);
  const auto executed = run(codegen::fill_scaffold(scaffold, function_for(scaffold)).value());
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK) << executed.message() << log_of(executed);
  EXPECT_GT(executed.submission().bytes(), 0U);
  EXPECT_EQ(executed.score().metric(), facts.metric().key());
  EXPECT_TRUE(std::isfinite(executed.score().value()));
  EXPECT_GE(executed.score().folds(), 1U) << log_of(executed);
  RecordProperty("score", std::to_string(executed.score().value()));
}

INSTANTIATE_TEST_SUITE_P(Catalogue, ScaffoldRuns, ::testing::ValuesIn(slugs()),
                         [](const auto& info) {
                           auto name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(ScaffoldRun, ASlowFunctionIsScoredOnFewerFolds) {
  const auto facts = scrape("titanic");
  bring(facts);
  limits_.set_wall_seconds_max(30);
  const auto executed = run(codegen::fill_scaffold(scaffold_of(facts), R"(
import time
time.sleep(11)
return np.linspace(0, 1, len(test_x))
)")
                                .value());
  EXPECT_EQ(executed.outcome(), v1::RUN_OUTCOME_OK) << executed.message() << log_of(executed);
  EXPECT_EQ(executed.score().folds(), 1U);
  EXPECT_THAT(executed.log_tail(), ::testing::HasSubstr("4 more folds would be too long"));
}

TEST_F(ScaffoldRun, AWrongAnswerIsToldInTheLog) {
  const auto facts = scrape("titanic");
  bring(facts);
  const auto scaffold = scaffold_of(facts);
  const auto short_one = run(codegen::fill_scaffold(scaffold, "return train_y").value());
  EXPECT_EQ(short_one.outcome(), v1::RUN_OUTCOME_CRASHED);
  EXPECT_THAT(short_one.log_tail(), ::testing::HasSubstr("fit_predict must return ("));
  const auto gaps = run(codegen::fill_scaffold(scaffold, "return test_x['Age']").value());
  EXPECT_THAT(gaps.log_tail(), ::testing::HasSubstr("fit_predict must return finite numbers"));
}

}  // namespace
}  // namespace podium::testing
