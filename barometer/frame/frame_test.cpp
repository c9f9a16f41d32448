#include "barometer/frame/frame.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/frame/frame_names.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kOrganisations =
    "id,name,region,area_team,population,budget\n"
    "g1,Airedale,North,Leeds,100000,150000000\n"
    "g2,Barnet,London,London,300000,450000000\n"
    "g3,Croydon,London,London,400000,\n"
    "g4,Devon,South,Devon,200000,200000000\n";
constexpr auto kPeople =
    "id,organisation,role,name\n"
    "p1,g1,Chair,\n"
    "p2,g1;g2,Accountable officer,\n"
    "p3,g3,Chair,Someone\n";

FrameNotes notes(const std::string& version) {
  FrameNotes out;
  out.version = version;
  return out;
}

Frame small_frame(Diagnostics& problems) {
  return Frame::parse(kOrganisations, "organisations.csv", kPeople, "people.csv", notes("2013-04"),
                      problems);
}

// `count` organisations x1, x2, ...
Frame frame_of_size(size_t count, const std::string& version) {
  std::string csv = "id,name,region\n";
  for (size_t i = 1; i <= count; ++i) csv += fmt::format("x{},Organisation {},North\n", i, i);
  Diagnostics problems;
  Frame frame = Frame::parse(csv, "o.csv", "", "p.csv", notes(version), problems);
  EXPECT_EQ(problems.text(), "");
  return frame;
}

// One respondent for each organisation x<first> ... x<last>.
std::vector<std::vector<std::string>> one_each(size_t first, size_t last) {
  std::vector<std::vector<std::string>> answered;
  for (size_t i = first; i <= last; ++i) answered.push_back({fmt::format("x{}", i)});
  return answered;
}

TEST(Frame, OrganisationsAndPeopleAreTwoNumbers) {
  Diagnostics problems;
  const Frame frame = small_frame(problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(frame.organisations().size(), 4U);
  EXPECT_EQ(frame.people().size(), 3U);
}

TEST(Frame, OnePersonMayAnswerForSeveralOrganisations) {
  Diagnostics problems;
  const Frame frame = small_frame(problems);
  EXPECT_THAT(frame.person("p2")->organisations, ElementsAre("g1", "g2"));
  EXPECT_EQ(frame.people_count("g1"), 2U);
  EXPECT_EQ(frame.people_count("g2"), 1U);
  EXPECT_EQ(frame.people_count("g4"), 0U) << "an organisation may have no listed person";
  EXPECT_EQ(frame.people_count("nowhere"), 0U);
}

TEST(Frame, AFrameMayHaveNoPeople) { EXPECT_TRUE(frame_of_size(3, "v").people().empty()); }

TEST(Frame, AFileThatCannotBeReadIsOneMistakeAndNotOneARow) {
  const struct {
    const char* organisations;
    const char* people;
    const char* said;
  } kFiles[] = {
      {"id;name;region\ng1;Airedale;North\ng2;Barnet;London\n", kPeople,
       "o.csv:1:1: error: the columns are separated by semicolons, not by commas [csv-separator]\n"
       "  hint: save it as CSV UTF-8 with commas between the columns\n"},
      {kOrganisations, "id;organisation\np1;g1\np2;g1\n",
       "p.csv:1:1: error: the columns are separated by semicolons, not by commas [csv-separator]\n"
       "  hint: save it as CSV UTF-8 with commas between the columns\n"},
      {"ID,name,region\ng1,Airedale,North\n", kPeople,
       "o.csv:1:1: error: unknown column 'ID' [csv-unknown-column]\n  hint: did you mean 'id'?\n"
       "o.csv:1: error: the column 'id' is missing [csv-missing-column]\n"},
      {"id,name,region\ng1,Caf\xE9,North\n", kPeople,
       "o.csv: error: the file is not UTF-8 text [csv-encoding]\n  hint: save it as CSV UTF-8\n"},
      {"id,name,region\n", "id,organisation\np1,g1\n",
       "p.csv:2:4: error: the organisation 'g1' is not in this frame "
       "[frame-unknown-organisation]\n"},
  };
  for (const auto& [organisations, people, said] : kFiles) {
    Diagnostics problems;
    Frame::parse(organisations, "o.csv", people, "p.csv", {}, problems);
    EXPECT_EQ(problems.text(), said);
  }
}

TEST(Frame, BlankSizesAreNotKnownRatherThanZero) {
  Diagnostics problems;
  const Frame frame = small_frame(problems);
  EXPECT_EQ(frame.organisation("g3")->budget, std::nullopt);
  EXPECT_EQ(frame.organisation("g3")->population, 400000);
}

struct BadFrame {
  const char* situation;
  const char* organisations;
  const char* people;
  const char* expected;
};
class FrameMistake : public testing::TestWithParam<BadFrame> {};

TEST_P(FrameMistake, IsReportedWithItsPlace) {
  Diagnostics problems;
  Frame::parse(GetParam().organisations, "o.csv", GetParam().people, "p.csv", {}, problems);
  EXPECT_EQ(problems.text(), GetParam().expected) << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Frame, FrameMistake,
    testing::Values(
        BadFrame{"doubled organisation", "id,name,region\ng1,A,N\ng1,B,N\n", "",
                 "o.csv:3:1: error: the id 'g1' is there twice [frame-doubled-id]\n"
                 "  hint: an id stands for one organisation or one person\n"},
        BadFrame{"no id", "id,name,region\n,A,N\n", "",
                 "o.csv:2:1: error: an organisation without an id [frame-id]\n"},
        BadFrame{"separator in an id", "id,name,region\na;b,A,N\n", "",
                 "o.csv:2:1: error: the id 'a;b' holds a ';', which separates ids [frame-id]\n"},
        BadFrame{"population in words", "id,name,region,population\ng1,A,N,about 200k\n", "",
                 "o.csv:2:8: error: the population 'about 200k' is not a number of zero or more "
                 "[frame-number]\n  hint: write plain digits, without commas or units\n"},
        BadFrame{"negative budget", "id,name,region,budget\ng1,A,N,-5\n", "",
                 "o.csv:2:8: error: the budget '-5' is not a number of zero or more "
                 "[frame-number]\n  hint: write plain digits, without commas or units\n"},
        BadFrame{"person of an unknown organisation", "id,name,region\ngroup1,A,N\n",
                 "id,organisation\np1,gruop1\n",
                 "p.csv:2:4: error: the organisation 'gruop1' is not in this frame "
                 "[frame-unknown-organisation]\n  hint: did you mean 'group1'?\n"},
        BadFrame{"same organisation twice", "id,name,region\ng1,A,N\n",
                 "id,organisation\np1,g1;g1\n",
                 "p.csv:2:4: error: the organisation 'g1' is listed twice for one person "
                 "[frame-doubled-organisation]\n"},
        BadFrame{"doubled person", "id,name,region\ng1,A,N\n", "id,organisation\np1,g1\np1,g1\n",
                 "p.csv:3:1: error: the id 'p1' is there twice [frame-doubled-id]\n"
                 "  hint: an id stands for one organisation or one person\n"},
        BadFrame{"misspelt column", "id,name,regoin\ng1,A,N\n", "",
                 "o.csv:1:9: error: unknown column 'regoin' [csv-unknown-column]\n"
                 "  hint: did you mean 'region'?\n"
                 "o.csv:1: error: the column 'region' is missing [csv-missing-column]\n"}));

TEST(Coverage, CountsDistinctOrganisationsNotRespondents) {
  // First barometer: 116 answers from 101 of 211 groups (48 per cent); 15 answered twice.
  const Frame frame = frame_of_size(211, "2012-10");
  auto answered = one_each(1, 101);
  for (const auto& again : one_each(1, 15)) answered.push_back(again);
  const auto result = coverage(frame, answered);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->answers, 116U);
  EXPECT_EQ(result->organisations, 101U);
  EXPECT_EQ(result->organisations_answering_twice, 15U);
  EXPECT_EQ(result->of_organisations, (Ratio{101, 211}));
  EXPECT_EQ(round({101 * 100, 211}, 0).text(), "48");
  EXPECT_EQ(result->frame_version, "2012-10");
}

