// The respondents' site over a real socket, with the real journal.
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/server/phrases.h"
#include "tests/support/field_wave.h"

namespace barometer {
namespace {

using barometer::testing::FieldWave;
using barometer::testing::HttpAnswer;
using ::testing::HasSubstr;
using ::testing::Not;

std::string where(const HttpAnswer& answer) { return answer.header("Location"); }

TEST(RespondentSite, AnInterviewFromTheLinkToTheThanks) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  const HttpAnswer start = wave.get(link);
  EXPECT_EQ(start.status, 200);
  EXPECT_THAT(start.body, HasSubstr("Chair of North &amp; &lt;b&gt;Bold&lt;/b&gt;"));
  EXPECT_THAT(start.body, Not(HasSubstr("Name of p1"))) << "a link may have been passed on";
  EXPECT_EQ(where(wave.fill(link + "/begin", "")), link + "/p/role?language=en");
  EXPECT_EQ(where(wave.fill(link + "/p/role", "role=1")), link + "/p/topics");
  EXPECT_EQ(where(wave.fill(link + "/p/topics", "topics=1&topics=2")), link + "/p/views");
  EXPECT_EQ(where(wave.fill(link + "/p/views", "v1=1&v2=2&v3=1")), link + "/p/staff");
  EXPECT_EQ(where(wave.fill(link + "/p/staff", "staff=1,250")), link + "/p/score");
  EXPECT_EQ(where(wave.fill(link + "/p/score", "score=4")), link + "/check");
  const HttpAnswer check = wave.get(link + "/check");
  EXPECT_THAT(check.body, HasSubstr("Chair"));
  EXPECT_THAT(check.body, HasSubstr("1250"));
  EXPECT_EQ(where(wave.fill(link + "/check", "")), link + "/done");
  EXPECT_THAT(wave.get(link).body, HasSubstr("Your answers have been received."));
  const auto entries = wave.entries("p1");
  ASSERT_EQ(entries.size(), 6U);
  EXPECT_EQ(entries.back().kind, kSubmittedEntry);
}

TEST(RespondentSite, TheSamePostTwiceIsOneRowAndOneAnswer) {
  FieldWave wave;
  const std::string page = wave.link("p1") + "/p/role";
  const std::string form = "role=1&_ticket=" + wave.ticket(page);
  const HttpAnswer first = wave.post(page, form);
  ASSERT_EQ(first.status, 303);
  wave.now_ms += 3000;  // the seconds on the page are others now
  EXPECT_EQ(where(wave.post(page, form)), where(first));
  EXPECT_EQ(wave.entries("p1").size(), 1U);
  wave.start();  // a server that remembers nothing
  EXPECT_EQ(where(wave.post(page, form)), where(first));
  EXPECT_EQ(wave.entries("p1").size(), 1U);
  // At once, from eight devices.
  const std::string topics = wave.link("p1") + "/p/topics";
  const std::string other = "topics=2&_ticket=" + wave.ticket(topics);
  std::vector<std::thread> devices;
  std::atomic<int> redirected = 0;
  for (int i = 0; i < 8; ++i) {
    devices.emplace_back([&] { redirected += wave.post(topics, other).status == 303 ? 1 : 0; });
  }
  for (std::thread& device : devices) device.join();
  EXPECT_EQ(redirected, 8);
  EXPECT_EQ(wave.entries("p1").size(), 2U);
}

TEST(RespondentSite, GoingBackInTheBrowserChangesTheAnswerAndALateCopyDoesNot) {
  FieldWave wave;
  const std::string page = wave.link("p1") + "/p/role";
  const std::string old = "_ticket=" + wave.ticket(page);
  const auto role_now = [&] {
    return wave.get(wave.link("p1") + "/check").body.find("Accountable") != std::string::npos
               ? "Accountable officer"
               : "Chair";
  };
  ASSERT_EQ(wave.post(page, old + "&role=1").status, 303);
  ASSERT_EQ(wave.post(page, old + "&role=2").status, 303);  // the page as the browser kept it
  EXPECT_STREQ(role_now(), "Accountable officer");
  ASSERT_EQ(wave.post(page, old + "&role=1").status, 303);
  EXPECT_STREQ(role_now(), "Chair");
  EXPECT_EQ(wave.entries("p1").size(), 3U);
  ASSERT_EQ(wave.fill(page, "role=2").status, 303);  // the page opened anew
  ASSERT_EQ(wave.post(page, old + "&role=1").status, 303);
  EXPECT_STREQ(role_now(), "Accountable officer") << "a late copy of an older page";
  EXPECT_EQ(wave.entries("p1").size(), 4U);
}

TEST(RespondentSite, ResumesOnAnotherDeviceAtTheFirstOpenPage) {
  FieldWave wave;
  const std::string link = wave.link("p2");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=2").status, 303);
  wave.start();
  EXPECT_THAT(wave.get(link).body, HasSubstr("Carry on"));
  EXPECT_EQ(where(wave.fill(link + "/begin", "")), link + "/p/topics");
}

TEST(RespondentSite, WhatCannotBeStoredIsNotAcknowledged) {
  FieldWave wave;
  const std::string page = wave.link("p1") + "/p/role";
  const std::string form = "role=1&_ticket=" + wave.ticket(page);
  auto broken = open_database(wave.data().answers());
  ASSERT_TRUE((*broken)->script("ALTER TABLE journal_head RENAME TO journal_away"));
  const HttpAnswer refused = wave.post(page, form);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("Your answer could not be saved"));
  EXPECT_THAT(refused.body, Not(HasSubstr("journal"))) << "no detail of ours";
  EXPECT_EQ(wave.get("/health").status, 503);
  EXPECT_THAT(wave.get("/metrics").body, HasSubstr("barometer_store_errors_total 1\n"));
  EXPECT_EQ(wave.get(page).status, 200) << "what was read before is still shown";
  ASSERT_TRUE((*broken)->script("ALTER TABLE journal_away RENAME TO journal_head"));
  EXPECT_EQ(wave.post(page, form).status, 303) << "the same page sent again";
  EXPECT_EQ(wave.entries("p1").size(), 1U);
}

