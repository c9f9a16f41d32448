#include "barometer/document/document.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string words_at(const Document& document, wording::TextSpan span) {
  std::string words;
  size_t point = 0;
  for (const char c : document.text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++point;
    if (point > span.begin && point <= span.end) words += c;
  }
  return words;
}

// "title: words | bullet: words"
std::string described(const Document& document) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"title", "heading", "bullet", "paragraph", "caption", "cell", "quotation", "source"});
  std::string text;
  for (const Block& block : document.blocks) {
    text += text.empty() ? "" : " | ";
    text += fmt::format("{}: {}", kNames.at(static_cast<size_t>(block.kind)),
                        words_at(document, block.span));
  }
  return text;
}

Document read(std::string_view bytes, DocumentFormat format = DocumentFormat::kText) {
  Result<Document> document = read_document(bytes, format, "a.txt");
  EXPECT_TRUE(document.has_value()) << document.error().message;
  return *std::move(document);
}

std::vector<std::string> sentences(std::string_view text) {
  const Document document = read(text);
  std::vector<std::string> all;
  for (const Sentence& sentence : document.sentences) {
    all.push_back(words_at(document, sentence.span));
  }
  return all;
}

struct Case {
  std::string_view text;
  std::string_view blocks;
};

TEST(Text, LinesBecomeBlocks) {
  const auto cases = std::to_array<Case>({
      {"Leaders want change\n\nMost said so.",
       "title: Leaders want change | paragraph: Most said so."},
      {"Most said so.\nSome did not.", "paragraph: Most said so. | paragraph: Some did not."},
      {"\xEF\xBB\xBFTitle\n\nText.", "title: \xEF\xBB\xBFTitle | paragraph: Text."},
      {"Title\r\n\r\nText.\r\n", "title: Title | paragraph: Text."},
      {"- one\n- two", "bullet: one | bullet: two"},
      {"  \xE2\x80\xA2 one\n  \xE2\x80\xA2 two", "bullet: one | bullet: two"},
      {"1. First of all\n2) Then", "bullet: First of all | bullet: Then"},
      {"2012 was good.", "paragraph: 2012 was good."},
      {"7.2 was the mean.", "paragraph: 7.2 was the mean."},
      {"-5 is a number.", "paragraph: -5 is a number."},
      {"https://a.org/x-2012\nText here.", "source: https://a.org/x-2012 | paragraph: Text here."},
      {"Leaders doubt\n\n12 January 2012\n\nText.",
       "title: Leaders doubt | source: 12 January 2012 | paragraph: Text."},
      {"In 2012 leaders left", "title: In 2012 leaders left"},
      {"Share this article", "source: Share this article"},
      {"By Jane Smith", "source: By Jane Smith"},
      {"By 2017 all will merge.", "paragraph: By 2017 all will merge."},
      {"Text.\n\nPie charts: who answered", "paragraph: Text. | caption: Pie charts: who answered"},
      {"\xE2\x80\x9CWe said 40 per cent.\xE2\x80\x9D",
       "quotation: \xE2\x80\x9CWe said 40 per cent.\xE2\x80\x9D"},
      {"\xE2\x80\x9CWe\xE2\x80\x9D and \xE2\x80\x9Cthey\xE2\x80\x9D",
       "title: \xE2\x80\x9CWe\xE2\x80\x9D and \xE2\x80\x9Cthey\xE2\x80\x9D"},
      {"", ""},
      {"\n \n\t\n", ""},
  });
  for (const Case& c : cases) EXPECT_EQ(described(read(c.text)), c.blocks) << c.text;
}

TEST(Text, LinesBrokenAtAWidthAreOneParagraph) {
  const Document document = read(
      "Sixty-three per cent of the respondents to the survey said that they were\n"
      "likely to leave their posts, and a further eleven per cent had already told\n"
      "their boards.\n\n"
      "The rest had not.");
  EXPECT_EQ(document.blocks.size(), 2U);
  EXPECT_EQ(document.sentences.size(), 2U);
}

