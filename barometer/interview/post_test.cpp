// What people, browsers and others post to a page, and what comes of it.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/interview/interview_testing_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kItems = R"(
  - {id: role, type: single, text: "Your role?", required: true, options: [Chair, Officer, {label: Another, code: 9, specify: "Which role?"}]}
  - {id: barriers, type: multi, text: "Which?", choices: [2, 3], prefer_not_to_say: true, options: [Money, Staff, Time, Law, {label: None, code: 7, exclusive: true}]}
  - {id: sessions, type: number, text: "How many?", range: [0, 14], decimals: 1, unit: sessions, offer_dont_know: true}
  - {id: share, type: number, text: "Which share?", unit: "%", decimals: 0}
  - {id: budget, type: number, text: "Budget?", unit: "£"}
  - {id: since, type: open, text: "Since when?", format: date, dates: [2012-04-01, 2026-12-31]}
  - {id: words, type: open, text: "Anything else?", max_length: 12, quote: true, prefer_not_to_say: true}
  - {id: line, type: open, text: One line, format: line, required: soft}
  - {id: trust, type: score, text: "How far?", scale: [1, 10], offer_dont_know: true}
  - {battery: places, type: score, stem: Rank, rank: true, required: true, scale: [1, 2], items: [{id: p1, text: One}, {id: p2, text: Two}, {id: p3, text: Three}]}
  - {battery: likely, type: likelihood, stem: "How likely?", required: true, items: [{id: l1, text: Merge}, {id: l2, text: Close}]}
)";

const Interview& interview() {
  static const Interview made = interview_of(kItems);
  return made;
}

struct PostCase {
  const char* situation;
  std::string page;
  std::string form;
  std::string expected;    // "taken" or the messages
  std::string recorded{};  // a part of the entry, when taken
};
class PagePost : public testing::TestWithParam<PostCase> {};

TEST_P(PagePost, IsTakenWholeOrRefusedWithWords) {
  const PostCase& row = GetParam();
  const PostOutcome outcome = posted(interview(), row.page, row.form, interview().start(1));
  EXPECT_EQ(outcome_text(outcome), row.expected) << row.situation;
  if (const auto* accepted = std::get_if<PostAccepted>(&outcome)) {
    EXPECT_THAT(accepted->body, HasSubstr(row.recorded)) << row.situation;
  }
}

INSTANTIATE_TEST_SUITE_P(
    One, PagePost,
    testing::Values(
        PostCase{"an option", "role", "role=2", "taken", R"("answers":{"role":[2]})"},
        PostCase{"an option with its words", "role", "role=9&role.other.9=+Medical+lead+", "taken",
                 R"({"codes":[9],"specified":{"9":"Medical lead"}})"},
        PostCase{"words of an option not chosen", "role", "role=1&role.other.9=Lead", "taken",
                 R"("role":[1])"},
        PostCase{"nothing where something is required", "role", "", "role: Select an answer"},
        PostCase{"skipping does not help there", "role", "skip=1", "role: Select an answer"},
        PostCase{"two of one", "role", "role=1&role=2", "role: Select one answer only"},
        PostCase{"the same twice is one", "role", "role=1&role=1", "taken", R"("role":[1])"},
        PostCase{"no option", "role", "role=3", "role: Select one of the answers listed"},
        PostCase{"a label in place of its code", "role", "role=Chair",
                 "role: Select one of the answers listed"},
        PostCase{"a code with more behind it", "role", "role=1x",
                 "role: Select one of the answers listed"},
        PostCase{"a number past all codes", "role", "role=99999999999999",
                 "role: Select one of the answers listed"},
        PostCase{"a refusal that is not offered", "role", "role=refused",
                 "role: Select one of the answers listed"},
        PostCase{"words beyond their length", "role",
                 "role=9&role.other.9=" + std::string(501, 'x'),
                 "role.other.9: Use 500 characters or fewer"}));

