#include "barometer/study/study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/study/new_study.h"
#include "barometer/study/study_folder_test_internal.h"
#include "barometer/study/verbatim.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Study, ASoundStudyIsReadWhole) {
  const StudyFolder folder;
  Diagnostics problems;
  const Study study = read_study(folder.path(), problems, true);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(study.id, "study_of_Study_ASoundStudyIsReadWhole");
  EXPECT_EQ(study.title, "Leaders");
  EXPECT_EQ(study.series, "Leaders");
  EXPECT_EQ(study.conducted_by, "A paper");
  EXPECT_EQ(study.print.percent_base_under, 30);
  ASSERT_EQ(study.waves.size(), 2U);
  EXPECT_EQ(study.waves[0].id, "2013-01");
  const Wave* wave = study.wave("2013-04");
  ASSERT_NE(wave, nullptr);
  EXPECT_EQ(study.wave("2013-05"), nullptr);
  EXPECT_EQ(iso_text(*wave->fieldwork_start), "2013-04-08");
  EXPECT_EQ(wave->weighting_text, "Not weighted.");
  EXPECT_EQ(study.frame_of(*wave).people().size(), 2U);
  ASSERT_EQ(wave->published.size(), 4U);
  EXPECT_EQ(wave->published[1].value.text(), "8.0") << "trailing zeros say the precision";
  EXPECT_EQ(wave->published[1].base, "wave");
  EXPECT_EQ(wave->published[3].since, "2013-01");
}

TEST(Study, EverySettingIsRead) {
  const StudyFolder folder;
  folder.write("study.yaml", R"(title: T
series: S
sponsor: P
conducted_by: C
geography: G
population: L
words: {organisations: CCGs, respondents: chairs}
print: {percent_places: 1, mean_places: 2, rounding: half even, level: 0.9, note_base_under: 99, bracket_base_under: 49, percent_base_under: 29, suppress_base_under: 9, suppress_count_under: 5, uniform_under: 20}
)");
  folder.write("waves/2013-04/wave.yaml", R"(title: Second
fieldwork: {text: April 2013}
mode: Telephone
partner: B
frame: 2013
population: Chairs
weighting: Weighted by region.
design: {kind: clustered, stratum: region, weight: w, population: 400, lonely_psu: adjust}
trend_links: {trust: 2013-01/trust}
reconstruction: false
alternative_to: 2013-01
note: A remark
)");
  folder.remove("waves/2013-04/responses.csv");
  Diagnostics problems;
  const Study study = read_study(folder.path(), problems, true);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(study.organisation_word, "CCGs");
  EXPECT_EQ(study.respondent_word, "chairs");
  EXPECT_EQ(study.print.percent_places, 1);
  EXPECT_EQ(study.print.mean_places, 2);
  EXPECT_EQ(study.print.rounding, Rounding::kHalfEven);
  EXPECT_EQ(study.print.level, 0.9);
  EXPECT_EQ(study.print.note_base_under, 99);
  EXPECT_EQ(study.print.bracket_base_under, 49);
  EXPECT_EQ(study.print.percent_base_under, 29);
  EXPECT_EQ(study.print.suppress_base_under, 9);
  EXPECT_EQ(study.print.suppress_count_under, 5);
  EXPECT_EQ(study.print.uniform_under, 20);
  const Wave* wave = study.wave("2013-04");
  ASSERT_NE(wave, nullptr);
  EXPECT_EQ(wave->dates_text, "April 2013");
  EXPECT_EQ(wave->design.kind, "clustered");
  EXPECT_EQ(wave->design.stratum, "region");
  EXPECT_EQ(wave->design.weight, "w");
  EXPECT_EQ(wave->design.population, "400");
  EXPECT_EQ(wave->design.lonely_psu, "adjust");
  EXPECT_EQ(wave->trend_links.at("trust"), "2013-01/trust");
  EXPECT_EQ(wave->alternative_to, "2013-01");
  EXPECT_EQ(wave->note, "A remark");
}

