// The shapes that models wrap their programs in, as tables: what is read, what is refused.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/codegen/replies/reply_testing.hpp"

namespace podium::codegen {
namespace {

using testing::code_of;
using testing::fenced;
using testing::kSmallProgram;
using testing::read_towns;

std::string json_of(std::string_view code) {
  std::string out;
  for (const char c : code) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '"') {
      out += "\\\"";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

struct Shape {
  std::string_view what;
  std::string reply;
};

TEST(ReplyShapes, TheSmallProgramIsReadOutOfAll) {
  const std::string program{kSmallProgram};
  const std::string json = json_of(program);
  std::string in_list = "1. Do this:\n   ```python\n";
  for (const char* line : {"import pandas as pd", "test = pd.read_csv(\"test.csv\")",
                           "test.to_csv(\"submission.csv\", index=False)"}) {
    in_list += "   " + std::string{line} + "\n";
  }
  const std::vector<Shape> table{
      {"tag python", fenced(program)},
      {"tag py", fenced(program, "```py")},
      {"tag Python3", fenced(program, "```Python3")},
      {"no tag", fenced(program, "```")},
      {"tag text", fenced(program, "```text")},
      {"tildes", fenced(program, "~~~python", "~~~")},
      {"four backticks", fenced(program, "````python", "````")},
      {"longer end", fenced(program, "```python", "`````")},
      {"nested in markdown", fenced(fenced(program), "````markdown", "````")},
      {"nested with equal fences", fenced(fenced(program), "```markdown", "```")},
      {"in a list", in_list + "   ```\n"},
      {"prose around", "Plan.\n" + fenced(program) + "Have fun.\n"},
      {"prose on the line of the fence", "Here: " + fenced(program)},
      {"no fence", program},
      {"no fence, prose around", "Here is it:\n\n" + program + "\nThis writes the whole file.\n"},
      {"no fence, stray end", program + "```\n"},
      {"json", R"({"plan": "p", "code": ")" + json + R"("})"},
      {"json in a fence", fenced(R"({"code": ")" + json + "\"}\n", "```json")},
      {"json around a fence", R"({"code": "```python\n)" + json + R"(```"})"},
      {"json in a list", R"([{"n": 1}, {"deep": {"solution.py": ")" + json + R"("}}])"},
      {"json with real line ends",
       "{\"code\": \"" + json.substr(0, 19) + "\n" + json.substr(21) + "\"}"},
      {"a usage example behind", fenced(program) + fenced("print(test.head())\n")},
      {"a snippet before", fenced("import pandas\n") + fenced(program)},
      {"an older version before", fenced(program + "test.head()\n") + fenced(program)},
      {"shell before", fenced("pip install pandas\n", "```bash") + fenced(program)},
      {"output behind", fenced(program) + fenced("Id,Left\n1,0\n", "```output")},
  };
  for (const Shape& shape : table) {
    const auto reply = read_towns(shape.reply);
    ASSERT_TRUE(reply) << shape.what << ": " << reply.error().text();
    EXPECT_EQ(reply->code, program) << shape.what;
    EXPECT_FALSE(refuses(reply->findings)) << shape.what << ": " << told(reply->findings);
  }
}

TEST(ReplyShapes, JsonHasItsOwnPlanAndRequirements) {
  const auto reply = read_towns(R"({"plan": "Fit ridge regression.", "requirements": ["pandas", )"
                                R"("lightgbm==4.6.0"], "code": ")" +
                                json_of(kSmallProgram) + R"("})");
  ASSERT_TRUE(reply) << reply.error().text();
  EXPECT_EQ(reply->plan_line, "Fit ridge regression.");
  EXPECT_EQ(reply->requirements, "pandas\nlightgbm==4.6.0\n");
}

struct Refusal {
  std::string reply;
  std::string_view code;
  ReplyStop stop = ReplyStop::finished;
};

TEST(ReplyShapes, WhatHoldsNoProgramSaysWhy) {
  const std::string r_code = "library(dplyr)\nx <- read.csv(\"train.csv\")\nwrite.csv(x)\n";
  const std::string java = "public class A {\n  int x = 1;\n}\n";
  const std::string program{kSmallProgram};
  const std::vector<Refusal> table{
      {"", "REPLY_EMPTY"},
      {" \r\n\t\n", "REPLY_EMPTY"},
      {"", "REPLY_TRUNCATED", ReplyStop::cut_short},
      {"anything", "REPLY_REFUSED", ReplyStop::refused},
      {"I would begin with a look at the columns.", "REPLY_NO_CODE"},
      {"I would begin with a look at the", "REPLY_TRUNCATED", ReplyStop::cut_short},
      {"I can't help with that request.", "REPLY_REFUSED"},
      {"I’m sorry, but I cannot write this.", "REPLY_REFUSED"},
      {"Unfortunately, I am unable to assist.", "REPLY_REFUSED"},
      {fenced(r_code, "```r"), "REPLY_WRONG_LANGUAGE"},
      {fenced(r_code, "```"), "REPLY_WRONG_LANGUAGE"},
      {fenced(java, "```java"), "REPLY_WRONG_LANGUAGE"},
      {r_code, "REPLY_WRONG_LANGUAGE"},
      {fenced("Id,Left\n1,0\n", "```csv"), "REPLY_NO_CODE"},
      {fenced("pip install pandas\n", "```bash"), "REPLY_NO_CODE"},
      {fenced("-a\n+b\n", "```diff"), "REPLY_NO_CODE"},
      {fenced(""), "REPLY_NO_CODE"},
      {"```", "REPLY_NO_CODE"},
      {R"({"plan": "none"})", "REPLY_NO_CODE"},
      {R"({"code": ")" + json_of(program), "REPLY_TRUNCATED", ReplyStop::cut_short},
      {fenced("import pandas as pd\nx = pd.read_csv(\"test.csv\")\n") +
           fenced("x.to_csv(\"submission.csv\")\n"),
       "REPLY_IN_PARTS"},
      {fenced("x = 1\n") + "```python\nimport pandas as pd\nx = pd.read_csv(", "REPLY_TRUNCATED"},
  };
  for (const Refusal& row : table) {
    EXPECT_EQ(code_of(read_towns(row.reply, row.stop)), row.code) << row.reply;
  }
}

TEST(ReplyShapes, TheDetailSaysWhichLanguageItWas) {
  const auto reply = read_towns(fenced("library(dplyr)\nx <- 1\n", "```r"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().detail, "the block is marked as `r`");
}

TEST(ReplyShapes, EndlessRepetitionIsAnOutcomeOfItsOwn) {
  std::string lines;
  for (int i = 0; i < 3000; ++i) lines += "x_" + std::to_string(i) + " = x_0 + 1\n";
  std::string words;
  for (int i = 0; i < 3000; ++i) words += "and so on, ";
  EXPECT_EQ(code_of(read_towns("```python\nimport a\n" + lines)), "REPLY_REPEATS");
  EXPECT_EQ(code_of(read_towns(fenced("import a\n" + lines))), "REPLY_REPEATS");
  EXPECT_EQ(code_of(read_towns("```python\nx = [\n" + lines)), "REPLY_REPEATS");
  EXPECT_EQ(code_of(read_towns("I think " + words)), "REPLY_REPEATS");
  EXPECT_EQ(code_of(read_towns(fenced(kSmallProgram) + words)), "");
}

}  // namespace
}  // namespace podium::codegen
