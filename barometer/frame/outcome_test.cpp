// Outcome rates: the published vectors, the properties that AAPOR's definitions imply.
#include "barometer/frame/outcome.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::HasSubstr;

constexpr OutcomeCounts kVector{.complete = 90,
                                .partial = 4,
                                .refusal = 10,
                                .non_contact = 250,
                                .other = 8,
                                .unknown_other = 60};

std::string percent(const OutcomeRates& rates, std::string_view name, int places) {
  const auto& value = rates.rate(name).value;
  if (!value) return "none";
  return round(Ratio{value->numerator * 100, value->denominator}, places).text();
}

struct Expected {
  const char* name;
  const char* percent;
  Ratio exact;
};

TEST(OutcomeRatesOf422People, AreThoseOfTheDefinitionExactly) {
  const auto rates = outcome_rates(kVector, {9, 1}, "people").value();
  EXPECT_EQ(kVector.total(), 422);
  // e = 0.9: 362 known + 54 of 60 unknown = 416.
  const std::vector<Expected> expected{
      {"RR1", "21.327", {90, 422}},   {"RR2", "22.275", {94, 422}},
      {"RR3", "21.635", {90, 416}},   {"RR4", "22.596", {94, 416}},
      {"RR5", "24.862", {90, 362}},   {"RR6", "25.967", {94, 362}},
      {"COOP1", "80.357", {90, 112}}, {"COOP2", "83.929", {94, 112}},
      {"COOP3", "86.538", {90, 104}}, {"COOP4", "90.385", {94, 104}},
      {"REF1", "2.370", {10, 422}},   {"REF2", "2.404", {10, 416}},
      {"REF3", "2.762", {10, 362}},   {"CON1", "26.540", {112, 422}},
      {"CON2", "26.923", {112, 416}}, {"CON3", "30.939", {112, 362}}};
  ASSERT_EQ(rates.rates.size(), expected.size());
  for (const Expected& row : expected) {
    EXPECT_EQ(percent(rates, row.name, 3), row.percent) << row.name;
    EXPECT_TRUE(rates.rate(row.name).value == row.exact) << row.name;
  }
}

TEST(OutcomeRatesOf120People, AreThoseOfTheOtherPackage) {
  const auto rates = outcome_rates({.complete = 100, .non_contact = 20}, {1, 0}, "people").value();
  for (const OutcomeRate& rate : rates.rates) {
    const bool coop = rate.name.starts_with("COOP");
    const bool ref = rate.name.starts_with("REF");
    EXPECT_EQ(percent(rates, rate.name, 1), coop ? "100.0" : ref ? "0.0" : "83.3") << rate.name;
  }
}

TEST(AnOutcomeRate, WithNobodyBelowTheLineHasAReasonAndNoValue) {
  const auto rates = outcome_rates({.unknown_other = 5}, {0, 0}, "people").value();
  for (const OutcomeRate& rate : rates.rates) {
    // Only where the unknown count in full is there somebody.
    const bool there =
        rate.name == "RR1" || rate.name == "RR2" || rate.name == "REF1" || rate.name == "CON1";
    EXPECT_EQ(rate.value.has_value(), there) << rate.name;
    EXPECT_EQ(rate.reason.empty(), there) << rate.name;
  }
  EXPECT_EQ(rates.rate("RR5").reason, "no people below the line of I/((I+P)+(R+NC+O))");
}

struct BadOutcome {
  const char* situation;
  OutcomeCounts counts;
  Decimal e;
  const char* expected;
};
class BadOutcomes : public testing::TestWithParam<BadOutcome> {};

TEST_P(BadOutcomes, AreRefused) {
  const auto rates = outcome_rates(GetParam().counts, GetParam().e, "people");
  ASSERT_FALSE(rates) << GetParam().situation;
  EXPECT_THAT(rates.error().message, HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadOutcomes,
    testing::Values(
        BadOutcome{"fewer than none", {.partial = -1}, {1, 0}, "-1 people of partial"},
        BadOutcome{"more than there are", {.complete = 1'000'000'001}, {1, 0}, "1000000001 people"},
        BadOutcome{"e over one", kVector, {11, 1}, "e, the share taken to be eligible, is 1.1"},
        BadOutcome{"e below zero", kVector, {-1, 1}, "is -0.1"},
        BadOutcome{"e of seven decimals", kVector, {1234567, 7}, "at most 6 decimals"}));

TEST(OutcomeRates, KeepTheirOrderAndMeetAtTheEndsOfE) {
  std::mt19937_64 random(1);
  const auto some = [&] { return static_cast<int64_t>(random() % 50); };
  for (int i = 0; i < 500; ++i) {
    const OutcomeCounts counts{.complete = some() + 1,
                               .partial = some(),
                               .refusal = some(),
                               .non_contact = some(),
                               .other = some(),
                               .unknown_household = some(),
                               .unknown_other = some(),
                               .not_eligible = some()};
    const Decimal e{static_cast<int64_t>(random() % 101), 2};
    const auto rates = outcome_rates(counts, e, "people").value();
    const auto of = [&](const OutcomeRates& all, const char* name) {
      return *all.rate(name).value;
    };
    EXPECT_TRUE(of(rates, "RR1") <= of(rates, "RR3") && of(rates, "RR3") <= of(rates, "RR5"));
    EXPECT_TRUE(of(rates, "RR2") <= of(rates, "RR4") && of(rates, "RR4") <= of(rates, "RR6"));
    EXPECT_TRUE(of(rates, "RR1") <= of(rates, "RR2") && of(rates, "RR5") <= of(rates, "RR6"));
    EXPECT_TRUE(of(rates, "COOP1") <= of(rates, "COOP3"));
    const auto one = outcome_rates(counts, {1, 0}, "people").value();
    const auto zero = outcome_rates(counts, {0, 0}, "people").value();
    for (const auto& [with_e, full, none] : {std::array{"RR3", "RR1", "RR5"},
                                             {"RR4", "RR2", "RR6"},
                                             {"REF2", "REF1", "REF3"},
                                             {"CON2", "CON1", "CON3"}}) {
      EXPECT_TRUE(of(one, with_e) == of(one, full)) << with_e;
      EXPECT_TRUE(of(zero, with_e) == of(zero, none)) << with_e;
    }
    // Every known case is an interview, a refusal, a non-contact or something else.
    const double known = static_cast<double>(counts.total() - counts.not_eligible -
                                             counts.unknown_household - counts.unknown_other);
    const double rest = static_cast<double>(counts.non_contact) / known;
    EXPECT_NEAR(of(rates, "CON3").value(), 1 - rest, 1e-12);
  }
}

}  // namespace
}  // namespace barometer
