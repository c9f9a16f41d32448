// A wave from the command line: people are put on the list, mails go out once, mails come back, one
// person is forgotten, the answers are exported, and a backup brings all of it back.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "barometer/base/date.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/fieldwork/folder.h"
#include "barometer/journal/journal.h"
#include "tests/support/command.h"
#include "tests/support/journal_cases.h"
#include "tests/support/smtp_sink.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::run_command;
using testing::SmtpSink;
using testing::TempFolder;
using Json = nlohmann::json;

const std::string kProgram = BUILD_DIR "/cli/barometer";

std::string day(int from_today) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return iso_text(Date(today + std::chrono::days(from_today)));
}

class FieldworkCli : public ::testing::Test {
 protected:
  FieldworkCli() {
    write("study.yaml", "title: Leaders\nsponsor: A paper\ngeography: England\npopulation: L\n");
    write("frame/2026/frame.yaml",
          "date: 2026-01-01\nsource: A\ncoverage_gaps: No\nexclusions: No\n");
    write("frame/2026/organisations.csv", "id,name,region\ng1,Airedale,North\ng2,Barnet,South\n");
    write("frame/2026/people.csv",
          "id,organisation,role,name\np1,g1,Chair,Anna\np2,g2,Chair,Ben\np3,g2,Officer,Cleo\n");
    write("waves/2026-11/wave.yaml",
          fmt::format(
              "title: First\nmode: Online\nframe: '2026'\nfieldwork:\n  start: {}\n  end: {}\n"
              "  reminders:\n    - {{after: 1}}\n    - {{after: 9}}\n"
              "  contact: {{from: Survey team, address: team@x.example, "
              "site: 'https://s.example/'}}\n",
              day(-2), day(20)));
    write("waves/2026-11/questionnaire.yaml",
          "title: First\nitems:\n  - {id: trust, type: score, text: How far, scale: [1, 10]}\n");
    write(
        "waves/2026-11/contact/invitation.md",
        "Subject: {{study}}\n\nDear {{name|colleague}} of {{organisation}},\n{{link}}\n{{code}}\n");
    write("waves/2026-11/contact/reminder.md", "Subject: Again: {{study}}\n\n{{link}}\n");
    write("contacts.csv", "id,email\np1,anna@x.example\np2,gone@x.example\n");
    write("data/smtp.yaml", fmt::format("host: 127.0.0.1\nport: {}\nsecurity: none\n"
                                        "per_minute: 6000\n",
                                        sink_.port()));
  }
  void write(const std::string& name, const std::string& text) { temp_.write(name, text); }
  testing::CommandResult run(const std::string& arguments) {
    return run_command("cd " + temp_.path().string() + " && " + kProgram + " " + arguments);
  }
  testing::CommandResult wave(const std::string& verb, const std::string& more = {}) {
    return run(verb + " . --wave 2026-11 --data data " + more);
  }
  // A page of p1, as the server would write it; and that the answers were sent.
  void answer(bool sends = false) {
    const FieldFolder folder = FieldFolder::open(temp_ / "data").value();
    const SecretKey key = folder.pseudonym_key("2026-11").value();
    auto journal = Journal::open(folder.answers()).value();
    NewEntry entry = testing::entry_of(
        pseudonym(key, "2026-11", "p1"), "k1",
        R"({"answers":{"trust":[7]},"case":{"organisations":["g1"],"privacy":"confidential"},"language":"en","mode":"web","page":"trust","seconds":4,"seed":"1"})");
    entry.wave = "2026-11";
    const auto done = journal->append(entry);
    ASSERT_TRUE(done) << done.error().message;
    if (!sends) return;
    entry.kind = "submitted";
    entry.key = "k2";
    entry.body = R"({"language":"en","mode":"web"})";
    ASSERT_TRUE(journal->append(entry));
  }
  [[nodiscard]] size_t mails_to(const std::string& to) const { return sink_.count_to(to); }

  TempFolder temp_;
  SmtpSink sink_;
};

