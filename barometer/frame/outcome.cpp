#include "barometer/frame/outcome.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace barometer {
namespace {

constexpr int64_t kMostPeople = 1'000'000'000;
constexpr int kMostDecimals = 6;

// What stands over and under the line of a rate.
struct RateParts {
  std::string_view name, formula;
  int64_t above = 0;
  int64_t below = 0;  // of known eligibility
  // Unknown eligibility counts below: in full, times e, or not.
  enum class Unknown { kInFull, kTimesE, kNot } unknown = Unknown::kNot;
};
using enum RateParts::Unknown;

std::array<RateParts, 16> parts_of(const OutcomeCounts& c) {
  const int64_t interviews = c.complete + c.partial;
  const int64_t known = interviews + c.refusal + c.non_contact + c.other;
  const int64_t reached = interviews + c.refusal + c.other;
  const int64_t decided = interviews + c.refusal;
  return {{{"RR1", "I/((I+P)+(R+NC+O)+(UH+UO))", c.complete, known, kInFull},
           {"RR2", "(I+P)/((I+P)+(R+NC+O)+(UH+UO))", interviews, known, kInFull},
           {"RR3", "I/((I+P)+(R+NC+O)+e(UH+UO))", c.complete, known, kTimesE},
           {"RR4", "(I+P)/((I+P)+(R+NC+O)+e(UH+UO))", interviews, known, kTimesE},
           {"RR5", "I/((I+P)+(R+NC+O))", c.complete, known, kNot},
           {"RR6", "(I+P)/((I+P)+(R+NC+O))", interviews, known, kNot},
           {"COOP1", "I/((I+P)+R+O)", c.complete, reached, kNot},
           {"COOP2", "(I+P)/((I+P)+R+O)", interviews, reached, kNot},
           {"COOP3", "I/((I+P)+R)", c.complete, decided, kNot},
           {"COOP4", "(I+P)/((I+P)+R)", interviews, decided, kNot},
           {"REF1", "R/((I+P)+(R+NC+O)+(UH+UO))", c.refusal, known, kInFull},
           {"REF2", "R/((I+P)+(R+NC+O)+e(UH+UO))", c.refusal, known, kTimesE},
           {"REF3", "R/((I+P)+(R+NC+O))", c.refusal, known, kNot},
           {"CON1", "((I+P)+R+O)/((I+P)+R+O+NC+(UH+UO))", reached, known, kInFull},
           {"CON2", "((I+P)+R+O)/((I+P)+R+O+NC+e(UH+UO))", reached, known, kTimesE},
           {"CON3", "((I+P)+R+O)/((I+P)+R+O+NC)", reached, known, kNot}}};
}

// above / (below + e U) = above q / (below q + p U) with e = p / q; all below 2^62.
OutcomeRate rate_of(const RateParts& parts, int64_t unknown, const Ratio& e,
                    std::string_view unit) {
  OutcomeRate out{.name = std::string(parts.name),
                  .formula = std::string(parts.formula),
                  .value = {},
                  .reason = {}};
  Ratio value{parts.above, parts.below};
  if (parts.unknown == kInFull) value.denominator += unknown;
  if (parts.unknown == kTimesE) {
    value = {parts.above * e.denominator, parts.below * e.denominator + e.numerator * unknown};
  }
  if (value.denominator > 0) {
    out.value = value;
  } else {
    out.reason = fmt::format("no {} below the line of {}", unit, parts.formula);
  }
  return out;
}

}  // namespace

int64_t OutcomeCounts::total() const {
  int64_t sum = 0;
  for (const OutcomeClass& one : kOutcomeClasses) sum += this->*one.count;
  return sum;
}

const OutcomeRate& OutcomeRates::rate(std::string_view name) const {
  const auto found = std::ranges::find(rates, name, &OutcomeRate::name);
  CHECK(found != rates.end(), "one of the sixteen rates");
  return *found;
}

Result<OutcomeRates> outcome_rates(const OutcomeCounts& counts, const Decimal& e,
                                   std::string unit) {
  const std::vector<std::pair<std::string_view, int64_t>> numbers{
      {"complete", counts.complete},
      {"partial", counts.partial},
      {"refusal", counts.refusal},
      {"non-contact", counts.non_contact},
      {"other", counts.other},
      {"unknown household", counts.unknown_household},
      {"unknown, other", counts.unknown_other},
      {"not eligible", counts.not_eligible},
  };
  for (const auto& [name, count] : numbers) {
    if (count >= 0 && count <= kMostPeople) continue;
    return fail(ErrorCode::kInvalid, fmt::format("{} {} of {} cannot be", count, unit, name));
  }
  if (e.places < 0 || e.places > kMostDecimals || e.digits < 0 || Ratio{1, 1} < e.ratio()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("e, the share taken to be eligible, is {}; it lies between 0 and 1, "
                            "with at most {} decimals",
                            e.text(), kMostDecimals));
  }
  OutcomeRates out{.counts = counts, .e = e, .unit = std::move(unit), .rates = {}};
  const int64_t unknown = counts.unknown_household + counts.unknown_other;
  for (const RateParts& parts : parts_of(counts)) {
    out.rates.push_back(rate_of(parts, unknown, e.ratio(), out.unit));
  }
  return out;
}

}  // namespace barometer
