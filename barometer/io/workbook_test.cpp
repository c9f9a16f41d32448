#include "barometer/io/workbook.h"

#include <chrono>
#include <limits>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using TempFolder = barometer::testing::TempFolder;

Workbook book_of(std::vector<Sheet> sheets) {
  return {.title = "Wave 3", .author = "HSJ", .sheets = std::move(sheets)};
}
Sheet sheet_of(std::string name, std::vector<std::vector<SheetCell>> rows) {
  return {.name = std::move(name), .rows = std::move(rows)};
}

// The text of one part of the .xlsx file, as unzip(1) gives it.
std::string part_of(const std::string& bytes, const char* part) {
  TempFolder folder;
  const auto file = folder.write("book.xlsx", bytes);
  const std::string command = "unzip -p '" + file.string() + "' " + part;
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return out;
}

TEST(Workbook, TextIsNeverAFormula) {
  const auto bytes = workbook_bytes(
      book_of({sheet_of("a", {{{.value = "=1+1"}, {.value = "+44"}, {.value = "@x"}}})}));
  ASSERT_TRUE(bytes) << bytes.error().message;
  const std::string sheet = part_of(*bytes, "xl/worksheets/sheet1.xml");
  EXPECT_THAT(sheet, Not(HasSubstr("<f>")));
  EXPECT_THAT(part_of(*bytes, "xl/sharedStrings.xml"), HasSubstr("<t>=1+1</t>"));
}

TEST(Workbook, PutsTheTitleInA1AndFreezesTheHeaderBelowIt) {
  Sheet sheet = sheet_of("Table 1", {{{.value = "Role", .style = CellStyle::kHeader}},
                                     {{.value = 63.4, .places = 1}}});
  sheet.title = "Confidence by role";
  sheet.frozen_rows = 1;
  sheet.frozen_columns = 1;
  sheet.widths = {40};
  const auto bytes = workbook_bytes(book_of({sheet}));
  ASSERT_TRUE(bytes) << bytes.error().message;
  const std::string xml = part_of(*bytes, "xl/worksheets/sheet1.xml");
  EXPECT_THAT(xml, HasSubstr("<c r=\"A1\""));
  EXPECT_THAT(xml, HasSubstr("<c r=\"A3\" s=\"3\"><v>63.4"));
  EXPECT_THAT(xml, HasSubstr("xSplit=\"1\" ySplit=\"2\""));
  EXPECT_THAT(xml, HasSubstr("customWidth=\"1\""));
  EXPECT_THAT(part_of(*bytes, "xl/styles.xml"), HasSubstr("#,##0.0"));
}

TEST(Workbook, GivesTheSameBytesAtAnotherTime) {
  const Workbook book = book_of({sheet_of("a", {{{.value = "x"}, {.value = 1.0}}})});
  const auto first = workbook_bytes(book);
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // zip times count by two seconds
  const auto second = workbook_bytes(book);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(*first == *second);
}

TEST(Workbook, LinksToItsSheetsByTheirName) {
  const auto bytes = workbook_bytes(book_of({
      sheet_of("Cover", {{{.value = "Table 1", .link = "Chair's: view"}},
                         {{.value = "Source", .link = "https://example.org/a?b=c"}}}),
      sheet_of("Chair's: view", {{{.value = "x"}}}),
  }));
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_THAT(part_of(*bytes, "xl/worksheets/sheet1.xml"),
              HasSubstr("location=\"'Chair''s  view'!A1\""));
}

TEST(Workbook, FitsSheetNamesToTheRules) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"Table 1", "Table 1"},
      {"Table 1", "Table 1 (2)"},
      {"TABLE 1", "TABLE 1 (3)"},
      {"a/b:c*d?e[f]\\", "a b c d e f"},
      {"", "Sheet"},
      {"'quoted'", "quoted"},
      {"A name that is longer than a tab takes", "A name that is longer than a ta"},
      {"A name that is longer than a tab takes!", "A name that is longer than (2)"},
      {"ééééééééééééééééééééééééééééééééééééé", "ééééééééééééééééééééééééééééééé"},
  };
  std::vector<Sheet> sheets;
  for (const auto& [name, tab] : cases) sheets.push_back(sheet_of(name, {}));
  const Workbook book = book_of(sheets);
  const std::vector<std::string> tabs = tab_names(book);
  for (size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(tabs[i], cases[i].second);
  EXPECT_TRUE(workbook_bytes(book));
}

TEST(Workbook, RefusesWhatASheetCannotHold) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  struct Case {
    Workbook book;
    const char* message;
  };
  const std::vector<Case> cases = {
      {book_of({}), "a workbook needs a sheet"},
      {book_of({sheet_of("t", {{}, {{.value = "a"}, {.value = nan}}})}),
       "sheet 't', cell B2: the number is not finite"},
      {book_of({sheet_of("t", {{{.value = "\xFF"}}})}), "cell A1: the text is not UTF-8"},
      {book_of({sheet_of("t", {{{.value = std::string(32'768, 'x')}}})}), "sheet 't', cell A1: "},
      {book_of({sheet_of("t", {{{.value = "x", .link = "u"}}})}), "no sheet is called 'u'"},
      {book_of({sheet_of("t", {std::vector<SheetCell>(16'385)})}), "do not fit a sheet"},
      {book_of({sheet_of("t", std::vector<std::vector<SheetCell>>(1'048'577))}),
       "do not fit a sheet"},
  };
  for (const Case& c : cases) {
    const auto bytes = workbook_bytes(c.book);
    ASSERT_FALSE(bytes) << c.message;
    EXPECT_THAT(bytes.error().message, HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace barometer
