// wave.yaml `fieldwork:`: what is read, and mistakes with their places.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/study/study_folder_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kFile = "waves/2013-01/wave.yaml";

// A study whose first wave has these keys beside start and end.
Study study_with(const StudyFolder& folder, const std::string& keys, Diagnostics& problems) {
  folder.write("frame/2013/people.csv", "id,organisation,role\np1,g1,Chair\np2,g2;g3,Officer\n");
  folder.change(kFile, "end: 2013-01-25", "end: 2013-01-25" + keys);
  return read_study(folder.path(), problems, false);
}

TEST(FieldworkSettingsOfAWave, HaveDefaults) {
  const StudyFolder folder;
  Diagnostics problems;
  const Study study = study_with(folder, "", problems);
  EXPECT_EQ(problems.text(), "");
  const FieldworkSettings& settings = study.wave("2013-01")->fieldwork;
  EXPECT_EQ(settings.opens_ms, 1'357'516'800'000);       // 2013-01-07
  EXPECT_EQ(settings.closes_ms, 1'359'158'400'000 - 1);  // 2013-01-26
  EXPECT_EQ(settings.privacy, PrivacyMode::kConfidential);
  EXPECT_EQ(settings.complete_percent, 80);
  EXPECT_EQ(settings.partial_percent, 50);
  EXPECT_EQ(settings.grace_days, 0);
  EXPECT_THAT(settings.languages, ElementsAre("en"));
  EXPECT_FALSE(settings.mails_by_date);
  EXPECT_EQ(settings.operators_see, OperatorsSee::kOwn);
  ASSERT_EQ(settings.contacts.size(), 1U);
  EXPECT_EQ(settings.contacts[0].id, "invitation");
}

TEST(FieldworkSettingsOfAWave, ReadEveryKey) {
  const StudyFolder folder;
  Diagnostics problems;
  const Study study = study_with(
      folder,
      R"(, opens: "2013-01-07 09:30", closes: 2013-01-24, grace: 3, privacy: unlinked, retention: 90,
  thresholds: {complete: 100, partial: 0, sent: true, partials_in_data: false}, languages: [en],
  invitation: hello, reminders: [{after: 7}, {after: 14, to: not-started, text: last}],
  contact: {from: The team, address: team@example.org, reply_to: re@example.org, help_email: help@example.org, help_telephone: 020 1, privacy: Kept a year., site: "https://survey.example.org/"},
  quotas: [{group: role, value: Chair, target: 100}])",
      problems);
  EXPECT_EQ(problems.text(), "");
  const FieldworkSettings& settings = study.wave("2013-01")->fieldwork;
  EXPECT_EQ(settings.opens_ms, 1'357'516'800'000 + (9 * 60 + 30) * 60'000);
  EXPECT_EQ(settings.closes_ms, 1'359'072'000'000 - 1);
  EXPECT_EQ(settings.grace_days, 3);
  EXPECT_EQ(settings.privacy, PrivacyMode::kUnlinked);
  EXPECT_EQ(settings.retention_days, 90);
  EXPECT_TRUE(settings.submit_to_complete && !settings.partials_in_data);
  ASSERT_EQ(settings.contacts.size(), 3U);
  EXPECT_EQ(settings.contacts[0].text, "hello");
  EXPECT_EQ(settings.contacts[1].id, "reminder-1");
  EXPECT_EQ(settings.contacts[1].audience, Audience::kUnfinished);
  EXPECT_EQ(settings.contacts[2].after_days, 14);
  EXPECT_EQ(settings.contacts[2].audience, Audience::kNotStarted);
  EXPECT_EQ(settings.contacts[2].text, "last");
  EXPECT_EQ(settings.contact.address, "https://survey.example.org");
  EXPECT_EQ(settings.contact.from_address, "team@example.org");
  ASSERT_EQ(settings.quotas.size(), 1U);
  EXPECT_EQ(settings.quotas[0].target, 100);
}

TEST(FieldworkSettingsOfAWave, SayWhenMailsGoAndWhatOperatorsSee) {
  using Expected = std::tuple<const char*, bool, OperatorsSee>;
  for (const auto& [keys, by_date, see] :
       {Expected{", mails: by-date, operators_see: all", true, OperatorsSee::kAll},
        Expected{", mails: on-request, operators_see: entered", false, OperatorsSee::kEntered},
        Expected{", operators_see: own, privacy: unlinked", false, OperatorsSee::kOwn}}) {
    const StudyFolder folder;
    Diagnostics problems;
    const Study study = study_with(folder, keys, problems);
    EXPECT_EQ(problems.text(), "") << keys;
    const FieldworkSettings& settings = study.wave("2013-01")->fieldwork;
    EXPECT_EQ(settings.mails_by_date, by_date) << keys;
    EXPECT_EQ(settings.operators_see, see) << keys;
  }
}

