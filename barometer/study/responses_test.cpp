#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/io/io.h"
#include "barometer/study/study.h"
#include "barometer/study/study_folder_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Result<Dataset> responses_of(const StudyFolder& folder) {
  Diagnostics problems;
  const Study study = read_study(folder.path(), problems, false);
  EXPECT_EQ(problems.error_count(), 0U) << problems.text();
  return read_responses(study, *study.wave("2013-04"), problems);
}

// The labels of a single variable, "-" where missing.
std::vector<std::string> labels(const Dataset& data, std::string_view id) {
  std::vector<std::string> out;
  const Column& column = **data.find(id);
  for (size_t row = 0; row < data.case_count(); ++row) {
    const bool missing = missing_at(column, row) != Missing::kNone;
    out.push_back(missing ? "-" : data.codebook().find(id)->category(code_at(column, row))->label);
  }
  return out;
}

TEST(Responses, GetTheFieldsOfTheFrameByTheFirstOrganisation) {
  const StudyFolder folder;
  const auto data = responses_of(folder);
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_THAT(data->codebook().ids(), ElementsAre("respondent", "organisation", "role", "trust",
                                                  "merge", "partner", "region", "area_team"));
  EXPECT_THAT(labels(*data, "region"), ElementsAre("North", "South", "North"));
  EXPECT_THAT(labels(*data, "area_team"), ElementsAre("Leeds", "London", "Leeds"));
  EXPECT_THAT(labels(*data, "role"), ElementsAre("Chair", "Officer", "Chair"));
}

TEST(Responses, SayWhichOrganisationsAnswered) {
  const StudyFolder folder;
  const auto answered = answered_organisations(*responses_of(folder));
  ASSERT_TRUE(answered);
  EXPECT_THAT(*answered,
              ElementsAre(ElementsAre("g1"), ElementsAre("g2", "g3"), ElementsAre("g1")));
}

TEST(Responses, MayNameNoOrganisationAndAreWarnedThatItsTablesGo) {
  const StudyFolder folder;
  folder.change("waves/2013-04/responses.csv", "r3,g1", "r3,");
  EXPECT_EQ(folder.problems(),
            "waves/2013-04/responses.csv:4:4: warning: row 3 names no organisation, so there will "
            "be no tables by organisation [organisation-blank]\n"
            "  hint: tables by organisation need one for every respondent\n");
  const auto data = responses_of(folder);
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_THAT(labels(*data, "region"), ElementsAre("North", "South", "-"));
  EXPECT_THAT(*answered_organisations(*data),
              ElementsAre(ElementsAre("g1"), ElementsAre("g2", "g3"), ElementsAre()));
  folder.change("waves/2013-04/responses.csv", "r2,g2;g3", "r2, ");
  EXPECT_THAT(folder.problems(),
              HasSubstr("row 2 names no organisation (the first of 2 such rows)"));
  folder.change("waves/2013-04/responses.csv", "r1,g1", "r1,");
  EXPECT_EQ(folder.problems(), "");
}

TEST(Responses, WithNumbersThatCouldNotBePrintedAreRefused) {
  const StudyFolder folder;
  folder.change("waves/2013-04/questionnaire.yaml", "type: open, text: With whom",
                "type: number, text: How many");
  folder.change("waves/2013-04/responses.csv", "Barnet", "1000000000000");
  EXPECT_EQ(folder.problems(), "");
  folder.change("waves/2013-04/responses.csv", "1000000000000", "1e15");
  EXPECT_EQ(folder.problems(),
            "waves/2013-04/responses.csv:2:13: error: row 1: the number 1000000000000000 of "
            "'partner' is not "
            "between -1000000000000 and 1000000000000 [number-too-large]\n"
            "  hint: use a larger unit: thousands, millions\n");
  folder.change("waves/2013-04/responses.csv", "1e15", "-100000001");
  folder.change("study.yaml", "title: Leaders", "title: Leaders\nprint: {mean_places: 6}");
  EXPECT_THAT(folder.problems(), HasSubstr("is not between -10000000 and 10000000"));
}

TEST(Responses, AreCheckedBesideMistakesThatDoNotTouchThem) {
  const StudyFolder folder;
  folder.change("study.yaml", "sponsor", "sponser");
  folder.change("waves/2013-04/wave.yaml", "mode: Online", "mode: Online\nmod: x");
  folder.change("waves/2013-04/responses.csv", "r3,g1", "r3,g9");
  const std::string said = folder.problems();
  for (const char* words : {"sponser", "unknown key 'mod'", "organisation 'g9'"}) {
    EXPECT_THAT(said, HasSubstr(words));
  }
}

