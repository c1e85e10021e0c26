#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codegen/generator/scaffold.hpp"
#include "services/codegen/generator/testing/python_programs.hpp"
#include "services/codegen/replies/reply_errors.hpp"

namespace podium::codegen {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A scaffold that prints what the function in it returns.
Scaffold printing_scaffold() {
  Scaffold scaffold;
  scaffold.before =
      "def log(text):\n    print(text)\n\n\ndef model_function():\n    \"\"\"M.\"\"\"\n";
  scaffold.after =
      "    return fit_predict\n\n\nfit_predict = model_function()\n\n\ndef score():\n"
      "    return 'scaffold'\n\n\nlog(fit_predict([1, 2], [3, 4], [5]))\nassert score() == "
      "'scaffold'\n";
  scaffold.signature = "def fit_predict(train_x, train_y, test_x):";
  return scaffold;
}

std::string filled(std::string_view source) {
  const auto program = fill_scaffold(printing_scaffold(), source);
  EXPECT_TRUE(program.has_value()) << program.error().text();
  return program.value_or("");
}

std::string_view refusal(std::string_view source) {
  const auto program = fill_scaffold(printing_scaffold(), source);
  EXPECT_FALSE(program.has_value()) << *program;
  return program ? "none" : program.error().code->name;
}

class FilledScaffold : public testing::Programs {
 protected:
  // What the program prints, without the line end.
  std::string output(std::string_view source) const {
    write("program.py", filled(source));
    EXPECT_EQ(python("program.py > out.txt"), 0) << filled(source);
    auto text = testing::read_file(folder_ / "out.txt");
    if (text.ends_with('\n')) text.pop_back();
    return text;
  }
};

TEST_F(FilledScaffold, TakesTheWholeFunction) {
  EXPECT_EQ(output("def fit_predict(train_x, train_y, test_x):\n    return sum(train_y)\n"), "7");
}

TEST_F(FilledScaffold, TakesImportsAndHelpersBesideIt) {
  EXPECT_EQ(output("import math\nfrom itertools import chain\n\nFACTOR = 2\n\n\n"
                   "class Twice:\n    def __call__(self, x):\n        return FACTOR * x\n\n\n"
                   "def helper(x):\n    return Twice()(math.floor(x))\n\n\n"
                   "def fit_predict(a, b, c):\n    return [helper(x) for x in chain(a, b)]\n"),
            "[2, 4, 6, 8]");
}

TEST_F(FilledScaffold, TakesABodyAtTheMargin) {
  EXPECT_EQ(output("import math\nif len(train_x) > 9:\n    return 0\nreturn math.prod(train_y)"),
            "12");
}

TEST_F(FilledScaffold, TakesABodyThatIsIndented) {
  EXPECT_EQ(output("    total = 0\n    for y in train_y:\n        total += y\n    return total\n"),
            "7");
}

TEST_F(FilledScaffold, TakesABodyWhoseFirstLineLostItsIndentation) {
  EXPECT_EQ(output("total = sum(train_y)\n    total += 1\n    return total"), "8");
}

TEST_F(FilledScaffold, TakesABodyWithTabsAndWindowsLineEnds) {
  EXPECT_EQ(output("\ttotal = 0\r\n\tfor y in train_y:\r\n\t\ttotal += y\r\n\treturn total\r\n"),
            "7");
}

TEST_F(FilledScaffold, KeepsStringsOfSeveralLinesAsTheyAre) {
  EXPECT_EQ(
      output("def fit_predict(a, b, c):\n    text = '''x\n  y\nz'''\n    return repr(text)\n"),
      "'x\\n  y\\nz'");
}

TEST_F(FilledScaffold, ItsNamesDoNotMeetThoseOfTheProgram) {
  EXPECT_EQ(output("from math import log\n\n\ndef score():\n    return 1\n\n\n"
                   "def fit_predict(a, b, c):\n    return score() + log(1)\n"),
            "1.0");
}

TEST_F(FilledScaffold, LeavesOutWhatWouldRunOnItsOwn) {
  const std::string source =
      "from __future__ import annotations\nimport math\n\n\ndef fit_predict(a, b, c):\n"
      "    return math.sqrt(16)\n\n\nif __name__ == \"__main__\":\n    import nothing\n"
      "    # Of the block.\n    print(fit_predict(1, 2, 3))\n";
  EXPECT_EQ(output(source), "4.0");
  EXPECT_THAT(filled(source), Not(HasSubstr("nothing")));
}

TEST_F(FilledScaffold, TakesAFunctionThatIsAName) {
  EXPECT_EQ(output("def mine(a, b, c):\n    return 5\n\n\nfit_predict = mine\n"), "5");
}

TEST(FillScaffold, RefusesAReplyWithoutTheFunction) {
  EXPECT_EQ(refusal("def predict(a, b, c):\n    return 5\n"), "REPLY_NO_FUNCTION");
  EXPECT_EQ(refusal("class M:\n    def fit_predict(self, a, b, c):\n        return 5\n"),
            "REPLY_NO_FUNCTION");
  EXPECT_EQ(refusal("print('hello')\n"), "REPLY_NO_FUNCTION");
  EXPECT_EQ(refusal(""), "REPLY_NO_FUNCTION");
}

TEST(FillScaffold, RefusesWhatWouldSwallowTheProgramBehindIt) {
  EXPECT_EQ(refusal("def fit_predict(a, b, c):\n    return '''x\n"), "REPLY_TRUNCATED");
  EXPECT_EQ(refusal("def fit_predict(a, b, c):\n    return [1, 2\n"), "REPLY_TRUNCATED");
  EXPECT_EQ(refusal("def fit_predict(a, b, c):\n"), "REPLY_TRUNCATED");
  EXPECT_EQ(refusal("return train_y \\\n"), "REPLY_TRUNCATED");
}

TEST(FillScaffold, RefusesHiddenCharactersAndWhatIsTooLarge) {
  EXPECT_EQ(refusal("return 1  # \xE2\x80\xAE x\n"), "REPLY_HIDDEN_CHARACTERS");
  EXPECT_EQ(refusal(std::string(300 * 1024, '#')), "REPLY_TOO_LARGE");
}

TEST(FillScaffold, TakesALongFunction) {
  std::string source = "def fit_predict(a, b, c):\n";
  for (int i = 0; i < 5'000; ++i) source += "    x = '''\n'''; y = [1,\n2]\n";
  source += "    return x\n";
  EXPECT_TRUE(fill_scaffold(printing_scaffold(), source).has_value());
}

TEST(FillScaffold, EveryPrefixIsTakenOrRefused) {
  const std::string source =
      "from __future__ import annotations\nimport math\n\n\ndef fit_predict(a, b, c):\n"
      "    \"\"\"Text\nof lines.\n    \"\"\"\n    x = f'''{\n1}''' + \\\n        'y'\n"
      "    return [x,\n1]\n\n\nif __name__ == '__main__':\n    print(1)\n";
  int taken = 0;
  for (std::size_t bytes = 0; bytes <= source.size(); ++bytes) {
    for (const auto* before : {"", "    ", "\t", "x = 1\n    "}) {
      taken += fill_scaffold(printing_scaffold(), before + source.substr(0, bytes)) ? 1 : 0;
    }
  }
  EXPECT_GT(taken, 0);
}

TEST(FillScaffold, TheFunctionIsFoundAgain) {
  const Scaffold scaffold = printing_scaffold();
  const std::string source = "import math\n\n\ndef fit_predict(a, b, c):\n    return math.pi\n";
  EXPECT_EQ(function_in(scaffold, fill_scaffold(scaffold, source).value()), source);
  const auto body = function_in(scaffold, fill_scaffold(scaffold, "return 5").value());
  EXPECT_EQ(body, scaffold.signature + "\n    return 5\n");
  EXPECT_EQ(function_in(scaffold, "print(1)\n"), std::nullopt);
}

}  // namespace
}  // namespace podium::codegen
