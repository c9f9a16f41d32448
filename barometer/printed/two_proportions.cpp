#include "barometer/printed/two_proportions.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"

namespace barometer {
namespace {

using exact::Wide;

constexpr int64_t kLargestBase = 1'000'000;

// z as a sign and the fraction that is its square.
struct SquaredZ {
  int sign = 0;
  Wide top = 0;
  Wide bottom = 1;

  // |z| >= critical
  bool reaches(const Decimal& critical) const {
    const Ratio c = critical.ratio();
    return top * c.denominator * c.denominator >= bottom * c.numerator * c.numerator;
  }
  Decimal z(int places) const {
    const Decimal size = exact::root(top, bottom, places);
    return {sign * size.digits, places};
  }
};

// (k n' - k' n)² N / (n n' K (N - K)), with K = k + k' and N = n + n'; both below 2^101.
SquaredZ squared_z(int64_t k, int64_t n, int64_t earlier_k, int64_t earlier_n) {
  const Wide all = Wide{n} + earlier_n;
  const Wide having = Wide{k} + earlier_k;
  if (having == 0 || having == all) return {};
  const Wide gap = Wide{k} * earlier_n - Wide{earlier_k} * n;
  const int sign = gap > 0 ? 1 : gap < 0 ? -1 : 0;
  return {sign, gap * gap * all, Wide{n} * earlier_n * having * (all - having)};
}

bool usable(const PrintedLevel& level) {
  return exact::testable(level.value) && level.n && *level.n >= 1 && *level.n <= kLargestBase;
}

std::string shares_text(const WholeRange& counts, int64_t n) {
  return fmt::format("{}/{}", exact::counts_text(counts.low, counts.high), n);
}

}  // namespace

Decimal two_proportion_z(int64_t k, int64_t n, int64_t earlier_k, int64_t earlier_n, int places) {
  CHECK(n >= 1 && n <= kLargestBase && earlier_n >= 1 && earlier_n <= kLargestBase,
        "a base lies between 1 and 10^6");
  CHECK(k >= 0 && k <= n && earlier_k >= 0 && earlier_k <= earlier_n,
        "a count lies between 0 and its base");
  CHECK(places >= 0 && places <= 3, "z has at most three decimals");
  return squared_z(k, n, earlier_k, earlier_n).z(places);
}

ChangeTest change_test(const PrintedLevel& now, const PrintedLevel& before, const Decimal& critical,
                       RoundingRule rule) {
  ChangeTest test{{0, 3}, {0, 3}, {}};
  const bool fine = critical.places <= 3 && critical.digits > 0 && critical.digits <= 100'000;
  if (!usable(now) || !usable(before) || !fine) {
    test.verdict.arithmetic = "a base is not known, or over 10^6";
    return test;
  }
  const WholeRange counts = possible_counts(now.value, *now.n, rule);
  const WholeRange earlier = possible_counts(before.value, *before.n, rule);
  if (counts.empty() || earlier.empty()) {
    test.verdict.arithmetic = "a level is impossible at its base";
    return test;
  }
  const SquaredZ low = squared_z(counts.low, *now.n, earlier.high, *before.n);
  const SquaredZ high = squared_z(counts.high, *now.n, earlier.low, *before.n);
  test.z_low = low.z(3);
  test.z_high = high.z(3);
  const bool low_reaches = low.reaches(critical);
  const bool high_reaches = high.reaches(critical);
  const bool all = low_reaches && high_reaches && low.sign == high.sign;
  const Possibility outcome = all                           ? Possibility::kPossible
                              : low_reaches || high_reaches ? Possibility::kNoPower
                                                            : Possibility::kImpossible;
  const std::string z = test.z_low == test.z_high
                            ? test.z_low.text()
                            : fmt::format("{}…{}", test.z_low.text(), test.z_high.text());
  test.verdict = {outcome,
                  fmt::format("{} against {}: z = {}, critical {}", shares_text(counts, *now.n),
                              shares_text(earlier, *before.n), z, critical.text()),
                  outcome == Possibility::kImpossible ? "no verb of change" : ""};
  return test;
}

}  // namespace barometer
