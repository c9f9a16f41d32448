#include "barometer/disclosure/suppress.h"

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

// The attack, done the slow way: every table of counts that gives the same visible cells. A hidden
// count that is small must have at least two possible values.
bool can_be_worked_back(const ItemTable& truth, const ItemTable& shown_table, size_t n) {
  const size_t options = truth.item.options.size();
  std::vector<std::vector<size_t>> fits;
  std::vector<size_t> counts(options);
  std::function<void(size_t, size_t)> walk = [&](size_t at, size_t left) {
    if (at + 1 == options) {
      counts[at] = left;
      for (const Cell& cell : shown_table.respondents) {
        if (cell.printed.marker == Marker::kSuppressed) continue;
        size_t sum = 0;
        if (cell.kind == CellKind::kOption) {
          sum = counts[static_cast<size_t>(std::stoi(cell.answer)) - 1];
        } else {
          for (const int code : truth.item.nets[static_cast<size_t>(cell.answer[3] - '0')].codes) {
            sum += counts[static_cast<size_t>(code) - 1];
          }
        }
        if (sum != cell.estimate.numerator) return;
      }
      fits.push_back(counts);
      return;
    }
    for (size_t k = 0; k <= left; ++k) {
      counts[at] = k;
      walk(at + 1, left - k);
    }
  };
  walk(0, n);
  for (size_t i = 0; i < truth.respondents.size(); ++i) {
    const Cell& cell = truth.respondents[i];
    if (cell.kind != CellKind::kOption || cell.estimate.numerator == 0 ||
        cell.estimate.numerator > 4)
      continue;
    const auto option = static_cast<size_t>(std::stoi(cell.answer)) - 1;
    size_t low = SIZE_MAX;
    size_t high = 0;
    for (const auto& fit : fits) {
      low = std::min(low, fit[option]);
      high = std::max(high, fit[option]);
    }
    if (low == high) return true;
  }
  return false;
}

TEST(Suppress, NoSmallCountCanBeWorkedBackByExhaustiveAttack) {
  for (size_t a = 0; a <= 6; ++a) {
    for (size_t b = 0; b <= 6; ++b) {
      for (size_t c = 0; c <= 6; ++c) {
        const size_t d = 24 - a - b - c;
        const ItemTable truth = item_with({a, b, c, d}, {{1, 2}, {2, 3}});
        WaveTables wave;
        wave.items.push_back(truth);
        suppress_small_cells(wave, counts_under_five());
        EXPECT_FALSE(can_be_worked_back(truth, wave.items[0], 24))
            << "counts " << a << " " << b << " " << c << " " << d << " shown as "
            << shown(wave.items[0]);
      }
    }
  }
}

}  // namespace
}  // namespace barometer