struct SettingMistake {
  const char* situation;
  const char* keys;
  const char* expected;
};
class MistakeInFieldwork : public testing::TestWithParam<SettingMistake> {};

TEST_P(MistakeInFieldwork, IsReportedWithItsPlace) {
  const StudyFolder folder;
  Diagnostics problems;
  study_with(folder, std::string(", ") + GetParam().keys, problems);
  EXPECT_THAT(problems.text(), HasSubstr("waves/2013-01/wave.yaml:2:")) << GetParam().situation;
  EXPECT_THAT(problems.text(), HasSubstr(GetParam().expected)) << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MistakeInFieldwork,
    testing::Values(
        SettingMistake{"misspelt key", "privcy: unlinked", "did you mean 'privacy'?"},
        SettingMistake{"a mode that is none", "privacy: anonymous",
                       "'anonymous' is not a value of 'fieldwork.privacy'"},
        SettingMistake{"no moment", "opens: soon", "'soon' is not a day or a moment"},
        SettingMistake{"no hour", "opens: \"2013-01-07 9:30\"", "is not a day or a moment"},
        SettingMistake{"the hour 25", "opens: \"2013-01-07 25:00\"", "is not a day or a moment"},
        SettingMistake{"a day that is not", "closes: 2013-02-30", "is not a day or a moment"},
        SettingMistake{"closed before open", "closes: 2013-01-06",
                       "fieldwork closes before it opens"},
        SettingMistake{"much grace", "grace: 100", "'grace' is 100, not between 0 and 60"},
        SettingMistake{"kept for ever", "retention: 0", "'retention' is 0"},
        SettingMistake{"complete from nothing", "thresholds: {complete: 0}",
                       "'complete' is 0, not between 1 and 100"},
        SettingMistake{"partial over complete", "thresholds: {complete: 50, partial: 60}",
                       "partial from 60 per cent is more than complete from 50"},
        SettingMistake{"a language not asked in", "languages: [en, cy]",
                       "'cy' is not a language of the questionnaire"},
        SettingMistake{"senior of nobody", "duplicates: {rule: senior}", "needs the 'roles'"},
        SettingMistake{"roles for nothing", "duplicates: {roles: [Chair]}",
                       "'roles' are for the rule 'senior' only"},
        SettingMistake{"organisations of the unlinked",
                       "privacy: unlinked, duplicates: {rule: average}",
                       "needs to know the organisations"},
        SettingMistake{"operators of the unlinked", "privacy: unlinked, operators_see: entered",
                       "nobody of the team opens a case of an unlinked wave"},
        SettingMistake{"operators who see some", "operators_see: some", "'some' is not a value"},
        SettingMistake{"mails at another time", "mails: weekly",
                       "'weekly' is not a value of 'fieldwork.mails'"},
        SettingMistake{"a reminder without a day", "reminders: [{to: everyone}]",
                       "a reminder says 'after' how many days"},
        SettingMistake{"reminders out of order", "reminders: [{after: 14}, {after: 7}]",
                       "after 7 days does not come after the step before it, after 14"},
        SettingMistake{"a reminder to nobody known", "reminders: [{after: 7, to: sleepers}]",
                       "'sleepers' is not a value"},
        SettingMistake{"an address that is none", "contact: {address: team}",
                       "'team' is not a mail address"},
        SettingMistake{"two addresses in one", "contact: {reply_to: \"a@b.org,c@d.org\"}",
                       "is not a mail address"},
        SettingMistake{"a header in an address", "contact: {address: \"a@b.org\\nBcc: c@d.org\"}",
                       "is not a mail address"},
        SettingMistake{"a site without its scheme", "contact: {site: survey.example.org}",
                       "is not the address of a site"},
        SettingMistake{"a quota of nobody", "quotas: [{group: role, value: Chairs, target: 5}]",
                       "the frame has no role 'Chairs'"},
        SettingMistake{"a quota of nothing", "quotas: [{group: role, value: Chair, target: 0}]",
                       "'target' is 0"},
        SettingMistake{"a quota by shoe size", "quotas: [{group: shoe, value: 9, target: 5}]",
                       "'shoe' is not a value"}));

}  // namespace
}  // namespace barometer
