// The team's site over a real socket: who gets in, and who may do what.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/contact/outbox.h"
#include "tests/support/team_wave.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using barometer::testing::FieldWave;
using barometer::testing::HttpAnswer;
using barometer::testing::TeamWave;
using ::testing::HasSubstr;
using ::testing::Not;

Study study_with_targets() {
  Study study = barometer::testing::field_study();
  study.waves[0].fieldwork.quotas = {{.group = "role", .value = "Chair", .target = 2},
                                     {.group = "region", .value = "South", .target = 1}};
  return study;
}

TEST(TeamSite, NobodyGetsInWithoutAllThree) {
  TeamWave wave(study_with_targets());
  for (const char* page : {"/team", "/team/organisations", "/team/audit", "/team/contact"}) {
    const HttpAnswer answer = wave.get(page);
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(answer.header("Location"), "/team/sign-in");
  }
  const std::string right = wave.code();
  const HttpAnswer wrong_name = wave.enter("nobody", "correct+horse+battery", right);
  const HttpAnswer wrong_word = wave.enter("olga", "wrong+horse+battery", right);
  const HttpAnswer wrong_code = wave.enter("olga", "correct+horse+battery", "000000");
  const HttpAnswer no_code = wave.enter("olga", "correct+horse+battery", "");
  for (const HttpAnswer* answer : {&wrong_name, &wrong_word, &wrong_code, &no_code}) {
    EXPECT_EQ(answer->status, 403);
    EXPECT_THAT(answer->body, HasSubstr("Name, password or code is not right"));
    EXPECT_EQ(answer->header("Set-Cookie"), "");
  }
  EXPECT_EQ(
      wave.post("/team/sign-in", "member=olga&password=correct+horse+battery&code=" + right).status,
      403)
      << "no ticket";
}

TEST(TeamSite, ACodeIsTakenOnce) {
  TeamWave wave(study_with_targets());
  const std::string once = wave.code();
  EXPECT_EQ(wave.enter("olga", "correct+horse+battery", once).status, 303);
  EXPECT_EQ(wave.enter("olga", "correct+horse+battery", once).status, 403);
}

TEST(TeamSite, TheCookieIsOfTheHostAndEnds) {
  TeamWave wave(study_with_targets());
  const HttpAnswer answer = wave.enter("olga", "correct+horse+battery", wave.code());
  EXPECT_THAT(answer.header("Set-Cookie"), HasSubstr("; Path=/; HttpOnly; SameSite=Strict"));
  const std::string cookie = wave.signed_in("olga");
  EXPECT_EQ(wave.get("/team", cookie).status, 200);
  EXPECT_EQ(wave.get("/team", "Cookie: team=" + std::string(64, 'a') + "\r\n").status, 303);
  EXPECT_EQ(wave.get("/team", "Cookie: team=\r\n").status, 303);
  wave.now_ms += 31 * 60'000;
  EXPECT_EQ(wave.get("/team", cookie).status, 303) << "not used for half an hour";
  const std::string again = wave.signed_in("olga");
  for (int i = 0; i < 36; ++i) {
    wave.now_ms += 20 * 60'000 + 1000;
    if (wave.get("/team", again).status != 200) {
      EXPECT_GE(i, 34);
      return;
    }
  }
  FAIL() << "a sign-in lasts twelve hours at most";
}

TEST(TeamSite, SignInsAreRevoked) {
  TeamWave wave(study_with_targets());
  const std::string one = wave.signed_in("olga");
  const std::string other = wave.signed_in("olga");
  EXPECT_EQ(wave.act("/team/sign-out", "which=this", one, "/team/sign-ins").status, 303);
  EXPECT_EQ(wave.get("/team", one).status, 303);
  EXPECT_EQ(wave.get("/team", other).status, 200);
  EXPECT_EQ(wave.act("/team/sign-out", "which=all", other, "/team/sign-ins").status, 303);
  EXPECT_EQ(wave.get("/team", other).status, 303);
  const std::string third = wave.signed_in("ed");
  TeamMember ed = wave.member_named("ed");
  ed.disabled = true;
  wave.save(ed);
  EXPECT_EQ(wave.get("/team", third).status, 303) << "disabled";
}