TEST(RespondentSite, TwoServersOfOneWaveLoseNothing) {
  FieldWave wave;
  const auto other = wave.another();
  const auto at_other = [&](const std::string& target, const std::string& form) {
    using barometer::testing::RawClient;
    const std::string ticket = wave.ticket(target);  // drawn by the first, taken by the second
    return RawClient(other->port())
        .ask(barometer::testing::form_request(target, "_ticket=" + ticket + "&" + form));
  };
  const std::string link = wave.link("p1");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=1").status, 303);
  ASSERT_EQ(at_other(link + "/p/topics", "topics=1").status, 303);
  // Each has seen fewer entries than there are by now.
  ASSERT_EQ(wave.fill(link + "/p/staff", "staff=7").status, 303);
  ASSERT_EQ(at_other(link + "/p/score", "score=3").status, 303);
  ASSERT_EQ(where(wave.fill(link + "/p/views", "v1=2&v2=2&v3=2")), link + "/check");
  const auto entries = wave.entries("p1");
  ASSERT_EQ(entries.size(), 5U);
  for (size_t i = 0; i < entries.size(); ++i)
    EXPECT_EQ(entries[i].version, static_cast<int64_t>(i + 1));
  EXPECT_THAT(wave.get("/metrics").body, Not(HasSubstr("barometer_append_conflicts_total 0\n")));
  other->stop(1);
}