TEST_F(FieldworkCli, AWaveFromTheListToTheBackup) {
  const auto imported = wave("people import", "--contacts contacts.csv");
  EXPECT_EQ(imported.exit, 0) << imported.output;
  EXPECT_THAT(imported.output, HasSubstr("3 people added, 0 changed, 0 as they were; 2 have an"));
  const auto dry = wave("invite", "--dry-run");
  EXPECT_EQ(dry.exit, 0) << dry.output;
  EXPECT_THAT(dry.output, HasSubstr("Dear Anna of Airedale,"));
  EXPECT_THAT(dry.output, HasSubstr("https://s.example/i/dry-run-this-link-leads-nowhere"));
  EXPECT_THAT(dry.output, Not(::testing::ContainsRegex("/[ias]/[0-9a-z]{26}")));
  EXPECT_THAT(dry.output, Not(::testing::ContainsRegex("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")));
  EXPECT_EQ(sink_.mails().size(), 0U);

  const auto invited = wave("invite");
  EXPECT_EQ(invited.exit, 1) << "a mail failed\n" << invited.output;
  EXPECT_THAT(invited.output, HasSubstr("1 sent, 0 to be tried later, 1 failed, 0 unclear, 1 not"));
  EXPECT_THAT(sink_.mails().at(0).message, HasSubstr("https://s.example/i/"));
  EXPECT_EQ(wave("invite").exit, 0);
  EXPECT_EQ(mails_to("anna@x.example"), 1U) << "again is not twice";
  const auto soon = wave("remind");
  EXPECT_EQ(soon.exit, 0) << soon.output;
  EXPECT_THAT(
      soon.output,
      HasSubstr("reminder-1: 0 people\n  left out: 1 had a mail within the last day, 1 have "
                "an address that does not work, 1 have no address\n  --anyway would take "
                "in 1 of them\n"));
  EXPECT_EQ(mails_to("anna@x.example"), 1U) << "not twice on a day";
  const auto reminded = wave("remind", "--anyway --format json");
  EXPECT_EQ(reminded.exit, 0) << reminded.output;
  const Json report = Json::parse(reminded.output, nullptr, false);
  EXPECT_EQ(report["steps"][0]["people"], 1);
  EXPECT_EQ(report["steps"][0]["left_out"]["have no address"], 1);
  EXPECT_EQ(mails_to("anna@x.example"), 2U) << "one reminder is due, the other is not";

  EXPECT_THAT(wave("people list").output, HasSubstr("not begun"));
  answer(true);
  EXPECT_THAT(wave("people list").output,
              ::testing::ContainsRegex("p1 +Chair +asked +sent +reminded +g1"));
  EXPECT_EQ(wave("remind", "--step reminder-2 --anyway").exit, 0);
  EXPECT_EQ(mails_to("anna@x.example"), 2U) << "who has answered is not reminded";
  EXPECT_EQ(wave("export", "--out far/away").exit, 0) << "the folder is made";
  EXPECT_TRUE(std::filesystem::exists(temp_ / "far/away/responses.csv"));
  const auto exported = wave("export");
  EXPECT_EQ(exported.exit, 0) << exported.output;
  EXPECT_EQ(run("check .").exit, 0) << run("check .").output;
  EXPECT_THAT(run_command("cat " + (temp_ / "waves/2026-11/responses.csv").string()).output,
              HasSubstr("R0001,g1,7"));

  // One complete; one whose mail came back and one without an address; of two organisations.
  EXPECT_THAT(run_command("cat " + (temp_ / "waves/2026-11/outcomes.csv").string()).output,
              AllOf(HasSubstr("\npeople,1,0,0,0,0,0,2,0,1,80,50,no,yes,confidential\n"),
                    HasSubstr("\norganisations,1,0,0,0,0,0,1,0,1,80,")));
  EXPECT_TRUE(std::filesystem::exists(temp_ / "waves/2026-11/responses.sav"));

  EXPECT_EQ(run("backup --data data --to copy").exit, 0);
  EXPECT_EQ(run("restore copy --verify").exit, 0);
  const auto erased = wave("erase", "--person p1");
  EXPECT_THAT(erased.output, HasSubstr("2 saved pages are erased"));
  EXPECT_EQ(run("verify --data data").exit, 0);
  EXPECT_THAT(wave("people list").output, HasSubstr("erased"));
  EXPECT_EQ(wave("close").exit, 0);

  const auto restored = run("restore copy --data back");
  EXPECT_EQ(restored.exit, 0) << restored.output;
  const auto verified = run("verify --data back --format json");
  EXPECT_EQ(Json::parse(verified.output, nullptr, false)["answers"]["entries"], 2);
  EXPECT_EQ(Json::parse(verified.output, nullptr, false)["answers"]["erased"], 0);
  EXPECT_NE(run("restore copy --data back").exit, 0) << "never over what is there";
}

