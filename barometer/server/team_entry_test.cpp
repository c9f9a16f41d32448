// What members of the team enter by telephone or from paper, over a real socket: who may, what they
// see, what becomes of it.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/fieldwork/disposition.h"
#include "barometer/fieldwork/projection.h"
#include "tests/support/team_wave.h"

namespace barometer {
namespace {

using barometer::testing::field_study;
using barometer::testing::FieldWave;
using barometer::testing::HttpAnswer;
using barometer::testing::TeamWave;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kCase = "/team/entry/case?person=p1";

std::string page_of(const std::string& page, const std::string& mode = "telephone") {
  return "/team/entry/page?person=p1&mode=" + mode + "&page=" + page;
}
const std::string kCheck = "/team/entry/check?person=p1&mode=telephone";

std::string where(const HttpAnswer& answer) { return answer.header("Location"); }

Study study_where(OperatorsSee see) {
  Study study = field_study();
  study.waves[0].fieldwork.operators_see = see;
  return study;
}

class Operator {
 public:
  Operator(TeamWave& wave, const std::string& member)
      : wave_(wave), cookie_(wave.signed_in(member)) {}
  [[nodiscard]] HttpAnswer get(const std::string& target) const {
    return wave_.get(target, cookie_);
  }
  HttpAnswer fill(const std::string& target, const std::string& form) {
    return wave_.act(target, form, cookie_, target);
  }
  HttpAnswer post(const std::string& target, const std::string& form) {
    return wave_.post(target, form, cookie_);
  }
  HttpAnswer begin(const std::string& mode = "telephone") {
    return fill(kCase, "act=begin&mode=" + mode);
  }
  [[nodiscard]] const std::string& cookie() const { return cookie_; }

