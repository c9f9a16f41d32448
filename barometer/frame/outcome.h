// Outcome rates of a survey of named people, as exact fractions.
//
// After AAPOR, Standard Definitions (2016), "Outcome rates"; I complete, P partial, R refusal and
// break-off, NC non-contact, O other, U = UH + UO of unknown eligibility, e the share of U that is
// taken to be eligible:
//   RR1   I / ((I + P) + (R + NC + O) + U)       RR2   (I + P) on top
//   RR3   U times e                              RR4   (I + P) on top
//   RR5   without U                              RR6   (I + P) on top
//   COOP1 I / ((I + P) + R + O)                  COOP2 (I + P) on top
//   COOP3 I / ((I + P) + R)                      COOP4 (I + P) on top
//   REF1  R / ((I + P) + (R + NC + O) + U)       REF2  U times e      REF3  without U
//   CON1  ((I + P) + R + O) / ((I + P) + R + O + NC + U)
//   CON2  U times e                              CON3  without U
// The not eligible are in none of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/decimal.h"
#include "barometer/base/result.h"

namespace barometer {

struct OutcomeCounts {
  int64_t complete = 0;           // I
  int64_t partial = 0;            // P
  int64_t refusal = 0;            // R, break-offs included
  int64_t non_contact = 0;        // NC
  int64_t other = 0;              // O
  int64_t unknown_household = 0;  // UH: unknown whether there is such a person
  int64_t unknown_other = 0;      // UO
  int64_t not_eligible = 0;       // NE

  [[nodiscard]] int64_t total() const;
};

// The classes in the order in which they are always told.
struct OutcomeClass {
  std::string_view letters;  // as above
  std::string_view name;     // the column of outcomes.csv
  std::string_view words;    // in print
  int64_t OutcomeCounts::* count;
};
inline constexpr std::array<OutcomeClass, 8> kOutcomeClasses = {{
    {"I", "complete", "complete", &OutcomeCounts::complete},
    {"P", "partial", "partial", &OutcomeCounts::partial},
    {"R", "refusal", "refused or broke off", &OutcomeCounts::refusal},
    {"NC", "non_contact", "no contact", &OutcomeCounts::non_contact},
    {"O", "other", "other", &OutcomeCounts::other},
    {"UH", "unknown_household", "unknown whether there is such a person",
     &OutcomeCounts::unknown_household},
    {"UO", "unknown_other", "not reached, unknown whether eligible", &OutcomeCounts::unknown_other},
    {"NE", "not_eligible", "not eligible", &OutcomeCounts::not_eligible},
}};

struct OutcomeRate {
  std::string name;     // "RR1"
  std::string formula;  // in the letters above
  // None where nobody is in the denominator; `reason` says so. Never a NaN, never a zero instead.
  std::optional<Ratio> value;
  std::string reason;
};

struct OutcomeRates {
  OutcomeCounts counts;
  Decimal e;
  std::string unit;                // "people" or "organisations"
  std::vector<OutcomeRate> rates;  // RR1-6, COOP1-4, REF1-3, CON1-3

  // CHECKs the name.
  [[nodiscard]] const OutcomeRate& rate(std::string_view name) const;
};

// kInvalid: a count below 0 or over a thousand million, e outside 0 … 1 or with over 6 decimals.
Result<OutcomeRates> outcome_rates(const OutcomeCounts& counts, const Decimal& e, std::string unit);

}  // namespace barometer
