#include "barometer/base/csv.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Read {
  CsvTable table;
  Diagnostics problems;
};

Read read(std::string_view bytes) {
  Read out;
  out.table = CsvTable::parse(bytes, "f.csv", out.problems);
  return out;
}

// Every cell as "text@line:column", rows separated by "|".
std::string cells(std::string_view bytes) {
  const Read in = read(bytes);
  EXPECT_EQ(in.problems.text(), "");
  std::string out;
  for (size_t row = 0; row < in.table.row_count(); ++row) {
    if (row > 0) out += "|";
    for (const CsvCell& cell : in.table.row(row)) {
      out += "[" + cell.text + "]@" + std::to_string(cell.place.line) + ":" +
             std::to_string(cell.place.column);
    }
  }
  return out;
}

TEST(Csv, EveryCellKnowsItsPlace) {
  EXPECT_EQ(cells("id,name\n1,Leeds\n22,Hull\n"), "[1]@2:1[Leeds]@2:3|[22]@3:1[Hull]@3:4");
}

TEST(Csv, AcceptsEveryLineEndAndAMissingLastOne) {
  const std::string expected = "[1]@2:1[2]@2:3|[3]@3:1[4]@3:3";
  EXPECT_EQ(cells("a,b\n1,2\n3,4\n"), expected);
  EXPECT_EQ(cells("a,b\n1,2\n3,4"), expected);
  EXPECT_EQ(cells("a,b\r\n1,2\r\n3,4\r\n"), expected);
  EXPECT_EQ(cells("a,b\r1,2\r3,4\r"), expected);
  EXPECT_EQ(cells("a,b\n\"1\",2\r3,\"4\"\r\n"), "[1]@2:1[2]@2:5|[3]@3:1[4]@3:3");
}

TEST(Csv, AByteOrderMarkIsNoPartOfTheFirstName) {
  const Read in = read("\xEF\xBB\xBFid,name\n1,x\n");
  EXPECT_TRUE(in.table.column("id"));
}

TEST(Csv, QuotesHoldCommasQuotesAndLines) {
  EXPECT_EQ(cells("a,b\n\"x, y\",\"he said \"\"no\"\"\"\n"), "[x, y]@2:1[he said \"no\"]@2:8");
  EXPECT_EQ(cells("a,b\n\"1\n2\",3\n4,5\n"), "[1\n2]@2:1[3]@3:4|[4]@4:1[5]@4:3");
  EXPECT_EQ(cells("a,b\r\n\"1\r\n2\",3\r\n"), "[1\n2]@2:1[3]@3:4");
  EXPECT_EQ(cells("a,b\n\"\",\" kept \"\n"), "[]@2:1[ kept ]@2:4");
  EXPECT_EQ(cells("a,b\n  \"x\"  , y z \n"), "[x]@2:3[y z]@2:10");
  EXPECT_EQ(cells("a\n5\" pipe\n"), "[5\" pipe]@2:1");
}

TEST(Csv, SkipsBlankLinesAndComments) {
  EXPECT_EQ(cells("# frame of 2012\n\na,b\n\n   \n1,2\n# end\n"), "[1]@6:1[2]@6:3");
}

TEST(Csv, AQuoteInACommentOpensNoCell) {
  EXPECT_EQ(cells("a,b\n# see \"x, \"y\n1,2\n"), "[1]@3:1[2]@3:3");
}

TEST(Csv, AQuotedHashOrEmptyCellIsData) {
  EXPECT_EQ(cells("a\n\"#1 Trust\"\n"), "[#1 Trust]@2:1");
  EXPECT_EQ(cells("a\n\"\"\n"), "[]@2:1");
}

TEST(Csv, EmptyCellsAreKept) {
  EXPECT_EQ(cells("a,b,c\n,,\n1,,\n"), "[]@2:1[]@2:2[]@2:3|[1]@3:1[]@3:3[]@3:4");
}

TEST(Csv, FindsCellsByColumnName) {
  const Read in = read("id,name\n1,Leeds\n");
  EXPECT_EQ(in.table.cell(0, "name").text, "Leeds");
  EXPECT_EQ(in.table.cell(0, "region").text, "");
  EXPECT_EQ(in.table.cell(0, "region").place.file, "f.csv");
  EXPECT_EQ(in.table.column("Name"), std::nullopt);
}