TEST(Study, ANewStudyChecksClean) {
  for (const char* title :
       {"Leaders", "A \"title\": with # marks", "Ends in \\", "O’Brien", "yes"}) {
    const StudyFolder folder;
    std::filesystem::remove_all(folder.path());
    const Date start{std::chrono::year(2027), std::chrono::month(12), std::chrono::day(20)};
    for (const auto& [name, text] : new_study_files(title, start)) folder.write(name, text);
    Diagnostics problems;
    const Study study = read_study(folder.path(), problems, true);
    EXPECT_EQ(problems.text(), "") << title;
    EXPECT_EQ(study.title, title);
    ASSERT_EQ(study.waves.size(), 1U);
    const Wave& wave = study.waves[0];
    EXPECT_TRUE(wave.questionnaire.codebook());
    EXPECT_EQ(wave.id, "2027-12");
    EXPECT_EQ(iso_text(*wave.fieldwork_start), "2027-12-20");
    EXPECT_EQ(iso_text(*wave.fieldwork_end), "2028-01-10");
    EXPECT_EQ(wave.fieldwork.contacts.size(), 3U);
  }
}

TEST(Study, ANewStudyShowsEveryTypeOfItem) {
  const StudyFolder folder;
  std::filesystem::remove_all(folder.path());
  for (const auto& [name, text] : new_study_files("T", Date())) folder.write(name, text);
  Diagnostics problems;
  const Study study = read_study(folder.path(), problems, true);
  std::set<ItemType> shown;
  for (const Item& item : study.waves.at(0).questionnaire.items) shown.insert(item.type);
  EXPECT_EQ(shown.size(), static_cast<size_t>(ItemType::kOpen) + 1);
}

TEST(Study, WithoutWavesIsFine) {
  const StudyFolder folder;
  folder.remove("waves");
  EXPECT_EQ(folder.problems(), "");
}

TEST(Study, ThatIsNotThereIsOneError) {
  Diagnostics problems;
  read_study("/nowhere/at/all", problems, true);
  EXPECT_EQ(problems.text(),
            "/nowhere/at/all: error: there is no study folder '/nowhere/at/all' [missing-folder]\n"
            "  hint: 'barometer new DIR' starts one\n");
}

TEST(Study, TheFolderMayBeNamedWithASlashAtTheEnd) {
  const StudyFolder folder;
  Diagnostics problems;
  const Study study = read_study(folder.path().string() + "/", problems, true);
  EXPECT_EQ(study.id, folder.path().filename().string());
  EXPECT_EQ(problems.text(), "");
}

TEST(Study, TenMistakesAreTenMessagesWithTheirPlaces) {
  const StudyFolder folder;
  const std::string first = "waves/2013-01/";
  const std::string second = "waves/2013-04/";
  folder.change("study.yaml", "geography: England", "geography: England\nserise: Leaders");
  folder.change("frame/2013/people.csv", "p2,g2;g3", "p2,g2;g4");
  folder.change(first + "questionnaire.yaml", "scale: [1, 10]", "scale: [10, 1]");
  folder.change(first + "wave.yaml", "end: 2013-01-25", "end: 2013-01-05");
  folder.change(second + "published.csv", "a2,mean", "a1,maen");  // two mistakes
  folder.change(second + "published.csv", "likely,33,", "likely,133,");
  folder.change(second + "questionnaire.yaml", "type: likelihood", "type: likelyhood");
  folder.change(second + "questionnaire.yaml", "merge is likely", "mreg is likely");
  folder.change(second + "wave.yaml", "frame: 2013\n", "frame: 2031\n");
  EXPECT_EQ(
      folder.problems(),
      R"(frame/2013/people.csv:3:4: error: the organisation 'g4' is not in this frame [frame-unknown-organisation]
  hint: did you mean 'g1'?
study.yaml:4:1: error: unknown key 'serise' [unknown-key]
  hint: did you mean 'series'?
waves/2013-01/questionnaire.yaml:4:65: error: a scale from 10 to 1 cannot be used [scale-ends]
  hint: whole numbers from 0 up, low before high, at most 101 points
waves/2013-01/wave.yaml:2:37: error: fieldwork ends on 2013-01-05, before it starts on 2013-01-07 [fieldwork-dates]
waves/2013-04/published.csv:3:1: error: the id 'a1' is already used in waves/2013-04/published.csv:2:1 [published-figure]
  hint: ids of published figures are unique in the study
waves/2013-04/published.csv:3:4: error: unknown kind 'maen' [published-figure]
  hint: did you mean 'mean'?
waves/2013-04/published.csv:4:25: error: 133 per cent is not between 0 and 100 [published-figure]
waves/2013-04/questionnaire.yaml:5:23: error: 'likelyhood' is not an item type [unknown-type]
  hint: did you mean 'likelihood'?
waves/2013-04/questionnaire.yaml:6:56: error: the routing asks for 'mreg', which is no item [routing-unknown]
  hint: known: role, trust, merge
waves/2013-04/wave.yaml:4:8: error: there is no frame '2031' [unknown-frame]
  hint: did you mean '2013'?
)");
}