TEST(Text, SentencesEndWhereTheyEnd) {
  using All = std::vector<std::string>;
  EXPECT_EQ(sentences("It was 7.2. Then 6.5."), (All{"It was 7.2.", "Then 6.5."}));
  EXPECT_EQ(sentences("Dr. Dixon said no. Mr. Smith agreed."),
            (All{"Dr. Dixon said no.", "Mr. Smith agreed."}));
  EXPECT_EQ(sentences("We asked J. B. Smith. He left."),
            (All{"We asked J. B. Smith.", "He left."}));
  EXPECT_EQ(sentences("The U.S. Senate met. It rose."), (All{"The U.S. Senate met.", "It rose."}));
  EXPECT_EQ(sentences("See no. 5 for more. No. They did not."),
            (All{"See no. 5 for more.", "No.", "They did not."}));
  EXPECT_EQ(sentences("E.g. 40 per cent, i.e. most. 44 per cent left."),
            (All{"E.g. 40 per cent, i.e. most.", "44 per cent left."}));
  EXPECT_EQ(sentences("He said: \xE2\x80\x9CNo.\xE2\x80\x9D She said yes."),
            (All{"He said: \xE2\x80\x9CNo.\xE2\x80\x9D", "She said yes."}));
  EXPECT_EQ(sentences("It was\xE2\x80\xA6 odd. (It was.) Yes!"),
            (All{"It was\xE2\x80\xA6 odd.", "(It was.)", "Yes!"}));
  EXPECT_EQ(sentences("Why? Because! So it goes"), (All{"Why?", "Because!", "So it goes"}));
  EXPECT_EQ(sentences("Go to www.hsj.co.uk for it. Now."),
            (All{"Go to www.hsj.co.uk for it.", "Now."}));
  EXPECT_EQ(sentences("..."), (All{"..."}));
}

TEST(Text, BytesThatAreNotTextKeepTheirPlace) {
  const Document document = read("a\xFF\xC3 63 per cent of chairs.");
  EXPECT_EQ(document.text, "a\xEF\xBF\xBD\xEF\xBF\xBD 63 per cent of chairs.");
  EXPECT_EQ(document.blocks.at(0).span, (wording::TextSpan{0, 26}));
}

TEST(Text, MoreThanTheLimitIsRefused) {
  const std::string much((size_t{16} << 20) + 1, 'a');
  const auto document = read_document(much, DocumentFormat::kText, "a.txt");
  ASSERT_FALSE(document.has_value());
  EXPECT_EQ(document.error().code, ErrorCode::kLimit);
  EXPECT_FALSE(read_document("%PDF-", DocumentFormat::kPdf, "a.pdf").has_value());
}

TEST(Markdown, SpansPointIntoTheFile) {
  const std::string_view file =
      "# Leaders *doubt* it\n\nSome **42%** of [leaders](http://x.org/24 \"99%\") said\n"
      "`code 3`, \xC2\xA3 5.\n\n- one 7%\n  goes on\n- two\n\n> quoted 5\n\n"
      "| Answer | Share |\n|---|---|\n| Yes | 42% |\n\n```\n63 per cent\n```\n\n<p>12</p>\n";
  const Document document = read(file, DocumentFormat::kMarkdown);
  EXPECT_EQ(document.text, file);
  EXPECT_EQ(described(document),
            "title: Leaders *doubt* it | paragraph: Some **42%** of "
            "[leaders](http://x.org/24 \"99%\") said\n`code 3`, \xC2\xA3 5. | bullet: one 7%\n"
            "  goes on | bullet: two | quotation: quoted 5 | cell: Answer | cell: Share | "
            "cell: Yes | cell: 42%");
  const std::string plain = wording::normalise(document.prose).text;
  EXPECT_THAT(plain, HasSubstr("Some 42% of leaders said"));
  EXPECT_THAT(plain, Not(HasSubstr("99%")));
  EXPECT_THAT(plain, Not(HasSubstr("63 per cent")));
  EXPECT_THAT(plain, Not(HasSubstr("http")));
}