TEST(Csv, SaysWhatIsWrongAndWhere) {
  struct Row {
    std::string_view situation, bytes, expected;
    size_t rows_kept;
  };
  const std::vector<Row> rows = {
      {"empty file", "", "f.csv: error: the file has no header row [csv-empty]", 0},
      {"comments only", "# a\n\n", "f.csv: error: the file has no header row [csv-empty]", 0},
      {"unclosed quote", "a,b\n1,\"x\n2,y\n",
       "f.csv:2:3: error: a quoted cell starts here and never ends [csv-unclosed-quote]", 1},
      {"text after a quote", "a,b\n\"x\"y,2\n3,4\n",
       "f.csv:2:4: error: text follows the closing quote of a cell [csv-stray-quote]", 2},
      {"short row", "a,b\n1\n2,3\n", "f.csv:2:1: error: this row has 1 cells, the header has 2", 1},
      {"long row", "a,b\n1,2,3\n", "f.csv:2:1: error: this row has 3 cells, the header has 2", 0},
      {"doubled column", "a,b,a\n", "f.csv:1:5: error: the column 'a' is there twice", 0},
      {"column without name", "a,,b\n", "f.csv:1:3: error: a column has no name", 0},
      {"Latin-1", "a\ncaf\xE9\n", "f.csv: error: the file is not UTF-8 text [csv-encoding]", 0},
      {"semicolons", "id;name\n1;x\n2;y\n",
       "f.csv:1:1: error: the columns are separated by semicolons, not by commas [csv-separator]\n"
       "  hint: save it as CSV UTF-8 with commas between the columns\n",
       0},
      {"semicolons after a byte order mark", "\xEF\xBB\xBFid;name\n1;\"x, y\"\n",
       "f.csv:1:1: error: the columns are separated by semicolons", 0},
      {"tabs", "id\tname\n1\tx\n", "f.csv:1:1: error: the columns are separated by tabs", 0},
      {"UTF-16", std::string_view("a\0,\0b\0\n\0", 8), "the file is not UTF-8 text", 0},
      {"NUL in a cell", std::string_view("a\nx\0y\n", 6), "the file is not UTF-8 text", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.situation);
    const Read in = read(row.bytes);
    EXPECT_EQ(in.problems.error_count(), 1U) << in.problems.text();
    EXPECT_THAT(in.problems.text(), HasSubstr(std::string(row.expected)));
    EXPECT_EQ(in.table.row_count(), row.rows_kept);
  }
}

TEST(Csv, ReportsUnknownAndMissingColumns) {
  Read in = read("id,rgion\n1,x\n");
  in.table.require_columns({"id", "name"}, {"region"}, in.problems);
  EXPECT_EQ(in.problems.text(),
            "f.csv:1:4: error: unknown column 'rgion' [csv-unknown-column]\n"
            "  hint: did you mean 'region'?\n"
            "f.csv:1: error: the column 'name' is missing [csv-missing-column]\n");
}

TEST(Csv, AnUnreadableFileIsNotAlsoMissingColumns) {
  Read in = read("");
  in.table.require_columns({"id"}, {}, in.problems);
  EXPECT_EQ(in.problems.error_count(), 1U);
}

// Identity: what csv_quoted writes, parse reads back.
TEST(CsvQuoted, IsTheInverseOfReading) {
  const std::vector<std::string> texts = {
      "plain", "",         "a,b",  "say \"no\"", "two\nlines", " space",
      "tab\t", "\tboth\t", "#1",   "\"",         "\"\"",       ",",
      "é–",    "'",        "=1+1", "x#",         "\uFEFFmark", "\xC2\xA0nbsp"};
  for (const std::string& first : texts) {
    for (const std::string& second : texts) {
      const Read in = read("a,b\n" + csv_quoted(first) + "," + csv_quoted(second) + "\nlast,row\n");
      ASSERT_EQ(in.problems.text(), "");
      ASSERT_EQ(in.table.row_count(), 2U);
      EXPECT_EQ(in.table.cell(0, "a").text, first);
      EXPECT_EQ(in.table.cell(0, "b").text, second);
    }
  }
}

TEST(CsvQuoted, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_quoted("NHS Leeds"), "NHS Leeds");
  EXPECT_EQ(csv_quoted("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(csv_quoted("a\rb"), "\"a\rb\"");
}

TEST(CsvSpreadsheetSafe, DisarmsFormulasAndLeavesNumbersAlone) {
  EXPECT_EQ(csv_spreadsheet_safe("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  EXPECT_EQ(csv_spreadsheet_safe("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_spreadsheet_safe("+44 20 7946"), "'+44 20 7946");
  EXPECT_EQ(csv_spreadsheet_safe("-2+3"), "'-2+3");
  EXPECT_EQ(csv_spreadsheet_safe("\t=1"), "'\t=1");
  EXPECT_EQ(csv_spreadsheet_safe("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(csv_spreadsheet_safe("-12.5"), "-12.5");
  EXPECT_EQ(csv_spreadsheet_safe("+3"), "+3");
  EXPECT_EQ(csv_spreadsheet_safe("-"), "-");
  EXPECT_EQ(csv_spreadsheet_safe(""), "");
  EXPECT_EQ(csv_spreadsheet_safe("a=b"), "a=b");
}

}  // namespace
}  // namespace barometer