// What mail gateways do: fetch every address, submit every form with what is on it.
TEST(RespondentSite, GatewaysStartAndConsumeNothing) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  const std::string stop = "/s/" + wave.token(TokenPurpose::kStop, "p1");
  const size_t events = wave.events("p1").size();
  for (const std::string& target : {link, link + "/begin", link + "/p/role", link + "/p/topics",
                                    link + "/check", link + "/done", link + "/decline",
                                    link + "/return", link + "/erase", link + "/colleague", stop}) {
    SCOPED_TRACE(target);
    const HttpAnswer shown = wave.get(target);
    EXPECT_LT(shown.status, 500);
    EXPECT_LT(wave.post(target, "").status, 500);
    // With the hidden fields of the page, and nothing chosen.
    const std::string ticket = FieldWave::ticket_in(shown.body);
    EXPECT_LT(wave.post(target, "_ticket=" + ticket + "&language=en").status, 500);
    EXPECT_LT(wave.post(target, "_ticket=" + ticket + "&language=en&skip=1").status, 500);
  }
  EXPECT_EQ(wave.entries("p1").size(), 0U);
  EXPECT_EQ(wave.events("p1").size(), events);
  EXPECT_THAT(wave.get(link).body, HasSubstr("Start now"));
  EXPECT_EQ(where(wave.fill(link + "/begin", "")), link + "/p/role?language=en");
}

TEST(RespondentSite, TicketsAreOfOneLinkAndOnePage) {
  FieldWave wave;
  const std::string page = wave.link("p1") + "/p/role";
  const std::string right = wave.ticket(page);
  std::string forged = right;
  forged[70] = forged[70] == '0' ? '1' : '0';
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"none", ""},
      {"forged", forged},
      {"cut", right.substr(0, 60)},
      {"longer", right + "00"},
      {"another page", wave.ticket(wave.link("p1") + "/p/topics")},
      {"another person", wave.ticket(wave.link("p2") + "/p/role")},
      {"another form", wave.ticket(wave.link("p1"))},
  };
  for (const auto& [name, ticket] : wrong) {
    EXPECT_EQ(wave.post(page, "role=1&_ticket=" + ticket).status, 403) << name;
  }
  wave.now_ms += 8 * 86'400'000LL;
  EXPECT_EQ(wave.post(page, "role=1&_ticket=" + right).status, 403) << "too old";
  EXPECT_EQ(wave.entries("p1").size(), 0U);
}

TEST(RespondentSite, PostsOfOtherSitesAreRefused) {
  FieldWave wave;
  const std::string page = wave.link("p1") + "/p/role";
  const auto with = [&](const std::string& headers) {
    return wave.post(page, "role=1&_ticket=" + wave.ticket(page), headers).status;
  };
  EXPECT_EQ(with("Sec-Fetch-Site: cross-site\r\n"), 403);
  EXPECT_EQ(with("Sec-Fetch-Site: same-site\r\n"), 403);
  EXPECT_EQ(with("Origin: https://evil.example\r\n"), 403);
  EXPECT_EQ(with("Origin: null\r\n"), 403);
  EXPECT_EQ(with("Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n"), 303);
}

