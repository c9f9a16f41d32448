#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/data/expression.h"
#include "barometer/io/duckdb_internal.h"
#include "barometer/io/io.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using TempFolder = barometer::testing::TempFolder;

constexpr const char* kTestData = SOURCE_DIR "/tests/data/";

// "id:kind=v,v,…" for each variable; labels for singles, "." where missing.
std::string told(const Dataset& data) {
  std::string out;
  for (size_t i = 0; i < data.codebook().variables().size(); ++i) {
    const Variable& variable = data.codebook().variables()[i];
    out += variable.id + ":";
    for (size_t row = 0; row < data.case_count(); ++row) {
      const Column& column = data.column(i);
      if (row > 0) out += ',';
      if (missing_at(column, row) != Missing::kNone) {
        out += missing_at(column, row) == Missing::kSystem ? "." : "?";
      } else if (const auto* numbers = std::get_if<Numbers>(&column)) {
        out += fmt::format("{}", numbers->values[row]);
      } else if (const auto* texts = std::get_if<Texts>(&column)) {
        out += "<" + texts->values[row] + ">";
      } else {
        out += "'" + variable.category(code_at(column, row))->label + "'";
      }
    }
    out += '\n';
  }
  return out;
}

std::string read_as(const char* name, std::string_view bytes, const ReadOptions& options = {}) {
  TempFolder folder;
  const auto data = read_data(folder.write(name, bytes), options);
  if (data) return told(*data);
  std::string message = data.error().message;
  const size_t at = message.find(folder.path().string() + "/");
  if (at != std::string::npos) message.erase(at, folder.path().string().size() + 1);
  return message;
}

