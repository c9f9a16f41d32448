#include "barometer/weights/margins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct File {
  explicit File(std::string_view text) : path(folder.write("m.csv", text)) {}
  testing::TempFolder folder;
  std::filesystem::path path;
};

TEST(Margins, OneVariable) {
  const File file("stype,population\nE,4421\nH,755\nM,1018\n");
  const auto margin = read_margin(file.path);
  ASSERT_TRUE(margin.has_value()) << margin.error().message;
  EXPECT_THAT(margin->variables, ElementsAre("stype"));
  EXPECT_THAT(margin->levels, ElementsAre(ElementsAre("E"), ElementsAre("H"), ElementsAre("M")));
  EXPECT_THAT(margin->totals, ElementsAre(4421, 755, 1018));
  EXPECT_FALSE(margin->shares);
  EXPECT_EQ(sum_of(*margin), 6194);
}

TEST(Margins, CrossedVariablesAndRsOwnName) {
  const File file("stype,sch_wide,Freq\nE,Yes,3949\n\"H\",No,334\n");
  const auto margin = read_margin(file.path);
  ASSERT_TRUE(margin.has_value()) << margin.error().message;
  EXPECT_EQ(name_of(*margin), "stype × sch_wide");
  EXPECT_EQ(label_of_row(*margin, 1), "H, No");
}

TEST(Margins, SharesOfOneAndOfAHundred) {
  const File ones("sex,share\nf,0.52\nm,0.48\n");
  const File hundreds("sex,percent\nf,51.9\nm,48.0\n");
  EXPECT_TRUE(read_margin(ones.path)->shares);
  EXPECT_TRUE(read_margin(hundreds.path)->shares) << "99.9 is a hundred, rounded";
}

TEST(Margins, SeveralInOneLongFile) {
  const File file("variable,category,population\nsex,f,700\nrole,chair,610\nsex,m,650\n");
  const auto margins = read_margins(file.path);
  ASSERT_TRUE(margins.has_value()) << margins.error().message;
  ASSERT_EQ(margins->size(), 2U);
  EXPECT_EQ(name_of((*margins)[0]), "sex");
  EXPECT_THAT((*margins)[0].totals, ElementsAre(700, 650));
  EXPECT_THAT((*margins)[1].levels, ElementsAre(ElementsAre("chair")));
}

TEST(Margins, AWideFileIsOneMarginOfSeveral) {
  const File file("stype,population\nE,4421\nH,755\n");
  const auto margins = read_margins(file.path);
  ASSERT_TRUE(margins.has_value());
  ASSERT_EQ(margins->size(), 1U);
  EXPECT_EQ(name_of(margins->front()), "stype");
}

TEST(Margins, EveryMistakeIsToldWithItsPlace) {
  struct Row {
    const char* text;
    std::vector<const char*> said;
  };
  const Row rows[] = {
      {"stype\nE\n", {"m.csv", "one column"}},
      {"", {"m.csv"}},
      {"stype,size\nE,4\n", {"m.csv:1:7", "'size'", "population, count, total, freq"}},
      {"stype,population\n", {"no rows"}},
      {"stype,population\nE,many\n", {"m.csv:2:3", "'many' is not a number"}},
      {"stype,population\nE,\n", {"m.csv:2:", "'' is not a number"}},
      {"stype,population\nE,nan\n", {"'nan' is not a number"}},
      {"stype,population\nE,inf\n", {"'inf' is not a number"}},
      {"stype,population\nE,1e999\n", {"'1e999' is not a number"}},
      {"stype,population\nE,\"4,421\"\n", {"'4,421' is not a number", "without separators"}},
      {"stype,population\nE,-3\nH,5\n", {"m.csv:2:3", "-3 is below 0"}},
      {"stype,population\n,3\n", {"m.csv:2:1", "the category of 'stype' is empty"}},
      {"a,b,count\nx,,3\n", {"m.csv:2:3", "the category of 'b' is empty"}},
      {"stype,population\nE,3\nE,4\n", {"m.csv:3:1", "'E' of 'stype' is there twice"}},
      {"a,b,count\nx,y,1\nx,y,2\n", {"m.csv:3:1", "'x, y' of 'a × b' is there twice"}},
      {"sex,share\nf,0.5\nm,0.4\n", {"m.csv:1:5", "'sex'", "0.9", "neither 1 nor 100"}},
      {"sex,percent\nf,50\nm,52\n", {"sum to 102"}},
      {"stype,population\nE,0\nH,0\n", {"'stype'", "sum to 0"}},
      {"variable,category,population\n,E,3\n", {"m.csv:2:1", "the variable is empty"}},
      {"variable,category,share\nsex,f,0.5\nrole,c,1\n", {"the shares of 'sex' sum to 0.5"}},
      {"variable,category,population\nsex,f,1\nsex,f,2\n", {"'f' of 'sex' is there twice"}},
      {"stype,population\nE,3,9\n", {"m.csv:2"}},
      {"stype,population\nE,x\nH,-1\n", {"m.csv:2:3", "m.csv:3:3"}},
  };
  for (const Row& row : rows) {
    const File file(row.text);
    const auto margins = read_margins(file.path);
    ASSERT_FALSE(margins.has_value()) << row.text;
    for (const char* said : row.said) {
      EXPECT_THAT(margins.error().message, HasSubstr(said)) << row.text;
    }
  }
  EXPECT_FALSE(read_margin("there-is-no-such.csv").has_value());
}

TEST(Margins, AMarginMadeInCodeIsCheckedToo) {
  const std::pair<Margin, const char*> rows[] = {
      {{}, "no variable"},
      {{.variables = {"a"}, .levels = {{"x"}}, .totals = {}}, "1 rows have 0 totals"},
      {{.variables = {"a"}, .levels = {{"x", "y"}}, .totals = {1}}, "2 categories for 1 variables"},
      {{.variables = {"a"}, .levels = {{"x"}}, .totals = {-1}}, "-1 of 'x'"},
      {{.variables = {"a"}, .levels = {{"x"}, {"x"}}, .totals = {1, 1}}, "'x' is there twice"},
      {{.variables = {"a"}, .levels = {{"x"}}, .totals = {0}}, "sum to 0"},
      {{.variables = {"a"}, .levels = {{"x"}}, .totals = {7}, .shares = true}, "shares sum to 7"},
  };
  for (const auto& [margin, said] : rows) {
    const Status status = check_margin(margin);
    ASSERT_FALSE(status.has_value()) << said;
    EXPECT_THAT(status.error().message, HasSubstr(said));
  }
}

}  // namespace
}  // namespace barometer