TEST(RespondentSite, FormsThatAreNoneAreRefused) {
  FieldWave wave;
  const std::string page = wave.link("p1") + "/p/role";
  const std::string ticket = wave.ticket(page);
  using barometer::testing::RawClient;
  const auto typed = [&](const std::string& type, const std::string& body) {
    return RawClient(wave.server->port())
        .ask("POST " + page + " HTTP/1.1\r\nHost: h\r\nContent-Type: " + type +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
        .status;
  };
  EXPECT_EQ(typed("application/json", "{\"role\":1}"), 415);
  EXPECT_EQ(typed("multipart/form-data; boundary=x", "--x"), 415);
  EXPECT_EQ(typed("", ""), 415);
  EXPECT_EQ(wave.post(page, "role=%zz&_ticket=" + ticket).status, 400);
  EXPECT_EQ(wave.post(page, "role=%ff&_ticket=" + ticket).status, 400);
  EXPECT_EQ(wave.post(page, "role=%00&_ticket=" + ticket).status, 400);
  std::string many = "_ticket=" + ticket;
  for (int i = 0; i < 2000; ++i) many += "&a=" + std::to_string(i);
  EXPECT_EQ(wave.post(page, many).status, 413);
  EXPECT_EQ(wave.post(page, "role=1&_ticket=" + ticket + "&x=" + std::string(70'000, 'a')).status,
            413);
  EXPECT_EQ(wave.entries("p1").size(), 0U);
}

TEST(RespondentSite, NothingIsTakenForWhatIsNotAsked) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=1&why=planted&v1=1&score=5&respondent=x").status,
            303);
  EXPECT_THAT(wave.entries("p1").at(0).body, Not(HasSubstr("planted")));
  EXPECT_THAT(wave.entries("p1").at(0).body, Not(HasSubstr("score")));
  // A page that is not on the route leads to the one that is.
  EXPECT_EQ(where(wave.get(link + "/p/why")), link + "/p/topics");
  const std::string ticket = wave.ticket(link + "/p/topics");
  EXPECT_EQ(wave.post(link + "/p/why", "why=planted&_ticket=" + ticket).status / 100, 3 + 0)
      << "its ticket is of another page, and the page is not asked";
  // Twice what may come once; codes that are no options, numbers that are none.
  EXPECT_EQ(wave.fill(link + "/p/role", "role=1&role=2").status, 422);
  EXPECT_EQ(wave.fill(link + "/p/topics", "topics=77").status, 422);
  EXPECT_EQ(wave.fill(link + "/p/topics", "topics=1&topics=3").status, 422)
      << "none of these, and one";
  EXPECT_EQ(wave.fill(link + "/p/staff", "staff=<b>many</b>").status, 422);
  EXPECT_EQ(wave.entries("p1").size(), 1U);
}

TEST(RespondentSite, MessagesKeepWhatWasTypedEscaped) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  const HttpAnswer again = wave.fill(link + "/p/staff", "staff=%22%3E%3Cscript%3Ex");
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.body, HasSubstr("There is a problem"));
  EXPECT_THAT(again.body, HasSubstr("&quot;&gt;&lt;script&gt;x"));
  EXPECT_THAT(again.body, Not(HasSubstr("<script")));
  EXPECT_THAT(again.body, HasSubstr("href=\"#f-staff\""));
  EXPECT_THAT(again.body, HasSubstr("id=\"f-staff\""));
  EXPECT_THAT(again.body, HasSubstr("<title>Error: "));
  // Required.
  const HttpAnswer required = wave.fill(link + "/p/role", "");
  EXPECT_EQ(required.status, 422);
  EXPECT_THAT(required.body, HasSubstr("There is a problem"));
  // A verbatim comes back as text, whatever is in it.
  ASSERT_EQ(wave.fill(link + "/p/role", "role=3&role.other.3=%3Cimg+src%3Dx%3E").status, 303);
  EXPECT_THAT(wave.get(link + "/check").body, Not(HasSubstr("<img")));
}

TEST(RespondentSite, EveryBadLinkGetsTheSamePage) {
  FieldWave wave;
  const std::string good = wave.link("p1").substr(3);
  std::string near = good;
  near.back() = near.back() == 'a' ? 'b' : 'a';
  const HttpAnswer unknown = wave.get("/i/" + near);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("This link does not work"));
  for (const std::string& bad :
       {std::string("x"), good + "a", std::string(200, 'a'), wave.token(TokenPurpose::kStop, "p1"),
        wave.token(TokenPurpose::kCode, "p1")}) {
    const HttpAnswer answer = wave.get("/i/" + bad);
    EXPECT_EQ(answer.status, 404) << bad;
    EXPECT_EQ(answer.body, unknown.body) << bad;
  }
  EXPECT_EQ(wave.post("/i/" + near + "/p/role", "role=1").status, 404);
  // Past its end it is the same.
  wave.now_ms += 40 * 86'400'000LL;
  EXPECT_EQ(wave.get("/i/" + good).body, unknown.body);
}