 private:
  TeamWave& wave_;
  std::string cookie_;
};

TEST(TeamEntry, ACallFromTheSearchToTheAnswersSent) {
  TeamWave wave;
  Operator ed(wave, "ed");
  const HttpAnswer found = ed.get("/team/entry?find=north");
  EXPECT_THAT(found.body, HasSubstr("Name of p1"));
  EXPECT_THAT(found.body, HasSubstr("North &amp; &lt;b&gt;Bold"));
  EXPECT_THAT(found.body, Not(HasSubstr("Name of p2")));
  EXPECT_THAT(ed.get(kCase).body, HasSubstr("Read out each question"));
  EXPECT_EQ(where(ed.begin()), page_of("role"));
  EXPECT_EQ(where(ed.fill(page_of("role"), "role=1")), page_of("topics"));
  EXPECT_EQ(where(ed.fill(page_of("topics"), "topics=1&topics=2")), page_of("views"));
  EXPECT_EQ(where(ed.fill(page_of("views"), "v1=1&v2=2&v3=1")), page_of("staff"));
  EXPECT_EQ(ed.fill(page_of("staff"), "staff=many").status, 422);
  EXPECT_EQ(where(ed.fill(page_of("staff"), "staff=12")), page_of("score"));
  EXPECT_EQ(where(ed.fill(page_of("score"), "score=4")), kCheck);
  EXPECT_THAT(ed.get(kCheck).body, HasSubstr("12"));
  EXPECT_THAT(ed.fill(kCheck, "").body, HasSubstr("The answers were sent."));
  const auto entries = wave.entries("p1");
  ASSERT_EQ(entries.size(), 6U);
  for (const JournalEntry& entry : entries) {
    EXPECT_THAT(entry.body, HasSubstr("\"by\":\"ed\""));
    EXPECT_THAT(entry.body, HasSubstr("\"mode\":\"telephone\""));
  }
  EXPECT_THAT(wave.get(wave.link("p1")).body, HasSubstr("Your answers have been received."))
      << "the person's own link knows";
  const std::string log = wave.get("/team/audit", ed.cookie()).body;
  EXPECT_THAT(log, HasSubstr("enter answers"));
  EXPECT_THAT(log, HasSubstr("p1 by telephone"));
}

TEST(TeamEntry, RequiredQuestionsStopNobodyWhoEntersFromPaper) {
  TeamWave wave;
  Operator ed(wave, "ed");
  ASSERT_EQ(ed.begin("paper").status, 303);
  const HttpAnswer asked = ed.fill(page_of("role", "paper"), "");
  EXPECT_EQ(asked.status, 422) << "it is asked once more";
  EXPECT_EQ(where(ed.fill(page_of("role", "paper"), "skip=1")), page_of("topics", "paper"));
  EXPECT_THAT(wave.entries("p1").at(0).body, HasSubstr("\"mode\":\"paper\""));
}

TEST(TeamEntry, NobodyElseGetsIn) {
  TeamWave wave;
  EXPECT_EQ(where(wave.get(kCase)), "/team/sign-in");
  EXPECT_EQ(where(wave.post(page_of("role"), "role=1")), "/team/sign-in");
  Operator vi(wave, "vi");
  for (const std::string& target : {std::string("/team/entry"), kCase, page_of("role"), kCheck}) {
    EXPECT_EQ(vi.get(target).status, 404) << target;
    EXPECT_EQ(vi.fill(target, "role=1&act=begin&mode=telephone").status, 404) << target;
  }
  EXPECT_THAT(vi.get("/team").body, Not(HasSubstr("/team/entry")));
  EXPECT_EQ(wave.entries("p1").size(), 0U);
}

TEST(TeamEntry, NothingIsTakenWithoutTheTicketOfThePage) {
  TeamWave wave;
  Operator ed(wave, "ed");
  Operator eve(wave, "eve");
  EXPECT_EQ(ed.post(kCase, "act=begin&mode=telephone").status, 403);
  EXPECT_EQ(where(ed.get(page_of("role"))), kCase) << "not begun: not opened";
  ASSERT_EQ(ed.begin().status, 303);
  ASSERT_EQ(eve.begin().status, 303);
  const auto ticket_of = [](const HttpAnswer& drawn) { return FieldWave::ticket_in(drawn.body); };
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"none", ""},
      {"another page", ticket_of(ed.get(page_of("topics")))},
      {"another member", ticket_of(eve.get(page_of("role")))},
      {"the case's form", ticket_of(ed.get(kCase))},
      {"the person's own page", wave.ticket(wave.link("p1") + "/p/role")},
  };
  for (const auto& [name, ticket] : wrong) {
    EXPECT_EQ(ed.post(page_of("role"), "role=1&_ticket=" + ticket).status, 403) << name;
  }
  EXPECT_EQ(wave.entries("p1").size(), 0U);
}

TEST(TeamEntry, WhatIsNotThereIsNotFound) {
  TeamWave wave;
  Operator ed(wave, "ed");
  for (const char* target :
       {"/team/entry/case", "/team/entry/case?person=nobody", "/team/entry/none?person=p1",
        "/team/entry/page?person=p1&mode=web&page=role", "/team/entry/page?person=p1&page=role",
        "/team/entry/case/x?person=p1", "/team/entry/case?person=%27%20OR%201=1"}) {
    EXPECT_EQ(ed.get(target).status, 404) << target;
  }
  ASSERT_EQ(ed.begin().status, 303);
  EXPECT_EQ(ed.get(page_of("none")).status, 404);
  EXPECT_EQ(ed.begin("fax").status, 422);
}

