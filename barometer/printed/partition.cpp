#include "barometer/printed/partition.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"

namespace barometer {
namespace {

using exact::Ticks;
using exact::TickScale;
using exact::Wide;

constexpr size_t kMostParts = 200;
constexpr int64_t kFarthestBase = 50;  // how far a base that fits is looked for

class PartitionSearch {
 public:
  PartitionSearch(std::span<const WholeRange> parts, size_t limit) : parts_(parts), limit_(limit) {
    rest_.assign(parts.size() + 1, WholeRange{0, 0});
    for (size_t i = parts.size(); i-- > 0;) {
      rest_[i] = {rest_[i + 1].low + parts[i].low, rest_[i + 1].high + parts[i].high};
    }
  }

  Partitions run(int64_t n) {
    if (std::none_of(parts_.begin(), parts_.end(), [](const auto& p) { return p.empty(); })) {
      extend(0, n);
    }
    return std::move(found_);
  }

 private:
  // Only branches that can still reach the sum are entered, so each step leads to a solution.
  void extend(size_t part, int64_t left) {
    if (!found_.complete || !rest_[part].contains(left)) return;
    if (part == parts_.size()) {
      if (found_.solutions.size() == limit_) {
        found_.complete = false;
      } else {
        found_.solutions.push_back(chosen_);
      }
      return;
    }
    const WholeRange after = rest_[part + 1];
    const int64_t low = std::max(parts_[part].low, left - after.high);
    const int64_t high = std::min(parts_[part].high, left - after.low);
    for (int64_t k = low; k <= high && found_.complete; ++k) {
      chosen_.push_back(k);
      extend(part + 1, left - k);
      chosen_.pop_back();
    }
  }