// One mistake each, and what is said of it.
struct Mistake {
  const char* situation;
  const char* file;
  const char* from;
  const char* to;
  const char* expected;
};
class StudyMistake : public testing::TestWithParam<Mistake> {};

TEST_P(StudyMistake, IsReportedWithPlaceValueAndHint) {
  const Mistake& mistake = GetParam();
  const StudyFolder folder;
  folder.change(mistake.file, mistake.from, mistake.to);
  EXPECT_EQ(folder.problems(), mistake.expected) << mistake.situation;
}

constexpr auto kFirst = "waves/2013-01/wave.yaml";
constexpr auto kSecond = "waves/2013-04/wave.yaml";
constexpr auto kFigures = "waves/2013-04/published.csv";

INSTANTIATE_TEST_SUITE_P(
    Settings, StudyMistake,
    testing::Values(
        Mistake{"rounding that is no rule", "study.yaml", "title: Leaders\n",
                "title: Leaders\nprint: {rounding: half down}\n",
                "study.yaml:2:19: error: 'half down' is not a value of 'print.rounding' "
                "[unknown-value]\n  hint: did you mean 'half even'?\n"},
        Mistake{"a base below zero", "study.yaml", "title: Leaders\n",
                "title: Leaders\nprint: {suppress_base_under: -1}\n",
                "study.yaml:2:30: error: 'suppress_base_under' is -1, not between 0 and 1000000000 "
                "[print-rule]\n"},
        Mistake{"a small group of fewer than none", "study.yaml", "title: Leaders\n",
                "title: Leaders\nprint: {uniform_under: -1}\n",
                "study.yaml:2:24: error: 'uniform_under' is -1, not between 0 and 1000000000 "
                "[print-rule]\n"},
        Mistake{"level in per cent", "study.yaml", "title: Leaders\n",
                "title: Leaders\nprint: {level: 95}\n",
                "study.yaml:2:16: error: the level 95 is not a share from 0.5 to below 1 "
                "[print-rule]\n  hint: level: 0.95\n"},
        Mistake{"tab in the settings", "study.yaml", "sponsor:", "\tsponsor:",
                "study.yaml:2:1: error: this is not YAML: illegal tab when looking for indentation "
                "[yaml]\n  hint: indent with spaces, not tabs\n"},
        Mistake{"a frame with a date that does not exist", "frame/2013/frame.yaml", "2013-01-01",
                "2013-02-30",
                "frame/2013/frame.yaml:1:7: error: 'date': there is no day 2013-02-30 [date]\n"},
        Mistake{"a frame that does not say its exclusions", "frame/2013/frame.yaml",
                "exclusions: None\n", "",
                "frame/2013/frame.yaml:1:1: error: 'exclusions' is missing [missing-key]\n"}));