TEST(TeamEntry, TheSamePageTwiceIsOneRowAndAChangeIsAnother) {
  TeamWave wave;
  Operator ed(wave, "ed");
  ASSERT_EQ(ed.begin().status, 303);
  const std::string drawn = "_ticket=" + FieldWave::ticket_in(ed.get(page_of("role")).body);
  EXPECT_EQ(where(ed.post(page_of("role"), drawn + "&role=1")), page_of("topics"));
  EXPECT_EQ(where(ed.post(page_of("role"), drawn + "&role=1")), page_of("topics"));
  EXPECT_EQ(wave.entries("p1").size(), 1U);
  const HttpAnswer again = ed.post(page_of("role"), drawn + "&role=2");
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.body, HasSubstr("not saved yet"));
  EXPECT_THAT(again.body, ContainsRegex("value=\"2\" checked"));
  EXPECT_EQ(wave.entries("p1").size(), 1U);
  const std::string fresh = "_ticket=" + FieldWave::ticket_in(again.body);
  EXPECT_EQ(where(ed.post(page_of("role"), fresh + "&role=2")), page_of("topics"));
  EXPECT_EQ(wave.entries("p1").size(), 2U);
  EXPECT_THAT(ed.get(kCheck).body, HasSubstr("Accountable officer"));
}

// The person saves the page between the operator's two posts: the second is answered as if not.
TEST(TeamEntry, AChangeIsNotLostWhenThePersonSavedMeanwhile) {
  for (const OperatorsSee see : {OperatorsSee::kOwn, OperatorsSee::kEntered, OperatorsSee::kAll}) {
    for (const bool meanwhile : {false, true}) {
      SCOPED_TRACE(fmt::format("{} {}", name_of(see), meanwhile));
      TeamWave wave(study_where(see));
      Operator ed(wave, "ed");
      ASSERT_EQ(ed.begin().status, 303);
      const std::string drawn = "_ticket=" + FieldWave::ticket_in(ed.get(page_of("staff")).body);
      ASSERT_EQ(ed.post(page_of("staff"), drawn + "&staff=5").status, 303);
      if (meanwhile) {
        ASSERT_EQ(wave.fill(wave.link("p1") + "/p/staff", "staff=7").status, 303);
      }
      const HttpAnswer again = ed.post(page_of("staff"), drawn + "&staff=9");
      EXPECT_EQ(again.status, 409);
      EXPECT_THAT(again.body, HasSubstr("value=\"9\""));
      EXPECT_THAT(again.body, HasSubstr("not saved yet"));
      EXPECT_THAT(wave.entries("p1").back().body, Not(HasSubstr("\"9\"")));
      const std::string fresh = "_ticket=" + FieldWave::ticket_in(again.body);
      EXPECT_EQ(ed.post(page_of("staff"), fresh + "&staff=9").status, 303);
      EXPECT_THAT(wave.entries("p1").back().body, HasSubstr("\"staff\":\"9\""));
    }
  }
}

TEST(TeamEntry, HoldsThePrivacyModeOfTheWaveFromTheFirstAnswer) {
  TeamWave wave;
  PrivacyMode& mode = wave.study.waves[0].fieldwork.privacy;
  Operator ed(wave, "ed");
  ASSERT_EQ(ed.begin().status, 303);
  const auto held = [&wave] {
    auto database = open_database(wave.data().identity());
    return *People(**database, "w1").setting("privacy");
  };
  EXPECT_FALSE(held()) << "nothing is answered yet";
  ASSERT_EQ(ed.fill(page_of("role"), "role=1").status, 303);
  EXPECT_EQ(held(), "confidential");
  mode = PrivacyMode::kUnlinked;
  const auto refused = wave.started_another();
  ASSERT_FALSE(refused) << "a server of another mode serves";
  EXPECT_THAT(refused.error().message, HasSubstr("wave.yaml now says 'unlinked'"));
  mode = PrivacyMode::kConfidential;
}

TEST(TeamEntry, TakesNothingUnderAnotherPrivacyModeThanPeopleWerePromised) {
  TeamWave wave;
  Operator ed(wave, "ed");
  ASSERT_EQ(ed.begin().status, 303);
  auto database = open_database(wave.data().identity());
  ASSERT_EQ(*People(**database, "w1").set_once("privacy", "unlinked"), "unlinked");
  EXPECT_EQ(ed.fill(page_of("role"), "role=1").status, 500);
  EXPECT_EQ(wave.entries("p1").size(), 0U);
  EXPECT_THAT(wave.log(), HasSubstr("the mode is fixed with the first answer"));
}