  std::span<const WholeRange> parts_;
  size_t limit_;
  std::vector<WholeRange> rest_;  // what the parts from here on can sum to
  std::vector<int64_t> chosen_;
  Partitions found_;
};

Ticks sum_of(std::span<const Decimal> parts, const TickScale& scale, RoundingRule rule) {
  Ticks sum = exact::at(0);
  for (const Decimal& part : parts) sum = sum + scale.ticks(part, rule);
  return sum;
}

// What the counts of the parts can sum to: each count of a part goes with each of another, so that
// the sums have no gaps. Empty where a part is impossible.
WholeRange count_sum(std::span<const Decimal> parts, int64_t n, RoundingRule rule) {
  WholeRange sum{0, 0};
  for (const Decimal& part : parts) {
    const WholeRange counts = possible_counts(part, n, rule);
    if (counts.empty()) return {};
    sum = {sum.low + counts.low, sum.high + counts.high};
  }
  return sum;
}

bool makes_whole(std::span<const Decimal> parts, std::optional<int64_t> n, RoundingRule rule) {
  if (n) return count_sum(parts, *n, rule).contains(*n);
  const TickScale scale = TickScale::of(parts);
  return sum_of(parts, scale, rule).contains(100 * scale.one());
}

// "89 + 22…23 = 111…112 of 124"
std::string counts_line(std::span<const Decimal> parts, int64_t n, RoundingRule rule) {
  std::string out;
  for (const Decimal& part : parts) {
    const WholeRange counts = possible_counts(part, n, rule);
    if (!out.empty()) out += " + ";
    out += counts.empty() ? fmt::format("no count for {}", exact::percent_text(part))
                          : exact::counts_text(counts.low, counts.high);
  }
  const WholeRange sum = count_sum(parts, n, rule);
  if (!sum.empty()) out += fmt::format(" = {}", exact::counts_text(sum.low, sum.high));
  return fmt::format("{} of {}", out, n);
}

std::string parts_line(std::span<const Decimal> parts, std::optional<int64_t> n,
                       RoundingRule rule) {
  const TickScale scale = TickScale::of(parts);
  std::string out = exact::sum_text(parts);
  if (n) return out + "; " + counts_line(parts, *n, rule);
  return out + fmt::format(", {} before rounding", scale.text(sum_of(parts, scale, rule)));
}

// Another figure in place of part i with which the parts make the whole, the nearest to it.
std::optional<Decimal> replacement(std::span<const Decimal> parts, size_t i,
                                   std::optional<int64_t> n, RoundingRule rule) {
  std::vector<Decimal> tried(parts.begin(), parts.end());
  std::vector<Decimal> others = tried;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
  const std::optional<Remainder> left = remainder(others, n, rule);
  if (!left || left->low.digits < 0) return std::nullopt;
  const TickScale scale = TickScale::of(parts);
  const auto distance = [&](const Decimal& other) {
    const Wide gap = scale.exact(other) - scale.exact(parts[i]);
    return gap < 0 ? -gap : gap;
  };
  std::optional<Decimal> best;
  for (int64_t digits = left->low.digits; digits <= left->high.digits; ++digits) {
    tried[i] = {digits, left->low.places};
    if (!makes_whole(tried, n, rule)) continue;
    if (!best || distance(tried[i]) < distance(*best)) best = tried[i];
  }
  return best;
}

std::string whole_mend(std::span<const Decimal> parts, std::optional<int64_t> n,
                       RoundingRule rule) {
  std::vector<std::string> ways;
  const std::optional<Remainder> left = remainder(parts, n, rule);
  if (left && left->high.digits > 0 && (!n || !left->counts.empty())) {
    ways.push_back(
        fmt::format("a further part of {}%", TickScale::Printed{left->low, left->high}.text()));
  }
  for (size_t i = 0; i < parts.size() && parts.size() <= 4; ++i) {
    if (const auto other = replacement(parts, i, n, rule)) {
      ways.push_back(
          fmt::format("{} for {}", exact::percent_text(*other), exact::percent_text(parts[i])));
    }
  }
  for (int64_t step = 1; ways.empty() && n && step <= kFarthestBase; ++step) {
    for (const int64_t base : {*n - step, *n + step}) {
      if (base >= 1 && base <= exact::kMaxBase && makes_whole(parts, base, rule)) {
        ways.push_back(fmt::format("a base of {}", base));
      }
    }
  }
  return exact::list_text(ways, "or");
}

std::optional<Verdict> no_answer(std::span<const Decimal> parts, std::optional<int64_t> n) {
  if (!exact::testable(parts) || parts.size() > kMostParts) return exact::untested();
  if (n && (*n <= 0 || *n > exact::kMaxBase)) {
    return Verdict{Possibility::kNoBase, "a base lies between 1 and 10^9", ""};
  }
  return std::nullopt;
}

}  // namespace

Partitions partitions(std::span<const Decimal> percents, int64_t n,
                      const PartitionOptions& options) {
  std::vector<WholeRange> parts;
  for (const Decimal& percent : percents) {
    parts.push_back(possible_counts(percent, n, options.rounding));
  }
  if (options.rest) parts.push_back({0, n});
  return PartitionSearch(parts, options.limit).run(n);
}

Verdict exhaustive_verdict(std::span<const Decimal> parts, std::optional<int64_t> n,
                           RoundingRule rule) {
  if (const auto verdict = no_answer(parts, n)) return *verdict;
  const std::string line = parts_line(parts, n, rule);
  if (makes_whole(parts, n, rule)) return {Possibility::kPossible, line, ""};
  return {Possibility::kImpossible, line + (n ? "" : ", not 100"), whole_mend(parts, n, rule)};
}

std::optional<Remainder> remainder(std::span<const Decimal> parts, std::optional<int64_t> n,
                                   RoundingRule rule) {
  CHECK(exact::testable(parts), "parts have at most six decimals");
  const TickScale scale = TickScale::of(parts);
  const Wide whole = 100 * scale.one();
  const Ticks left =
      exact::meet(exact::at(whole) - sum_of(parts, scale, rule), Ticks{0, whole, true, true});
  if (left.empty()) return std::nullopt;
  const TickScale::Printed printed = scale.printed(left, rule);
  Remainder out{printed.low, printed.high, {}};
  if (!n) return out;
  const WholeRange sum = count_sum(parts, *n, rule);
  if (sum.empty()) return out;
  if (sum.low > *n) return std::nullopt;
  out.counts = {std::max<int64_t>(0, *n - sum.high), *n - sum.low};
  out.low = rule.print(Ratio{100 * out.counts.low, *n}, scale.places());
  out.high = rule.print(Ratio{100 * out.counts.high, *n}, scale.places());
  return out;
}

Verdict remainder_verdict(std::span<const Decimal> parts, const Decimal& stated,
                          std::optional<int64_t> n, RoundingRule rule) {
  if (const auto verdict = no_answer(parts, n)) return *verdict;
  if (!exact::testable(stated)) return exact::untested();
  std::vector<Decimal> all(parts.begin(), parts.end());
  all.push_back(stated);
  const std::string line = parts_line(parts, n, rule);
  const std::optional<Remainder> left = remainder(parts, n, rule);
  const std::string leaves =
      left ? TickScale::Printed{left->low, left->high}.text() + "%" : std::string("nothing");
  const std::string arithmetic =
      fmt::format("{}; they leave {}, stated {}", line, leaves, exact::percent_text(stated));
  if (makes_whole(all, n, rule)) return {Possibility::kPossible, arithmetic, ""};
  return {Possibility::kImpossible, arithmetic, left ? "a remainder of " + leaves : ""};
}

Verdict net_verdict(const Decimal& net, std::span<const Decimal> parts, std::optional<int64_t> n,
                    RoundingRule rule) {
  if (const auto verdict = no_answer(parts, n)) return *verdict;
  if (!exact::testable(net)) return exact::untested();
  std::vector<Decimal> all(parts.begin(), parts.end());
  all.push_back(net);
  const TickScale scale = TickScale::of(all);
  const Ticks sum = exact::meet(sum_of(parts, scale, rule), {0, 100 * scale.one(), true, true});
  bool fits = exact::touch(sum, scale.ticks(net, rule));
  std::string allowed = sum.empty() ? "" : scale.printed(sum, rule).text() + "%";
  if (n) {
    const WholeRange counts = count_sum(parts, *n, rule);
    const WholeRange whole = possible_counts(net, *n, rule);
    fits = !counts.empty() && !whole.empty() && counts.low <= std::min(whole.high, *n) &&
           whole.low <= counts.high;
    const int64_t most = std::min(counts.high, *n);
    allowed = counts.low > most ? ""
                                : TickScale::Printed{rule.print({100 * counts.low, *n}, net.places),
                                                     rule.print({100 * most, *n}, net.places)}
                                          .text() +
                                      "%";
  }
  const std::string arithmetic =
      fmt::format("{}; NET {}", parts_line(parts, n, rule), exact::percent_text(net));
  if (fits) return {Possibility::kPossible, arithmetic, ""};
  return {Possibility::kImpossible, arithmetic, allowed.empty() ? "" : "a NET of " + allowed};
}

}  // namespace barometer
