#include <cstdio>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/io/workbook.h"
#include "barometer/io/zip_internal.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using TempFolder = barometer::testing::TempFolder;

Workbook book_of(std::vector<Sheet> sheets) {
  return {.title = "Wave <3>", .author = "HSJ & Co", .sheets = std::move(sheets)};
}
Sheet sheet_of(std::string name, std::vector<std::vector<SheetCell>> rows) {
  return {.name = std::move(name), .rows = std::move(rows)};
}

std::string output_of(const std::string& command, int* status) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  *status = ::pclose(pipe);
  return out;
}

// One part, as unzip(1) gives it, found well-formed by xmllint(1).
std::string part_of(const Workbook& book, const std::string& part) {
  const auto bytes = ods_bytes(book);
  EXPECT_TRUE(bytes) << bytes.error().message;
  TempFolder folder;
  const auto file = folder.write("book.ods", *bytes);
  int status = 0;
  std::string text = output_of("unzip -p '" + file.string() + "' " + part, &status);
  EXPECT_EQ(status, 0);
  const auto xml = folder.write("part.xml", text);
  const std::string faults = output_of("xmllint --noout '" + xml.string() + "' 2>&1", &status);
  EXPECT_EQ(faults, "");
  return text;
}

TEST(Ods, CellsAreTextNumbersAndLinks) {
  Sheet sheet =
      sheet_of("Table 1", {{{.value = "Role", .style = CellStyle::kHeader}},
                           {{.value = 63.45, .places = 1}, {.value = "=1+1"}},
                           {{.value = "a  b\nc <&\" \t'"}, {.value = "x", .link = "It's"}},
                           {{}, {.value = "web", .link = "https://example.org/?a&b"}}});
  sheet.title = "Confidence by role";
  sheet.frozen_rows = 1;
  sheet.frozen_columns = 1;
  sheet.widths = {40};
  const Workbook book = book_of({sheet, sheet_of("It's", {{{.value = "there"}}})});
  const std::string content = part_of(book, "content.xml");
  EXPECT_THAT(content, HasSubstr("<table:table table:name=\"Table 1\">"));
  EXPECT_THAT(content, HasSubstr("office:value-type=\"float\" office:value=\"63.45\">"));
  EXPECT_THAT(content, HasSubstr("office:value-type=\"string\"><text:p>=1+1</text:p>"));
  EXPECT_THAT(content,
              HasSubstr("<text:p>a <text:s/>b</text:p><text:p>c &lt;&amp;&quot; <text:tab/>"
                        "&#39;</text:p>"));
  EXPECT_THAT(content, HasSubstr("xlink:href=\"#&#39;It&#39;&#39;s&#39;.A1\""));
  EXPECT_THAT(content, HasSubstr("xlink:href=\"https://example.org/?a&amp;b\""));
  EXPECT_THAT(content, HasSubstr("style:column-width=\"8.00cm\""));
  EXPECT_THAT(part_of(book, "settings.xml"),
              HasSubstr("VerticalSplitPosition\" config:type=\"int\">2<"));
  EXPECT_THAT(part_of(book, "meta.xml"), HasSubstr("<dc:title>Wave &lt;3&gt;</dc:title>"));
}

TEST(Ods, RefusesWhatASheetCannotHold) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::pair<Workbook, const char*>> cases = {
      {book_of({}), "a workbook needs a sheet"},
      {book_of({sheet_of("t", {{}, {{.value = "a"}, {.value = nan}}})}),
       "sheet 't', row 2, column 2: the number is not finite"},
      {book_of({sheet_of("t", {{{.value = "\xFF"}}})}), "the text is not UTF-8"},
      {book_of({sheet_of("t", {{{.value = "a\x01"}}})}), "the text holds control characters"},
      {book_of({sheet_of("t", {{{.value = std::string(32'768, 'x')}}})}), "the text is too long"},
      {book_of({sheet_of("t", {{{.value = "x", .link = "u"}}})}), "no sheet is called 'u'"},
      {book_of({sheet_of("t", {std::vector<SheetCell>(16'385)})}), "do not fit a sheet"},
  };
  for (const auto& [book, message] : cases) {
    const auto bytes = ods_bytes(book);
    ASSERT_FALSE(bytes) << message;
    EXPECT_THAT(bytes.error().message, HasSubstr(message));
  }
}

TEST(Zip, HoldsItsPartsInOrderAndTheSameAtAnyTime) {
  const std::vector<ZipPart> parts = {{"mimetype", "text/plain", false},
                                      {"a/b.txt", std::string(100'000, 'x'), true},
                                      {"empty", "", true}};
  const auto bytes = zip_bytes(parts);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(bytes->substr(30, 18), "mimetypetext/plain");
  EXPECT_LT(bytes->size(), 2000U);
  EXPECT_EQ(*bytes, *zip_bytes(parts));
  TempFolder folder;
  const auto file = folder.write("a.zip", *bytes);
  int status = 0;
  EXPECT_EQ(output_of("unzip -Z1 '" + file.string() + "'", &status), "mimetype\na/b.txt\nempty\n");
  EXPECT_EQ(output_of("unzip -p '" + file.string() + "' a/b.txt", &status), parts[1].bytes);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace barometer
