#include "barometer/printed/bases.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"
#include "barometer/printed/partition.h"

namespace barometer {
namespace {

using exact::ceil_divide;
using exact::floor_divide;
using exact::kMaxBase;
using exact::Wide;

constexpr int64_t kMostBases = 100'000;
constexpr size_t kMostClaims = 200;
constexpr int kMostSteps = 200'000;

bool fits(const BaseClaim& claim, int64_t n, RoundingRule rule) {
  const WholeRange counts = possible_counts(claim.percent, n, rule);
  return claim.count ? counts.contains(*claim.count) : !counts.empty();
}

using Claims = std::vector<size_t>;  // ascending indices

// The smallest set of figures that holds at least one of each list; lists are not empty.
class HittingSet {
 public:
  explicit HittingSet(std::vector<Claims> lists) : lists_(std::move(lists)) {}

  Claims smallest() {
    Claims best = irreducible();
    for (size_t size = 1; size < best.size(); ++size) {
      chosen_.clear();
      if (extend(size)) return sorted(chosen_);
      if (steps_ > kMostSteps) break;  // what is left is still irreducible
    }
    return best;
  }

 private:
  static Claims sorted(Claims claims) {
    std::sort(claims.begin(), claims.end());
    return claims;
  }

  static bool hits(const Claims& set, const Claims& list) {
    return std::any_of(set.begin(), set.end(), [&](size_t claim) {
      return std::binary_search(list.begin(), list.end(), claim);
    });
  }

  bool hits_all(const Claims& set) const {
    return std::all_of(lists_.begin(), lists_.end(),
                       [&](const Claims& list) { return hits(set, list); });
  }

  // All figures, less each that the rest can do without.
  Claims irreducible() const {
    std::set<size_t> all;
    for (const Claims& list : lists_) all.insert(list.begin(), list.end());
    Claims kept(all.begin(), all.end());
    for (const size_t claim : all) {
      Claims fewer = kept;
      std::erase(fewer, claim);
      if (hits_all(fewer)) kept = fewer;
    }
    return kept;
  }

  bool extend(size_t more) {
    if (++steps_ > kMostSteps) return false;
    const Claims* open = nullptr;
    for (const Claims& list : lists_) {
      if (!hits(chosen_, list) && (open == nullptr || list.size() < open->size())) open = &list;
    }
    if (open == nullptr) return true;
    if (more == 0) return false;
    for (const size_t claim : *open) {
      chosen_.push_back(claim);
      if (extend(more - 1)) return true;
      chosen_.pop_back();
    }
    return false;
  }