// 69 answers were overwritten by none, and the wrong wave was "closed".
TEST_F(FieldworkCli, AMisspeltDataFolderIsRefusedByEveryVerbAndMakesNothing) {
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  answer(true);
  ASSERT_EQ(wave("export").exit, 0);
  const auto file = temp_ / "waves/2026-11/responses.csv";
  const std::string answers = read_file(file).value();
  for (const char* verb :
       {"export {}", "export {} --hand-over", "export {} --replace-anyway", "close {}",
        "close {} --reopen", "people list {}", "people link {} --person p1", "invite {}",
        "remind {}", "erase {} --person p1", "erase {} --expired", "bounces {} contacts.csv"}) {
    const auto refused = run(fmt::format(fmt::runtime(verb), ". --wave 2026-11 --data dtaa"));
    EXPECT_EQ(refused.exit, 2) << verb;
    EXPECT_THAT(refused.output,
                HasSubstr("there is no folder 'dtaa'; fieldwork has begun in 'data'"))
        << verb;
  }
  for (const char* line : {"team list --data dtaa", "team disable ada --data dtaa",
                           "verify --data dtaa", "backup --data dtaa --to copy"}) {
    EXPECT_THAT(run(line).output, HasSubstr("fieldwork has begun in 'data'")) << line;
  }
  EXPECT_FALSE(std::filesystem::exists(temp_ / "dtaa"));
  EXPECT_EQ(read_file(file).value(), answers);
  // A new folder beside another is fine, and said.
  const auto begun = run("people import . --wave 2026-11 --data dtaa");
  EXPECT_EQ(begun.exit, 0) << begun.output;
  EXPECT_THAT(begun.output, HasSubstr("fieldwork begins in 'dtaa', which is new; it has begun in "
                                      "'data' too"));
}

TEST_F(FieldworkCli, AnExportOfAnotherFolderDoesNotTakeThePlaceOfAnswers) {
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  answer(true);
  ASSERT_EQ(wave("export").exit, 0);
  const auto file = temp_ / "waves/2026-11/responses.csv";
  const std::string answers = read_file(file).value();
  ASSERT_EQ(run("people import . --wave 2026-11 --data other").exit, 0);
  for (const char* more : {"", "--hand-over"}) {
    const auto refused = run(fmt::format("export . --wave 2026-11 --data other {}", more));
    EXPECT_EQ(refused.exit, 2) << refused.output;
    EXPECT_THAT(refused.output,
                HasSubstr("responses.csv' is not replaced: it holds 1 answers, and this export has "
                          "none; is this the right --data?"));
    EXPECT_EQ(read_file(file).value(), answers);
  }
  EXPECT_EQ(run("export . --wave 2026-11 --data other --out elsewhere").exit, 0);
  EXPECT_EQ(run("export . --wave 2026-11 --data other --replace-anyway").exit, 0);
  EXPECT_THAT(read_file(file).value(), Not(HasSubstr("R0001")));
  EXPECT_EQ(wave("export").exit, 0) << "answers over none";

  // The folder of another wave.
  ASSERT_EQ(run_command(fmt::format("cp -r {0}/waves/2026-11 {0}/waves/2026-12 && rm {0}/waves/"
                                    "2026-12/responses.* {0}/waves/2026-12/outcomes.csv",
                                    temp_.path().string()))
                .exit,
            0);
  const auto closed = run("close . --wave 2026-12 --data data");
  EXPECT_EQ(closed.exit, 2);
  EXPECT_THAT(closed.output, HasSubstr("'data' holds people of '2026-11' and nobody of the wave "
                                       "'2026-12'; 'barometer people import'"));
  EXPECT_EQ(run("people import . --wave 2026-12 --data data").exit, 0);
  EXPECT_EQ(run("close . --wave 2026-12 --data data").exit, 0) << "a folder may hold several";
}

