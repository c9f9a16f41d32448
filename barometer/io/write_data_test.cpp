#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/io/io.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using TempFolder = barometer::testing::TempFolder;

Dataset numbers_and_roles() {
  Codebook codebook;
  EXPECT_TRUE(codebook.add({.id = "role",
                            .label = "Role",
                            .question = "What is your role, \"please\"?",
                            .categories = {{1, "chair"}, {2, "don't know", true}},
                            .nets = {{"any", "Anyone", {1, 2}}},
                            .base_text = "All respondents",
                            .wording_hash = "0011223344556677"}));
  EXPECT_TRUE(codebook.add({.id = "score",
                            .kind = VariableKind::kScale,
                            .scale_low = 1,
                            .scale_high = 10,
                            .scale_low_label = "not at all",
                            .scale_high_label = "fully"}));
  EXPECT_TRUE(codebook.add({.id = "x", .kind = VariableKind::kNumber}));
  return Dataset::make(std::move(codebook),
                       {make_codes(std::vector<int>{1, -8}), make_codes(std::vector<int>{10, -1}),
                        Numbers{{0.1, 1e-300}, {Missing::kNone, Missing::kNone}}})
      .value();
}

TEST(CsvText, WritesCodesAndShortestNumbers) {
  EXPECT_EQ(csv_text(numbers_and_roles()), "role,score,x\n1,10,0.1\n-8,-1,1e-300\n");
}

TEST(WriteParquet, GivesTheSameBytesAndTheSameData) {
  TempFolder folder;
  const Dataset data = numbers_and_roles();
  ASSERT_TRUE(write_parquet(data, folder / "a.parquet"));
  ASSERT_TRUE(write_parquet(data, folder / "b.parquet"));
  EXPECT_TRUE(read_file(folder / "a.parquet").value() == read_file(folder / "b.parquet").value());
  const auto back = read_data(folder / "a.parquet");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_THAT(std::get<Numbers>(back->column(0)).values, ElementsAre(1, -8));
  EXPECT_THAT(std::get<Numbers>(back->column(2)).values, ElementsAre(0.1, 1e-300));
}

size_t file_count(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<size_t>(std::distance(begin(entries), end(entries)));
}

TEST(Write, LeavesTheOldFileAndNoOtherWhenItFails) {
  TempFolder folder;
  const auto old = folder.write("out.parquet", "old bytes");
  const auto broken = folder.write("broken.csv", "a,b\n1,2\n3\n");
  EXPECT_FALSE(convert_file(broken, old));
  EXPECT_EQ(*read_file(old), "old bytes");
  EXPECT_EQ(file_count(folder.path()), 2U);
  EXPECT_FALSE(write_parquet(numbers_and_roles(), folder / "no folder" / "x.parquet"));
  EXPECT_FALSE(write_csv(numbers_and_roles(), folder / "no folder" / "x.csv"));
  EXPECT_FALSE(write_parquet(*Dataset::make({}, {}), old));
  EXPECT_EQ(*read_file(old), "old bytes");
  EXPECT_EQ(file_count(folder.path()), 2U);
}

TEST(Convert, KeepsNamesAndCellsThereAndBack) {
  TempFolder folder;
  const std::string table =
      "api.stu,id,word,% big\n1,007,\"a, \"\"b\"\"\",9007199254740993\n-2,010,,1\n";
  const auto there = convert_file(folder.write("a.csv", table), folder / "it's.parquet");
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(there->rows, 2U);
  EXPECT_THAT(there->columns, ElementsAre("api.stu", "id", "word", "% big"));
  const auto back = convert_file(folder / "it's.parquet", folder / "b.csv");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->rows, 2U);
  EXPECT_EQ(*read_file(folder / "b.csv"), table);
  EXPECT_EQ(file_count(folder.path()), 3U);
}

TEST(Convert, GivesTheSameBytesWithAnyNumberOfThreads) {
  TempFolder folder;
  std::string table = "a,b\n";
  for (int i = 0; i < 130'000; ++i)
    table += std::to_string(i) + ",w" + std::to_string(i % 9) + "\n";
  const auto csv = folder.write("a.csv", table);
  ASSERT_TRUE(convert_file(csv, folder / "1.parquet", {.threads = 1}));
  ASSERT_TRUE(convert_file(csv, folder / "2.parquet", {.threads = 4}));
  EXPECT_TRUE(read_file(folder / "1.parquet").value() == read_file(folder / "2.parquet").value());
  ASSERT_TRUE(convert_file(folder / "2.parquet", folder / "b.csv", {.threads = 4}));
  EXPECT_TRUE(read_file(folder / "b.csv").value() == table);
}

TEST(Convert, RefusesOtherFormats) {
  TempFolder folder;
  const auto csv = folder.write("a.csv", "a\n1\n");
  EXPECT_EQ(convert_file(csv, folder / "a.xlsx").error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(convert_file(folder / "a.dta", folder / "b.csv").error().code, ErrorCode::kUnsupported);
}

TEST(CodebookText, SaysWhatEveryCodeMeans) {
  const std::string csv = codebook_csv(numbers_and_roles().codebook());
  EXPECT_THAT(csv, HasSubstr("role,single,Role,\"What is your role, \"\"please\"\"?\",,"
                             "All respondents,in,0011223344556677,answer,1,chair\n"));
  EXPECT_THAT(csv, HasSubstr(",don't know,2,don't know\n"));
  EXPECT_THAT(csv, HasSubstr(",net,1;2,Anyone\n"));
  EXPECT_THAT(csv, HasSubstr("score,scale,,,,,in,,scale end,10,fully\n"));
  EXPECT_THAT(csv, HasSubstr("x,number,,,,,in,,missing,-7,refused\n"));
  // Each line has the header's cells: quotes aside, ten commas.
  const std::string header = csv.substr(0, csv.find('\n'));
  EXPECT_EQ(std::ranges::count(header, ','), 10);
}

TEST(CodebookText, IsTheSameAsJson) {
  const std::string json = codebook_json(numbers_and_roles().codebook());
  for (const char* part :
       {"\"code\": -1", "\"meaning\": \"not asked\"", "\"wording_hash\": \"0011223344556677\"",
        "\"question\": \"What is your role, \\\"please\\\"?\"", "\"high_label\": \"fully\"",
        "\"dont_know\": true", "\"id\": \"any\""}) {
    EXPECT_THAT(json, HasSubstr(part));
  }
}

}  // namespace
}  // namespace barometer