TEST(RespondentSite, PathTricks) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  for (const char* path :
       {"/..", "/i/..", "/%2e%2e/", "/i//x", "//i/x", "/i/a%2fb", "/i/a\\b", "/i/./x",
        "/assets/../x", "/assets/0/site.css", "/i", "/etc/passwd", "/i/a/b/c/d/e/f/g/h/j",
        "/favicon.ico", "/.git/config", "/i/%00", "/;x", "/metrics/x", "/health/.."}) {
    EXPECT_EQ(wave.get(path).status, 404) << path;
  }
  for (const char* sub : {"/p", "/p/", "/p/none", "/p/role/x", "/P/role", "/begin/x", "/admin"}) {
    const int status = wave.get(link + sub).status;
    EXPECT_EQ(status, 404) << sub;
  }
}

TEST(RespondentSite, DecliningAsksOnceMoreAndCanBeTakenBack) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  EXPECT_EQ(wave.fill(link + "/decline", "").status, 422) << "nothing chosen";
  EXPECT_EQ(wave.fill(link + "/decline", "answer=maybe").status, 422);
  EXPECT_EQ(where(wave.fill(link + "/decline", "answer=no")), link + "?language=en");
  EXPECT_THAT(wave.get(link).body, HasSubstr("do not want to take part"));
  EXPECT_THAT(wave.get(link).body, HasSubstr("I want to take part after all"));
  EXPECT_EQ(wave.post(link + "/return", "").status, 403);
  EXPECT_EQ(where(wave.post(link + "/return", "_ticket=" + wave.ticket(link))),
            link + "?language=en");
  EXPECT_THAT(wave.get(link).body, HasSubstr("Start now"));
  std::vector<ContactKind> kinds;
  for (const ContactEvent& event : wave.events("p1")) kinds.push_back(event.kind);
  EXPECT_THAT(kinds,
              ::testing::IsSupersetOf({ContactKind::kDeclined, ContactKind::kDeclineWithdrawn}));
}

TEST(RespondentSite, WhoDeclinedAnswersNothingUntilTheyComeBackByEitherWay) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=1").status, 303);
  const std::string old_ticket = wave.ticket(link + "/p/role");
  ASSERT_EQ(wave.fill(link + "/decline", "answer=no").status, 303);
  for (const char* page : {"/begin", "/p/role", "/p/staff", "/check", "/done"}) {
    EXPECT_EQ(where(wave.get(link + page)), link + "?language=en") << page;
  }
  EXPECT_EQ(where(wave.post(link + "/p/role", "role=2&_ticket=" + old_ticket)),
            link + "?language=en");
  EXPECT_THAT(wave.get(link).body, HasSubstr("I want to take part after all"));
  EXPECT_EQ(where(wave.fill(link + "/decline", "answer=yes")), link + "?language=en");
  EXPECT_THAT(wave.get(link).body, Not(HasSubstr("I want to take part after all")));
  EXPECT_THAT(wave.get(link + "/p/role").body, HasSubstr("value=\"1\" checked"))
      << "what was posted meanwhile was not taken";
  const auto taken_back = [&] {
    return std::ranges::count(wave.events("p1"), ContactKind::kDeclineWithdrawn,
                              &ContactEvent::kind);
  };
  EXPECT_EQ(taken_back(), 1);
  EXPECT_EQ(where(wave.fill(link + "/decline", "answer=yes")), link + "?language=en");
  EXPECT_EQ(taken_back(), 1) << "there was nothing to take back";
}

TEST(RespondentSite, MailIsStoppedByAPersonOrByTheirMailProgram) {
  FieldWave wave;
  const std::string stop = "/s/" + wave.token(TokenPurpose::kStop, "p1");
  EXPECT_EQ(wave.get(stop).status, 200);
  EXPECT_EQ(wave.post(stop, "answer=wave").status, 403) << "no ticket";
  EXPECT_EQ(wave.fill(stop, "").status, 422);
  const auto stopped = [&] {
    bool now = false;
    for (const ContactEvent& event : wave.events("p1")) {
      if (event.kind == ContactKind::kOptedOut) now = true;
      if (event.kind == ContactKind::kOptOutWithdrawn) now = false;
    }
    return now;
  };
  EXPECT_FALSE(stopped());
  EXPECT_EQ(wave.post(stop, "List-Unsubscribe=One-Click").status, 200);
  EXPECT_TRUE(stopped());
  EXPECT_EQ(wave.fill(stop, "answer=resume").status, 303);
  EXPECT_FALSE(stopped());
  EXPECT_EQ(wave.fill(stop, "answer=wave").status, 200);
  EXPECT_TRUE(stopped());
  EXPECT_EQ(wave.get("/s/" + wave.link("p1").substr(3)).status, 404) << "a link of another purpose";
}