// What the person answered on the web, and what each rule lets an operator see of it.
TEST(TeamEntry, AnOperatorSeesWhatTheWaveAllows) {
  const struct {
    OperatorsSee see;
    const char* first;  // page that is asked first
    bool web, colleague;
  } lines[] = {{OperatorsSee::kOwn, "role", false, false},
               {OperatorsSee::kEntered, "role", false, true},
               {OperatorsSee::kAll, "views", true, true}};
  for (const auto& line : lines) {
    SCOPED_TRACE(std::string(name_of(line.see)));
    TeamWave wave(study_where(line.see));
    ASSERT_EQ(wave.fill(wave.link("p1") + "/p/role", "role=3&role.other.3=Webmaster").status, 303);
    ASSERT_EQ(wave.fill(wave.link("p1") + "/p/topics", "topics=2").status, 303);
    Operator eve(wave, "eve");
    ASSERT_EQ(eve.begin().status, 303);
    ASSERT_EQ(eve.fill(page_of("staff"), "staff=4321").status, 303);
    Operator ed(wave, "ed");
    EXPECT_EQ(where(ed.begin()), page_of(line.first));
    EXPECT_EQ(ed.get(page_of("role")).body.find("Webmaster") != std::string::npos, line.web);
    EXPECT_EQ(ed.get(page_of("staff")).body.find("4321") != std::string::npos, line.colleague);
    const std::string check = ed.get(kCheck).body;
    EXPECT_EQ(check.find("Webmaster") != std::string::npos, line.web);
    EXPECT_EQ(check.find("4321") != std::string::npos, line.colleague);
    EXPECT_EQ(check.find("not shown to you") == std::string::npos, line.web);
    EXPECT_THAT(ed.get("/team/entry?find=p1").body, Not(HasSubstr("Webmaster")));
    const std::string told = wave.get(wave.link("p1") + "/privacy").body;
    EXPECT_EQ(told.find("sees what you have answered") != std::string::npos, line.web)
        << "and the person is told";
  }
}

TEST(TeamEntry, WhatIsLeftBlankStaysAndWhatIsEnteredTakesItsPlace) {
  TeamWave wave;
  const std::string link = wave.link("p1");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=2").status, 303);
  ASSERT_EQ(wave.fill(link + "/p/staff", "staff=777").status, 303);
  Operator ed(wave, "ed");
  ASSERT_EQ(ed.begin().status, 303);
  ASSERT_EQ(ed.fill(page_of("role"), "role=1").status, 303);
  const HttpAnswer asked = ed.fill(page_of("staff"), "");
  if (asked.status == 422) {
    ASSERT_EQ(ed.fill(page_of("staff"), "skip=1").status, 303);
  }
  const std::string check = wave.get(link + "/check").body;
  EXPECT_THAT(check, HasSubstr("777"));
  EXPECT_THAT(check, HasSubstr("Chair"));
  EXPECT_THAT(check, Not(HasSubstr("Accountable officer")));
}

// Everything on the operator's own route but "why".
void enter_all(Operator& ed, const std::string& views, const std::string& staff) {
  ASSERT_EQ(ed.begin().status, 303);
  ASSERT_EQ(ed.fill(page_of("role"), "role=1").status, 303);
  ASSERT_EQ(ed.fill(page_of("topics"), "topics=1").status, 303);
  ASSERT_EQ(ed.fill(page_of("views"), views).status, 303);
  ASSERT_EQ(ed.fill(page_of("staff"), staff).status, 303);
  ASSERT_EQ(ed.fill(page_of("score"), "score=4").status, 303);
}