INSTANTIATE_TEST_SUITE_P(
    Waves, StudyMistake,
    testing::Values(
        Mistake{"fieldwork of more than a year", kFirst, "2013-01-07", "2012-01-07",
                "waves/2013-01/wave.yaml:2:37: warning: fieldwork from 2012-01-07 to 2013-01-25 "
                "lasts 384 days [fieldwork-long]\n  hint: is the year right?\n"},
        Mistake{
            "fieldwork without an end", kFirst, ", end: 2013-01-25", "",
            "waves/2013-01/wave.yaml:2:12: error: fieldwork has a start or an end, but not both "
            "[fieldwork-dates]\n"
            "  hint: when exact dates are not known, write them in words as 'text'\n"},
        Mistake{"no fieldwork", kFirst, "fieldwork: {start: 2013-01-07, end: 2013-01-25}\n", "",
                "waves/2013-01/wave.yaml:1:1: error: 'fieldwork' is missing [missing-key]\n"
                "  hint: fieldwork: {start: 2012-10-01, end: 2012-10-19}, or {text: \"October "
                "2012\"}\n"},
        Mistake{
            "fieldwork before that of the wave before", kSecond,
            "start: 2013-04-08, end: 2013-04-26", "start: 2012-04-08, end: 2012-04-26",
            "waves/2013-04/wave.yaml:2:12: warning: fieldwork started on 2012-04-08, before the "
            "2013-01-07 of the wave '2013-01' that stands earlier [wave-order]\n"
            "  hint: waves are in order of their folder names; start those with the date\n"},
        Mistake{"trend link to an unknown wave", kSecond, "mode: Online",
                "mode: Online\ntrend_links: {trust: 2013-10/trust}",
                "waves/2013-04/wave.yaml:4:15: error: there is no wave '2013-10' [trend-link]\n"
                "  hint: did you mean '2013-01'?\n"},
        Mistake{"trend link to a later wave", kFirst, "mode: Online",
                "mode: Online\ntrend_links: {trust: 2013-04/trust}",
                "waves/2013-01/wave.yaml:4:15: error: the wave '2013-04' is not earlier than "
                "'2013-01' [trend-link]\n"
                "  hint: a link points back in time; waves are in order of their folder names\n"},
        Mistake{"trend link to an unknown item", kSecond, "mode: Online",
                "mode: Online\ntrend_links: {trust: 2013-01/turst}",
                "waves/2013-04/wave.yaml:4:15: error: the wave '2013-01' has no item 'turst' "
                "[trend-link]\n  hint: did you mean 'trust'?\n"},
        Mistake{"trend link of an unknown item", kSecond, "mode: Online",
                "mode: Online\ntrend_links: {trusst: 2013-01/trust}",
                "waves/2013-04/wave.yaml:4:15: error: 'trusst' is no item of this wave [trend-link]"
                "\n  hint: did you mean 'trust'?\n"},
        Mistake{
            "trend link between a score and a choice", kSecond, "mode: Online",
            "mode: Online\ntrend_links: {trust: 2013-01/role}",
            "waves/2013-04/wave.yaml:4:15: error: 'trust' is of type 'score' and '2013-01/role' "
            "of type 'single'; they share no figure [trend-link]\n"},
        Mistake{"trend link without an item", kSecond, "mode: Online",
                "mode: Online\ntrend_links: {trust: 2013-01}",
                "waves/2013-04/wave.yaml:4:15: error: '2013-01' does not name a wave and an item "
                "[trend-link]\n  hint: trend_links: {confidence: 2012-10/confidence}\n"},
        Mistake{"other words without a link", "waves/2013-01/questionnaire.yaml", "Your role",
                "Your post",
                "waves/2013-04/questionnaire.yaml:3:5: note: 'role' is worded otherwise than in "
                "wave '2013-01', so there is no trend between them [wording-changed]\n"
                "  hint: if they can be compared, say so in wave.yaml: trend_links: {role: "
                "2013-01/role}\n"},
        Mistake{"alternative to itself", kSecond, "mode: Online",
                "mode: Online\nalternative_to: 2013-04",
                "waves/2013-04/wave.yaml:4:17: error: a wave is no alternative to itself "
                "[alternative]\n"},
        Mistake{"alternative to an unknown wave", kSecond, "mode: Online",
                "mode: Online\nalternative_to: 2013-02",
                "waves/2013-04/wave.yaml:4:17: error: there is no wave '2013-02' [alternative]\n"
                "  hint: did you mean '2013-01'?\n"},
        Mistake{"unknown stratum before there are responses", kFirst, "mode: Online",
                "mode: Online\ndesign: {stratum: regoin}",
                "waves/2013-01/wave.yaml:4:19: error: the stratum 'regoin' is neither a field of "
                "the frame nor an item [design-variable]\n  hint: did you mean 'region'?\n"},
        Mistake{"stratum that the responses do not hold", kSecond, "mode: Online",
                "mode: Online\ndesign: {stratum: band}",
                "waves/2013-04/responses.csv:1: error: the column 'band' is missing "
                "[responses-missing-column]\n"},
        Mistake{"weight that the responses do not hold", kSecond, "mode: Online",
                "mode: Online\nweighting: To the frame.\ndesign: {weight: w}",
                "waves/2013-04/responses.csv:1: error: the column 'w' is missing "
                "[responses-missing-column]\n"},
        Mistake{
            "weight that is a choice", kSecond, "mode: Online",
            "mode: Online\nweighting: To the frame.\ndesign: {weight: role}",
            "waves/2013-04/wave.yaml:5:18: error: the weight 'role' is no number but an item of "
            "type 'single' [design-variable]\n"},
        Mistake{"weighted, without saying how", kFirst, "mode: Online",
                "mode: Online\ndesign: {weight: w}",
                "waves/2013-01/wave.yaml:4:18: error: answers are weighted by 'w', but 'weighting' "
                "does not say how [missing-weighting]\n"
                "  hint: weighting: Weighted to the frame by region and role.\n"},
        Mistake{"population in words", kFirst, "mode: Online",
                "mode: Online\ndesign: {population: all of them}",
                "waves/2013-01/wave.yaml:4:22: error: the population 'all of them' is not 'frame', "
                "'none' or a number of people [design-population]\n"},
        Mistake{
            "clusters in a reconstruction", kFirst, "mode: Online",
            "mode: Online\nreconstruction: true\ndesign: {kind: clustered}",
            "waves/2013-01/wave.yaml:5:16: warning: a clustered design on a reconstruction: "
            "which answer came from which organisation was never published, so the clusters are "
            "made up [reconstruction-clustered]\n  hint: kind: simple\n"},
        Mistake{"respondents assumed in a real survey", kFirst, "mode: Online",
                "mode: Online\nassumed_respondents: 100",
                "waves/2013-01/wave.yaml:4:22: error: respondents are assumed only in a "
                "reconstruction [assumed-respondents]\n  hint: reconstruction: true\n"}));