TEST(ReadData, FindsOutWhatColumnsAre) {
  struct Case {
    const char* situation;
    const char* bytes;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {"numbers", "a\n1\n-2.5\n1e3\n", "a:1,-2.5,1000\n"},
      {"blank and NA", "a,b\n1,x\n,NA\nNA,\n", "a:1,.,.\nb:'x',.,.\n"},
      {"texts in byte order", "a\nbeta\nalpha\nBeta\nbeta\n", "a:'beta','alpha','Beta','beta'\n"},
      {"one word among numbers", "a\n1\n2\nmany\n", "a:'1','2','many'\n"},
      {"identifiers with zeros", "a,b\n007,0\n010,0.5\n", "a:'007','010'\nb:0,0.5\n"},
      {"integers past 2^53", "a\n9007199254740993\n1\n", "a:'9007199254740993','1'\n"},
      {"not amounts", "a,b\nnan,1\ninf,2\n", "a:'nan','inf'\nb:1,2\n"},
      {"only blanks", "a,b\n,1\n,2\n", "a:.,.\nb:1,2\n"},
      {"quoted comma, quote, line end", "a,b\n\"x, \"\"y\"\"\nz\",1\n", "a:'x, \"y\"\nz'\nb:1\n"},
      {"CRLF and byte order mark",
       "\xEF\xBB\xBF"
       "a,b\r\n1,x\r\n2,y\r\n",
       "a:1,2\nb:'x','y'\n"},
      {"no line end at the end", "a,b\n1,x", "a:1\nb:'x'\n"},
      {"header alone", "a,b\n", "a:\nb:\n"},
      {"row names of R", "\"\",\"x\"\n\"1\",3\n\"2\",4\n", "row:1,2\nx:3,4\n"},
      {"header like numbers", "2012,2013\n1,2\n", "v2012:1\nv2013:2\n"},
      {"rows like the header", "a,b\na,b\na,b\n", "a:'a','a'\nb:'b','b'\n"},
      {"UTF-8", "a\n£1m\nnaïve\n", "a:'£1m','naïve'\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(read_as("f.csv", c.bytes), c.expected) << c.situation;
  EXPECT_EQ(read_as("f.tsv", "a\tb, c\n1\tx,y\n"), "a:1\nb_c:'x,y'\n");
}

TEST(ReadData, SortsCategoriesInByteOrderWithCodesFromOne) {
  TempFolder folder;
  const auto data = read_data(folder.write("f.csv", "stype\nM\nE\nH\nE\n"));
  const auto& categories = data->codebook().variables()[0].categories;
  ASSERT_EQ(categories.size(), 3U);
  EXPECT_EQ(categories[0].label, "E");
  EXPECT_EQ(categories[2].label, "M");
  EXPECT_EQ(code_at(data->column(0), 0), 3);
  EXPECT_EQ(code_at(data->column(0), 1), 1);
}

TEST(ReadData, TakesManyDistinctTextsForOpenText) {
  EXPECT_EQ(read_as("f.csv", "a\nx\ny\nx\n", {.max_categories = 2}), "a:'x','y','x'\n");
  EXPECT_EQ(read_as("f.csv", "a\nx\ny\nz\n", {.max_categories = 2}), "a:<x>,<y>,<z>\n");
}

TEST(ReadData, RenamesColumnsThatCannotStandInAnExpression) {
  TempFolder folder;
  const auto data =
      read_data(folder.write("f.csv", "api.stu,sch.wide,api_stu,ok\n1,Yes,2,3\n4,No,5,6\n"));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_THAT(data->codebook().ids(), ElementsAre("api_stu_2", "sch_wide", "api_stu", "ok"))
      << "a name that is an id keeps it";
  EXPECT_THAT(renamed_columns(*data),
              ElementsAre(Pair("api.stu", "api_stu_2"), Pair("sch.wide", "sch_wide")));
  const auto mask = Expression::parse("api.stu > 1 and sch.wide = 'No'")->evaluate(*data);
  ASSERT_TRUE(mask) << mask.error().message;
  EXPECT_THAT(*mask, ElementsAre(0, 1));
}

TEST(ReadData, ReadsTheTypesOfParquet) {
  const auto data = read_data(std::string(kTestData) + "types.parquet");
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(told(*data),
            "flag:'Yes','No',.\n"
            "small:1,-2,.\n"
            "money:1.25,-0.5,.\n"
            "day:'2012-10-08','2012-11-01',.\n"
            "big:'9007199254740993','1',.\n"
            "kind:'b','a',.\n"
            "real:1.5,0.25,.\n"
            "word:'x',.,.\n");
}

TEST(ReadData, SaysWhatIsWrongWithAFileAndNeverWhatPeopleWrote) {
  struct Case {
    const char* situation;
    const char* name;
    std::string bytes;
    const char* message;
  };
  const std::vector<Case> cases = {
      {"row too short", "f.csv", "a,b\n1,secret\nsecret\n",
       "cannot read 'f.csv': line 3: this row has 1 cells, the header has 2"},
      {"row too long", "f.csv", "a,b\n1,2\nsecret,3,4\n",
       "cannot read 'f.csv': line 3: this row has 3 cells, the header has 2"},
      {"unclosed quote", "f.csv", "a,b\n1,\"secret\n", "line 2: a quoted cell never ends"},
      {"text after a quote", "f.csv", "a,b\n1,\"secret\"x\n", "line 2: a quoted cell never ends"},
      {"Latin-1", "f.csv", "a,b\n1,na\xEFve secret\n", "line 2: the text is not UTF-8"},
      {"zero byte", "f.csv", std::string("a,b\n1,x\0secret\n", 15), "is not UTF-8"},
      {"empty file", "f.csv", "", "f.csv: error: the file has no header row"},
      {"header twice", "f.csv", "a,b,a\n1,2,3\n", "the column 'a' is there twice"},
      {"header without a name", "f.csv", "a,,b\n1,2,3\n", "a column has no name"},
      {"UTF-16", "f.csv",
       std::string("\xFF\xFE"
                   "a\0,\0b\0",
                   8),
       "the file is not UTF-8 text"},
      {"other ending", "f.xls", "", "does not end in .csv, .tsv, .parquet, .sav or .zsav"},
      {"CSV called Parquet", "f.parquet", "a,b\n1,secret\n", "cannot read 'f.parquet': "},
      {"empty Parquet", "f.parquet", "", "cannot read 'f.parquet': "},
      {"magic alone", "f.parquet", "PAR1PAR1", "cannot read 'f.parquet': "},
      {"impossible footer", "f.parquet", std::string("PAR1\xFF\xFF\xFF\x7FPAR1", 12),
       "cannot read 'f.parquet': "},
  };
  for (const Case& c : cases) {
    const std::string message = read_as(c.name, c.bytes);
    EXPECT_THAT(message, HasSubstr(c.message)) << c.situation;
    EXPECT_THAT(message, Not(HasSubstr("secret"))) << c.situation;
    EXPECT_LT(message.size(), 300U) << c.situation;
  }
  EXPECT_EQ(read_data("/nowhere/at all.csv").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_data("/tmp").error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(read_data("s3://bucket/a.parquet").error().code, ErrorCode::kNotFound);
  EXPECT_THAT(read_data(std::string(kTestData) + "nested.parquet").error().message,
              HasSubstr("the column 'chosen' holds INTEGER[], not single values"));
  EXPECT_THAT(read_data(std::string(kTestData) + "infinite.parquet").error().message,
              HasSubstr("row 1: column 'a' holds inf, which is no amount"));
}

// Every prefix of a Parquet file, and every byte of it changed, is an error or data: no crash.
TEST(ReadData, SurvivesCutAndDamagedParquet) {
  TempFolder folder;
  const std::string whole = *read_file(std::string(kTestData) + "types.parquet");
  for (size_t length = 0; length < whole.size(); length += 101) {
    const auto data = read_data(folder.write("cut.parquet", whole.substr(0, length)));
    ASSERT_FALSE(data) << length;
    EXPECT_THAT(data.error().message, HasSubstr("cut.parquet"));
  }
  for (size_t at = 0; at < whole.size(); at += 97) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    const auto data = read_data(folder.write("damaged.parquet", damaged));
    EXPECT_TRUE(data || !data.error().message.empty()) << at;
  }
}

TEST(ReadData, ReadsTheOneFileOfThisNameWhateverTheName) {
  TempFolder folder;
  folder.write("ab.csv", "x\n1\n");
  for (const char* name : {"a*.csv", "a?.csv", "[ab].csv", "it's.csv", "a\"b.csv", "k=v/c.csv",
                           "a;drop.csv", "ö ä.csv", "x].csv", "{a,b}.csv", "**.csv"}) {
    const auto data = read_data(folder.write(name, "x\n7\n"));
    ASSERT_TRUE(data) << name << ": " << data.error().message;
    EXPECT_EQ(told(*data), "x:7\n") << name;
  }
}

TEST(ReadData, TakesAnyColumnNameForAName) {
  TempFolder folder;
  const auto data = read_data(folder.write(
      "f.csv", "a'b,\"a\"\"b\",\"x,y\",{z},\"); DROP TABLE t;--\",select\n1,2,3,4,5,6\n"));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(told(*data), "a_b:1\na_b_2:2\nx_y:3\nz:4\nDROP_TABLE_t:5\nselect:6\n");
}

TEST(ReadData, IsTheSameWithAnyNumberOfThreads) {
  TempFolder folder;
  std::string bytes = "id,x,word\n";
  for (int i = 0; i < 50'000; ++i) bytes += fmt::format("{},{},w{}\n", i, i % 97 / 4.0, i % 7);
  const auto file = folder.write("f.csv", bytes);
  const std::string one = told(*read_data(file, {.threads = 1}));
  EXPECT_EQ(one, told(*read_data(file, {.threads = 4})));
  EXPECT_THAT(one, ::testing::StartsWith("id:0,1,2,3"));
}

TEST(SqlText, QuotesPathsAndNames) {
  EXPECT_EQ(sql_path_to_read("/a/it's.csv"), "'/a/it''s.csv'");
  EXPECT_EQ(sql_path_to_read("/a/b*[1]?.csv"), "'/a/b[*][[]1][?].csv'");
  EXPECT_EQ(sql_path_to_write("/a/it's*.csv"), "'/a/it''s*.csv'");
  EXPECT_EQ(sql_name("a\"b"), "\"a\"\"b\"");
}

}  // namespace
}  // namespace barometer