TEST(RespondentSite, ErasureLeavesNeitherAnswersNorLink) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=1").status, 303);
  EXPECT_EQ(wave.fill(link + "/erase", "").status, 422);
  EXPECT_THAT(wave.fill(link + "/erase", "answer=erase").body, HasSubstr("have been erased"));
  EXPECT_EQ(wave.get(link).status, 404);
  const auto entries = wave.entries("p1");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_TRUE(entries[0].erased);
  EXPECT_EQ(entries[1].kind, kErasedKind);
  auto database = open_database(wave.data().answers(), {.read_only = true});
  const auto checked = verify_journal(**database);
  ASSERT_TRUE(checked);
  EXPECT_THAT(checked->problems, ::testing::IsEmpty());
}

TEST(RespondentSite, AColleagueIsBroughtInAndTakesOver) {
  FieldWave wave;
  const std::string link = wave.link("p2");
  EXPECT_EQ(wave.fill(link + "/colleague", "kind=share&name=&email=x@y.example").status, 422);
  EXPECT_EQ(wave.fill(link + "/colleague", "kind=share&name=A&email=nowhere").status, 422);
  EXPECT_EQ(wave.fill(link + "/colleague", "kind=&name=A&email=x@y.example").status, 422);
  EXPECT_THAT(wave.fill(link + "/colleague", "kind=transfer&name=A&email=x@y.example").body,
              HasSubstr("will hear from us"));
  EXPECT_EQ(wave.get(link).status, 200) << "until the colleague accepts";
  const std::string accept = "/a/" + wave.token(TokenPurpose::kAccept, "p2+1");
  EXPECT_THAT(wave.get(accept).body, HasSubstr("A colleague at South"));
  EXPECT_EQ(wave.post(accept, "").status, 403);
  const HttpAnswer taken = wave.fill(accept, "");
  ASSERT_EQ(taken.status, 303);
  EXPECT_EQ(wave.fill(where(taken) + "/p/role", "role=1").status, 303);
  wave.now_ms += 11'000;
  EXPECT_EQ(wave.get(link).status, 404) << "the first link has ended";
}

TEST(RespondentSite, ACodeIsTypedForTheLink) {
  FieldWave wave;
  const std::string code = wave.token(TokenPurpose::kCode, "p1");
  EXPECT_THAT(wave.get("/").body, HasSubstr("Enter your code"));
  const auto enter = [&](const std::string& typed) {
    return wave.post("/code", "_ticket=" + wave.ticket("/") + "&code=" + typed);
  };
  EXPECT_EQ(where(enter(code)), wave.link("p1"));
  EXPECT_EQ(enter("AAAA-AAAA-AAAA").status, 422);
  EXPECT_EQ(enter("").status, 422);
  EXPECT_EQ(wave.post("/code", "code=" + code).status, 403);
}

TEST(RespondentSite, TheLanguageStays) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  EXPECT_THAT(wave.get(link, "Accept-Language: cy-GB,en;q=0.5\r\n").body,
              HasSubstr("Dechrau nawr"));
  const HttpAnswer page = wave.get(link + "/p/role?language=cy");
  EXPECT_THAT(page.body, HasSubstr("<html lang=\"cy\">"));
  EXPECT_THAT(page.body, HasSubstr("Beth yw eich rôl?"));
  const std::string ticket = FieldWave::ticket_in(page.body);
  ASSERT_EQ(wave.post(link + "/p/role", "role=1&language=cy&_ticket=" + ticket).status, 303);
  EXPECT_THAT(wave.get(link + "/p/role").body, HasSubstr("Parhau"));
  EXPECT_THAT(wave.entries("p1").at(0).body, HasSubstr("\"cy\""));
}