TEST(TeamSite, RolesMayDoWhatTheyMay) {
  TeamWave wave(study_with_targets());
  const std::string viewer = wave.signed_in("vi");
  EXPECT_EQ(wave.get("/team/contact", viewer).status, 404);
  EXPECT_THAT(wave.get("/team", viewer).body, Not(HasSubstr("Close the wave")));
  EXPECT_EQ(wave.act("/team/close", "confirm=w1", viewer, "/team/sign-ins").status, 403);
  EXPECT_EQ(wave.act("/team/contact", "step=invitation", viewer, "/team/sign-ins").status, 403);
  const std::string editor = wave.signed_in("ed");
  EXPECT_EQ(wave.act("/team/close", "confirm=w1", editor, "/team/sign-ins").status, 403);
  const std::string owner = wave.signed_in("olga");
  EXPECT_EQ(wave.act("/team/close", "confirm=w2", owner, "/team").status, 422);
  EXPECT_EQ(wave.post("/team/close", "confirm=w1", owner).status, 403) << "no ticket";
  const std::string of_editor = FieldWave::ticket_in(wave.get("/team/sign-ins", editor).body);
  EXPECT_EQ(wave.post("/team/close", "confirm=w1&_ticket=" + of_editor, owner).status, 403);
  EXPECT_EQ(wave.get(wave.link("p1")).body.find("is closed"), std::string::npos);
  EXPECT_EQ(wave.act("/team/close", "confirm=w1", owner, "/team").status, 303);
  wave.now_ms += 20'000;
  (void)wave.get(wave.link("p1"));  // notices that it is time to look
  EXPECT_THAT(wave.get(wave.link("p1")).body, HasSubstr("This survey is closed"));
  const std::string log = wave.get("/team/audit", owner).body;
  EXPECT_THAT(log, HasSubstr("close"));
  EXPECT_THAT(log, HasSubstr("sign-in"));
}

TEST(TeamSite, ShowsResponseWithItsNumbers) {
  TeamWave wave(study_with_targets());
  const std::string link = wave.link("p1");
  for (const auto& [page, form] :
       std::vector<std::pair<std::string, std::string>>{{"role", "role=1"},
                                                        {"topics", "topics=1"},
                                                        {"views", "v1=1&v2=2&v3=1"},
                                                        {"staff", "staff=5"},
                                                        {"score", "score=4"}}) {
    ASSERT_EQ(wave.fill(link + "/p/" + page, form).status, 303) << page;
  }
  ASSERT_EQ(wave.fill(link + "/check", "").status, 303);
  ASSERT_EQ(wave.fill(wave.link("p2") + "/decline", "answer=no").status, 303);
  const std::string cookie = wave.signed_in("vi");
  const std::string page = wave.get("/team", cookie).body;
  EXPECT_THAT(page, HasSubstr("<span class=\"number\">3</span><span class=\"words\">people asked"));
  EXPECT_THAT(page, HasSubstr("<span class=\"number\">1</span><span class=\"words\">answers sent"));
  EXPECT_THAT(page, HasSubstr("<span class=\"number\">1</span><span class=\"words\">refused"));
  EXPECT_THAT(page, HasSubstr("<svg "));
  EXPECT_THAT(page, Not(HasSubstr("style=")));
  const std::string organisations = wave.get("/team/organisations", cookie).body;
  EXPECT_THAT(organisations, HasSubstr("North &amp; &lt;b&gt;Bold"));
  EXPECT_THAT(organisations, Not(HasSubstr("<b>")));
  // RR1 = 1 / (1 + 1 + 1) of people: one answered, one refused, one not asked yet.
  const std::string rates = wave.get("/team/rates", cookie).body;
  EXPECT_THAT(rates, HasSubstr("33.3%"));
  EXPECT_THAT(rates, HasSubstr("answers to at least 80 per cent of what was asked"));
  EXPECT_THAT(rates, HasSubstr("R, refused or broke off"));
  // Bars have their words beside them: by role, region and organisation, and targets.
  for (const auto& [label, value] :
       std::vector<std::pair<std::string, std::string>>{{"Chair", "1 of 2"},
                                                        {"Accountable officer", "0 of 1"},
                                                        {"North", "1 of 2"},
                                                        {"Answers sent", "1 of 3"},
                                                        {"Chair (role)", "1 of 2"},
                                                        {"South (region)", "0 of 1"}}) {
    const size_t at = page.find("<span class=\"label\">" + label + "</span>");
    ASSERT_NE(at, std::string::npos) << label;
    EXPECT_EQ(page.substr(page.find("\"value\">", at) + 8, value.size()), value) << label;
  }
  // Answers are held back while counts of people are not.
  EXPECT_THAT(page, HasSubstr("are not shown yet, and move when 10 are complete"));
  EXPECT_THAT(wave.get("/team/toplines", cookie).body,
              HasSubstr("Interim results begin with 10 complete"));
}

