// An interview from its first page to its last: route, status, languages, piping, resuming.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/interview/interview_testing_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kRouted = R"(
  - {id: role, type: single, text: "Your role?", options: [Chair, {label: Another, specify: true}]}
  - {id: gp, type: yes-no, text: "A GP?", options: ["Yes", "No"]}
  - {id: sessions, type: number, text: Sessions, ask_if: gp = 'Yes', base: GPs}
  - {id: why, type: open, text: "Why, as {{role|a leader}} with {{sessions|no}} sessions?", ask_if: role = 'Chair' or sessions > 4, base: Some}
)";

std::vector<std::string> route(const Interview& interview, const InterviewState& state) {
  std::vector<std::string> out;
  for (const size_t page : interview.route(state)) out.push_back(interview.pages()[page].id);
  return out;
}

TEST(AnInterview, FollowsItsRoute) {
  const Interview interview = interview_of(kRouted);
  EXPECT_THAT(route(interview, interview.start(1)), ElementsAre("role", "gp"));
  const auto gp = after(interview, {{"role", "role=2"}, {"gp", "gp=1"}});
  EXPECT_THAT(route(interview, gp), ElementsAre("role", "gp", "sessions"));
  const auto many = after(interview, {{"sessions", "sessions=5"}}, gp);
  EXPECT_THAT(route(interview, many), ElementsAre("role", "gp", "sessions", "why"));
}

TEST(AnInterview, KeepsWhatLeftTheRouteAndDoesNotCountIt) {
  const Interview interview = interview_of(kRouted);
  const auto done = after(
      interview,
      {{"role", "role=2"}, {"gp", "gp=1"}, {"sessions", "sessions=5"}, {"why", "why=Because"}});
  EXPECT_EQ(interview.count(done).answered, 4U);
  const auto changed = after(interview, {{"gp", "gp=2"}}, done);
  EXPECT_THAT(route(interview, changed), ElementsAre("role", "gp"));
  EXPECT_EQ(interview.count(changed).answered, 2U);
  EXPECT_EQ(interview.summary(changed).size(), 2U);
  EXPECT_EQ(changed.answers.at("sessions").text, "5");
  EXPECT_EQ(interview.first_open_page(changed), std::nullopt);
  const auto back = after(interview, {{"gp", "gp=1"}}, changed);
  EXPECT_EQ(interview.count(back).answered, 4U);
  EXPECT_EQ(interview.first_open_page(back), std::nullopt);
}

TEST(AnInterview, RefusesAnAnswerOffItsRoute) {
  const Interview interview = interview_of(kRouted);
  const auto outcome = posted(interview, "sessions", "sessions=5", interview.start(1));
  EXPECT_EQ(outcome_text(outcome), "off the route");
  EXPECT_FALSE(interview.show(2, interview.start(1)));
}

TEST(AnInterview, PipesEarlierAnswersAsTextAndFallsBack) {
  const Interview interview = interview_of(kRouted);
  const auto chair = after(interview, {{"role", "role=1"}});
  EXPECT_EQ(interview.show(3, chair)->title, "Why, as Chair with no sessions?");
  const auto other = after(interview, {{"role", "role=2&role.other.2=%3Cb%3E{{gp}}"},
                                       {"gp", "gp=1"},
                                       {"sessions", "sessions=6.5"}});
  EXPECT_EQ(interview.show(3, other)->title, "Why, as Another: <b>{{gp}} with 6.5 sessions?");
  const auto changed = after(interview, {{"gp", "gp=2"}, {"role", "role=1"}}, other);
  EXPECT_EQ(interview.show(3, changed)->title, "Why, as Chair with no sessions?");
}

TEST(AnInterview, LandsOnTheFirstOpenPageOnAnyDevice) {
  const Interview interview = interview_of(kRouted);
  EXPECT_EQ(interview.first_open_page(interview.start(1)), 0U);
  EXPECT_EQ(interview.first_open_page(after(interview, {{"role", "role=1"}})), 1U);
  // A page saved blank is done.
  EXPECT_EQ(interview.first_open_page(after(interview, {{"role", "role=1"}, {"gp", ""}})), 3U);
  // One that was passed over by typing an address is not.
  EXPECT_EQ(interview.first_open_page(after(interview, {{"gp", "gp=2"}})), 0U);
}