INSTANTIATE_TEST_SUITE_P(
    PublishedFigures, StudyMistake,
    testing::Values(
        Mistake{"unknown item", kFigures, "a2,mean,trust", "a2,mean,turst",
                "waves/2013-04/published.csv:3:9: error: 'turst' is no item of the wave '2013-04' "
                "[published-figure]\n  hint: did you mean 'trust'?\n"},
        Mistake{"unknown answer", kFigures, "merge,likely", "merge,likly",
                "waves/2013-04/published.csv:4:18: error: 'likly' is not an option, code or NET of "
                "'merge'; did you mean 'likely'? [published-figure]\n"},
        Mistake{"percentage without an answer", kFigures, "merge,likely", "merge,",
                "waves/2013-04/published.csv:4:18: error: a percent needs an answer "
                "[published-figure]\n"},
        Mistake{"value in words", kFigures, "likely,33", "likely,a third",
                "waves/2013-04/published.csv:4:25: error: the value 'a third' is not a number "
                "[published-figure]\n  hint: digits as printed, without a percent sign\n"},
        Mistake{"half a respondent", kFigures, "a1,n,,,3", "a1,n,,,3.5",
                "waves/2013-04/published.csv:2:8: error: 3.5 cannot be a number of respondents "
                "[published-figure]\n"},
        Mistake{
            "mean off the scale", kFigures, "8.0", "10.5",
            "waves/2013-04/published.csv:3:16: error: the mean 10.5 lies outside the scale from "
            "1 to 10 [published-figure]\n"},
        Mistake{"mean of a choice", kFigures, "a2,mean,trust", "a2,mean,role",
                "waves/2013-04/published.csv:3:9: error: 'role' is an item of type 'single', which "
                "has no mean [published-figure]\n"},
        Mistake{"percentage of an open question", kFigures, "merge,likely", "partner,likely",
                "waves/2013-04/published.csv:4:12: error: 'partner' is an open question; it has no "
                "figures [published-figure]\n"},
        Mistake{"change since nothing", kFigures, "Chair,5,,2013-01", "Chair,5,,",
                "waves/2013-04/published.csv:5:25: error: a change needs 'since', the wave it is "
                "measured from [published-figure]\n  hint: known: 2013-01\n"},
        Mistake{"change since itself", kFigures, "Chair,5,,2013-01", "Chair,5,,2013-04",
                "waves/2013-04/published.csv:5:25: error: '2013-04' is no wave before '2013-04' "
                "[published-figure]\n  hint: did you mean '2013-01'?\n"},
        Mistake{
            "change of an item the earlier wave lacks", kFigures, "a4,change,role,Chair",
            "a4,change,merge,likely",
            "waves/2013-04/published.csv:5:27: error: the wave '2013-01' has no item 'merge' to "
            "measure a change from [published-figure]\n"},
        Mistake{"number of respondents of one item", kFigures, "a1,n,,", "a1,n,role,",
                "waves/2013-04/published.csv:2:6: error: a figure of kind 'n' is about the whole "
                "wave, not about an item [published-figure]\n"},
        Mistake{"base in words", kFigures, "likely,33,,", "likely,33,everyone,",
                "waves/2013-04/published.csv:4:28: error: the base 'everyone' is not 'wave', "
                "'solve' or a number of respondents [published-figure]\n"},
        Mistake{"without a source", kFigures, "a1,n,,,3,,,A paper", "a1,n,,,3,,,",
                "waves/2013-04/published.csv:2:1: warning: nothing says where 'a1' was printed "
                "[published-source]\n"},
        Mistake{"derived, perhaps", kFigures, "a1,n,,,3,,,A paper,,", "a1,n,,,3,,,A paper,,maybe",
                "waves/2013-04/published.csv:2:21: error: derived is 'maybe' [published-figure]\n"
                "  hint: yes, or blank\n"},
        Mistake{"another number of organisations than the frame", kFigures, "a1,n,,,3",
                "a1,frame,,,211",
                "waves/2013-04/published.csv:2:1: warning: 'a1' says there are 211 organisations, "
                "the frame '2013' lists 3 [published-frame]\n"},
        Mistake{
            "coverage of the wrong whole", kFigures, "a1,n,,,3,,,A paper,,\n",
            "a1,n,,,4,,,A paper,,\na5,organisations,,,2,,,A paper,,\n"
            "a6,coverage,,,50,,,A paper,,\n",
            "waves/2013-04/published.csv:4:1: warning: 2 of the 3 organisations in frame '2013' "
            "is 67 per cent, not 50; it is 50 per cent of 4 respondents [published-coverage]\n"}));