// Steps of contact, and a study folder that has their texts.
TEST(TeamSite, AReminderLeavesOutWhoHadAMailTodayUnlessSomebodyDecides) {
  const testing::TempFolder texts;
  texts.write("contact/invitation.md", "Subject: Invitation\n\n{{link}}\n");
  texts.write("contact/reminder.md", "Subject: Reminder\n\n{{link}}\n");
  Study study = study_with_targets();
  Wave& wave_of = study.waves[0];
  wave_of.folder = texts.path();
  wave_of.fieldwork.contact.from_address = "team@survey.example";
  wave_of.fieldwork.contact.address = "https://survey.example";
  wave_of.fieldwork.contacts = {
      {.id = "invitation", .audience = Audience::kEveryone, .text = "invitation"},
      {.id = "reminder-1", .after_days = 7, .text = "reminder"}};
  TeamWave wave(std::move(study));
  const auto record = [&](const std::string& person, int64_t ago) {
    auto database = open_database(wave.data().identity());
    ContactEvent event{.person = person, .at_ms = wave.now_ms - ago};
    event.kind = ContactKind::kInvited;
    ASSERT_TRUE(People(**database, "w1").record(event));
  };
  record("p1", int64_t{2} * 86'400'000);
  record("p2", 3'600'000);
  const std::string ed = wave.signed_in("ed");
  const std::string page = wave.get("/team/contact", ed).body;
  EXPECT_THAT(page, HasSubstr("1 people would get it now. Left out: 1 had a mail within the last "
                              "day, 1 have had no invitation."));
  EXPECT_THAT(page, HasSubstr("Also the 2 who had a mail within the last day"));
  const auto queued = [&] {
    auto database = open_database(wave.data().identity());
    return Outbox(**database, "w1").rows("reminder-1").value().size();
  };
  const HttpAnswer kept = wave.act("/team/contact", "step=reminder-1", ed, "/team/contact");
  EXPECT_THAT(kept.body, HasSubstr("reminder-1 is queued for 1 people. Left out: 1 had a mail"));
  EXPECT_EQ(queued(), 1U);
  const HttpAnswer anyway =
      wave.act("/team/contact", "step=reminder-1&anyway=yes", ed, "/team/contact");
  EXPECT_THAT(anyway.body, HasSubstr("reminder-1 is queued for 2 people."));
  EXPECT_EQ(queued(), 3U);
  EXPECT_THAT(wave.get("/team/audit", ed).body, HasSubstr("reminder-1 for 2, spacing left aside"));
}

TEST(TeamSite, GuessingIsSlow) {
  TeamWave wave(study_with_targets());
  int refused = 0;
  for (int i = 0; i < 14; ++i) refused += wave.enter("vi", "x", "1").status == 429 ? 1 : 0;
  EXPECT_GE(refused, 4);
  EXPECT_EQ(
      wave.enter("vi", "correct+horse+battery", totp_code(TeamWave::kSecret, wave.now_ms / 30'000))
          .status,
      429);
  wave.now_ms += 600'000;
  EXPECT_EQ(wave.enter("vi", "correct+horse+battery", wave.code()).status, 303);
}

}  // namespace
}  // namespace barometer