TEST(AnInterview, SendsOnToTheNextOpenPageThenToThoseLeftOut) {
  const Interview interview = interview_of(kRouted);
  const auto next = [&](const InterviewState& state, const char* page, const char* form) {
    return std::get<PostAccepted>(posted(interview, page, form, state)).next;
  };
  EXPECT_EQ(next(interview.start(1), "role", "role=1"), 1U);
  EXPECT_EQ(next(interview.start(1), "gp", "gp=2"), 0U);
  EXPECT_EQ(next(after(interview, {{"role", "role=2"}}), "gp", "gp=1"), 2U);
  EXPECT_EQ(next(after(interview, {{"role", "role=2"}}), "gp", "gp=2"), std::nullopt);
}

TEST(AnInterview, IsSentOnceEveryPageIsSaved) {
  const Interview interview = interview_of(kRouted);
  const auto open = interview.submit(after(interview, {{"role", "role=2"}}), {});
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().message, "the page 'gp' has not been answered");
  const auto sent = interview.submit(after(interview, {{"role", "role=2"}, {"gp", "gp=2"}}), {});
  ASSERT_TRUE(sent);
  EXPECT_TRUE(sent->state.submitted);
  EXPECT_EQ(sent->body, R"({"language":"en","mode":"web"})");
  const auto changed = after(interview, {{"gp", "gp=1"}}, sent->state);
  EXPECT_TRUE(changed.submitted);
  EXPECT_EQ(interview.first_open_page(changed), 2U);
}

struct StatusCase {
  const char* situation;
  std::vector<std::pair<std::string, std::string>> posts;
  CompletionThresholds thresholds;
  std::string_view expected;
};
class StatusByThreshold : public testing::TestWithParam<StatusCase> {};

TEST_P(StatusByThreshold, IsExact) {
  const Interview interview = interview_of(
      "  - {id: a, type: yes-no, text: Q, prefer_not_to_say: true}\n"
      "  - {id: b, type: yes-no, text: Q, prefer_not_to_say: true}\n"
      "  - {id: c, type: score, text: Q, scale: [1, 3], offer_dont_know: true}\n"
      "  - {id: d, type: open, text: Q}\n",
      "", {.thresholds = GetParam().thresholds});
  const auto count = interview.count(after(interview, GetParam().posts));
  EXPECT_EQ(name_of(count.status), GetParam().expected) << GetParam().situation;
  EXPECT_EQ(count.asked, 4U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StatusByThreshold,
    testing::Values(
        StatusCase{"nothing", {}, {80, 50}, "new"},
        StatusCase{"pages saved blank", {{"a", ""}, {"b", ""}, {"d", "d="}}, {80, 50}, "new"},
        StatusCase{"a refusal alone is a start", {{"a", "a=refused"}}, {80, 50}, "started"},
        StatusCase{"refusals are no answers",
                   {{"a", "a=refused"}, {"b", "b=refused"}, {"c", "c=1"}},
                   {80, 50},
                   "started"},
        StatusCase{"one of four", {{"a", "a=1"}}, {80, 50}, "started"},
        StatusCase{"half, on the threshold", {{"a", "a=1"}, {"b", "b=2"}}, {80, 50}, "partial"},
        StatusCase{"half, one per cent under", {{"a", "a=1"}, {"b", "b=2"}}, {80, 51}, "started"},
        StatusCase{
            "three quarters", {{"a", "a=1"}, {"b", "b=2"}, {"c", "c=3"}}, {80, 50}, "partial"},
        StatusCase{"three quarters, on the threshold",
                   {{"a", "a=1"}, {"b", "b=2"}, {"c", "c=3"}},
                   {75, 50},
                   "complete"},
        StatusCase{"a don't know counts",
                   {{"a", "a=4"}, {"b", "b=2"}, {"c", "c=dont_know"}},
                   {75, 50},
                   "complete"},
        StatusCase{"all",
                   {{"a", "a=1"}, {"b", "b=2"}, {"c", "c=3"}, {"d", "d=x"}},
                   {100, 100},
                   "complete"}));

TEST(AStatus, OfAnInterviewThatMustBeSentWaitsForIt) {
  const Interview interview =
      interview_of("  - {id: a, type: yes-no, text: Q}\n", "", {.submit_to_complete = true});
  const auto answered = after(interview, {{"a", "a=1"}});
  EXPECT_EQ(interview.count(answered).status, InterviewStatus::kPartial);
  const auto sent = interview.submit(answered, {});
  EXPECT_EQ(interview.count(sent->state).status, InterviewStatus::kComplete);
}

constexpr const char* kWelsh = R"(
  - {id: role, type: single, text: {en: Your role, cy: Eich rôl}, hint: {en: One, cy: Un}, required: true, options: [{label: {en: Chair, cy: Cadeirydd}}, {label: {en: Other, cy: Arall}, specify: {en: Which, cy: Pa un}}]}
  - battery: future
    type: likelihood
    title: {en: The future, cy: Y dyfodol}
    stem: {en: "How likely, {{role}}?", cy: "Pa mor debygol, {{role}}?"}
    labels: {cy: [Tebygol iawn, Eithaf tebygol, Eithaf annhebygol, Annhebygol iawn, Ddim yn gwybod]}
    items:
      - {id: merge, text: {en: Merge, cy: Uno}}
)";