TEST(Markdown, ProseHasTheCodePointsOfTheText) {
  for (const std::string_view file :
       {"", "\n", "*", "**a", "a\\*b &amp; c", "\xC3\xA9 **\xC3\xA9** `\xC3\xA9`", "<b>x</b> y",
        "[a](b) ![c](d)", "| a\n|--|\n| b | c |", "a  \nb\\\nc", "\xE2\x80\xA2 x\n\ty"}) {
    const Document document = read(file, DocumentFormat::kMarkdown);
    const auto points = [](std::string_view text) {
      return std::ranges::count_if(
          text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    };
    EXPECT_EQ(points(document.prose), points(document.text)) << file;
  }
}

TEST(Html, IsWhatAReaderSees) {
  const Document document = read(
      "<!doctype html><html><head><title>x 1%</title><style>p{width:50%}</style></head><body>"
      "<nav><ul><li><a href=/>Home 2%</a></li></ul></nav>"
      "<h1>Leaders doubt&nbsp;it</h1><p>Some <b>42</b>% of\n leaders<br>said&hellip;</p>"
      "<script>var a = '63 per cent';</script><div hidden>3%</div>"
      "<div style='display: none'>4%</div><p aria-hidden=true>5%</p>"
      "<ul><li>one</li><li><a href=x>Related: 6% of people</a></li></ul>"
      "<blockquote><p>quoted</p></blockquote>"
      "<table><tr><th>Yes<td>42%</table><figcaption>A chart</figcaption>"
      "<footer>7%</footer></body>",
      DocumentFormat::kHtml);
  EXPECT_EQ(described(document),
            "title: Leaders doubt\xC2\xA0it | paragraph: Some 42% of leaders said\xE2\x80\xA6 | "
            "bullet: one | source: Related: 6% of people | quotation: quoted | cell: Yes | "
            "cell: 42% | caption: A chart");
}

TEST(Html, OtherEncodingsAreRead) {
  const Document latin = read("<p>caf\xE9 42%", DocumentFormat::kHtml);
  EXPECT_EQ(described(latin), "title: caf\xC3\xA9 42%");
  const Document declared = read(
      "<meta charset=windows-1252><p>\x93"
      "42%\x94 said.",
      DocumentFormat::kHtml);
  EXPECT_EQ(described(declared),
            "paragraph: \xE2\x80\x9C"
            "42%\xE2\x80\x9D said.");
}

// Shapes that have made parsers slow, or the stack overflow.
TEST(Html, HostileShapesEndSoon) {
  const auto repeated = [](std::string_view part, size_t times) {
    std::string text;
    for (size_t i = 0; i < times; ++i) text += part;
    return text;
  };
  for (const std::string_view part :
       {"<div>", "<b>", "<p>", "<a href=x>", "</x>", "<table><tr><td>", "<li>", "&#x42;", "<!--",
        "<b></i>", "<svg>", "<x y=\"", "<![CDATA[", "\xFF"}) {
    const Document document = read(repeated(part, 100'000), DocumentFormat::kHtml);
    EXPECT_LE(document.blocks.size(), 100'000U) << part;
  }
}

// A page of text as PDF, with lines at given places.
struct Line {
  int x;
  int y;
  std::string_view text;
};
std::string pdf_of(const std::vector<std::vector<Line>>& pages) {
  std::vector<std::string> objects;
  std::string kids;
  const size_t first = 4;
  for (size_t i = 0; i < pages.size(); ++i) kids += fmt::format("{} 0 R ", first + 2 * i);
  objects.emplace_back("<</Type/Catalog/Pages 2 0 R>>");
  objects.push_back(fmt::format("<</Type/Pages/Kids[{}]/Count {}>>", kids, pages.size()));
  objects.emplace_back("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
  for (size_t i = 0; i < pages.size(); ++i) {
    objects.push_back(
        fmt::format("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {} 0 R"
                    "/Resources<</Font<</F 3 0 R>>>>>>",
                    first + 2 * i + 1));
    std::string stream = "BT /F 10 Tf ";
    for (const Line& line : pages[i]) {
      stream += fmt::format("1 0 0 1 {} {} Tm ({}) Tj ", line.x, line.y, line.text);
    }
    stream += "ET";
    objects.push_back(fmt::format("<</Length {}>>stream\n{}\nendstream", stream.size(), stream));
  }
  std::string pdf = "%PDF-1.4\n";
  std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
  for (size_t i = 0; i < objects.size(); ++i) {
    table += fmt::format("{:010} 00000 n \n", pdf.size());
    pdf += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  const size_t at = pdf.size();
  pdf += fmt::format("{}trailer<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", table,
                     objects.size() + 1, at);
  return pdf;
}

class PdfFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "document-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  Result<Document> read_pdf(std::string_view bytes) {
    EXPECT_TRUE(write_file(folder_ / "a.pdf", bytes).has_value());
    return read_document_file(folder_ / "a.pdf");
  }
  std::filesystem::path folder_;
};

TEST_F(PdfFile, ColumnsHyphensAndRunningHeads) {
  const std::vector<Line> one = {
      {50, 780, "The Governance Survey 2024"},
      {50, 700, "Sixty-three per cent of leaders in com-"},
      {50, 688, "missioning groups agreed, and nearly two-"},
      {50, 676, "thirds of trusts did."},
      {330, 700, "A second column says that 42 per cent"},
      {330, 688, "of them disagreed with the change."},
      {50, 20, "Page 1 of 2"},
  };
  const std::vector<Line> two = {
      {50, 780, "The Governance Survey 2024"},
      {50, 700, "The survey had 124 responses."},
      {50, 20, "Page 2 of 2"},
  };
  const Result<Document> document = read_pdf(pdf_of({one, two}));
  ASSERT_TRUE(document.has_value()) << document.error().message;
  EXPECT_EQ(described(*document),
            "paragraph: Sixty-three per cent of leaders in commissioning groups agreed, and nearly "
            "two-thirds of trusts did. | paragraph: A second column says that 42 per cent of them "
            "disagreed with the change. | paragraph: The survey had 124 responses.");
}

TEST_F(PdfFile, WhatIsNoPdfIsAnError) {
  for (const std::string_view bytes : {"", "%PDF-1.4\n", "no pdf at all", "%PDF-1.7\n1 0 obj<<"}) {
    const Result<Document> document = read_pdf(bytes);
    EXPECT_FALSE(document.has_value()) << bytes;
  }
  EXPECT_FALSE(read_document_file(folder_ / "none.pdf").has_value());
}

TEST_F(PdfFile, MayHoldZeroBytes) {
  std::string pdf = pdf_of({{{50, 700, "The survey had 124 responses."}}});
  pdf.insert(pdf.find('\n') + 1, std::string_view("%\0\xFF\n", 4));
  const Result<Document> document = read_pdf(pdf);
  ASSERT_TRUE(document.has_value()) << document.error().message;
  EXPECT_THAT(document->text, HasSubstr("124 responses"));
}

TEST_F(PdfFile, ABrokenOneIsNamed) {
  const Result<Document> document = read_pdf("%PDF-1.4\n1 0 obj<<");
  ASSERT_FALSE(document.has_value());
  EXPECT_THAT(document.error().message, HasSubstr("a.pdf' cannot be read as a PDF"));
}

TEST_F(PdfFile, WhatIsNoTextIsRefusedByNameWithWhatToDo) {
  struct Row {
    std::string_view bytes;
    std::string_view says;
  };
  const Row rows[] = {
      {"PK\x03\x04rest", "an archive or an Office document"},
      {"\x89PNG\r\n", "a picture"},
      {"\xFF\xD8\xFF\xE0", "a picture"},
      {"\xD0\xCF\x11\xE0", "an old Office document"},
      {"{\\rtf1", "Rich Text"},
      {"", "is empty"},
      {" \n\t\n", "is empty"},
      {std::string_view("63 per cent\0of chairs", 22), "zero bytes"},
  };
  for (const Row& row : rows) {
    for (const char* name : {"a.txt", "a.docx", "a", "a.md", "a.html"}) {
      ASSERT_TRUE(write_file(folder_ / name, row.bytes).has_value());
      const Result<Document> document = read_document_file(folder_ / name);
      ASSERT_FALSE(document.has_value()) << row.says;
      EXPECT_THAT(document.error().message, HasSubstr(row.says));
      EXPECT_THAT(document.error().message, HasSubstr(std::string(name) + "'"));
    }
  }
  ASSERT_TRUE(write_file(folder_ / "b.txt", "PK said 63 per cent of chairs.").has_value());
  EXPECT_TRUE(read_document_file(folder_ / "b.txt").has_value());
}

TEST_F(PdfFile, Utf16IsRead) {
  const std::string_view little(
      "\xFF\xFE"
      "6\0003\0%\0 \0\xAC\x20\x3D\xD8\x00\xDE.\0",
      18);
  const std::string_view big("\xFE\xFF\0006\0003\0%\0 \x20\xAC\xD8\x3D\xDE\x00\0.", 18);
  for (const std::string_view bytes : {little, big}) {
    ASSERT_TRUE(write_file(folder_ / "u.txt", bytes).has_value());
    const Result<Document> document = read_document_file(folder_ / "u.txt");
    ASSERT_TRUE(document.has_value()) << document.error().message;
    EXPECT_EQ(document->text, "63% \u20AC\U0001F600.");
  }
}

TEST(Html, CommentsOfReadersAreNoPartOfTheArticle) {
  const Document document = read(
      "<h1>Leaders doubt it</h1><p class=\"comment\">Some 42% said so.</p>"
      "<div id=comments><p>Bob: 90% of it is made up.</p></div>"
      "<ol class=\"list commentlist\"><li>7% more.</li></ol><p id=commentary>Most agreed.</p>",
      DocumentFormat::kHtml);
  EXPECT_EQ(described(document),
            "title: Leaders doubt it | paragraph: Some 42% said so. | paragraph: Most agreed.");
}

TEST(Markdown, CellsAreNotOneWord) {
  const Document document =
      read("| Answer | Share |\n|---|---|\n| A great deal | 6% |\n", DocumentFormat::kMarkdown);
  EXPECT_THAT(wording::normalise(document.prose).text, Not(HasSubstr("deal6")));
}

TEST_F(PdfFile, FilesAreKnownByEndingAndBeginning) {
  ASSERT_TRUE(write_file(folder_ / "a", "<!DOCTYPE HTML><p>42% of chairs.").has_value());
  EXPECT_EQ(read_document_file(folder_ / "a")->format, DocumentFormat::kHtml);
  ASSERT_TRUE(write_file(folder_ / "b.md", "*a*").has_value());
  EXPECT_EQ(read_document_file(folder_ / "b.md")->format, DocumentFormat::kMarkdown);
  ASSERT_TRUE(write_file(folder_ / "c", "a < b").has_value());
  EXPECT_EQ(read_document_file(folder_ / "c")->format, DocumentFormat::kText);
}

}  // namespace
}  // namespace barometer
