#include "services/codegen/replies/static_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/reply_limits.hpp"
#include "services/codegen/replies/reply_testing.hpp"

namespace podium::codegen {
namespace {

using testing::find_rule;
using testing::kSmallProgram;
using testing::towns_check;

Findings check(std::string_view code, const CheckOptions& options = towns_check()) {
  WorkMeter work;
  return check_program(code, options, work);
}

struct CheckRow {
  std::string_view line;  // behind the small program, so in line 4
  std::string_view rule;  // none: nothing is found
  Severity severity = Severity::refuse;
};

void expect_rows(const std::vector<CheckRow>& table) {
  for (const CheckRow& row : table) {
    const Findings findings = check(std::string{kSmallProgram} + std::string{row.line} + "\n");
    if (row.rule.empty()) {
      EXPECT_TRUE(findings.empty()) << row.line << ": " << told(findings);
      continue;
    }
    const Finding* finding = find_rule(findings, row.rule, 4);
    ASSERT_NE(finding, nullptr) << row.line << ": " << told(findings);
    EXPECT_EQ(finding->severity, row.severity) << row.line;
    EXPECT_EQ(findings.size(), 1U) << row.line << ": " << told(findings);
    EXPECT_TRUE(finding->sentence.ends_with('.')) << finding->sentence;
  }
}

TEST(StaticCheck, AProgramOfTheGeneratorPasses) {
  const Findings findings =
      check(testing::read_text("services/codegen/generator/golden/binary_draft.py"));
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(StaticCheck, NetworkModulesAreRefused) {
  expect_rows({
      {"import requests", "network"},
      {"import os, requests as r", "network"},
      {"import urllib.request", "network"},
      {"from urllib import request", "network"},
      {"from http.client import HTTPConnection", "network"},
      {"x = 1; import httpx", "network"},
      {"try: import socket\nexcept ImportError: pass", "network"},
      {"m = __import__('aiohttp')", "network"},
      {"m = importlib.import_module(\"boto3\")", "network"},
      {"df = pd.read_csv('https://example.com/train.csv')", "network"},
      {"model = AutoModel.from_pretrained('bert')", "network", Severity::warn},
      {"import urllib.parse", ""},
      {"from urllib import parse", ""},
      {"import requests_free", ""},
      {"# import requests", ""},
      {"text = 'import requests'", ""},
      {"requests = 3", ""},
      {"print('see https://example.com')", ""},
  });
}

TEST(StaticCheck, OtherProgramsAreRefused) {
  expect_rows({
      {"import subprocess", "process"},
      {"from subprocess import run", "process"},
      {"os.system('ls')", "process"},
      {"os.popen('ls')", "process"},
      {"os.execv('/bin/sh', [])", "process"},
      {"from os import path, system", "process"},
      {"import pip", "process"},
      {"!pip install lightgbm", "notebook"},
      {"%matplotlib inline", "notebook"},
      {"pip install lightgbm", "process"},
      {"get_ipython().run_line_magic('a', 'b')", "notebook"},
      {"platform.system()", ""},
      {"from os import path", ""},
      {"import multiprocessing", ""},
  });
}

TEST(StaticCheck, WaitingIsRefused) {
  expect_rows({
      {"time.sleep(60)", "sleep"},
      {"sleep(2 * 60)", "sleep"},
      {"time.sleep(1_000.0)", "sleep"},
      {"time.sleep(delay)", "sleep", Severity::warn},
      {"time.sleep(0.5)", ""},
      {"def sleep(x): pass", ""},
      {"name = input('name? ')", "input"},
      {"line = sys.stdin.readline()", "input"},
      {"breakpoint()", "input"},
      {"pdb.set_trace()", "input"},
      {"model.input(3)", ""},
      {"input = 3", ""},
      {"def input(): pass", ""},
  });
}

TEST(StaticCheck, OnlyFilesOfTheCompetitionAreRead) {
  expect_rows({
      {"df = pd.read_csv('labels.csv')", "data"},
      {"df = pd.read_csv(INPUT / 'labels.csv')", "data"},
      {"df = pd.read_csv(Path('data') / Path('labels.csv'))", "data"},
      {"df = pd.read_parquet(f'{INPUT}/labels.parquet')", "data"},
      {"with open('labels.json') as f: pass", "data"},
      {"df = pd.read_csv('Train.csv')", "data"},
      {"TRAIN = 'labels.csv'", "data", Severity::warn},
      {"df = pd.read_csv('train.csv')", ""},
      {"df = pd.read_csv('../input/towns/train.csv')", ""},
      {"df = pd.read_csv('/kaggle/input/towns/extra/Weather.csv')", ""},
      {"df = pd.read_csv('/kaggle/input/other/train.csv')", "path"},
      {"df = pd.read_csv('../input/other-contest/train.csv')", "path"},
      {"text = open('/etc/passwd').read()", "path"},
      {"if os.path.exists('labels.csv'): pass", ""},
      {"image = read(f'{name}.csv')", ""},
      {"files = glob('*.csv')", ""},
      {"df.to_csv('oof.csv')\npd.read_csv('oof.csv')", ""},
      {"with open('notes.txt', 'w') as f: pass", ""},
      {"open('notes.txt', mode=\"a\")", ""},
      {"print('wrote the file labels.csv')", ""},
      {"'''reads labels.csv'''", ""},
  });
}

TEST(StaticCheck, AWrongCaseIsToldWithTheRightOne) {
  const Findings findings = check(std::string{kSmallProgram} + "pd.read_csv('weather.csv')\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].sentence,
            "The competition has no file `weather.csv`; it is called `Weather.csv`.");
  EXPECT_EQ(told(findings), "Line 4: " + findings[0].sentence + "\n");
}

TEST(StaticCheck, WithoutAManifestNoFileIsDoubted) {
  const std::string code = std::string{kSmallProgram} + "pd.read_csv('labels.csv')\n";
  EXPECT_TRUE(check(code, {}).empty());
}

struct Submission {
  std::string_view code;
  std::string_view rule;
  Severity severity = Severity::refuse;
};

TEST(StaticCheck, TheSubmissionMustBeWritten) {
  const std::vector<Submission> table{
      {"df.to_csv('submission.csv')\n", ""},
      {"df.to_csv('./submission.csv')\n", ""},
      {"df.to_csv('/kaggle/working/submission.csv')\n", ""},
      {"OUT = Path('/kaggle/working/submission.csv')\ndf.to_csv(OUT)\n", ""},
      {"df.to_csv(f'{folder}/submission.csv')\n", ""},
      {"with open('submission.csv', 'w') as f:\n    f.write('a')\n", ""},
      {"x = 1\n", "submission"},
      {"# df.to_csv('submission.csv')\n", "submission"},
      {"'''df.to_csv submission.csv'''\n", "submission"},
      {"print('submission.csv')\n", "submission"},
      {"df = pd.read_csv('submission.csv')\n", "submission"},
      {"name = 'submission.csv'\nprint(name)\n", "submission"},
      {"df.to_csv('/kaggle/input/submission.csv')\n", "submission"},
      {"df.to_csv('/tmp/submission.csv')\n", "submission"},
      {"df.to_csv('output/submission.csv')\n", "submission", Severity::warn},
      {"name = 'submission'\ndf.to_csv(name + '.csv')\n", "submission", Severity::warn},
      {"df.to_csv('sub.csv')\n", "submission_name"},
      {"df.to_csv('my_predictions.csv')\n", "submission_name"},
      {"df.to_csv('Submission.csv')\n", "submission_name"},
      {"OUT = 'sub.csv'\ndf.to_csv(OUT)\n", "submission_name"},
  };
  for (const Submission& row : table) {
    const Findings findings = check(row.code, {});
    if (row.rule.empty()) {
      EXPECT_TRUE(findings.empty()) << row.code << told(findings);
      continue;
    }
    const Finding* finding = find_rule(findings, row.rule);
    ASSERT_NE(finding, nullptr) << row.code << told(findings);
    EXPECT_EQ(finding->severity, row.severity) << row.code;
  }
}

TEST(StaticCheck, CodeThatWasLeftOutIsRefused) {
  expect_rows({
      {"# ... rest of the code unchanged ...", "placeholder"},
      {"# … existing code …", "placeholder"},
      {"# YOUR CODE HERE", "placeholder"},
      {"# and so on ...", ""},
      {"x = ...", ""},
  });
}

TEST(StaticCheck, AnUnfinishedProgramIsRefused) {
  const Findings findings = check(std::string{kSmallProgram} + "print(\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(told(findings), "Line 4: The bracket ( is never closed.\n");
}

TEST(StaticCheck, FindingsAreBoundedAndRefusalsComeFirst) {
  std::string code{kSmallProgram};
  for (int i = 0; i < 200; ++i) code += "time.sleep(x)\n";
  code += "import socket\n";
  const Findings findings = check(code);
  EXPECT_EQ(findings.size(), kFindingsMax);
  EXPECT_NE(find_rule(findings, "network", 204), nullptr);
}

}  // namespace
}  // namespace podium::codegen