struct Edited {
  const char* situation;
  const char* from;
  const char* to;
  const char* said;    // by export and check; "" nothing
  const char* mended;  // by export --wording-corrected post; "" refused too
};

// 28 leavers were exported as "Stay": options had changed places after people had answered.
TEST_F(FieldworkCli, AQuestionnaireEditedAfterAnAnswerIsRefusedOrNoted) {
  const std::string asked =
      "title: First\nitems:\n  - {id: trust, type: score, text: How far, scale: [1, 10]}\n"
      "  - {id: post, type: single, text: Next year, options: [Leave, Stay]}\n";
  write("waves/2026-11/questionnaire.yaml", asked);
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  answer(true);
  ASSERT_EQ(wave("export").exit, 0) << "kept from here on";
  const Edited lines[] = {
      {"as it was", "Leave", "Leave", "", ""},
      {"white space", "Next year", "Next   year", "", ""},
      {"a hint", "text: Next year", "text: Next year, hint: One", "", ""},
      {"swapped", "[Leave, Stay]", "[Stay, Leave]",
       "questionnaire.yaml:4:5: error: 'post': the option of code 1 was “Leave” when answers were "
       "given, and is “Stay” now",
       ""},
      {"codes moved", "[Leave, Stay]", "[{label: Leave, code: 2}, {label: Stay, code: 1}]",
       "the option of code 2 was “Stay”", ""},
      {"an option gone", "Leave, Stay]", "Leave, {label: Stays, code: 3}]",
       "the option of code 2 was “Stay” when answers were given, and is gone", ""},
      {"reworded", "Next year", "Next month",
       "the question was “Next year” when answers were given, and is “Next month” now",
       "wording-corrected"},
      {"a label mended", "Leave,", "Leaves,", "the option of code 1 was “Leave”",
       "wording-corrected"},
      {"of another kind", "single", "multi", "the kind of answer was “single”", ""},
      {"another item reworded", "How far", "How near", "'trust': the question was “How far”", ""},
      {"gone", "id: post", "id: next", "the item 'post' has been asked and is gone", ""},
  };
  const auto file = temp_ / "waves/2026-11/responses.csv";
  for (const Edited& line : lines) {
    write("waves/2026-11/questionnaire.yaml", replaced(asked, line.from, line.to));
    const auto exported = wave("export");
    const auto checked = run("check .");
    EXPECT_EQ(exported.exit, *line.said == 0 ? 0 : 2) << line.situation << exported.output;
    EXPECT_EQ(checked.exit, *line.said == 0 ? 0 : 2) << line.situation << checked.output;
    EXPECT_THAT(exported.output, HasSubstr(line.said)) << line.situation;
    EXPECT_THAT(checked.output, HasSubstr(line.said)) << line.situation;
    if (*line.said == 0) continue;
    EXPECT_THAT(exported.output, HasSubstr("ask it in a new wave")) << line.situation;
    EXPECT_EQ(wave("serve", "--port 0").exit, 2) << line.situation;
    EXPECT_EQ(wave("people list").exit, 2) << line.situation;
    EXPECT_EQ(run("publish . --out site").exit, 2) << line.situation;
    const auto mended = wave("export", "--wording-corrected post");
    EXPECT_EQ(mended.exit, *line.mended == 0 ? 2 : 0) << line.situation << mended.output;
    EXPECT_THAT(mended.output, HasSubstr(line.mended)) << line.situation;
    if (*line.mended == 0) continue;
    EXPECT_EQ(run("check .").exit, 0) << "the export has what is asked now";
    write("waves/2026-11/questionnaire.yaml", asked);
    ASSERT_EQ(wave("export", "--wording-corrected post").exit, 0) << "and back";
  }
  write("waves/2026-11/questionnaire.yaml",
        replaced(asked, "Stay]", "Stay, Rest]") + "  - {id: words, type: open, text: More}\n");
  // One of three answered is no answer for the data.
  const auto noted = wave("export", "--replace-anyway");
  EXPECT_EQ(noted.exit, 0) << noted.output;
  EXPECT_THAT(noted.output, AllOf(HasSubstr("'post': the option “Rest” is new"),
                                  HasSubstr("the item 'words' is new; whoever answered before")));
  EXPECT_THAT(wave("export").output, Not(HasSubstr("is new"))) << "once";
  EXPECT_THAT(wave("export", "--wording-corrected pots").output,
              HasSubstr("there is no item 'pots'"));
  write("waves/2026-11/questionnaire.yaml", asked);
  EXPECT_THAT(wave("export").output, HasSubstr("the option of code 3 was “Rest”"));
}

