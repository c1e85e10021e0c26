#include "services/codegen/replies/python_tokens.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/reply_testing.hpp"

namespace podium::codegen {
namespace {

PythonText tokens_of(std::string_view code) {
  WorkMeter work;
  return read_python(code, work);
}

std::string joined(std::string_view code) {
  std::string out;
  for (const Token& token : tokens_of(code).tokens) {
    if (!out.empty()) out += "|";
    out += token.kind == TokenKind::line_end ? "EOL" : std::string{token.text};
  }
  return out;
}

struct Split {
  std::string_view code;
  std::string_view tokens;
};

TEST(PythonTokens, AreSplitAsPythonSplitsThem) {
  const std::vector<Split> table{
      {"x = 1\n", "x|=|1|EOL"},
      {"x=1", "x|=|1|EOL"},
      {"a; b\n", "a|;|b|EOL"},
      {"x += 1.5e-3j\n", "x|+=|1.5e-3j|EOL"},
      {"x = 0xFF-1_000\n", "x|=|0xFF|-|1_000|EOL"},
      {"x = .5\n", "x|=|.5|EOL"},
      {"f(a,\n  b)\n", "f|(|a|,|b|)|EOL"},
      {"a = 1 + \\\n  2\n", "a|=|1|+|2|EOL"},
      {"x: int = 1  # note\n", "x|:|int|=|1|EOL"},
      {"def f() -> int: ...\n", "def|f|(|)|->|int|:|...|EOL"},
      {"größe = 1\n", "größe|=|1|EOL"},
      {"\n\n# only a comment\n", ""},
  };
  for (const Split& row : table) EXPECT_EQ(joined(row.code), row.tokens) << row.code;
}

TEST(PythonTokens, AStringIsOneTokenWithAllPrefixesAndQuotes) {
  const std::vector<std::string> strings{
      R"('a')",
      R"("a\"b")",
      R"(rb'\d')",
      R"(F"{x}")",
      "'''a\n'b'\n'''",
      "\"\"\"\n\"\"\"",
      R"(f"{d["key"]}")",
      R"(f'{x!r:>{width}}')",
      R"(f"{{no field}}")",
      R"(f"{x:%Y-%m-%d}")",
      R"(f"{', '.join(f"{a}" for a in b)}")",
      R"(f"{ {'a': 1}['a'] }")",
      "f\"\"\"{x\n+ 1}\"\"\"",
      R"(u"#no comment")",
  };
  for (const std::string& string : strings) {
    const std::string code = "x = " + string + "\n";
    const PythonText text = tokens_of(code);
    ASSERT_EQ(text.tokens.size(), 4U) << string;
    EXPECT_EQ(text.tokens[2].text, string);
    EXPECT_TRUE(text.problems.empty()) << string << ": " << text.problems.front().sentence;
  }
}

TEST(PythonTokens, LinesAreCountedThroughStringsAndJoins) {
  const PythonText text = tokens_of("a = '''\n\n'''\nb = (1,\n2)\nc = \\\n  3\nd\n");
  EXPECT_EQ(text.tokens[text.tokens.size() - 2].text, "d");
  EXPECT_EQ(text.tokens[text.tokens.size() - 2].line, 8U);
}

TEST(PythonTokens, PartsOfAStringAreItsPrefixAndBody) {
  EXPECT_EQ(parts_of_string("rf\"\"\"a\"\"\"").prefix, "rf");
  EXPECT_EQ(parts_of_string("rf\"\"\"a\"\"\"").body, "a");
  EXPECT_TRUE(parts_of_string("F'a'").is_format());
  EXPECT_EQ(parts_of_string("''").body, "");
  EXPECT_EQ(parts_of_string("'open").body, "open");
}

struct Problem {
  std::string_view code;
  PythonProblemKind kind;
  std::size_t line;
  bool at_end;
};

TEST(PythonTokens, ProblemsAreTold) {
  using enum PythonProblemKind;
  const std::vector<Problem> table{
      {"x = 'open\ny = 1\n", open_string, 1, false},
      {"x = 'open", open_string, 1, true},
      {"x = \"\"\"open\n\n", open_string, 1, true},
      {"x = f\"{a\n", open_string, 1, true},
      {"f(\n[1,\n", open_bracket, 2, true},
      {"f(1\n\ndef g():\n    pass\n", open_bracket, 1, false},
      {"f(1]\n", stray_bracket, 1, false},
      {"x = 1)\n", stray_bracket, 1, false},
      {"def f():\n", open_block, 1, true},
      {"def f():\n\n# more\n", open_block, 1, true},
      {"@cache\n", open_block, 1, true},
      {"try:\n    x = 1\n", open_block, 1, true},
      {"try:\n    x = 1\ny = 2\n", open_block, 1, false},
      {"x = 1 +\n", open_statement, 1, true},
      {"x =", open_statement, 1, true},
      {"x = 1 + \\", open_statement, 1, true},
      {"def f():\nx = 1\n", indentation, 2, false},
      {"x = 1\n    y = 2\n", indentation, 2, false},
      {"if a:\n        b\n    c\n", indentation, 3, false},
      {"if a:\n        b\n\tc\n", indentation, 3, false},
      {"if a:\n\tif b:\n        c\n", indentation, 3, false},
      {"x = \xE2\x80\x9C"
       "a\xE2\x80\x9D\n",
       character, 1, false},
      {"x =\xC2\xA0"
       "1\n",
       character, 1, false},
      {"x = a ? b : c\n", character, 1, false},
      {"```\n", character, 1, false},
      {"!pip install x\n", notebook, 1, false},
      {"x = 1\n%matplotlib inline\n", notebook, 2, false},
  };
  for (const Problem& row : table) {
    const PythonText text = tokens_of(row.code);
    ASSERT_FALSE(text.problems.empty()) << row.code;
    EXPECT_EQ(text.problems.front().kind, row.kind) << row.code << text.problems.front().sentence;
    EXPECT_EQ(text.problems.front().line, row.line) << row.code;
    EXPECT_EQ(text.unfinished(), row.at_end) << row.code;
  }
}

TEST(PythonTokens, CompleteProgramsHaveNoProblems) {
  const std::vector<std::string_view> table{
      "",
      "\n \n",
      "x = 1,\n",
      "from a import *\n",
      "if a:\n\tb\n\tif c:\n\t\td\ne\n",
      "if a:\n  b\nelse:\n      c\n",
      "try:\n    a\nexcept E:\n    b\nelse:\n    c\nfinally:\n    d\n",
      "try:\n    try:\n        a\n    finally:\n        b\nexcept E:\n    c\n",
      "x = [\n1,\n# note\n  2,\n]\n",
      "if a: b\nelif c: d\n",
      "x = (a\n     if b\n     else c)\n",
      "x = a % b\nmatrix = a @ b\n",
      "print('\xE2\x9C\x85 done')\n",
      "def f():\n    '''doc'''\n    # comment at another column\n# and here\n    return 1\n",
      "x = {'a': lambda y: y}\n",
  };
  for (const std::string_view code : table) {
    const PythonText text = tokens_of(code);
    EXPECT_TRUE(text.problems.empty()) << code << text.problems.front().sentence;
  }
}

TEST(PythonTokens, AWholeProgramOfTheGeneratorHasNoProblems) {
  const PythonText text =
      tokens_of(testing::read_text("services/codegen/generator/golden/binary_draft.py"));
  EXPECT_GT(text.tokens.size(), 1000U);
  EXPECT_TRUE(text.problems.empty()) << text.problems.front().sentence;
}

TEST(PythonTokens, CutAnywhereInABracketOrStringItIsUnfinished) {
  const std::string code = "x = f(a, [1, 2, {'k': \"\"\"v\nw\"\"\"}])";
  for (std::size_t bytes = code.find('(') + 1; bytes < code.size(); ++bytes) {
    EXPECT_TRUE(tokens_of(code.substr(0, bytes)).unfinished()) << code.substr(0, bytes);
  }
  EXPECT_FALSE(tokens_of(code).unfinished());
}

TEST(PythonTokens, ProblemsAreBounded) {
  std::string code;
  for (int i = 0; i < 1000; ++i) code += "x = ?\n";
  EXPECT_LE(tokens_of(code).problems.size(), 21U);
}

TEST(TripleStringTracker, KnowsWhetherALineBeginsWithinAString) {
  TripleStringTracker tracker;
  tracker.line("x = 'it''s' # \"\"\" in a comment");
  EXPECT_FALSE(tracker.inside());
  tracker.line("y = '\"\"\"' + \"\\\"\"");
  EXPECT_FALSE(tracker.inside());
  tracker.line("z = \"\"\"begin");
  EXPECT_TRUE(tracker.inside());
  tracker.line("''' # not the end");
  EXPECT_TRUE(tracker.inside());
  tracker.line("end\"\"\"");
  EXPECT_FALSE(tracker.inside());
}

}  // namespace
}  // namespace podium::codegen
