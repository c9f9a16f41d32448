// Dispositions and rates as printed, and what a stranger can work out of them.
#include "barometer/publish/response.h"

#include <functional>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array kCounts = {&OutcomeCounts::complete,      &OutcomeCounts::partial,
                                &OutcomeCounts::refusal,       &OutcomeCounts::non_contact,
                                &OutcomeCounts::other,         &OutcomeCounts::unknown_household,
                                &OutcomeCounts::unknown_other, &OutcomeCounts::not_eligible};

constexpr std::array<std::string_view, 8> kWords = {"complete",
                                                    "partial",
                                                    "refused or broke off",
                                                    "no contact",
                                                    "other",
                                                    "unknown whether there is such a person",
                                                    "not reached, unknown whether eligible",
                                                    "not eligible"};

OutcomeRates rates_of(const OutcomeCounts& counts, Decimal e = {9, 1}) {
  return outcome_rates(counts, e, "people").value();
}

// "116 complete | 15 refused or broke off | …; RR1 29.0% …", of what is more than none.
std::string text_of(const PrintedOutcomes& printed) {
  std::string out;
  for (const auto& group : printed.groups) {
    if (group.count > 0) out += fmt::format("{} {}; ", group.count, group.words);
  }
  for (const auto& rate : printed.rates) out += fmt::format("{} {} ", rate.name, rate.text);
  return out;
}

struct Situation {
  const char* situation;
  OutcomeCounts counts;
  int least;
  bool partials_in_data;
  const char* expected;
};
class OutcomesAsPrinted : public testing::TestWithParam<Situation> {};

TEST_P(OutcomesAsPrinted, HideWhatIsSmall) {
  PrintRules rules;
  rules.suppress_count_under = GetParam().least;
  EXPECT_EQ(
      text_of(print_outcomes(rates_of(GetParam().counts), rules, GetParam().partials_in_data)),
      GetParam().expected)
      << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Table, OutcomesAsPrinted,
    testing::Values(
        // Vector C3 of the requirements.
        Situation{
            "nothing is hidden where no rule says so",
            {.complete = 90,
             .partial = 4,
             .refusal = 10,
             .non_contact = 250,
             .other = 8,
             .unknown_other = 60},
            0,
            true,
            "90 complete; 4 partial; 10 refused or broke off; 250 no contact; 8 other; 60 not "
            "reached, unknown whether eligible; RR1 21.3% RR2 22.3% RR3 21.6% RR4 22.6% RR5 "
            "24.9% RR6 26.0% COOP1 80.4% COOP2 83.9% COOP3 86.5% COOP4 90.4% REF1 2.4% REF2 "
            "2.4% REF3 2.8% CON1 26.5% CON2 26.9% CON3 30.9% "},
        Situation{
            "few partials go with the complete, whose rates then hide",
            {.complete = 90,
             .partial = 4,
             .refusal = 10,
             .non_contact = 250,
             .other = 8,
             .unknown_other = 60},
            5,
            true,
            "94 complete or partial; 10 refused or broke off; 250 no contact; 8 other; 60 not "
            "reached, unknown whether eligible; RR1 [c] RR2 22.3% RR3 [c] RR4 22.6% RR5 [c] "
            "RR6 26.0% COOP1 [c] COOP2 83.9% COOP3 [c] COOP4 90.4% REF1 2.4% REF2 2.4% REF3 "
            "2.8% CON1 26.5% CON2 26.9% CON3 30.9% "},
        Situation{"few partials that are not in the data go with the smallest",
                  {.complete = 90, .partial = 4, .refusal = 10, .non_contact = 250},
                  5,
                  false,
                  "90 complete; 14 partial or refused or broke off; 250 no contact; RR1 25.4% RR2 "
                  "[c] RR3 25.4% RR4 [c] RR5 25.4% RR6 [c] COOP1 86.5% COOP2 [c] COOP3 86.5% COOP4 "
                  "[c] REF1 [c] REF2 [c] REF3 [c] CON1 29.4% CON2 29.4% CON3 29.4% "},
        Situation{
            "a refusal and another go together, not with those who answered",
            {.complete = 90, .partial = 20, .refusal = 3, .non_contact = 100, .other = 4},
            5,
            true,
            "90 complete; 20 partial; 7 refused or broke off or other; 100 no contact; RR1 "
            "41.5% RR2 50.7% RR3 41.5% RR4 50.7% RR5 41.5% RR6 50.7% COOP1 76.9% COOP2 94.0% "
            "COOP3 [c] COOP4 [c] REF1 [c] REF2 [c] REF3 [c] CON1 53.9% CON2 53.9% CON3 53.9% "},
        Situation{"of nine people nothing is said", {.complete = 5, .non_contact = 4}, 0, true, ""},
        Situation{"few complete go with the partials that are in the data, across n with nobody",
                  {.complete = 3, .partial = 20, .refusal = 10, .non_contact = 50},
                  5,
                  true,
                  "23 complete or partial; 10 refused or broke off; 50 no contact; RR1 [c] RR2 "
                  "27.7% RR3 [c] RR4 27.7% RR5 [c] RR6 27.7% COOP1 [c] COOP2 69.7% COOP3 [c] COOP4 "
                  "69.7% REF1 12.0% REF2 12.0% REF3 12.0% CON1 39.8% CON2 39.8% CON3 39.8% "},
        Situation{"two refusals beside n are the total less n",
                  {.complete = 100, .refusal = 2},
                  5,
                  true,
                  ""},
        Situation{"three that are small together are so beside n",
                  {.complete = 100, .partial = 30, .refusal = 2, .other = 1, .unknown_other = 1},
                  5,
                  true,
                  ""},
        Situation{"few complete alone in the data",
                  {.complete = 3, .partial = 20, .refusal = 10, .non_contact = 50},
                  5,
                  false,
                  ""},
        Situation{"few in the data, complete and partial together",
                  {.complete = 2, .partial = 2, .refusal = 10, .non_contact = 50},
                  5,
                  true,
                  ""},
        Situation{"few partials, outside the data, with nobody beside them",
                  {.complete = 100, .partial = 4},
                  5,
                  false,
                  ""},
        Situation{"everybody is complete: nothing small",
                  {.complete = 100},
                  5,
                  true,
                  "100 complete; RR1 100.0% RR2 100.0% RR3 100.0% RR4 100.0% RR5 100.0% RR6 100.0% "
                  "COOP1 100.0% COOP2 100.0% COOP3 100.0% COOP4 100.0% REF1 0.0% REF2 0.0% REF3 "
                  "0.0% CON1 100.0% CON2 100.0% CON3 100.0% "},
        Situation{"all are small, and so are those in the data and those outside it",
                  {.complete = 3, .partial = 4, .refusal = 4},
                  12,
                  true,
                  ""}));