INSTANTIATE_TEST_SUITE_P(
    Responses, StudyMistake,
    testing::Values(
        Mistake{
            "doubled respondent", "waves/2013-04/responses.csv", "r3,", "r1,",
            "waves/2013-04/responses.csv:4:1: error: row 3: the respondent 'r1' is there twice, "
            "first in row 1 [respondent-doubled]\n  hint: one row a respondent\n"},
        Mistake{"no respondent", "waves/2013-04/responses.csv", "r3,", ",",
                "waves/2013-04/responses.csv:4:1: error: row 3: there is no respondent id "
                "[respondent-missing]\n"},
        Mistake{"organisation that is not in the frame", "waves/2013-04/responses.csv", "g2;g3",
                "g2;g33",
                "waves/2013-04/responses.csv:3:4: error: row 2: the organisation 'g33' is not in "
                "the frame '2013' [organisation-unknown]\n  hint: did you mean 'g3'?\n"},
        Mistake{
            "code outside the options", "waves/2013-04/responses.csv", "r1,g1,1", "r1,g1,3",
            "waves/2013-04/responses.csv:2: error: column 'role': '3' is not one of its answers "
            "[responses-unknown-code]\n  hint: codes: 1, 2\n"},
        Mistake{"unknown column", "waves/2013-04/responses.csv", "trust", "turst",
                "waves/2013-04/responses.csv:1: error: unknown column 'turst' "
                "[responses-unknown-column]\n  hint: did you mean 'trust'?\n"
                "waves/2013-04/responses.csv:1: error: the column 'trust' is missing "
                "[responses-missing-column]\n"},
        Mistake{"an answer where the question was not asked", "waves/2013-04/responses.csv", "4,-1",
                "4,Airedale",
                "waves/2013-04/responses.csv:3:16: warning: 'partner' does not keep to its routing "
                "“merge is likely” in row 2 [routing-not-kept]\n"
                "  hint: -1 where the question was not asked, and only there\n"},
        Mistake{"not asked where it was", "waves/2013-04/responses.csv", "1,Barnet", "1,-1",
                "waves/2013-04/responses.csv:2:13: warning: 'partner' does not keep to its routing "
                "“merge is likely” in row 1 [routing-not-kept]\n"
                "  hint: -1 where the question was not asked, and only there\n"}));

