// What became of people and organisations, story by story.
#include "barometer/fieldwork/disposition.h"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::HasSubstr;

// Events by their words, "invited bounced", and what they come to.
struct Story {
  const char* situation;
  const char* events;
  InterviewStatus interview;
  const char* expected;  // letters and code
};
class Disposition : public testing::TestWithParam<Story> {};

TEST_P(Disposition, OfAStory) {
  std::vector<ContactEvent> events;
  std::istringstream words(GetParam().events);
  for (std::string word; words >> word;) {
    const auto kind = contact_kind_named(word);
    ASSERT_TRUE(kind) << word;
    events.push_back({.at_ms = static_cast<int64_t>(events.size()), .kind = *kind});
  }
  // The order in which they are handed over does not matter.
  for (int turn = 0; turn < 2; ++turn) {
    const auto found = final_disposition(events, GetParam().interview);
    EXPECT_EQ(std::string(letters_of(found.disposition)) + " " + std::string(found.code),
              GetParam().expected)
        << GetParam().situation;
    std::ranges::reverse(events);
  }
}

constexpr auto kNothing = InterviewStatus::kNew;
INSTANTIATE_TEST_SUITE_P(
    Table, Disposition,
    testing::Values(
        Story{"nothing at all", "", kNothing, "UO 3.11"},
        Story{"no address", "imported no-address", kNothing, "UO 3.11"},
        Story{"invited, silent", "imported invited", kNothing, "NC 2.20"},
        Story{"invited, reminded, silent", "invited reminded reminded", kNothing, "NC 2.20"},
        Story{"came back", "invited bounced", kNothing, "UO 3.30"},
        Story{"came back, then reached", "invited bounced reminded", kNothing, "NC 2.20"},
        Story{"reached, then came back", "invited reminded bounced", kNothing, "UO 3.30"},
        Story{"late, not back", "invited delayed", kNothing, "NC 2.20"},
        Story{"called, nobody there", "no-answer", kNothing, "NC 2.20"},
        Story{"declined", "invited declined", kNothing, "R 2.112"},
        Story{"declined and took it back", "invited declined decline-withdrawn", kNothing,
              "NC 2.20"},
        Story{"took it back and declined again", "declined decline-withdrawn declined", kNothing,
              "R 2.112"},
        Story{"the secretary said no", "invited declined-by-other", kNothing, "R 2.111"},
        Story{"opted out", "invited opted-out", kNothing, "R 2.112"},
        Story{"opted out and back in", "invited opted-out opt-out-withdrawn", kNothing, "NC 2.20"},
        Story{"opted in again, but declined as well",
              "invited declined opted-out opt-out-withdrawn", kNothing, "R 2.112"},
        Story{"some answers", "invited", InterviewStatus::kStarted, "R 2.12"},
        Story{"some answers, then a no", "invited declined", InterviewStatus::kStarted, "R 2.112"},
        Story{"partial", "invited", InterviewStatus::kPartial, "P 1.2"},
        Story{"partial, then opted out", "invited opted-out", InterviewStatus::kPartial, "P 1.2"},
        Story{"complete", "invited", InterviewStatus::kComplete, "I 1.1"},
        Story{"complete on paper", "invited paper", InterviewStatus::kComplete, "I 1.1"},
        Story{"complete although a mail came back", "invited bounced", InterviewStatus::kComplete,
              "I 1.1"},
        Story{"erased", "invited erased", kNothing, "R 2.112"},
        Story{"died", "invited died", kNothing, "O 2.31"},
        Story{"ill", "invited unable", kNothing, "O 2.32"},
        Story{"no language", "invited language", kNothing, "O 2.33"},
        Story{"wrote back", "invited replied", kNothing, "O 2.36"},
        Story{"away", "invited unavailable", kNothing, "NC 2.26"},
        Story{"left the post", "invited not-eligible", kNothing, "NE 4.10"},
        Story{"on the list twice", "duplicate", kNothing, "NE 4.81"},
        Story{"handed over", "invited transferred", kNothing, "NE 4.90"},
        Story{"asked a colleague as well", "invited shared", kNothing, "NC 2.20"}));

TEST(AnOrganisation, IsWhatTheBestOfItsPeopleIs) {
  const auto person = [](std::vector<std::string> organisations, DispositionClass disposition) {
    return PersonOutcome{std::move(organisations), {disposition, "", ""}};
  };
  const std::vector<std::string> organisations{"a", "b", "c", "d", "e"};
  const std::vector people{person({"a", "b"}, DispositionClass::kComplete),
                           person({"a"}, DispositionClass::kComplete),
                           person({"b"}, DispositionClass::kRefusal),
                           person({"c"}, DispositionClass::kNonContact),
                           person({"c"}, DispositionClass::kRefusal),
                           person({"d"}, DispositionClass::kNotEligible)};
  const auto counts = count_organisations(people, organisations).value();
  EXPECT_EQ(counts.complete, 2);
  EXPECT_EQ(counts.refusal, 1);
  EXPECT_EQ(counts.not_eligible, 1);
  EXPECT_EQ(counts.unknown_other, 1);  // nobody is listed
  EXPECT_EQ(counts.total(), 5);
  EXPECT_EQ(count_people(people).complete, 2);
  EXPECT_EQ(count_people(people).total(), 6);
  const auto unknown = count_organisations(std::vector{person({"aa"}, {})}, organisations);
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("'aa' is not in the frame"));
}

}  // namespace
}  // namespace barometer