// What a page says, whenever it was drawn.
std::string without_tickets(std::string html) {
  const std::string mark = "name=\"_ticket\" value=\"";
  for (size_t at = html.find(mark); at != std::string::npos; at = html.find(mark, at)) {
    at += mark.size();
    html.erase(at, html.find('"', at) - at);
  }
  return html;
}

// "Why is money short?" is asked of those who strongly disagree (5) with the first statement.
TEST(TeamEntry, AnAnswerToAQuestionWithARuleIsNotMentioned) {
  std::vector<std::string> shown;
  for (const bool answered : {false, true}) {
    TeamWave wave;
    const std::string link = wave.link("p1");
    ASSERT_EQ(wave.fill(link + "/p/views", "v1=5&v2=2&v3=2").status, 303);
    ASSERT_EQ(wave.fill(link + "/p/staff", "staff=777").status, 303);
    if (answered) {
      ASSERT_EQ(wave.fill(link + "/p/why", "why=Because").status, 303);
    }
    Operator ed(wave, "ed");
    enter_all(ed, "v1=5&v2=1&v3=1", "skip=1");
    const std::string check = ed.get(kCheck).body;
    EXPECT_THAT(check, HasSubstr("Why is money short?")) << "on the operator's own route";
    const size_t mentioned = check.find("not shown to you</");
    EXPECT_NE(mentioned, std::string::npos) << "the number is for everybody";
    EXPECT_EQ(check.find("not shown to you</", mentioned + 1), std::string::npos);
    shown.push_back(without_tickets(check));
  }
  EXPECT_EQ(shown[0], shown[1]);
}

// The person stopped before a page that only their own answers open: the sending is taken, and
// said with the same words as when nothing is open.
TEST(TeamEntry, APageThatTheOperatorIsNotToldOfStopsNoSending) {
  std::vector<std::string> said;
  for (const bool opens : {false, true}) {
    TeamWave wave;
    const std::string link = wave.link("p1");
    ASSERT_EQ(wave.fill(link + "/p/views", opens ? "v1=5&v2=2&v3=2" : "v1=1&v2=2&v3=2").status,
              303);
    EXPECT_EQ(wave.get(link + "/p/why").status, opens ? 200 : 303);
    Operator ed(wave, "ed");
    enter_all(ed, "skip=1", "staff=12");
    const HttpAnswer sent = ed.fill(kCheck, "");
    EXPECT_EQ(sent.status, 200);
    EXPECT_THAT(sent.body, HasSubstr("The answers were sent."));
    EXPECT_EQ(wave.entries("p1").back().kind, kSubmittedEntry);
    said.push_back(without_tickets(sent.body));
    EXPECT_EQ(wave.fill(link + "/p/why", "why=Because").status, 303);
    EXPECT_EQ(wave.get(link + "/check").body.find("Because") != std::string::npos, opens)
        << "the person may still answer it";
  }
  EXPECT_EQ(said[0], said[1]);
}

// With the hidden page open, six of eight answers are partial; without, six of seven complete. No
// page of the team tells the one from the other, before and after the sending.
TEST(TeamEntry, NoPageTellsByAThresholdThatAHiddenPageIsOpen) {
  std::vector<std::vector<std::string>> seen;
  for (const bool opens : {false, true}) {
    TeamWave wave;
    const std::string link = wave.link("p1");
    ASSERT_EQ(wave.fill(link + "/p/views", opens ? "v1=5&v2=2&v3=2" : "v1=1&v2=2&v3=2").status,
              303);
    Operator ed(wave, "ed");
    enter_all(ed, "skip=1", "skip=1");
    std::vector<std::string> pages;
    for (const bool sends : {false, true}) {
      if (sends) {
        ASSERT_THAT(ed.fill(kCheck, "").body, HasSubstr("The answers were sent."));
      }
      for (const std::string& page :
           {kCase, std::string("/team/entry?find=p1"), std::string("/team/contact"),
            std::string("/team"), std::string("/team/organisations"), std::string("/team/rates"),
            std::string("/team/toplines")}) {
        pages.push_back(page + "\n" + without_tickets(ed.get(page).body));
      }
    }
    seen.push_back(std::move(pages));
    Projection answers(*Interview::make(wave.study.waves[0].questionnaire));
    for (const JournalEntry& entry : wave.entries("p1")) ASSERT_TRUE(answers.add(line_of(entry)));
    EXPECT_EQ(answers.status(wave.entries("p1")[0].subject),
              opens ? InterviewStatus::kPartial : InterviewStatus::kComplete)
        << "the two differ by the thresholds";
  }
  for (size_t i = 0; i < seen[0].size(); ++i) EXPECT_EQ(seen[0][i], seen[1][i]);
}