TEST(StudyFiles, AMissingFileNamesTheNearestThatIsThere) {
  const StudyFolder folder;
  folder.remove("waves/2013-01/questionnaire.yaml");
  folder.write("waves/2013-01/questionaire.yaml", "title: T\n");
  EXPECT_EQ(folder.problems(),
            "waves/2013-01/questionnaire.yaml: error: there is no file "
            "'waves/2013-01/questionnaire.yaml' [missing-file]\n"
            "  hint: rename 'questionaire.yaml'?\n");
}

TEST(StudyFiles, TwoFilesOfResponsesAreOneTooMany) {
  const StudyFolder folder;
  folder.write("waves/2013-04/responses.parquet", "x");
  EXPECT_THAT(folder.problems(),
              HasSubstr("responses.csv: error: the wave has both 'responses.parquet' and "
                        "'responses.csv' [two-responses]"));
}

TEST(StudyFiles, HiddenFoldersAndLooseFilesAreLeftAlone) {
  const StudyFolder folder;
  folder.write("waves/.trash/wave.yaml", "nonsense");
  folder.write("waves/notes.txt", "Remember");
  EXPECT_EQ(folder.problems(), "");
}

TEST(StudyFiles, AWaveFolderThatCannotBeInAnAddressIsRefused) {
  const StudyFolder folder;
  std::filesystem::rename(folder.path() / "waves/2013-04", folder.path() / "waves/April 2013");
  EXPECT_THAT(folder.problems(), HasSubstr("'April 2013' cannot be the id of a wave [wave-id]"));
}

TEST(StudyFiles, AFrameWithoutItsListIsReportedOnceAndWavesMayStillNameIt) {
  const StudyFolder folder;
  folder.remove("frame/2013/organisations.csv");
  EXPECT_EQ(folder.problems(),
            "frame/2013/organisations.csv: error: there is no file 'frame/2013/organisations.csv' "
            "[missing-file]\n");
}

TEST(StudyFiles, AFrameWithoutPeopleCannotGiveANumberOfPeople) {
  const StudyFolder folder;
  folder.remove("frame/2013/people.csv");
  folder.remove("waves/2013-04");
  EXPECT_THAT(folder.problems(), HasSubstr("the frame '2013' lists no people"));
  folder.change("waves/2013-01/wave.yaml", "mode: Online",
                "mode: Online\ndesign: {population: none}");
  EXPECT_EQ(folder.problems(), "");
}