TEST(ALanguage, SpeaksOnEveryPartOfAPage) {
  const Interview interview = interview_of(kWelsh, "languages: [en, cy]\n");
  const auto page = interview.show(0, interview.start(1, "cy")).value();
  EXPECT_EQ(page.title, "Eich rôl");
  EXPECT_EQ(page.language, "cy");
  EXPECT_EQ(page.fields[0].hint, "Un");
  EXPECT_EQ(page.fields[0].choices[0].label, "Cadeirydd");
  EXPECT_EQ(page.fields[0].choices[1].specify_label, "Pa un");
  const auto refused = posted(interview, "role", "", interview.start(1, "cy"), {.language = "cy"});
  EXPECT_EQ(outcome_text(refused), "role: Dewiswch ateb");
  const auto taken = posted(interview, "role", "role=1", interview.start(1), {.language = "cy"});
  const auto& state = std::get<PostAccepted>(taken).state;
  EXPECT_EQ(state.language, "cy");
  const auto battery = interview.show(1, state).value();
  EXPECT_EQ(battery.title, "Y dyfodol");
  EXPECT_EQ(battery.stem, "Pa mor debygol, Cadeirydd?");
  EXPECT_EQ(battery.fields[0].legend, "Uno");
  EXPECT_EQ(battery.fields[0].choices[4].label, "Ddim yn gwybod");
  EXPECT_EQ(interview.show(1, state, "en")->stem, "How likely, Chair?");
  EXPECT_THAT(interview.summary(state).at(0).answers, ElementsAre("Cadeirydd"));
}

TEST(ALanguage, ThatIsNotOfferedIsTheFirst) {
  const Interview interview = interview_of(kWelsh, "languages: [en, cy]\n");
  EXPECT_EQ(interview.start(1, "fr").language, "en");
  EXPECT_EQ(interview.show(0, interview.start(1), "fr")->title, "Your role");
}

TEST(AnInterview, IsNotMadeOfWhatCannotBeAsked) {
  const auto error = [](Questionnaire questionnaire, const InterviewSettings& settings = {}) {
    const auto made = Interview::make(std::move(questionnaire), settings);
    return made ? std::string("made") : made.error().message;
  };
  EXPECT_EQ(error({}), "the questionnaire has no items to ask");
  Questionnaire good = questionnaire_of(kRouted);
  EXPECT_EQ(error(good), "made");
  EXPECT_THAT(error(good, {.thresholds = {40, 50}}), HasSubstr("complete from 40"));
  EXPECT_THAT(error(good, {.thresholds = {101, 50}}), HasSubstr("complete from 101"));
  Questionnaire later = good;
  later.items[0].ask_if = "gp = 1";
  EXPECT_THAT(error(later), HasSubstr("'gp', which is no earlier item"));
  Questionnaire unread = good;
  unread.items[2].ask_if = "gp = = 1";
  EXPECT_THAT(error(unread), HasSubstr("item 'sessions'"));
  Questionnaire mistyped = good;
  mistyped.items[2].ask_if = "gp = 'Maybe'";
  EXPECT_THAT(error(mistyped), HasSubstr("Maybe"));
}

TEST(AProgress, CountsThePagesOfTheRouteAsItIs) {
  const Interview interview = interview_of(kRouted);
  const auto gp = after(interview, {{"role", "role=1"}, {"gp", "gp=1"}});
  const auto page = interview.show(2, gp).value();
  EXPECT_EQ(page.progress.page, 3U);
  EXPECT_EQ(page.progress.pages, 4U);
  EXPECT_EQ(page.progress.answered, 2U);
  EXPECT_EQ(page.previous, 1U);
  EXPECT_EQ(interview.show(0, gp)->previous, std::nullopt);
}

}  // namespace
}  // namespace barometer