// All divisions of each printed sum among its classes.
void each_division(const std::vector<std::pair<std::vector<size_t>, int64_t>>& groups, size_t at,
                   OutcomeCounts counts, const std::function<void(const OutcomeCounts&)>& use) {
  if (at == groups.size()) return use(counts);
  const auto& [members, sum] = groups[at];
  std::function<void(size_t, int64_t)> fill = [&](size_t i, int64_t left) {
    if (i + 1 == members.size()) {
      counts.*kCounts.at(members[i]) = left;
      return each_division(groups, at + 1, counts, use);
    }
    for (int64_t n = 0; n <= left; ++n) {
      counts.*kCounts.at(members[i]) = n;
      fill(i + 1, left - n);
    }
  };
  fill(0, sum);
}

// The number that the page of the data prints.
int64_t in_data(const OutcomeCounts& counts, bool partials_in_data) {
  return counts.complete + (partials_in_data ? counts.partial : 0);
}

// The classes of each printed sum, from its words.
std::vector<std::pair<std::vector<size_t>, int64_t>> read_groups(const PrintedOutcomes& printed) {
  std::vector<std::pair<std::vector<size_t>, int64_t>> groups;
  for (const auto& group : printed.groups) {
    std::vector<size_t> members;
    std::string rest = group.words;
    for (size_t i = 0; i < kWords.size(); ++i) {
      if (!rest.starts_with(kWords[i])) continue;
      members.push_back(i);
      rest = rest.size() > kWords[i].size() ? rest.substr(kWords[i].size() + 4) : "";
    }
    EXPECT_EQ(rest, "") << group.words;
    groups.emplace_back(members, group.count);
  }
  return groups;
}

// What each count can be for a reader of the sums, the rates (exact, where the reader has one
// decimal only) and the number in the data.
std::array<std::set<int64_t>, 8> possible_counts(const PrintedOutcomes& printed,
                                                 const OutcomeRates& outcomes,
                                                 bool partials_in_data) {
  std::array<std::set<int64_t>, 8> possible;
  const int64_t n = in_data(outcomes.counts, partials_in_data);
  each_division(read_groups(printed), 0, {}, [&](const OutcomeCounts& guess) {
    if (in_data(guess, partials_in_data) != n) return;
    const auto rates = rates_of(guess);
    for (size_t i = 0; i < rates.rates.size(); ++i) {
      const bool shown = printed.rates[i].text != "[c]";
      if (shown && rates.rates[i].value != outcomes.rates[i].value) return;
    }
    for (size_t i = 0; i < kCounts.size(); ++i) possible[i].insert(guess.*kCounts[i]);
  });
  return possible;
}