TEST_F(FieldworkCli, WhatPeopleWerePromisedHolds) {
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  answer();
  const auto early = wave("erase", "--expired");
  EXPECT_EQ(early.exit, 2);
  EXPECT_THAT(early.output, HasSubstr("is kept until " + day(20 + 1 + 365 - 1)));
  EXPECT_THAT(wave("people list", "--format json").output, HasSubstr("\"has_address\": true"));

  const std::string settings = read_file(temp_ / "waves/2026-11/wave.yaml").value();
  write("waves/2026-11/wave.yaml",
        replaced(settings, "fieldwork:\n", "fieldwork:\n  privacy: unlinked\n"));
  for (const char* verb : {"export", "remind", "invite"}) {
    const auto refused = wave(verb);
    EXPECT_EQ(refused.exit, 2) << verb;
    EXPECT_THAT(refused.output,
                HasSubstr("people have answered under 'privacy: confidential', and wave.yaml now "
                          "says 'unlinked'"));
  }
  EXPECT_FALSE(std::filesystem::exists(temp_ / "waves/2026-11/responses.csv"));

  // Two years later.
  write("waves/2026-11/wave.yaml",
        replaced(replaced(settings, day(-2), day(-760)), day(20), day(-740)));
  ASSERT_EQ(wave("export").exit, 0);
  const auto late = wave("erase", "--expired");
  EXPECT_EQ(late.exit, 0) << late.output;
  EXPECT_THAT(late.output, HasSubstr("of 3 people are erased"));
  const std::string list = wave("people list", "--format json").output;
  EXPECT_THAT(list, AllOf(Not(HasSubstr("\"has_address\": true")), HasSubstr("Chair")));
  const auto again = wave("export");
  EXPECT_EQ(again.exit, 0) << again.output;
  EXPECT_THAT(again.output, HasSubstr("stays as it was"));
  EXPECT_EQ(run("verify --data data").exit, 0);
}

// From `new` to mails in mailboxes, with the addresses of people and of the mail server alone.
TEST_F(FieldworkCli, ANewStudyIsReadyToInvite) {
  ASSERT_EQ(run("new fresh --title 'Leaders of 2026'").exit, 0);
  const std::string id = day(0).substr(0, 7);
  EXPECT_EQ(run("check fresh").output, "0 errors, 0 warnings\n");
  write("fresh.csv", "id,email,name\nex01-chair,anna@x.example,Anna\n");
  const auto fresh = [&](const std::string& verb, const std::string& more = {}) {
    return run(fmt::format("{} fresh --wave {} --data data {}", verb, id, more));
  };
  ASSERT_EQ(fresh("people import", "--contacts fresh.csv").exit, 0);
  const auto shown = fresh("invite", "--dry-run");
  EXPECT_THAT(shown.output,
              AllOf(HasSubstr("Subject: Leaders of 2026: your view by "), HasSubstr("Dear Anna,"),
                    HasSubstr("Your answers are confidential"), Not(HasSubstr("{{"))));
  const auto invited = fresh("invite");
  EXPECT_EQ(invited.exit, 0) << invited.output;
  EXPECT_EQ(mails_to("anna@x.example"), 1U);
  EXPECT_EQ(run("new late --start 2026-13-01").exit, 2);
  EXPECT_THAT(fresh("remind", "--step reminder-1 --dry-run --anyway").output,
              HasSubstr("Subject: Reminder: Leaders of 2026, until "));
}

TEST_F(FieldworkCli, OneLinkIsShownOnRequestAndNoted) {
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  const auto shown = wave("people link", "--person p1");
  EXPECT_EQ(shown.exit, 0) << shown.output;
  EXPECT_THAT(shown.output, ::testing::MatchesRegex("https://s.example/i/[0-9a-z]{26}\n"));
  ASSERT_EQ(wave("invite").exit, 1);
  EXPECT_THAT(sink_.mails().at(0).message, HasSubstr(std::string(trimmed(shown.output))))
      << "the mail has the same";
  EXPECT_EQ(wave("people link", "--person nobody").exit, 2);
  EXPECT_EQ(wave("people link").exit, 2);
}

