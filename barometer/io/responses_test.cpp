#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/text.h"
#include "barometer/io/io.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using TempFolder = barometer::testing::TempFolder;

Codebook codebook_of(const std::vector<std::string>& ids) {
  const std::vector<Variable> all = {
      {.id = "role", .categories = {{1, "chair"}, {2, "chief officer"}}},
      {.id = "score",
       .kind = VariableKind::kScale,
       .categories = {{97, "Don't know", true}},
       .scale_low = 1,
       .scale_high = 10},
      {.id = "barriers",
       .kind = VariableKind::kMulti,
       .categories = {{1, "tariff"}, {2, "money"}, {9, "other"}}},
      {.id = "budget", .kind = VariableKind::kNumber},
      {.id = "why", .kind = VariableKind::kText},
  };
  Codebook codebook;
  for (const Variable& variable : all) {
    const bool wanted = std::ranges::find(ids, variable.id) != ids.end();
    EXPECT_TRUE(!wanted || codebook.add(variable));
  }
  return codebook;
}

struct Reading {
  std::string csv;       // of what was read, by our writer
  std::string problems;  // one a line, without the folder
};

Reading read(const std::vector<std::string>& ids, std::string_view bytes,
             const char* name = "r.csv") {
  TempFolder folder;
  Diagnostics problems;
  const auto data = read_responses_table(folder.write(name, bytes), codebook_of(ids), problems);
  if (!data) return {"", data.error().message};
  return {csv_text(*data), replaced(problems.text(), folder.path().string() + "/", "")};
}

TEST(Responses, ReadsCodesLabelsAndKindsOfMissing) {
  struct Case {
    const char* situation;
    std::vector<std::string> ids;
    const char* bytes;
    const char* csv;
  };
  const std::vector<Case> cases = {
      {"codes", {"role"}, "role\n1\n2\n2.0\n", "role\n1\n2\n2\n"},
      {"labels", {"role"}, "role\nchair\nchief officer\n", "role\n1\n2\n"},
      {"missing",
       {"role"},
       "role\n-1\n-2\n-7\n-8\n-9\nNA\n\"\"\n",
       "role\n-1\n-2\n-7\n-8\n-2\n-2\n-2\n"},
      {"scale", {"score"}, "score\n1\n10\n97\nDon't know\n-8\n", "score\n1\n10\n97\n97\n-8\n"},
      {"option columns",
       {"barriers"},
       "barriers_1,barriers_2,barriers_9\n1,0,1\n0,0,0\n1,,\n,,\n-1,-1,-1\n-7,,\n",
       "barriers_1,barriers_2,barriers_9\n1,0,1\n0,0,0\n1,0,0\n-2,-2,-2\n-1,-1,-1\n-7,-7,-7\n"},
      {"options in any order",
       {"barriers", "role"},
       "barriers_9,role,barriers_1,barriers_2\n1,2,0,0\n",
       "role,barriers_1,barriers_2,barriers_9\n2,0,0,1\n"},
      {"a list",
       {"barriers"},
       "barriers\n1;9\n1|2\ntariff; other\n2\n-1\n\"\"\n",
       "barriers_1,barriers_2,barriers_9\n1,0,1\n1,1,0\n1,0,1\n0,1,0\n-1,-1,-1\n-2,-2,-2\n"},
      {"numbers",
       {"budget"},
       "budget\n1.5\n+3\n-4\n1e3\n-8\n\"\"\n",
       "budget\n1.5\n3\n-4\n1000\n-8\n\"\"\n"},
      {"texts", {"why"}, "why\n\"a, \"\"b\"\"\"\n-1\nx\n", "why\n\"a, \"\"b\"\"\"\n-1\nx\n"},
  };
  for (const Case& c : cases) {
    const Reading reading = read(c.ids, c.bytes);
    EXPECT_EQ(reading.csv, c.csv) << c.situation;
    EXPECT_EQ(reading.problems, "") << c.situation;
  }
}