// Whole numbers, some of them none; those in the data, or outside it, at times few in all.
OutcomeCounts random_counts(int round, std::mt19937_64& random) {
  OutcomeCounts counts;
  const uint64_t most = round % 5 == 0 ? 2 : 6;
  for (const auto count : kCounts) counts.*count = static_cast<int64_t>(random() % most);
  if (round % 3 != 0) counts.complete += 6;
  return counts;
}

TEST(OutcomesAsPrinted, TellNoSmallCountToWhoTriesThemAllAndKnowsTheNumberInTheData) {
  PrintRules rules;
  rules.suppress_base_under = 0;
  rules.suppress_count_under = 4;
  std::mt19937_64 random(7);
  int hidden = 0;
  int withheld = 0;
  for (int round = 0; round < 90; ++round) {
    const bool partials = round % 2 == 0;
    const auto outcomes = rates_of(random_counts(round, random));
    const OutcomeCounts& counts = outcomes.counts;
    const auto printed = print_outcomes(outcomes, rules, partials);
    const auto is_small = [&](int64_t n) { return n > 0 && n < rules.suppress_count_under; };
    const int64_t n = in_data(counts, partials);
    const bool nothing = is_small(n) || is_small(counts.total() - n);
    ASSERT_EQ(printed.groups.empty(), nothing) << round;
    ASSERT_EQ(printed.rates.empty(), nothing) << round;
    withheld += nothing ? 1 : 0;
    if (nothing) continue;
    const auto possible = possible_counts(printed, outcomes, partials);
    for (size_t i = 0; i < kCounts.size(); ++i) {
      const int64_t count = counts.*kCounts[i];
      ASSERT_TRUE(possible[i].contains(count));
      if (!is_small(count)) continue;
      ++hidden;
      EXPECT_GE(possible[i].size(), 4U) << kWords[i] << " of " << text_of(printed);
    }
  }
  EXPECT_GT(hidden, 100);
  EXPECT_GT(withheld, 10);
}

TEST(AResponseStatement, HasCountsRatesAndThresholdsOfBothUnits) {
  Study study;
  Wave wave;
  EXPECT_THAT(response_statement(study, wave).at(0).text, HasSubstr("is not known"));
  wave.fieldwork.complete_percent = 75;
  wave.outcomes = {
      .people = rates_of({.complete = 116,
                          .partial = 12,
                          .refusal = 15,
                          .non_contact = 257,
                          .unknown_other = 1300},
                         {1, 0}),
      .organisations =
          outcome_rates({.complete = 101, .non_contact = 110}, {1, 0}, "organisations").value()};
  const auto items = response_statement(study, wave);
  ASSERT_EQ(items.size(), 3U);
  EXPECT_THAT(items[0].text,
              AllOf(HasSubstr("1,700 people: 116 complete, 12 partial, 15 refused"),
                    HasSubstr("RR1 6.8%"), HasSubstr("COOP4 89.5%"), HasSubstr("CON3 35.8%"),
                    HasSubstr("is 1."), Not(HasSubstr("[c]")), Not(HasSubstr("not eligible,"))));
  EXPECT_THAT(items[1].text, AllOf(HasSubstr("211 organisations: 101 complete, 110 no contact"),
                                   HasSubstr("RR1 47.9%"), Not(HasSubstr("Approximately"))));
  EXPECT_THAT(items[2].text,
              AllOf(HasSubstr("at least 75 per cent"), HasSubstr("partial with at least 50")));
  wave.fieldwork.privacy = PrivacyMode::kUnlinked;
  EXPECT_THAT(response_statement(study, wave)[1].text, HasSubstr("Approximately"));
  study.print.suppress_base_under = 300;
  EXPECT_EQ(response_statement(study, wave)[1].text.find("Withheld: fewer than 300 organisations"),
            0U);
}

TEST(AResponseStatement, WithholdsTheTotalOfEitherUnitThatWouldGiveASmallCountAway) {
  Study study;
  study.print.suppress_count_under = 5;
  Wave wave;
  wave.outcomes = {
      .people = rates_of({.complete = 100, .refusal = 2}),
      .organisations =
          outcome_rates({.complete = 90, .non_contact = 4}, {1, 0}, "organisations").value()};
  const auto items = response_statement(study, wave);
  EXPECT_EQ(items[0].text,
            "Withheld: fewer than 10 people, or a count under 5 that could be worked out.");
  EXPECT_THAT(items[1].text, AllOf(HasSubstr("Withheld: fewer than 10 organisations, or a count"),
                                   Not(HasSubstr("9")), Not(HasSubstr("%"))));
  // Whether there are too few or a small one beside n is not told.
  wave.outcomes->people = rates_of({.complete = 8, .refusal = 1});
  EXPECT_EQ(response_statement(study, wave)[0].text, items[0].text);
}

}  // namespace
}  // namespace barometer
