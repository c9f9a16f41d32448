#include "barometer/disclosure/suppress.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <gtest/gtest.h>

namespace barometer {
namespace {

// A single-code item with these counts, and NETs given as lists of option codes.
ItemTable item_with(const std::vector<size_t>& counts, const std::vector<std::vector<int>>& nets) {
  ItemTable table;
  table.item.id = "q";
  const size_t n = std::accumulate(counts.begin(), counts.end(), size_t{0});
  const auto cell = [&](std::string answer, CellKind kind, size_t count) {
    Cell out;
    out.item = "q";
    out.answer = std::move(answer);
    out.kind = kind;
    out.estimate.n = n;
    out.estimate.numerator = count;
    out.estimate.value = static_cast<double>(count) / static_cast<double>(n);
    out.estimate.exact = Ratio{static_cast<int64_t>(count), static_cast<int64_t>(n)};
    out.printed = print_estimate(out.estimate, {});
    return out;
  };
  for (size_t i = 0; i < nets.size(); ++i) {
    size_t sum = 0;
    for (const int code : nets[i]) sum += counts.at(static_cast<size_t>(code - 1));
    table.item.nets.push_back({"net" + std::to_string(i), "", nets[i]});
    table.respondents.push_back(cell("net" + std::to_string(i), CellKind::kNet, sum));
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    const int code = static_cast<int>(i) + 1;
    table.item.options.push_back({code, "option", false});
    table.respondents.push_back(cell(std::to_string(code), CellKind::kOption, counts[i]));
  }
  return table;
}

std::string shown(const ItemTable& table) {
  std::string out;
  for (const Cell& cell : table.respondents) {
    if (!out.empty()) out += " ";
    out += cell.answer + "=" +
           (cell.printed.marker == Marker::kSuppressed ? "c"
                                                       : std::to_string(cell.estimate.numerator));
  }
  return out;
}

PrintRules counts_under_five() {
  PrintRules rules;
  rules.suppress_count_under = 5;
  return rules;
}

std::string suppressed(ItemTable table, const PrintRules& rules) {
  WaveTables wave;
  wave.items.push_back(std::move(table));
  suppress_small_cells(wave, rules);
  return shown(wave.items[0]);
}

TEST(Suppress, LeavesLargeCellsAlone) {
  EXPECT_EQ(suppressed(item_with({40, 30, 24}, {{1, 2}}), counts_under_five()),
            "net0=70 1=40 2=30 3=24");
}

TEST(Suppress, HidesASecondCellSoThatTheBaseDoesNotGiveTheFirstBack) {
  EXPECT_EQ(suppressed(item_with({60, 30, 4}, {}), counts_under_five()), "1=60 2=c 3=c");
}

TEST(Suppress, ZeroIsNoSmallCount) {
  EXPECT_EQ(suppressed(item_with({60, 34, 0}, {}), counts_under_five()), "1=60 2=34 3=0");
}

TEST(Suppress, NetMinusItsPartsGivesNothingBack) {
  // 3 is small; the NET {3,4} and the options around it must not name it.
  const std::string out =
      suppressed(item_with({50, 20, 3, 20}, {{1, 2}, {3, 4}}), counts_under_five());
  EXPECT_EQ(out, "net0=70 net1=23 1=50 2=20 3=c 4=c");
}

TEST(Suppress, EveryCellOfABaseUnderTenGoes) {
  EXPECT_EQ(suppressed(item_with({5, 4}, {{1, 2}}), {}), "net0=c 1=c 2=c");
}

TEST(Suppress, HiddenCellsHoldNoNumbers) {
  WaveTables wave;
  wave.items.push_back(item_with({5, 4}, {}));
  EXPECT_EQ(suppress_small_cells(wave, {}), 2U);
  for (const Cell& cell : wave.items[0].respondents) {
    EXPECT_FALSE(cell.estimate.value.has_value());
    EXPECT_FALSE(cell.estimate.exact.has_value());
    EXPECT_EQ(cell.estimate.numerator, 0U);
    EXPECT_EQ(cell.estimate.n, 0U);
    EXPECT_EQ(cell.printed.text, "[c]");
  }
}

ItemTable suppressed_table(ItemTable table, const PrintRules& rules) {
  WaveTables wave;
  wave.items.push_back(std::move(table));
  suppress_small_cells(wave, rules);
  return std::move(wave.items[0]);
}

// Any number of answers each: counts and NETs are given, since neither sums to anything.
ItemTable multi_with(size_t n, const std::vector<size_t>& counts,
                     const std::vector<std::pair<std::vector<int>, size_t>>& nets) {
  std::vector<std::vector<int>> codes;
  for (const auto& [members, count] : nets) codes.push_back(members);
  ItemTable table = item_with(counts, codes);
  table.item.type = ItemType::kMulti;
  for (size_t i = 0; i < table.respondents.size(); ++i) {
    Estimate& estimate = table.respondents[i].estimate;
    estimate.n = n;
    if (i < nets.size()) estimate.numerator = nets[i].second;
    table.respondents[i].printed = print_estimate(estimate, {});
  }
  return table;
}

// Every estimate of an item carries why people are not in its base.
ItemTable with_missing(ItemTable table, size_t not_asked, size_t no_answer, size_t dont_know) {
  for (Cell& cell : table.respondents) {
    cell.estimate.not_asked = not_asked;
    cell.estimate.no_answer = no_answer;
    cell.estimate.dont_know = dont_know;
  }
  return table;
}

TEST(Suppress, TheRuleIsOffUntilItIsAskedFor) {
  const ItemTable table =
      suppressed_table(with_missing(item_with({60, 31, 1, 1}, {{1, 2}}), 3, 2, 1), {});
  EXPECT_EQ(shown(table), "net0=91 1=60 2=31 3=1 4=1");
  for (const Cell& cell : table.respondents) {
    EXPECT_FALSE(cell.missing_withheld);
    EXPECT_EQ(cell.estimate.not_asked, 3U);
  }
}

TEST(Suppress, RowsOfVisibleCellsDoNotCarryTheHiddenDontKnow) {
  const ItemTable table = suppressed_table(
      with_missing(item_with({30, 20, 20, 17, 3}, {{1, 2}, {3, 4}}), 0, 0, 3), counts_under_five());
  for (const Cell& cell : table.respondents) {
    EXPECT_TRUE(cell.missing_withheld) << cell.answer;
    EXPECT_EQ(cell.estimate.dont_know, 0U) << cell.answer;
  }
}

TEST(Suppress, BaseLessLikelyLessUnlikelyIsNotTheHiddenDontKnow) {
  EXPECT_EQ(suppressed(item_with({30, 20, 20, 17, 3}, {{1, 2}, {3, 4}}), counts_under_five()),
            "net0=50 net1=c 1=30 2=20 3=20 4=c 5=c");
}

TEST(Suppress, ASmallNumberNotAskedHidesTheBaseAsWell) {
  const ItemTable table =
      suppressed_table(with_missing(item_with({40, 30, 19}, {}), 3, 0, 0), counts_under_five());
  EXPECT_EQ(shown(table), "1=c 2=c 3=c");
  for (const Cell& cell : table.respondents) EXPECT_EQ(cell.estimate.n, 0U);
}

TEST(Suppress, TwoHiddenOnesThatSumToTwoNeedAThird) {
  EXPECT_EQ(suppressed(item_with({60, 31, 1, 1}, {}), counts_under_five()), "1=60 2=c 3=c 4=c");
}

TEST(Suppress, AHiddenZeroProtectsNothing) {
  EXPECT_EQ(suppressed(item_with({60, 31, 3, 0}, {}), counts_under_five()), "1=60 2=c 3=c 4=0");
}

TEST(Suppress, NinetyOfNinetyTwoNamesTheTwo) {
  EXPECT_EQ(suppressed(multi_with(92, {90, 50, 30}, {}), counts_under_five()), "1=c 2=50 3=30");
}

TEST(Suppress, ANetLessItsOptionIsACountAsWell) {
  EXPECT_EQ(suppressed(multi_with(92, {50, 20, 30}, {{{1, 2}, 53}}), counts_under_five()),
            "net0=c 1=50 2=20 3=30");
}

TEST(Suppress, TwoOptionsLessTheirNetAreThoseWithBoth) {
  EXPECT_EQ(suppressed(multi_with(92, {50, 20, 30}, {{{1, 2}, 67}}), counts_under_five()),
            "net0=c 1=50 2=20 3=30");
}

TEST(Suppress, ANetOfANetIsCompared) {
  EXPECT_EQ(suppressed(multi_with(92, {30, 20, 30}, {{{1, 2}, 45}, {{1, 2, 3}, 48}}),
                       counts_under_five()),
            "net0=45 net1=c 1=30 2=20 3=30");
}

TEST(Suppress, AMultiNetGoesWithAnyHiddenOption) {
  EXPECT_EQ(suppressed(multi_with(92, {50, 20, 3}, {{{1, 2}, 60}}), counts_under_five()),
            "net0=c 1=50 2=20 3=c");
}

TEST(Suppress, DontKnowOutOfTheBaseIsTheDifferenceOfTwoBases) {
  ItemTable truth = with_missing(item_with({40, 30, 19}, {}), 0, 0, 3);
  truth.item.dont_know_in_base = false;
  const ItemTable table = suppressed_table(truth, counts_under_five());
  EXPECT_EQ(shown(table), "1=c 2=c 3=c");
  for (const Cell& cell : table.respondents) EXPECT_EQ(cell.estimate.dont_know, 0U);
}

TEST(Suppress, PeopleInTheBaseWithoutAnOptionAreACountAsWell) {
  ItemTable truth = item_with({40, 30, 19}, {});
  for (Cell& cell : truth.respondents) cell.estimate.n = 92;  // three said "don't know" themselves
  EXPECT_EQ(suppressed(truth, counts_under_five()), "1=40 2=30 3=c");
}

TEST(Suppress, FiguresThatDoNotAddUpAreHiddenWhole) {
  ItemTable truth = item_with({40, 30, 19, 3}, {{1, 2}});
  truth.respondents[0].estimate.numerator = 71;
  EXPECT_EQ(suppressed(truth, counts_under_five()), "net0=c 1=c 2=c 3=c 4=c");
}

TEST(Suppress, OrganisationsAreAttackedAsWell) {
  ItemTable truth = item_with({60, 30, 20}, {});
  truth.organisations = item_with({40, 20, 2}, {}).respondents;
  const ItemTable table = suppressed_table(truth, counts_under_five());
  EXPECT_EQ(shown(table), "1=60 2=30 3=20");
  EXPECT_EQ(table.organisations[0].printed.marker, Marker::kNone);
  EXPECT_EQ(table.organisations[1].printed.text, "[c]");
  EXPECT_EQ(table.organisations[2].printed.text, "[c]");
}

TEST(Suppress, ReasonsDoNotNameTheMissing) {
  ItemTable truth = with_missing(item_with({40, 30, 19}, {}), 0, 3, 0);
  truth.respondents[2].estimate.value.reset();
  truth.respondents[2].estimate.reason = "no answers: 0 not asked, 3 no answer";
  EXPECT_EQ(suppressed_table(truth, counts_under_five()).respondents[2].estimate.reason,
            "no answers");
}

TEST(Suppress, NotesSpeakOnlyOfWhatIsShown) {
  ItemTable truth = with_missing(item_with({40, 30, 19}, {}), 3, 0, 0);
  truth.item.label = "Plans";
  for (const bool hidden : {false, true}) {
    WaveTables wave;
    wave.respondents = 92;
    wave.items.push_back(truth);
    suppress_small_cells(wave, hidden ? counts_under_five() : PrintRules{});
    add_notes(Study{}, Wave{}, wave);
    const auto names_base = [](const std::string& note) {
      return note.find("89 of 92") != std::string::npos;
    };
    EXPECT_EQ(std::ranges::any_of(wave.items[0].notes, names_base), !hidden);
  }
}

// ---- the attack, done the slow way -----------------------------------------------------------

using Counts = std::vector<size_t>;

size_t sum_in(const ItemTable& truth, const Cell& cell, const Counts& counts) {
  if (cell.kind == CellKind::kOption) return counts.at(std::stoul(cell.answer) - 1);
  size_t sum = 0;
  for (const int code : truth.item.nets.at(std::stoul(cell.answer.substr(3))).codes) {
    sum += counts.at(static_cast<size_t>(code) - 1);
  }
  return sum;
}

// Every way to spread n over the parts.
std::vector<Counts> compositions(size_t n, size_t parts) {
  std::vector<Counts> out;
  Counts counts(parts);
  const std::function<void(size_t, size_t)> walk = [&](size_t at, size_t left) {
    if (at + 1 == parts) {
      counts[at] = left;
      out.push_back(counts);
      return;
    }
    for (size_t k = 0; k <= left; ++k) {
      counts[at] = k;
      walk(at + 1, left - k);
    }
  };
  walk(0, n);
  return out;
}

bool looks_like(const ItemTable& truth, const ItemTable& seen, const Counts& counts) {
  return std::ranges::all_of(seen.respondents, [&](const Cell& cell) {
    return !cell.estimate.value || sum_in(truth, cell, counts) == cell.estimate.numerator;
  });
}

// The small cells, and small complements of cells, that some attacker can place too closely: one
// who knows nothing more, or one who knows that what is small is at least 1.
std::string worked_back(const ItemTable& truth, const Counts& real, const ItemTable& seen,
                        const std::vector<Counts>& tables) {
  const size_t n = std::accumulate(real.begin(), real.end(), size_t{0});
  const bool base_shown = std::ranges::any_of(
      seen.respondents, [](const Cell& cell) { return cell.estimate.value.has_value(); });
  std::vector<Counts> fits;
  std::ranges::copy_if(tables, std::back_inserter(fits),
                       [&](const Counts& counts) { return looks_like(truth, seen, counts); });
  std::string out;
  for (const Cell& cell : base_shown ? truth.respondents : std::vector<Cell>{}) {
    for (const bool complement : {false, true}) {
      const auto value = [&](const Counts& counts) {
        const size_t inside = sum_in(truth, cell, counts);
        return complement ? n - inside : inside;
      };
      if (value(real) == 0 || value(real) > 4) continue;
      for (const bool knows_present : {false, true}) {
        size_t low = n;
        size_t high = 0;
        for (const Counts& counts : fits) {
          bool possible = true;
          for (size_t i = 0; knows_present && i < real.size(); ++i) {
            possible = possible && (real[i] == 0 || real[i] > 4 || counts[i] > 0);
          }
          if (!possible) continue;
          low = std::min(low, value(counts));
          high = std::max(high, value(counts));
        }
        if (high < 5 || high - low < 4) out += (complement ? " not " : " ") + cell.answer;
      }
    }
  }
  return out;
}

TEST(Suppress, NothingSmallCanBeWorkedBackByExhaustiveAttack) {
  const std::vector<Counts> tables = compositions(24, 5);
  const std::vector<size_t> values{0, 1, 3, 6};
  size_t untouched = 0;
  for (size_t which = 0; which < 256; ++which) {
    Counts real{values[which % 4], values[which / 4 % 4], values[which / 16 % 4],
                values[which / 64], 0};
    real[4] = 24 - std::accumulate(real.begin(), real.end(), size_t{0});
    const ItemTable truth = item_with(real, {{1, 2}, {3, 4}});
    const ItemTable seen = suppressed_table(truth, counts_under_five());
    EXPECT_EQ(worked_back(truth, real, seen, tables), "")
        << shown(truth) << " shown as " << shown(seen);
    if (shown(truth) == shown(seen)) ++untouched;
  }
  // Tables of zeros and sixes hold nothing small.
  EXPECT_EQ(untouched, 16U);
}

TEST(Suppress, OverlappingNetsWithstandTheAttack) {
  const std::vector<Counts> tables = compositions(24, 4);
  const std::vector<size_t> values{0, 2, 4, 6};
  for (size_t which = 0; which < 64; ++which) {
    Counts real{values[which % 4], values[which / 4 % 4], values[which / 16], 0};
    real[3] = 24 - std::accumulate(real.begin(), real.end(), size_t{0});
    const ItemTable truth = item_with(real, {{1, 2}, {2, 3}});
    const ItemTable seen = suppressed_table(truth, counts_under_five());
    EXPECT_EQ(worked_back(truth, real, seen, tables), "")
        << shown(truth) << " shown as " << shown(seen);
  }
}

}  // namespace
}  // namespace barometer