TEST(Responses, ReportsEveryProblemWithLineAndValue) {
  const Reading reading = read({"role", "score", "barriers", "budget", "why"},
                               "rol,score,barriers_1,barriers_3,budget,why\n"
                               "1,11,2,0,many,no comment\n"
                               "1,0,1,0,3,fine\n"
                               "1,5,1,0,12%,fine\n");
  EXPECT_EQ(reading.problems,
            "r.csv:1: error: unknown column 'rol' [responses-unknown-column]\n"
            "  hint: did you mean 'role'?\n"
            "r.csv:1: error: unknown column 'barriers_3' [responses-unknown-column]\n"
            "  hint: did you mean 'barriers_1'?\n"
            "r.csv:1: error: the column 'role' is missing [responses-missing-column]\n"
            "r.csv:1: error: the column 'barriers_2' is missing [responses-missing-column]\n"
            "r.csv:1: error: the column 'barriers_9' is missing [responses-missing-column]\n"
            "r.csv:2: error: column 'score': '11' is not one of its answers "
            "[responses-unknown-code]\n"
            "  hint: the scale runs from 1 to 10\n"
            "r.csv:2: error: column 'barriers_1': '2' is neither 0 nor 1 "
            "[responses-unknown-code]\n"
            "r.csv:2: error: column 'budget': 'many' is not a number [responses-not-a-number]\n"
            "r.csv:3: error: column 'score': '0' is not one of its answers "
            "[responses-unknown-code]\n"
            "  hint: the scale runs from 1 to 10\n"
            "r.csv:4: error: column 'budget': '12%' is not a number [responses-not-a-number]\n");
}