// The longest piece of a phrase between what is filled in.
std::string_view telling_piece(std::string_view words) {
  std::string_view best;
  for (size_t at = 0; at <= words.size();) {
    const size_t end = std::min(words.find("{}", at), words.size());
    if (end - at > best.size()) best = words.substr(at, end - at);
    at = end + 2;
  }
  return best;
}

TEST(RespondentSite, EveryPageOfABilingualSurveyIsInOneLanguage) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  const auto ticket = [&](const std::string& page) { return "_ticket=" + wave.ticket(page); };
  const std::string welsh = "?language=cy";
  const std::string posted = "&language=cy";
  std::vector<std::string> pages;
  for (const char* page : {"", "/p/role", "/p/topics", "/p/views", "/p/staff", "/p/score",
                           "/decline", "/erase", "/colleague", "/privacy", "/accessibility"}) {
    pages.push_back(wave.get(link + page + welsh).body);
  }
  for (const char* page : {"/", "/privacy", "/accessibility", "/i/unknown"}) {
    pages.push_back(wave.get(page + welsh).body);
  }
  const std::string stop = "/s/" + wave.token(TokenPurpose::kStop, "p1");
  pages.push_back(wave.get(stop + welsh).body);
  pages.push_back(wave.post(stop, ticket(stop) + posted).body);
  pages.push_back(wave.post(stop, ticket(stop) + posted + "&answer=wave").body);
  pages.push_back(wave.post("/code", ticket("/") + posted + "&code=none").body);
  for (const char* page : {"/p/role", "/p/staff", "/decline", "/erase", "/colleague"}) {
    const HttpAnswer wrong = wave.post(link + page, ticket(link + page) + posted + "&staff=many");
    EXPECT_EQ(wrong.status, 422) << page;
    pages.push_back(wrong.body);
  }
  ASSERT_EQ(wave.post(link + "/p/role", ticket(link + "/p/role") + posted + "&role=1").status, 303);
  pages.push_back(wave.get(link + "/check").body);
  pages.push_back(wave.get(link + "/done").body);
  ASSERT_EQ(wave.fill(link + "/decline", "answer=no&language=cy").status, 303);
  pages.push_back(wave.get(link).body);
  ASSERT_EQ(wave.post(link + "/return", ticket(link) + posted).status, 303);
  pages.push_back(wave.fill(link + "/erase", "answer=erase&language=cy").body);
  for (const std::string& page : pages) {
    EXPECT_THAT(page, HasSubstr("<html lang=\"cy\">"));
    for (size_t i = 0; i < static_cast<size_t>(Phrase::kCount); ++i) {
      const auto which = static_cast<Phrase>(i);
      const std::string_view piece = telling_piece(phrase(which, "en"));
      if (piece.size() < 6 || phrase(which, "cy").find(piece) != std::string_view::npos) continue;
      EXPECT_EQ(page.find(">" + std::string(piece)), std::string::npos) << piece;
      const bool long_enough = piece.size() > 20;
      EXPECT_FALSE(long_enough && page.find(piece) != std::string::npos) << piece;
    }
    for (const char* english : {"What is your role", "Chair<", "Select an answer", "Poor", "Money",
                                "Strongly agree", "barometer &lt;", "A few questions"}) {
      EXPECT_EQ(page.find(english), std::string::npos) << english;
    }
  }
}