TEST(TeamEntry, APageThatTheOperatorSeesIsAskedBeforeTheSending) {
  TeamWave wave(study_where(OperatorsSee::kAll));
  ASSERT_EQ(wave.fill(wave.link("p1") + "/p/views", "v1=5&v2=2&v3=2").status, 303);
  Operator ed(wave, "ed");
  enter_all(ed, "v1=5&v2=2&v3=2", "staff=12");
  EXPECT_EQ(where(ed.fill(kCheck, "")), page_of("why"));
  EXPECT_NE(wave.entries("p1").back().kind, kSubmittedEntry);
}

TEST(TeamEntry, OutcomesAreRecordedByHand) {
  const struct {
    const char* word;
    ContactKind kind;
    const char* code;  // of the final disposition
  } lines[] = {{"no-answer", ContactKind::kNoAnswer, "2.20"},
               {"callback", ContactKind::kReplied, "2.36"},
               {"refused", ContactKind::kDeclined, "2.112"},
               {"refused-by-other", ContactKind::kDeclinedByOther, "2.111"},
               {"unavailable", ContactKind::kUnavailable, "2.26"},
               {"unable", ContactKind::kUnable, "2.32"},
               {"language", ContactKind::kLanguage, "2.33"},
               {"died", ContactKind::kDied, "2.31"},
               {"not-eligible", ContactKind::kNotEligible, "4.10"},
               {"duplicate", ContactKind::kDuplicate, "4.81"}};
  for (const auto& line : lines) {
    TeamWave wave;
    Operator ed(wave, "ed");
    const HttpAnswer led =
        ed.fill(kCase, fmt::format("act=outcome&outcome={}&note=%3Cb%3Eon+Tuesday", line.word));
    ASSERT_EQ(led.status, 303) << line.word;
    const HttpAnswer done = ed.get(where(led));
    EXPECT_THAT(done.body, HasSubstr("Recorded: ")) << line.word;
    const size_t recorded = wave.events("p1").size();
    EXPECT_EQ(ed.get(where(led)).status, 200);
    EXPECT_EQ(wave.events("p1").size(), recorded) << "a reload records nothing";
    EXPECT_THAT(done.body, HasSubstr("&lt;b&gt;on Tuesday"));
    const auto events = wave.events("p1");
    EXPECT_EQ(events.back().kind, line.kind);
    EXPECT_EQ(events.back().by, "ed");
    EXPECT_EQ(final_disposition(events, InterviewStatus::kNew).code, line.code) << line.word;
    EXPECT_THAT(wave.get("/team/audit", ed.cookie()).body, HasSubstr(line.word));
  }
  TeamWave wave;
  Operator ed(wave, "ed");
  EXPECT_THAT(ed.get(kCase + "&recorded=complete").body, Not(HasSubstr("Recorded: ")));
  EXPECT_EQ(ed.fill(kCase, "act=outcome").status, 422);
  EXPECT_EQ(ed.fill(kCase, "act=outcome&outcome=complete").status, 422);
  EXPECT_EQ(ed.fill(kCase, "act=outcome&outcome=refused&note=" + std::string(300, 'a')).status,
            422);
  EXPECT_EQ(ed.fill(kCase, "act=delete").status, 404);
  EXPECT_EQ(ed.post(kCase, "act=outcome&outcome=refused").status, 403) << "no ticket";
}