TEST(Responses, AreNotBlamedForAMistakeInWhatTheyAreComparedWith) {
  struct Elsewhere {
    const char *file, *from, *to;
  };
  const Elsewhere cases[] = {
      {"waves/2013-04/wave.yaml", "frame: 2013", "frame: 2014"},
      {"waves/2013-04/wave.yaml", "mode: Online", "mode: Online\ndesign: {wieght: w}"},
      {"waves/2013-04/questionnaire.yaml", "type: likelihood", "type: likely"},
      {"frame/2013/organisations.csv", "g2,Barnet", "g1,Barnet"},
  };
  for (const Elsewhere& c : cases) {
    const StudyFolder folder;
    folder.change(c.file, c.from, c.to);
    folder.change("waves/2013-04/responses.csv", "r3,g1", "r3,g9");
    const std::string said = folder.problems();
    EXPECT_THAT(said, HasSubstr(c.file));
    EXPECT_THAT(said, Not(HasSubstr("responses.csv"))) << c.to;
  }
}

TEST(Responses, AnItemCalledAsAFrameFieldStandsForItself) {
  const StudyFolder folder;
  folder.change("waves/2013-04/questionnaire.yaml", "id: role", "id: region");
  folder.change("waves/2013-04/responses.csv", "role", "region");
  folder.remove("waves/2013-04/published.csv");
  const auto data = responses_of(folder);
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_THAT(labels(*data, "region"), ElementsAre("Chair", "Officer", "Chair"));
}

TEST(Responses, HoldWeightAndStratumByTheirNames) {
  const StudyFolder folder;
  folder.change("waves/2013-04/wave.yaml", "mode: Online",
                "mode: Online\nweighting: To the frame.\ndesign: {weight: w, stratum: band}");
  folder.write("waves/2013-04/responses.csv",
               "respondent,organisation,w,band,role,trust,merge,partner\n"
               "r1,g1,1.5,small,1,7,1,x\nr2,g2,0.5,large,2,8,4,-1\nr3,g3,1,small,1,9,5,-1\n");
  const auto data = responses_of(folder);
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_THAT(labels(*data, "band"), ElementsAre("small", "large", "small"));
  EXPECT_THAT(std::get<Numbers>(**data->find("w")).values, ElementsAre(1.5, 0.5, 1.0));
}

TEST(Responses, WithANegativeOrMissingWeightCannotBeUsed) {
  const StudyFolder folder;
  folder.change("waves/2013-04/wave.yaml", "mode: Online",
                "mode: Online\nweighting: To the frame.\ndesign: {weight: w}");
  folder.write("waves/2013-04/responses.csv",
               "respondent,organisation,w,role,trust,merge,partner\n"
               "r1,g1,-1.5,1,7,1,x\nr2,g2,,2,8,4,-1\nr3,g3,1,1,9,5,-1\n");
  EXPECT_EQ(folder.problems(),
            "waves/2013-04/responses.csv:2:7: error: row 1: the weight -1.5 is less than zero "
            "[weight]\n"
            "waves/2013-04/responses.csv:3:7: error: row 2: there is no weight 'w' [weight]\n");
}

TEST(Responses, OfAParquetFileAreTheSameAsOfCsv) {
  const StudyFolder folder;
  const auto from_csv = responses_of(folder);
  ASSERT_TRUE(from_csv) << from_csv.error().message;
  const auto converted = convert_file(folder.path() / "waves/2013-04/responses.csv",
                                      folder.path() / "waves/2013-04/responses.parquet");
  ASSERT_TRUE(converted) << converted.error().message;
  folder.remove("waves/2013-04/responses.csv");
  const auto from_parquet = responses_of(folder);
  ASSERT_TRUE(from_parquet) << from_parquet.error().message;
  EXPECT_EQ(csv_text(*from_csv), csv_text(*from_parquet));
}

TEST(Responses, WithManyMistakesAreReportedUpToABound) {
  const StudyFolder folder;
  std::string csv = "respondent,organisation,role,trust,merge,partner\n";
  for (int i = 0; i < 500; ++i) csv += "same,g9,1,7,4,-1\n";
  folder.write("waves/2013-04/responses.csv", csv);
  const std::string said = folder.problems();
  EXPECT_EQ(std::ranges::count(said, '\n'), 2 * (2 * 20 + 1)) << said;
  EXPECT_THAT(said, HasSubstr("479 more rows have this problem [respondent-doubled]"));
  EXPECT_THAT(said, HasSubstr("480 more rows have this problem [organisation-unknown]"));
}

TEST(Responses, WithErrorsAreRefusedWithTheirNumber) {
  const StudyFolder folder;
  folder.change("waves/2013-04/responses.csv", "r3,", "r1,");
  const auto data = responses_of(folder);
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().message,
            "'waves/2013-04/responses.csv' has 1 error; 'barometer check' lists them");
}

TEST(Responses, OfAWaveThatHasNoneAreNotFound) {
  const StudyFolder folder;
  folder.remove("waves/2013-04/responses.csv");
  const auto data = responses_of(folder);
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().message, "the wave '2013-04' has no responses");
}

}  // namespace
}  // namespace barometer
