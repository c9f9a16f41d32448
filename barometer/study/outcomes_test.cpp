// outcomes.csv: what is written is read, and mistakes have their place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/study/study_folder_test_internal.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kFile = "waves/2013-01/outcomes.csv";

WaveOutcomes outcomes() {
  return {.people = outcome_rates({.complete = 5, .partial = 1, .refusal = 2, .non_contact = 7},
                                  {9, 1}, "people")
                        .value(),
          .organisations =
              outcome_rates({.complete = 2, .unknown_other = 1}, {9, 1}, "organisations").value()};
}

TEST(Outcomes, AreReadAsTheyWereWritten) {
  const StudyFolder folder;
  EXPECT_FALSE(read_study(folder.path(), *std::make_unique<Diagnostics>(), false)
                   .wave("2013-01")
                   ->outcomes.has_value());
  folder.write(kFile, outcomes_csv({}, outcomes()));
  Diagnostics problems;
  const Study study = read_study(folder.path(), problems, false);
  EXPECT_EQ(problems.text(), "");
  const auto& read = study.wave("2013-01")->outcomes;
  ASSERT_TRUE(read);
  EXPECT_EQ(read->people.counts.total(), 15);
  EXPECT_EQ(read->people.e.text(), "0.9");
  EXPECT_TRUE(read->people.rate("RR1").value == (Ratio{5, 15}));
  EXPECT_TRUE(read->organisations.rate("RR3").value == (Ratio{20, 29}));
  EXPECT_EQ(outcomes_csv({}, *read), outcomes_csv({}, outcomes()));
}

struct Mistake {
  const char* situation;
  const char* from;
  const char* to;
  const char* expected;
};
class MistakeInOutcomes : public testing::TestWithParam<Mistake> {};

TEST_P(MistakeInOutcomes, IsReported) {
  const StudyFolder folder;
  folder.write(kFile, outcomes_csv({}, outcomes()));
  folder.change(kFile, GetParam().from, GetParam().to);
  EXPECT_THAT(folder.problems(), AllOf(HasSubstr(kFile), HasSubstr(GetParam().expected)))
      << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MistakeInOutcomes,
    testing::Values(
        Mistake{"no number", "people,5", "people,five", "'complete' is 'five'"},
        Mistake{"half a person", "people,5", "people,5.5", "'complete' is '5.5'"},
        Mistake{"fewer than none", "people,5", "people,-5", "-5 people of complete"},
        Mistake{"e over one", "0.9", "1.9", "is 1.9; it lies between 0 and 1"},
        Mistake{"e in words", "0.9", "most", "[outcomes-count]"},
        Mistake{"no such unit", "people", "persons", "a row of 'people' and then one"},
        Mistake{"one row", "\norganisations,2", "\n#organisations,2", "a row of 'people' and then"},
        Mistake{"a column is missing", "unit,", "units,", "unit"},
        Mistake{"a column too many", "unit,complete", "unit,why,complete", "why"},
        Mistake{"another threshold", ",80,", ",70,",
                "complete_percent = 70, and wave.yaml now says 80"},
        Mistake{"another privacy", "confidential", "unlinked", "wave.yaml now says confidential"},
        Mistake{"other organisations", "organisations,2,0,0,0,0,0,1", "organisations,2,0,0,0,0,0,2",
                "of 4 organisations, the frame '2013' has 3"}));

TEST(Outcomes, OfChangedSettingsAreNotPublishedUnderThem) {
  const StudyFolder folder;
  folder.write(kFile, outcomes_csv({}, outcomes()));
  folder.change("waves/2013-01/wave.yaml", "end: 2013-01-25",
                "end: 2013-01-25, thresholds: {complete: 90}");
  EXPECT_THAT(folder.problems(), HasSubstr("complete_percent = 80, and wave.yaml now says 90"));
}

}  // namespace
}  // namespace barometer