TEST(TeamEntry, GoingBackAndSendingAnOutcomeAgainRecordsItOnce) {
  TeamWave wave;
  Operator ed(wave, "ed");
  const auto count = [&](ContactKind kind) {
    const auto events = wave.events("p1");
    return std::ranges::count(events, kind, &ContactEvent::kind);
  };
  const std::string drawn = "_ticket=" + FieldWave::ticket_in(ed.get(kCase).body);
  const std::string refused = drawn + "&act=outcome&outcome=refused&note=not+now";
  ASSERT_EQ(ed.post(kCase, refused).status, 303);
  EXPECT_EQ(ed.post(kCase, refused).status, 303) << "answered as before";
  EXPECT_EQ(count(ContactKind::kDeclined), 1);
  const std::string log = wave.get("/team/audit", ed.cookie()).body;
  EXPECT_EQ(log.find("p1: refused"), log.rfind("p1: refused")) << "one act";
  // Gone back and corrected: that is another one; and a call of its own later.
  ASSERT_EQ(ed.post(kCase, drawn + "&act=outcome&outcome=callback&note=").status, 303);
  EXPECT_EQ(count(ContactKind::kReplied), 1);
  ASSERT_EQ(ed.fill(kCase, "act=outcome&outcome=refused&note=not+now").status, 303);
  EXPECT_EQ(count(ContactKind::kDeclined), 2);
  // So is the opening of a case.
  const std::string begin =
      "_ticket=" + FieldWave::ticket_in(ed.get(kCase).body) + "&act=begin&mode=telephone";
  EXPECT_EQ(where(ed.post(kCase, begin)), page_of("role"));
  EXPECT_EQ(where(ed.post(kCase, begin)), page_of("role"));
  EXPECT_EQ(count(ContactKind::kPaper), 1);
}

TEST(TeamEntry, ARefusalByTelephoneIsKnownToTheLink) {
  TeamWave wave;
  ASSERT_EQ(wave.get(wave.link("p1")).status, 200);
  Operator ed(wave, "ed");
  ASSERT_EQ(ed.fill(kCase, "act=outcome&outcome=refused").status, 303);
  EXPECT_THAT(wave.get(wave.link("p1")).body, HasSubstr("do not want to take part"));
  ASSERT_EQ(ed.fill(kCase, "act=outcome&outcome=takes-part").status, 303);
  EXPECT_THAT(wave.get(wave.link("p1")).body, HasSubstr("Start now"));
}

TEST(TeamEntry, ACaseThatIsClosedToEntrySaysWhy) {
  Study unlinked = field_study();
  unlinked.waves[0].fieldwork.privacy = PrivacyMode::kUnlinked;
  Study over = field_study();
  over.waves[0].fieldwork.closes_ms = 1;
  for (const auto& [study, words] : std::vector<std::pair<Study, std::string>>{
           {unlinked, "whoever did would know whose they are"}, {over, "The survey is not open"}}) {
    TeamWave wave(study);
    Operator ed(wave, "ed");
    const HttpAnswer shown = ed.get(kCase);
    EXPECT_THAT(shown.body, HasSubstr(words));
    EXPECT_THAT(shown.body, Not(HasSubstr("Enter answers</button>")));
    EXPECT_EQ(ed.begin().status, 422);
    EXPECT_EQ(ed.get(page_of("role")).status, 422);
    EXPECT_EQ(ed.post(page_of("role"), "role=1").status, 422);
    EXPECT_EQ(wave.entries("p1").size(), 0U);
  }
}

}  // namespace
}  // namespace barometer