INSTANTIATE_TEST_SUITE_P(
    Several, PagePost,
    testing::Values(
        PostCase{"codes come sorted", "barriers", "barriers=3&barriers=1", "taken",
                 R"("barriers":[1,3])"},
        PostCase{"nothing is a blank", "barriers", "", "taken", R"({"missing":"blank"})"},
        PostCase{"too few", "barriers", "barriers=1", "barriers: Select at least 2"},
        PostCase{"too many", "barriers", "barriers=1&barriers=2&barriers=3&barriers=4",
                 "barriers: Select at most 3"},
        PostCase{"none of these, alone", "barriers", "barriers=7", "taken", R"("barriers":[7])"},
        PostCase{"none of these, and one", "barriers", "barriers=7&barriers=1",
                 "barriers: “None” cannot be selected with other answers"},
        PostCase{"prefers not to say", "barriers", "barriers=refused", "taken",
                 R"({"missing":"refused"})"},
        PostCase{"prefers not to say, and one", "barriers", "barriers=refused&barriers=1",
                 "barriers: “Prefer not to say” cannot be selected with other answers"},
        PostCase{"one that is not listed among others", "barriers", "barriers=1&barriers=5",
                 "barriers: Select one of the answers listed"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, PagePost,
    testing::Values(
        PostCase{"a number as typed", "sessions", "sessions=+7.5+", "taken", R"("sessions":"7.5")"},
        PostCase{"its unit", "sessions", "sessions=7+sessions", "taken", R"("sessions":"7")"},
        PostCase{"the least", "sessions", "sessions=0", "taken", R"("sessions":"0")"},
        PostCase{"over the most", "sessions", "sessions=14.1",
                 "sessions: Enter a number between 0 and 14"},
        PostCase{"below zero", "sessions", "sessions=-1",
                 "sessions: Enter a number between 0 and 14"},
        PostCase{"too exact", "sessions", "sessions=1.25",
                 "sessions: Enter a number with at most 1 decimal places"},
        PostCase{"a word", "sessions", "sessions=seven",
                 "sessions: Enter a number in digits, such as 12"},
        PostCase{"infinity", "sessions", "sessions=inf",
                 "sessions: Enter a number in digits, such as 12"},
        PostCase{"an exponent", "sessions", "sessions=1e1",
                 "sessions: Enter a number in digits, such as 12"},
        PostCase{"more digits than a number has", "sessions", "sessions=1234567890123456",
                 "sessions: Enter a number in digits, such as 12"},
        PostCase{"a very long one", "sessions", "sessions=" + std::string(4000, '1'),
                 "sessions: Enter a number in digits, such as 12"},
        PostCase{"twice", "sessions", "sessions=1&sessions=2", "sessions: Select one answer only"},
        PostCase{"don't know", "sessions", "sessions.instead=dont_know", "taken",
                 R"({"missing":"dont_know"})"},
        PostCase{"don't know, and a number", "sessions", "sessions=3&sessions.instead=dont_know",
                 "sessions: Either give an answer or select “Don’t know”, not both"},
        PostCase{"a refusal that is not offered", "sessions", "sessions.instead=refused",
                 "sessions.instead: Select one of the answers listed"},
        PostCase{"a percentage with its sign", "share", "share=40%25", "taken", R"("share":"40")"},
        PostCase{"over a hundred per cent", "share", "share=101",
                 "share: Enter a number between 0 and 100"},
        PostCase{"half a per cent where wholes are asked", "share", "share=0.5",
                 "share: Enter a whole number"},
        PostCase{"pounds with commas", "budget", "budget=%C2%A31,250,000.50", "taken",
                 R"("budget":"1250000.50")"},
        PostCase{"pounds with blanks", "budget", "budget=%C2%A3+12+500", "taken",
                 R"("budget":"12500")"},
        PostCase{"a decimal comma is not guessed at", "budget", "budget=1,25",
                 "budget: Enter a number in digits, such as 12"},
        PostCase{"commas anywhere", "budget", "budget=12,34,567",
                 "budget: Enter a number in digits, such as 12"},
        PostCase{"a comma before the point", "budget", "budget=1,.5",
                 "budget: Enter a number in digits, such as 12"},
        PostCase{"a comma first", "budget", "budget=,500",
                 "budget: Enter a number in digits, such as 12"},
        PostCase{"four digits before a comma", "budget", "budget=1234,567",
                 "budget: Enter a number in digits, such as 12"},
        PostCase{"a debt", "budget", "budget=-5", "budget: Enter a number of 0 or more"}));

INSTANTIATE_TEST_SUITE_P(
    Words, PagePost,
    testing::Values(
        PostCase{"a date", "since", "since.day=1&since.month=4&since.year=2013", "taken",
                 R"("since":"2013-04-01")"},
        PostCase{"no date", "since", "", "taken", R"({"missing":"blank"})"},
        PostCase{"half a date", "since", "since.day=1&since.month=4",
                 "since.day: Enter a real date, such as 27 3 2026"},
        PostCase{"the 30th of February", "since", "since.day=30&since.month=2&since.year=2013",
                 "since.day: Enter a real date, such as 27 3 2026"},
        PostCase{"a month in letters", "since", "since.day=1&since.month=May&since.year=2013",
                 "since.day: Enter a real date, such as 27 3 2026"},
        PostCase{"a year of two digits", "since", "since.day=1&since.month=5&since.year=13",
                 "since.day: Enter a real date, such as 27 3 2026"},
        PostCase{"before the first day", "since", "since.day=31&since.month=3&since.year=2012",
                 "since.day: Enter a date between 1 April 2012 and 31 December 2026"},
        PostCase{"words, not to be quoted", "words", "words=Well+done", "taken",
                 R"({"quote":"no","text":"Well done"})"},
        PostCase{"words, with the role", "words", "words=Well&words.quote=role", "taken",
                 R"({"quote":"role","text":"Well"})"},
        PostCase{"a consent that is none", "words", "words=Well&words.quote=all", "taken",
                 R"({"quote":"no","text":"Well"})"},
        PostCase{"a script is words", "words", "words=%3Cscript%3E", "taken", R"("<script>")"},
        PostCase{"as long as may be, in letters of two bytes", "words",
                 "words=%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2%C3%A2",
                 "taken", "quote"},
        PostCase{"one letter more", "words", "words=1234567890123",
                 "words: Use 12 characters or fewer"},
        PostCase{"blanks only", "words", "words=+++", "taken", R"({"missing":"blank"})"},
        PostCase{"lines in a line", "line", "line=a%0Ab", "taken", R"("line":"a b")"},
        PostCase{"left out softly", "line", "",
                 "line: Enter an answer (or continue without answering)"},
        PostCase{"left out again", "line", "skip=1", "taken", R"({"missing":"blank"})"}));

INSTANTIATE_TEST_SUITE_P(
    Batteries, PagePost,
    testing::Values(
        PostCase{"a point", "trust", "trust=10", "taken", R"("trust":[10])"},
        PostCase{"no point", "trust", "trust=11", "trust: Select one of the answers listed"},
        PostCase{"don't know of a score", "trust", "trust=dont_know", "taken",
                 R"({"missing":"dont_know"})"},
        PostCase{"two places of three statements", "places", "p1=2&p2=&p3=1", "taken",
                 R"({"p1":[2],"p2":{"missing":"blank"},"p3":[1]})"},
        PostCase{"one place twice", "places",
                 "p1=1&p2=1&p3=", "p2: Give each place once: 1 is given twice"},
        PostCase{"a place left over", "places",
                 "p1=1&p2=&p3=", "p2: Select an answer: Two; p3: Select an answer: Three"},
        PostCase{"one statement of two", "likely", "l1=1", "l2: Select an answer: Close"},
        PostCase{"both", "likely", "l1=1&l2=5", "taken", R"({"l1":[1],"l2":[5]})"},
        PostCase{"one good, one bad: nothing is taken", "likely", "l1=1&l2=6",
                 "l2: Select one of the answers listed"},
        PostCase{"fields of another page", "likely", "l1=1&l2=2&role=1&csrf=x&l1.else=3", "taken",
                 R"({"l1":[1],"l2":[2]},"language")"}));

TEST(PagePost, CountsWhatItDoesNotTake) {
  const auto outcome = posted(interview(), "likely", "l1=1&l2=2&role=1&csrf=x&l1.else=3&l1.=4",
                              interview().start(1));
  EXPECT_EQ(std::get<PostAccepted>(outcome).ignored, 4U);
}

TEST(PagePost, KeepsWhatWasTypedWhenRefused) {
  const auto outcome = posted(interview(), "sessions", "sessions=se<ven>", interview().start(1));
  const PageView& page = std::get<PostRefused>(outcome).page;
  ASSERT_EQ(page.fields.size(), 1U);
  EXPECT_EQ(page.fields[0].value, "se<ven>");
  EXPECT_EQ(page.fields[0].error, "Enter a number in digits, such as 12");
  EXPECT_FALSE(page.offer_skip);

  const auto role =
      posted(interview(), "role", "role=9&role=1&role.other.9=Lead", interview().start(1));
  const FieldView& field = std::get<PostRefused>(role).page.fields.at(0);
  EXPECT_TRUE(field.choices.at(0).chosen);
  EXPECT_TRUE(field.choices.at(2).chosen);
  EXPECT_EQ(field.choices.at(2).specify_value, "Lead");
}

TEST(PagePost, OffersToGoOnWithoutASoftAnswer) {
  const auto outcome = posted(interview(), "line", "line=", interview().start(1));
  EXPECT_TRUE(std::get<PostRefused>(outcome).page.offer_skip);
}

TEST(PagePost, OfAnOperatorIsNotStoppedByWhatIsRequired) {
  const PostFacts paper{.mode = "paper"};
  const auto first = posted(interview(), "role", "", interview().start(1), paper);
  EXPECT_EQ(outcome_text(first), "role: Select an answer (or continue without answering)");
  const auto second = posted(interview(), "role", "skip=1", interview().start(1), paper);
  EXPECT_THAT(std::get<PostAccepted>(second).body, HasSubstr(R"("mode":"paper")"));
}

TEST(PagePost, RecordsTheCaseWithItsFirstEntryOnly) {
  const PostFacts facts{
      .language = "en", .seconds = 12, .facts = {.organisations = {"g1", "g2"}, .role = "Chair"}};
  const auto first = posted(interview(), "role", "role=1", interview().start(0xAB), facts);
  const auto& accepted = std::get<PostAccepted>(first);
  EXPECT_EQ(
      accepted.body,
      R"({"answers":{"role":[1]},"case":{"organisations":["g1","g2"],"role":"Chair"},)"
      R"("language":"en","mode":"web","page":"role","seconds":12,"seed":"00000000000000ab"})");
  const auto second = posted(interview(), "share", "share=4", accepted.state, facts);
  EXPECT_EQ(
      std::get<PostAccepted>(second).body,
      R"({"answers":{"share":"4"},"language":"en","mode":"web","page":"share","seconds":12})");
  EXPECT_THAT(accepted.state.facts.organisations, ElementsAre("g1", "g2"));
}

// An operator who does not see an answer does not wipe it out by leaving it blank.
TEST(PagePost, WhatWhoEntersDoesNotSeeStaysWhenLeftBlank) {
  const InterviewState held = after(interview(), {{"role", "role=1"}, {"share", "share=4"}});
  const auto entered = [&](const char* page, const char* form, const InterviewState* unseen) {
    PostFacts facts{.mode = "telephone", .by = "ed", .seconds = 3};
    facts.unseen = unseen;
    const auto outcome = posted(interview(), page, form, interview().start(1), facts);
    return std::get<PostAccepted>(outcome).body;
  };
  const std::string head = R"("by":"ed","language":"en","mode":"telephone","page":")";
  EXPECT_THAT(entered("share", "skip=1", &held), HasSubstr("{" + head + "share\""));
  EXPECT_THAT(entered("share", "skip=1", nullptr),
              HasSubstr(R"({"answers":{"share":{"missing":"blank"}})"));
  EXPECT_THAT(entered("share", "share=5", &held), HasSubstr(R"({"answers":{"share":"5"})"));
  InterviewState state = held;
  EntryFacts facts;
  ASSERT_TRUE(interview().apply(kAnswersEntry, entered("share", "skip=1", &held), state, &facts));
  EXPECT_EQ(state.answers, held.answers);
  EXPECT_EQ(facts.by, "ed");
  EXPECT_EQ(facts.page, "share");
}

struct Forged {
  const char* situation;
  const char* body;
};
class ForgedEntry : public testing::TestWithParam<Forged> {};

TEST_P(ForgedEntry, IsRefusedAndChangesNothing) {
  InterviewState state = interview().start(1);
  const InterviewState before = state;
  const auto status = interview().apply(kAnswersEntry, GetParam().body, state);
  ASSERT_FALSE(status) << GetParam().situation;
  EXPECT_THAT(status.error().message, HasSubstr("not of this questionnaire"));
  EXPECT_EQ(state, before);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ForgedEntry,
    testing::Values(Forged{"no JSON", "role=1"}, Forged{"a list", "[1]"},
                    Forged{"an item that is none", R"({"answers":{"rule":[1]}})"},
                    Forged{"a code that is none", R"({"answers":{"role":[3]}})"},
                    Forged{"two codes of one", R"({"answers":{"role":[1,2]}})"},
                    Forged{"codes out of order", R"({"answers":{"barriers":[2,1]}})"},
                    Forged{"a code twice", R"({"answers":{"barriers":[2,2]}})"},
                    Forged{"no codes", R"({"answers":{"role":[]}})"},
                    Forged{"a broken number in place of codes", R"({"answers":{"role":[1.5]}})"},
                    Forged{"a text in place of codes", R"({"answers":{"role":"1"}})"},
                    Forged{"codes in place of a text", R"({"answers":{"words":[1]}})"},
                    Forged{"a kind of missing that is none",
                           R"({"answers":{"role":{"missing":"x"}}})"},
                    Forged{"specified words of what was not chosen",
                           R"({"answers":{"role":{"codes":[1],"specified":{"9":"x"}}}})"},
                    Forged{"an empty text", R"({"answers":{"words":""}})"},
                    Forged{"answers that are no map", R"({"answers":[]})"},
                    Forged{"a seed that is none", R"({"seed":"xyz"})"}));

TEST(ForgedEntry, OfAnotherKindIsLeftAlone) {
  InterviewState state = interview().start(1);
  ASSERT_TRUE(interview().apply("declined", "not JSON", state));
  EXPECT_EQ(state.entries, 1);
  EXPECT_TRUE(state.answers.empty());
}

}  // namespace
}  // namespace barometer