TEST(Responses, ReportsOneProblem) {
  struct Case {
    const char* situation;
    std::vector<std::string> ids;
    std::string bytes;
    const char* message;
  };
  const std::vector<Case> cases = {
      {"code outside its options",
       {"role"},
       "role\n3\n",
       "r.csv:2: error: column 'role': '3' is not one of its answers [responses-unknown-code]\n"
       "  hint: codes: 1, 2"},
      {"label misspelt", {"role"}, "role\nchiar\n", "hint: did you mean 'chair'?"},
      {"label in other letters", {"role"}, "role\nChair\n", "hint: did you mean 'chair'?"},
      {"half a code", {"role"}, "role\n1.5\n", "'1.5' is not one of its answers"},
      {"unknown missing code", {"role"}, "role\n-3\n", "'-3' is not one of its answers"},
      {"huge code", {"role"}, "role\n99999999999999999999\n", "is not one of its answers"},
      {"option of a list", {"barriers"}, "barriers\n1;3\n", "'3' is not one of its answers"},
      {"column twice", {"role"}, "role,role\n1,1\n", "the column 'role' is there twice"},
      {"list and options",
       {"barriers"},
       "barriers,barriers_1\n1,1\n",
       "the column 'barriers_1' says again what another column says"},
      {"missing beside an answer",
       {"barriers"},
       "barriers_1,barriers_2,barriers_9\n1,-1,0\n",
       "r.csv:2: error: column 'barriers_2': '-1' here, but not in the question's other columns"},
      {"answer beside missing",
       {"barriers"},
       "barriers_1,barriers_2,barriers_9\n-7,1,-7\n",
       "column 'barriers_2': an answer here, but -7 in the question's other columns"},
      {"infinite", {"budget"}, "budget\ninf\n", "'inf' is not a number"},
      {"hexadecimal", {"budget"}, "budget\n0x10\n", "'0x10' is not a number"},
      {"thousands", {"budget"}, "budget\n\"1,000\"\n", "'1,000' is not a number"},
      {"short row", {"role", "budget"}, "role,budget\n1\n", "r.csv:2"},
      {"not UTF-8", {"why"}, "why\n\xFF\n", "the file is not UTF-8 text"},
      {"empty file", {"role"}, "", "the file has no header row"},
      {"control character", {"role"}, "role\n\x1B[31m\n", "'\\x1B[31m' is not one"},
      {"quoted line ends count",
       {"why", "role"},
       "why,role\n\"a\nb\",1\nc,3\n",
       "r.csv:4: error: column 'role'"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(read(c.ids, c.bytes).problems, HasSubstr(c.message)) << c.situation;
  }
}

TEST(Responses, NeverRepeatsWordsThatMayBeSomeones) {
  const std::string words =
      "The chair told me in confidence that the budget for next year is a complete fiction";
  const Reading slipped = read({"role", "why"}, "role,why\n\"" + words + "\",1\n");
  EXPECT_THAT(slipped.problems, HasSubstr("a text of 83 bytes is not one of its answers"));
  EXPECT_THAT(slipped.problems, Not(HasSubstr("confidence")));
}

TEST(Responses, CountsProblemsPastFiftyInAColumn) {
  std::string bytes = "role\n";
  for (int i = 0; i < 1284; ++i) bytes += "9\n";
  const std::string problems = read({"role"}, bytes).problems;
  EXPECT_THAT(problems, HasSubstr("r.csv:51: error"));
  EXPECT_THAT(problems, Not(HasSubstr("r.csv:52: error")));
  EXPECT_THAT(problems, HasSubstr("column 'role': 1,234 more cells have problems"));
}

Dataset sample(size_t cases) {
  std::vector<int> roles;
  std::vector<int> scores;
  OptionSets sets;
  Numbers numbers;
  Texts texts;
  const std::vector<Missing> kinds = {Missing::kNone,   Missing::kNone,    Missing::kNotAsked,
                                      Missing::kSystem, Missing::kRefused, Missing::kDontKnow};
  for (size_t i = 0; i < cases; ++i) {
    const Missing kind = kinds[i % kinds.size()];
    const bool here = kind == Missing::kNone;
    roles.push_back(here ? 1 + static_cast<int>(i % 2) : file_code(kind));
    scores.push_back(here ? 1 + static_cast<int>(i % 10) : file_code(kind));
    sets.bits.push_back(here ? i % 8 : 0);
    sets.missing.push_back(kind);
    numbers.values.push_back(here ? static_cast<double>(i) / 3 : 0);
    numbers.missing.push_back(kind);
    texts.values.push_back(here ? fmt::format("= \"naïve\", {}\nnext", i) : "");
    texts.missing.push_back(kind);
  }
  std::vector<Column> columns = {make_codes(roles), make_codes(scores), sets, numbers, texts};
  return Dataset::make(codebook_of({"role", "score", "barriers", "budget", "why"}),
                       std::move(columns))
      .value();
}

// A small file goes through our reader, a large one and Parquet through DuckDB: three roads.
TEST(Responses, WrittenAndReadBackAreTheSameByEveryRoad) {
  for (const size_t cases : {size_t{0}, size_t{1}, size_t{2000}, size_t{120'000}}) {
    TempFolder folder;
    const Dataset data = sample(cases);
    ASSERT_TRUE(write_csv(data, folder / "r.csv"));
    ASSERT_TRUE(write_parquet(data, folder / "r.parquet"));
    for (const char* name : {"r.csv", "r.parquet"}) {
      Diagnostics problems;
      const auto back = read_responses_table(folder / name, data.codebook(), problems);
      ASSERT_TRUE(back) << back.error().message;
      EXPECT_EQ(problems.text(), "") << name;
      EXPECT_TRUE(csv_text(*back) == csv_text(data)) << name << " of " << cases;
    }
  }
}

TEST(Responses, OfParquetReportsLineAsRowAndHeader) {
  TempFolder folder;
  ASSERT_TRUE(convert_file(folder.write("r.csv", "role\n1\n3\n"), folder / "r.parquet"));
  Diagnostics problems;
  ASSERT_TRUE(read_responses_table(folder / "r.parquet", codebook_of({"role"}), problems));
  EXPECT_THAT(problems.text(), HasSubstr("r.parquet:3: error: column 'role': '3' is not one"));
}

}  // namespace
}  // namespace barometer