TEST_F(FieldworkCli, ABannerOfPeoplesRolesIsRefusedInOneSentence) {
  const std::string settings = read_file(temp_ / "waves/2026-11/wave.yaml").value();
  write("waves/2026-11/wave.yaml", settings + "tables: {banner: 'region, role'}\n");
  const auto checked = run("check .");
  EXPECT_EQ(checked.exit, 2);
  EXPECT_EQ(checked.output,
            "waves/2026-11/wave.yaml:11:18: error: 'role' of people.csv is nothing that people "
            "answered, and answers are not joined with it; a banner takes: trust, region "
            "[tables-banner]\n1 error, 0 warnings\n");
}

TEST_F(FieldworkCli, AQuestionnaireIsInEachOfItsLanguagesOrInNone) {
  struct Language {
    const char* questionnaire;
    int exit;
    const char* said;
  };
  const Language lines[] = {
      {"title: {en: T, cy: C}\nlanguages: [en, cy]\nitems:\n  - {id: a, type: open, text: {en: Q, "
       "cy: "
       "D}}\n",
       0, "0 errors, 0 warnings"},
      {"title: {en: T, cy: C}\nlanguages: [en, cy]\nitems:\n  - {id: a, type: open, text: Q}\n", 2,
       "has no words in 'cy'"},
      {"title: {en: T, fr: C}\nlanguages: [en, fr]\nitems:\n  - {id: a, type: open, text: {en: Q, "
       "fr: "
       "D}}\n",
       2, "the fixed words of the pages are not known in 'fr'"},
      {"title: T\nlanguages: [fr]\nitems:\n  - {id: a, type: open, text: Q}\n", 0,
       "they will be English"},
  };
  for (const Language& line : lines) {
    write("waves/2026-11/questionnaire.yaml", line.questionnaire);
    const auto checked = run("check .");
    EXPECT_EQ(checked.exit, line.exit) << line.questionnaire << checked.output;
    EXPECT_THAT(checked.output, HasSubstr(line.said)) << line.questionnaire;
  }
}

TEST_F(FieldworkCli, AChangedBackupAndAChangedJournalAreFound) {
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  answer();
  ASSERT_EQ(run("backup --data data --to copy").exit, 0);
  const auto head = Json::parse(run("verify --data data --format json").output)["answers"]["head"]
                        .get<std::string>();
  EXPECT_EQ(run("verify --data data --head " + head).exit, 0);
  EXPECT_EQ(run("verify --data data --head 1234").exit, 1);
  {
    auto answers = open_database({(temp_ / "data/answers.sqlite").string()}).value();
    ASSERT_TRUE(answers->run("UPDATE journal SET at_ms = 0"));
  }
  const auto found = run("verify --data data");
  EXPECT_EQ(found.exit, 1);
  EXPECT_THAT(found.output, HasSubstr("NOT SOUND"));
  std::ofstream(temp_ / "copy/fieldwork.sqlite", std::ios::app) << "x";
  const auto refused = run("restore copy --verify");
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.output, HasSubstr("are not those of the backup"));
}

TEST_F(FieldworkCli, BouncesAreReadFromAMailbox) {
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  ASSERT_EQ(wave("invite").exit, 1);
  const std::string message = sink_.mails().at(0).message;
  const size_t at = message.find("Message-ID: ");
  const std::string id = message.substr(at, message.find('\n', at) - at);
  write(
      "box",
      "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
      "Final-Recipient: rfc822; anna@x.example\nAction: failed\nStatus: 5.1.1\n\n"
      "--x\nContent-Type: message/rfc822\n\n" +
          id + "\n\n--x--\n");
  EXPECT_THAT(wave("bounces", "box").output, HasSubstr("1 mails: 1 addresses do not work"));
  EXPECT_THAT(wave("people list").output, HasSubstr("bounced"));
}

struct Wrong {
  const char* arguments;
  const char* said;
};