TEST(RespondentSite, ClosedAndNotYetOpen) {
  Study study = barometer::testing::field_study();
  study.waves[0].fieldwork.opens_ms = 1'800'000'100'000;
  study.waves[0].fieldwork.closes_ms = 1'800'000'200'000;
  study.waves[0].fieldwork.grace_days = 1;
  FieldWave wave({}, study);
  const std::string begun = wave.link("p1");
  const std::string late = wave.link("p2");
  EXPECT_THAT(wave.get(begun).body, HasSubstr("has not opened yet"));
  wave.now_ms = 1'800'000'150'000;
  ASSERT_EQ(wave.fill(begun + "/p/role", "role=1").status, 303);
  const std::string form = "role=1&_ticket=" + wave.ticket(late + "/p/role");
  wave.now_ms = 1'800'000'250'000;
  EXPECT_THAT(wave.get(late).body, HasSubstr("This survey is closed"));
  EXPECT_EQ(wave.post(late + "/p/role", form).status, 403);
  EXPECT_EQ(wave.entries("p2").size(), 0U);
  EXPECT_EQ(wave.fill(begun + "/p/topics", "topics=1").status, 303) << "who has begun may finish";
}

TEST(RespondentSite, LogsHoldNeitherLinksNorAnswersNorAddresses) {
  FieldWave wave;
  const std::string link = wave.link("p1");
  ASSERT_EQ(wave.fill(link + "/p/role", "role=3&role.other.3=secretword").status, 303);
  EXPECT_EQ(wave.get("/i/unknownlinkunknownlink").status, 404);
  const std::string log = wave.log();
  EXPECT_THAT(log, HasSubstr("\"route\":\"/i/:link/p/:page\""));
  EXPECT_THAT(log, HasSubstr("\"network\":\"127.0.0.0/24\""));
  for (const std::string& secret :
       {link.substr(3), std::string("secretword"), std::string("unknownlink"),
        std::string("127.0.0.1\""), std::string("role")}) {
    EXPECT_THAT(log, Not(HasSubstr(secret)));
  }
}

TEST(RespondentSite, HealthAndMetrics) {
  FieldWave wave;
  ASSERT_EQ(wave.fill(wave.link("p1") + "/p/role", "role=1").status, 303);
  EXPECT_EQ(wave.get("/health").body, "{\"status\":\"ok\"}\n");
  const std::string text = wave.get("/metrics").body;
  EXPECT_THAT(text, HasSubstr("barometer_pages_saved_total 1\n"));
  EXPECT_THAT(text,
              HasSubstr("barometer_requests_total{route=\"/i/:link/p/:page\",status=\"3xx\"} 1"));
  EXPECT_THAT(
      text,
      HasSubstr("barometer_request_seconds_bucket{route=\"/i/:link/p/:page\",le=\"+Inf\"} 2"));
  EXPECT_THAT(text, Not(HasSubstr(wave.link("p1").substr(3))));
}

TEST(RespondentSite, AFewRequestsALinkThenWait) {
  FieldServerOptions options;
  options.link_rate = {1, 5};
  FieldWave wave(options);
  int refused = 0;
  for (int i = 0; i < 10; ++i) refused += wave.get(wave.link("p1")).status == 429 ? 1 : 0;
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(wave.get(wave.link("p2")).status, 200);
  wave.now_ms += 1000;
  EXPECT_EQ(wave.get(wave.link("p1")).status, 200);
}

TEST(RespondentSite, StylesAreOursAndKept) {
  FieldWave wave;
  const std::string html = wave.get(wave.link("p1")).body;
  const size_t at = html.find("/assets/");
  ASSERT_NE(at, std::string::npos);
  const std::string path = html.substr(at, 8 + 16) + "/site.css";
  const HttpAnswer plain = wave.get(path);
  EXPECT_EQ(plain.status, 200);
  EXPECT_THAT(plain.header("Cache-Control"), HasSubstr("immutable"));
  EXPECT_THAT(plain.body, Not(HasSubstr("url(/")));
  EXPECT_THAT(plain.body, Not(HasSubstr("GDS Transport,arial")));
  const HttpAnswer packed = wave.get(path, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size() * 4, plain.body.size());
}

}  // namespace
}  // namespace barometer