  std::vector<Claims> lists_;
  Claims chosen_;
  int steps_ = 0;
};

std::string claims_text(std::span<const BaseClaim> claims) {
  std::vector<std::string> words;
  for (const BaseClaim& claim : claims) {
    words.push_back(claim.count
                        ? fmt::format("{} ({})", exact::percent_text(claim.percent), *claim.count)
                        : exact::percent_text(claim.percent));
  }
  return exact::list_text(words, "and");
}

bool testable(std::span<const BaseClaim> claims) {
  return std::all_of(claims.begin(), claims.end(),
                     [](const BaseClaim& claim) { return exact::testable(claim.percent); });
}

std::string named_text(const NamedBase& base) { return fmt::format("{} {}", base.n, base.name); }

}  // namespace

Result<JointBases> joint_bases(std::span<const BaseClaim> claims, int64_t from, int64_t to,
                               RoundingRule rule) {
  from = std::max<int64_t>(from, 1);
  if (to > kMaxBase || to - from >= kMostBases || claims.size() > kMostClaims) {
    return fail(ErrorCode::kLimit,
                fmt::format("{} figures and the bases {} to {} are more than a search for a joint "
                            "base takes: {} figures, {} bases",
                            claims.size(), from, to, kMostClaims, kMostBases));
  }
  if (!testable(claims)) return fail(ErrorCode::kLimit, exact::untested().arithmetic);
  JointBases joint;
  std::set<Claims> ruled_out;  // the figures that one base does not fit
  std::vector<std::vector<int64_t>> alone(claims.size());
  for (int64_t n = from; n <= to; ++n) {
    Claims misfits;
    for (size_t i = 0; i < claims.size(); ++i) {
      if (!fits(claims[i], n, rule)) misfits.push_back(i);
    }
    if (misfits.empty()) joint.bases.push_back(n);
    if (misfits.size() == 1) alone[misfits.front()].push_back(n);
    ruled_out.insert(std::move(misfits));
  }
  if (!joint.bases.empty() || from > to) return joint;
  joint.conflict = HittingSet({ruled_out.begin(), ruled_out.end()}).smallest();
  for (size_t i = 0; i < claims.size(); ++i) {
    if (!alone[i].empty()) joint.without.push_back({i, std::move(alone[i])});
  }
  return joint;
}

Verdict joint_base_verdict(std::span<const BaseClaim> claims, int64_t from, int64_t stated,
                           RoundingRule rule) {
  if (stated <= 0 || claims.empty()) return {Possibility::kNoBase, "no base is stated", ""};
  from = std::clamp<int64_t>(from, 1, stated);
  const auto joint = joint_bases(claims, from, stated, rule);
  if (!joint) return {Possibility::kNoBase, joint.error().message, ""};
  const std::string all = claims_text(claims);
  if (!joint->bases.empty() && joint->bases.back() == stated) {
    const bool power = std::any_of(claims.begin(), claims.end(), [&](const BaseClaim& claim) {
      return claim.count || possibility(claim.percent, stated, rule) != Possibility::kNoPower;
    });
    return {power ? Possibility::kPossible : Possibility::kNoPower,
            fmt::format("{} fit a base of {}", all, stated), ""};
  }
  std::string line = fmt::format("{} do not fit a base of {}", all, stated);
  if (!joint->bases.empty()) {
    return {Possibility::kImpossible,
            fmt::format("{}; of {}…{} they fit {}", line, from, stated, runs_text(joint->bases)),
            fmt::format("a base of {}", joint->bases.back())};
  }
  std::vector<BaseClaim> conflict;
  for (const size_t i : joint->conflict) conflict.push_back(claims[i]);
  line += fmt::format("; {} fit no base of {}…{}", claims_text(conflict), from, stated);
  std::vector<std::string> ways;
  for (const auto& without : joint->without) {
    ways.push_back(fmt::format("without {} a base of {}",
                               exact::percent_text(claims[without.claim].percent),
                               runs_text(without.bases)));
  }
  return {Possibility::kImpossible, line, exact::list_text(ways, "or")};
}

WholeRange possible_denominators(int64_t count, const Decimal& percent, RoundingRule rule) {
  CHECK(count >= 0 && count <= kMaxBase, "a count lies between 0 and 10^9");
  const RoundingInterval interval = rule.interval(percent);
  const int64_t least = std::max<int64_t>(count, 1);
  if (count == 0) return interval.contains({0, 1}) ? WholeRange{1, kMaxBase} : WholeRange{};
  if (interval.upper.numerator <= 0) return {};
  // 100 count / n <= upper, so n >= 100 count / upper; and the same from below.
  const Wide low_top = Wide{100} * count * interval.upper.denominator;
  Wide low = ceil_divide(low_top, interval.upper.numerator);
  if (!interval.upper_in && low * interval.upper.numerator == low_top) ++low;
  Wide high = kMaxBase;
  if (interval.lower.numerator > 0) {
    const Wide high_top = Wide{100} * count * interval.lower.denominator;
    high = floor_divide(high_top, interval.lower.numerator);
    if (!interval.lower_in && high * interval.lower.numerator == high_top) --high;
  }
  low = std::max<Wide>(low, least);
  high = std::min<Wide>(high, kMaxBase);
  if (low > high) return {};
  return {static_cast<int64_t>(low), static_cast<int64_t>(high)};
}

Verdict count_percent_verdict(int64_t count, const Decimal& percent, std::optional<int64_t> n,
                              RoundingRule rule) {
  if (!exact::testable(percent)) return exact::untested();
  if (!n || *n <= 0 || *n > kMaxBase || count < 0 || count > kMaxBase) {
    return {Possibility::kNoBase, "no base for the count is known", ""};
  }
  const std::string figure = exact::percent_text(percent);
  const int places = std::min(percent.places + 2, 6);
  const std::string line =
      fmt::format("{} of {} and {}: {}", count, *n, figure, exact::share_text(count, *n, places));
  if (count <= *n && possible_counts(percent, *n, rule).contains(count)) {
    return {Possibility::kPossible, line, ""};
  }
  std::vector<std::string> ways;
  if (count <= *n) {
    ways.push_back(exact::percent_text(rule.print(Ratio{100 * count, *n}, percent.places)));
  }
  const WholeRange counts = possible_counts(percent, *n, rule);
  if (!counts.empty()) ways.push_back(exact::counts_text(counts.low, counts.high) + " people");
  const WholeRange bases = possible_denominators(count, percent, rule);
  if (!bases.empty()) {
    ways.push_back("a base of " + (bases.high == kMaxBase
                                       ? fmt::format("{} or more", bases.low)
                                       : exact::counts_text(bases.low, bases.high)));
  }
  return {Possibility::kImpossible, line, exact::list_text(ways, "or")};
}

Verdict coverage_verdict(int64_t count, const Decimal& percent, const NamedBase& named,
                         std::span<const NamedBase> others, RoundingRule rule) {
  Verdict verdict = count_percent_verdict(count, percent, named.n, rule);
  if (!verdict.fails()) return verdict;
  std::vector<std::string> fitting;
  const WholeRange bases = possible_denominators(count, percent, rule);
  for (const NamedBase& other : others) {
    if (bases.contains(other.n)) fitting.push_back(named_text(other));
  }
  verdict.arithmetic = fmt::format("{} {}", verdict.arithmetic, named.name);
  if (!fitting.empty()) {
    verdict.mend =
        fmt::format("{} of {}", exact::percent_text(percent), exact::list_text(fitting, "or"));
  }
  return verdict;
}

Verdict count_as_percent_verdict(const Decimal& printed, int64_t n,
                                 const std::optional<Decimal>& elsewhere, RoundingRule rule) {
  if (!exact::testable(printed) || (elsewhere && !exact::testable(*elsewhere))) {
    return exact::untested();
  }
  if (n <= 0 || n > kMaxBase) return {Possibility::kNoBase, "no base is known", ""};
  const std::string figure = exact::percent_text(printed);
  const int64_t count = printed.digits;
  if (printed.places > 0 || count < 0 || count > n) {
    return {Possibility::kPossible, fmt::format("{} is no count of {} people", figure, n), ""};
  }
  const int places = elsewhere ? elsewhere->places : 0;
  const Decimal share = rule.print(Ratio{100 * count, n}, places);
  const std::string line =
      fmt::format("{} people are {}", count, exact::share_text(count, n, places + 2));
  const bool printed_elsewhere =
      elsewhere && *elsewhere != printed && possible_counts(*elsewhere, n, rule).contains(count);
  const bool impossible = possible_counts(printed, n, rule).empty();
  if (!printed_elsewhere && !impossible) {
    return {n >= 100 ? Possibility::kNoPower : Possibility::kPossible, line, ""};
  }
  const std::string why =
      printed_elsewhere ? fmt::format("printed elsewhere as {}", exact::percent_text(*elsewhere))
                        : fmt::format("{} of {} does not exist", figure, n);
  return {Possibility::kImpossible, fmt::format("{}; {}", line, why),
          fmt::format("{} people, {}", count, exact::percent_text(share))};
}

Verdict counts_as_percents_verdict(std::span<const Decimal> parts, int64_t n, RoundingRule rule) {
  Verdict whole = exhaustive_verdict(parts, std::nullopt, rule);
  if (whole.outcome == Possibility::kNoBase) return whole;
  int64_t sum = 0;
  for (const Decimal& part : parts) {
    if (part.places > 0 || part.digits < 0) return {Possibility::kPossible, whole.arithmetic, ""};
    sum += part.digits;
  }
  if (!whole.fails() || sum != n) return {Possibility::kPossible, whole.arithmetic, ""};
  std::vector<std::string> shares;
  for (const Decimal& part : parts) {
    shares.push_back(exact::percent_text(rule.print(Ratio{100 * part.digits, n}, 0)));
  }
  return {Possibility::kImpossible,
          fmt::format("{}, the base, and not 100", exact::sum_text(parts)),
          fmt::format("counts of {}: {}", n, exact::list_text(shares, "and"))};
}

}  // namespace barometer