TEST_F(FieldworkCli, WhatAUserGetsWrongIsSaidAndNothingIsSent) {
  const Wrong lines[] = {
      {"people import . --wave 2026-12 --data data", "there is no wave '2026-12'; did you mean"},
      {"people import . --wave 2026-11 --data data --contacts bad.csv", "is not a mail address"},
      {"invite . --wave 2026-11 --data data --step reminder-7", "there is no step 'reminder-7'"},
      {"invite . --wave 2026-11 --data begun", "that names the mail server"},
      {"invite . --wave 2026-11 --data data --store mysql://x", "a store is postgresql://"},
      {"erase . --wave 2026-11 --data data --person p9", "there is nobody 'p9'"},
      {"erase . --wave 2026-11 --data data", "say whom"},
      {"erase . --wave 2026-11 --data data --person p1 --expired", "excludes"},
      {"restore nothing --verify", "nothing"},
      {"restore nothing", "--data or --verify"},
      {"verify --data nowhere", "nowhere"},
      {"export . --wave 2026-11 --data data --out contacts.csv", "cannot make the folder"},
      {"bounces . --wave 2026-11 --data data absent", "absent"},
  };
  write("bad.csv", "id,email\np1,anna\n");
  ASSERT_EQ(run("people import . --wave 2026-11 --data begun").exit, 0);
  for (const Wrong& line : lines) {
    const auto result = run(line.arguments);
    EXPECT_EQ(result.exit, 2) << line.arguments << "\n" << result.output;
    EXPECT_THAT(result.output, HasSubstr(line.said)) << line.arguments;
  }
  write("waves/2026-11/contact/reminder.md", "Subject: {{stdy}}\n\n{{link}}\n");
  const auto typo = wave("invite");
  EXPECT_EQ(typo.exit, 2);
  EXPECT_THAT(typo.output, HasSubstr("waves/2026-11/contact/reminder.md:1:10"));
  EXPECT_EQ(sink_.mails().size(), 0U);
}

TEST_F(FieldworkCli, WhoGetsAnAddressLaterIsInvitedThen) {
  write("contacts.csv", "id,email\np1,anna@x.example\n");
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  EXPECT_THAT(wave("invite").output, HasSubstr("1 sent, 0 to be tried later, 0 failed, 0 unclear, "
                                               "2 not needed"));
  const auto again = wave("invite");
  EXPECT_THAT(again.output, HasSubstr("left out: 1 had this step before, 2 have no address"));
  EXPECT_THAT(again.output, HasSubstr("0 sent, 0 to be tried later, 0 failed, 0 unclear, 0 not"));
  write("contacts.csv", "id,email\np1,anna@x.example\np3,cleo@x.example\n");
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  EXPECT_THAT(wave("invite").output, AllOf(HasSubstr("invitation: 1 people"), HasSubstr("1 sent")));
  EXPECT_THAT(wave("invite").output, HasSubstr("0 sent"));
  EXPECT_EQ(mails_to("cleo@x.example"), 1U);
  EXPECT_EQ(mails_to("anna@x.example"), 1U);
}

TEST_F(FieldworkCli, AFrameThatGrowsAfterAnExportHoldsNothingUp) {
  ASSERT_EQ(wave("people import", "--contacts contacts.csv").exit, 0);
  answer(true);
  ASSERT_EQ(wave("export").exit, 0);
  const auto before = run("check .");
  EXPECT_EQ(before.exit, 0) << before.output;
  write("frame/2026/organisations.csv",
        "id,name,region\ng1,Airedale,North\ng2,Barnet,South\ng3,Camden,South\n");
  EXPECT_THAT(run("check .").output, AllOf(HasSubstr("the outcomes are of 2 organisations"),
                                           HasSubstr("export the wave again")));
  for (const char* verb : {"people import", "people list", "invite --dry-run"}) {
    const auto done = wave(verb);
    EXPECT_EQ(done.exit, 0) << verb << ": " << done.output;
  }
  const auto exported = wave("export");
  EXPECT_EQ(exported.exit, 0) << exported.output;
  const auto after = run("check .");
  EXPECT_EQ(after.exit, 0) << after.output;
  // Mistakes that export does not mend still stop everything.
  write("waves/2026-11/questionnaire.yaml", "title: First\nitems: none\n");
  EXPECT_EQ(wave("people list").exit, 2);
}

}  // namespace
}  // namespace barometer
