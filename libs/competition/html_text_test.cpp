#include "libs/competition/html_text.hpp"

#include <gtest/gtest.h>

namespace podium::competition {
namespace {

TEST(HtmlText, ParagraphsHeadingsAndLists) {
  EXPECT_EQ(text_of_html("<h2>Goal</h2><p>Predict  the\nrent<br>of <b>flats</b>.</p>"
                         "<ul><li>one</li><li>two</li></ul>"),
            "## Goal\n\nPredict the rent\nof flats.\n\n- one\n- two");
}

TEST(HtmlText, TablesKeepTheirCells) {
  EXPECT_EQ(text_of_html("<table><thead><tr><th>Id</th><th>Sold <i>at</i></th></tr></thead>"
                         "<tr><td>1</td><td><p>2</p></td></tr></table>"),
            "| Id | Sold at |\n| 1 | 2 |");
}

TEST(HtmlText, PreformattedPartsStayAsTheyAre) {
  EXPECT_EQ(text_of_html("<p>Format:</p><pre>Id,y\n1,  0\n</pre><p>End</p>"),
            "Format:\n\n```\nId,y\n1,  0\n```\n\nEnd");
}

TEST(HtmlText, NothingThatActsIsKept) {
  EXPECT_EQ(text_of_html("<script>alert('x')</script><style>p{}</style><p>a</p>"
                         "<img src='https://example.org/x.png' onerror='y()'>"),
            "a");
}

TEST(HtmlText, EntitiesAreCharacters) {
  EXPECT_EQ(text_of_html("<p>R&sup2; &gt; 0.5 &amp; r\xC3\xA4ther</p>"),
            "R\xC2\xB2 > 0.5 & r\xC3\xA4ther");
}

TEST(HtmlText, BrokenHtmlIsReadAllTheSame) {
  EXPECT_EQ(text_of_html("<p>one<p>two<div><b>three"), "one\n\ntwo\n\nthree");
  EXPECT_EQ(text_of_html(""), "");
  std::string deep;
  for (int level = 0; level < 100'000; ++level) deep += "<div>";
  EXPECT_EQ(text_of_html(deep + "x").size() <= 1, true);
}

TEST(HtmlText, MarkdownIsNoHtml) {
  EXPECT_FALSE(is_html("# Goal\n\nPredict `a < b`.", ""));
  EXPECT_TRUE(is_html("<p>Goal</p>", ""));
  EXPECT_TRUE(is_html("plain", "text/html; charset=utf-8"));
  EXPECT_FALSE(is_html("<p>shown as it is</p>", "text/markdown"));
}

}  // namespace
}  // namespace podium::competition