TEST(StudyFiles, AClusteredDesignSaysHowOneAnswerOfSeveralCountsBeforeAnyoneIsAsked) {
  const struct {
    const char* design;
    bool told;
  } kDesigns[] = {{"{kind: clustered}", true},
                  {"{kind: clustered, lonely_psu: fail}", true},
                  {"{kind: clustered, lonely_psu: average}", false},
                  {"{kind: clustered, lonely_psu: remove}", false},
                  {"{kind: clustered, population: none}", false},
                  {"{kind: simple}", false}};
  for (const auto& [design, told] : kDesigns) {
    const StudyFolder folder;
    folder.change("waves/2013-01/wave.yaml", "mode: Online",
                  "mode: Online\ndesign: " + std::string(design));
    EXPECT_EQ(folder.problems(), "") << design;  // one person an organisation
    folder.change("frame/2013/people.csv", "p1,g1\n", "p1,g1\np3,g1\n");
    EXPECT_EQ(folder.problems(),
              told ? "waves/2013-01/wave.yaml:4:9: warning: a clustered design does not say how an "
                     "organisation counts of whose people only one answers: 'g1' lists 2, and with "
                     "one answer nothing is published [design-lonely]\n  hint: lonely_psu: average "
                     "(it varies as the others do) or lonely_psu: adjust (wider intervals)\n"
                   : "")
        << design;
  }
}

TEST(StudyFiles, IdsOfPublishedFiguresAreUniqueOverTheWaves) {
  const StudyFolder folder;
  folder.write("waves/2013-01/published.csv",
               "id,kind,item,answer,value,source\na1,n,,,100,A paper\n");
  EXPECT_EQ(folder.problems(),
            "waves/2013-04/published.csv:2:1: error: the id 'a1' is already used in "
            "waves/2013-01/published.csv:2:1 [published-figure]\n"
            "  hint: ids of published figures are unique in the study\n");
}

TEST(Verbatims, AnEditedQuoteLeavesOutAndChangesNothing) {
  const struct {
    const char* text;
    const char* edited;
    bool sound;
  } lines[] = {
      {"We in Airedale go", "We in […] go", true},
      {"We in Airedale go", "We in [...] go", true},
      {"Airedale goes", "[…] goes", true},
      {"We like Airedale", "We like […]", true},
      {"Airedale and Barnet go", "[…] and […] go", true},
      {"Airedale and Barnet go", "[…] go", true},
      {"We in Airedale go", "We in […] went", false},
      {"We in Airedale go", "They in […] go", false},
      {"We in Airedale go", "We in Airedale go", false},
      {"We in Airedale go", "We in Leeds go", false},
      {"We in Airedale go", "We in […] go now", false},
      {"We in Airedale go", "We will in […] go", false},
      {"Airedale and Barnet go", "[…] or […] go", false},
      {"Airedale and Barnet go", "[…] Barnet […] and […] go", false},
      {"go", "go[…]go", false},
  };
  for (const auto& line : lines) {
    EXPECT_EQ(only_leaves_out(line.edited, line.text), line.sound) << line.edited;
  }
}

TEST(Verbatims, ANameIsSaidAndAnEditThatIsNoneIsRefused) {
  const StudyFolder folder;
  folder.write("waves/2013-01/verbatims.csv",
               "id,item,text,consent,edited\nv1,trust,We in Airedale go,anonymous,\n"
               "v2,trust,We in Barnet go,anonymous,We in […] go\n");
  const std::string warned = folder.problems();
  EXPECT_THAT(warned, HasSubstr("warning: verbatim 'v1' says 'Airedale', and its consent is "
                                "'anonymous': no story may quote it"));
  EXPECT_THAT(warned, ::testing::Not(HasSubstr("v2")));
  folder.change("waves/2013-01/verbatims.csv", "We in […] go", "We in […] went");
  EXPECT_THAT(folder.problems(),
              HasSubstr("verbatims.csv:3:36: error: 'edited' of verbatim 'v2' is not its text"));
}

TEST(StudyFiles, ATrendLinkSilencesTheNoteOnOtherWords) {
  const StudyFolder folder;
  folder.change("waves/2013-01/questionnaire.yaml", "Your role", "Your post");
  folder.change("waves/2013-04/wave.yaml", "mode: Online",
                "mode: Online\ntrend_links: {role: 2013-01/role}");
  EXPECT_EQ(folder.problems(), "");
}

}  // namespace
}  // namespace barometer