TEST(Coverage, FewerRespondentsThanOrganisationsIsPossible) {
  // 27 finance leads answered for 32 groups: five of them for two each.
  const Frame frame = frame_of_size(209, "2017-18");
  std::vector<std::vector<std::string>> answered;
  for (size_t lead = 0; lead < 27; ++lead) {
    answered.push_back({fmt::format("x{}", lead + 1)});
    if (lead < 5) answered.back().push_back(fmt::format("x{}", 28 + lead));
  }
  const auto result = coverage(frame, answered);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->answers, 27U);
  EXPECT_EQ(result->organisations, 32U);
  EXPECT_EQ(result->organisations_answering_twice, 0U);
}

TEST(Coverage, BySizeOnlyWhenEverySizeIsKnown) {
  Diagnostics problems;
  const auto result = coverage(small_frame(problems), {{"g1"}, {"g3", "g3"}});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_DOUBLE_EQ(result->of_population.value(), 0.5);  // (100 + 400) of 1000 thousand
  EXPECT_EQ(result->of_budget, std::nullopt) << "g3 has no budget";
  EXPECT_EQ(result->organisations_answering_twice, 0U) << "one respondent naming g3 twice";
}

TEST(Coverage, NobodyAnsweredIsZero) {
  const auto result = coverage(frame_of_size(4, "v"), {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->of_organisations, (Ratio{0, 1}));
}

TEST(Coverage, UnknownOrganisationIsNamedWithTheNearest) {
  Diagnostics problems;
  const auto result = coverage(small_frame(problems), {{"g1"}, {"g9"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "the organisation 'g9' is not in the frame '2013-04'; did you mean 'g1'?");
}

TEST(Coverage, EmptyFrameIsAnErrorNotADivisionByZero) {
  const auto result = coverage(frame_of_size(0, "v"), {});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("'v' has no organisations"));
}

struct Claim {
  size_t count;
  Decimal percent;
  size_t frame_size;
  std::map<std::string, size_t> others;
  std::string expected;  // empty: holds
};
class CoverageClaims : public testing::TestWithParam<Claim> {};

TEST_P(CoverageClaims, AreTestedAgainstTheFrame) {
  const Claim& claim = GetParam();
  const auto problem = coverage_problem({claim.count, claim.percent},
                                        frame_of_size(claim.frame_size, "v"), claim.others);
  EXPECT_EQ(problem.value_or(""), claim.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Frame, CoverageClaims,
    testing::Values(
        Claim{86, {41, 0}, 211, {}, ""},  // "86 different CCGs, 41 per cent of all 211"
        Claim{86, {408, 1}, 211, {}, ""},
        Claim{29, {15, 0}, 200, {}, ""},  // 14.5 exactly: half up, from integers
        Claim{99, {47, 0}, 209, {}, ""},  // arithmetic alone cannot refuse this one
        Claim{86,
              {42, 0},
              211,
              {},
              "86 of the 211 organisations in frame 'v' is 41 per cent, not 42"},
        Claim{29,
              {14, 0},
              200,
              {},
              "29 of the 200 organisations in frame 'v' is 15 per cent, not 14"},
        Claim{86,
              {91, 0},
              211,
              {{"leads contacted", 633}, {"respondents", 94}},
              "86 of the 211 organisations in frame 'v' is 41 per cent, not 91; "
              "it is 91 per cent of 94 respondents"},
        Claim{32,
              {12, 0},
              209,
              {{"leads contacted", 258}, {"respondents", 27}},
              "32 of the 209 organisations in frame 'v' is 15 per cent, not 12; "
              "it is 12 per cent of 258 leads contacted"},
        Claim{10,
              {50, 0},
              40,
              {{"respondents", 0}},
              "10 of the 40 organisations in frame 'v' is 25 per cent, not 50"},
        Claim{212, {100, 0}, 211, {}, "212 organisations are more than the 211 of frame 'v'"},
        Claim{0, {0, 0}, 0, {}, "the frame 'v' has no organisations"}));

TEST(CoverageClaims, RespondentsArePassedOffAsOrganisationsOnlyWhileNoDuplicatesExist) {
  // 99 respondents over 209 groups print as 47 per cent. That holds only if all differ.
  const Frame frame = frame_of_size(209, "2016");
  const auto all_differ = coverage(frame, one_each(1, 99));
  ASSERT_TRUE(all_differ);
  EXPECT_EQ(coverage_problem({99, {47, 0}}, frame, {}, &*all_differ), std::nullopt);

  auto answered = one_each(1, 90);
  for (const auto& again : one_each(1, 9)) answered.push_back(again);
  const auto with_duplicates = coverage(frame, answered);
  ASSERT_TRUE(with_duplicates);
  EXPECT_EQ(coverage_problem({99, {47, 0}}, frame, {}, &*with_duplicates).value_or("holds"),
            "99 is the number of respondents, not of organisations: 99 answers came from 90 of "
            "209 organisations, which is 43 per cent");
  EXPECT_EQ(coverage_problem({90, {43, 0}}, frame, {}, &*with_duplicates), std::nullopt);
  EXPECT_THAT(coverage_problem({95, {45, 0}}, frame, {}, &*with_duplicates).value_or("holds"),
              HasSubstr("95 is not the number of organisations that answered"));
}

struct Flagged {
  const char* situation;
  const char* text;
  std::vector<std::string> expected;
};

TEST(NamesOfTheFrame, AreFoundInVerbatims) {
  Diagnostics problems;
  const Frame frame = Frame::parse(
      "id,name,region,area_team\na,NHS Airedale Valley CCG,North of England,West Yorkshire\n"
      "b,NHS Barnet CCG,London,London\nc,NHS Camden CCG,London,London\nE38000001,NHS "
      "Croydon CCG,London,London\n",
      "o.csv", "id,organisation,role,name\np,a,Chair,Mary O'Connor\n", "p.csv", {}, problems);
  const FrameNames names(frame);
  const std::vector<Flagged> rows{
      {"nothing", "We are content with the valley road.", {}},
      {"a full name in other letters", "ask nhs  barnet ccg, they know", {"nhs  barnet ccg"}},
      {"the telling word", "Airedale does it", {"Airedale"}},
      {"the same in small letters is a word", "the airedale terrier", {}},
      {"a word of many names says nothing", "The NHS and each CCG", {}},
      {"a region", "in london, as in the north of england", {"london", "north of england"}},
      {"a person", "I told Mary O'Connor so", {"Mary O'Connor"}},
      {"a surname", "Mrs Connor agrees", {"Connor"}},
      {"an id", "as I wrote of E38000001 and a, b", {"E38000001"}},
      {"a short id is a word", "group a, or c", {}},
      {"an address", "write to m.oc@nhs.net", {"oc@nhs"}},
      {"a name twice", "Barnet and Barnet", {"Barnet"}},
      {"a name within a word", "Barnetshire", {}},
      {"empty", "", {}}};
  for (const Flagged& row : rows) {
    EXPECT_EQ(names.found_in(row.text), row.expected) << row.situation;
  }
}

}  // namespace
}  // namespace barometer
