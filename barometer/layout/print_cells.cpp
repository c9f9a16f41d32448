#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/layout/print_internal.h"
#include "barometer/significance/letters.h"

namespace barometer {
namespace {

// A share that is its count over its base to within rounding of doubles is that fraction: exactly
// where every weight is 1, and no reader can tell the difference where all are alike.
constexpr double kSameShare = 1e-12;

int places_of(RowKind kind, const PrintRules& rules) {
  return is_share(kind) || kind == RowKind::kNps ? rules.percent_places : rules.mean_places;
}

double in_print(RowKind kind, double value) { return is_share(kind) ? value * 100 : value; }

Estimate estimate_of(RowKind kind, const BookCell& cell) {
  Estimate estimate;
  estimate.statistic = is_share(kind) ? Statistic::kProportion : Statistic::kMean;
  estimate.value = cell.value;
  estimate.n = static_cast<size_t>(std::llround(cell.n));
  estimate.numerator = static_cast<size_t>(std::llround(cell.count));
  const bool is_count = is_share(kind) && cell.value && cell.n > 0 &&
                        std::abs(*cell.value - cell.count / cell.n) <= kSameShare;
  if (is_count) estimate.exact = Ratio{std::llround(cell.count), std::llround(cell.n)};
  return estimate;
}

PrintedCell symbol_cell(Marker marker) {
  return {.text = std::string(symbol_of(marker)), .marker = marker};
}

// Where there is no value: there is nobody for it to be of, or there is a reason.
PrintedCell without_value(const BookCell& cell) {
  const bool missing = cell.n > 0 || cell.not_available;
  return symbol_cell(missing ? Marker::kNotAvailable : Marker::kNotApplicable);
}

PrintedCell number_cell(double value, int places, const PrintRules& rules) {
  return {.text = round(value, places, rules.rounding).text(), .value = value, .places = places};
}

PrintedCell weighted_count_cell(const BookCell& cell, const PrintRules& rules) {
  const Decimal rounded = round(cell.weighted_count, 0, rules.rounding);
  PrintedCell printed = {.text = with_thousands(rounded.digits), .value = cell.weighted_count};
  if (rounded.digits == 0 && cell.weighted_count > 0) {
    printed.text = symbol_of(Marker::kLow);
    printed.marker = Marker::kLow;
  }
  return printed;
}

PrintedCell interval_cell(RowKind kind, const BookCell& cell, const PrintRules& rules) {
  const int places = places_of(kind, rules);
  const Decimal lower = round(in_print(kind, *cell.lower), places, rules.rounding);
  const Decimal upper = round(in_print(kind, *cell.upper), places, rules.rounding);
  return {.text = fmt::format("{} to {}", lower.text(), upper.text()), .places = places};
}

// Of columns, "BC d"; those without a letter (rests, the total) are not named.
std::string letters_in(const BookTable& table, const BookCell& cell) {
  std::vector<std::string> letters;
  for (const BookColumn& column : table.columns) letters.push_back(column.letter);
  const auto lettered = [&](const std::vector<size_t>& columns) {
    std::vector<size_t> found;
    for (const size_t c : columns) {
      if (!letters.at(c).empty()) found.push_back(c);
    }
    return found;
  };
  return Letters{lettered(cell.above), lettered(cell.above_second)}.text(letters);
}

}  // namespace

bool is_withheld(const BookCell& cell, const PrintRules& rules) {
  return cell.suppressed || (cell.value && cell.n < rules.suppress_base_under);
}

bool is_withheld(const BookTable& table, const PairTest& test, const PrintRules& rules) {
  return is_withheld(table.at(test.row, test.a), rules) ||
         is_withheld(table.at(test.row, test.b), rules);
}

bool is_withheld(const BookTable& table, const GroupTest& test, const PrintRules& rules) {
  for (size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].group != test.group) continue;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      if (is_withheld(table.at(r, c), rules)) return true;
    }
  }
  return false;
}

bool is_base_unknown(const BookTable& table, size_t column) {
  if (!table.columns[column].withheld) return false;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    if (!table.rows[row].hidden && !table.at(row, column).suppressed) return true;
  }
  return false;
}

PrintedCell printed_value(RowKind kind, const BookCell& cell, const PrintRules& rules) {
  if (cell.suppressed) return symbol_cell(Marker::kSuppressed);
  if (!cell.value) return without_value(cell);
  PrintRules of_row = rules;
  of_row.mean_places = places_of(kind, rules);
  const Printed printed = print_estimate(estimate_of(kind, cell), of_row);
  PrintedCell out = {.text = printed.text, .marker = printed.marker};
  out.places = of_row.mean_places;
  if (out.marker != Marker::kSuppressed) out.value = in_print(kind, *cell.value);
  return out;
}

PrintedCell printed_measure(Measure measure, RowKind kind, const BookCell& cell,
                            const PrintRules& rules) {
  PrintedCell value = printed_value(kind, cell, rules);
  if (measure == Measure::kPercent || !cell.value || value.marker == Marker::kSuppressed) {
    return value;
  }
  const bool counts = measure == Measure::kCount || measure == Measure::kWeightedCount;
  if (counts && is_count_unknown(cell)) return symbol_cell(Marker::kNotAvailable);
  if (measure == Measure::kCount) {
    return {.text = with_thousands(std::llround(cell.count)), .value = cell.count};
  }
  if (measure == Measure::kWeightedCount) return weighted_count_cell(cell, rules);
  // A count stands in place of the percentage, and so would its error be one of a percentage.
  if (value.marker == Marker::kCount || value.marker == Marker::kUnreliable) {
    return symbol_cell(Marker::kUnreliable);
  }
  if (measure == Measure::kStandardError && cell.se) {
    return number_cell(in_print(kind, *cell.se), places_of(kind, rules) + 1, rules);
  }
  if (measure == Measure::kInterval && cell.lower && cell.upper) {
    return interval_cell(kind, cell, rules);
  }
  return symbol_cell(Marker::kNotAvailable);
}

std::string measure_name(Measure measure, RowKind kind, const PrintRules& rules) {
  switch (measure) {
    case Measure::kPercent:
      return is_share(kind) ? "%" : "value";
    case Measure::kCount:
      return "n";
    case Measure::kWeightedCount:
      return "weighted n";
    case Measure::kStandardError:
      return "SE";
    case Measure::kInterval:
      return fmt::format("{}% interval", Decimal{round(rules.level * 100, 0)}.text());
    case Measure::kLetters:
      break;
  }
  return "";
}

PrintedCell printed_base(double base) {
  return {.text = with_thousands(round(base, 0).digits), .value = base};
}

void add_tests_of(const BookTable& table, const BookCell& cell, bool two_levels,
                  PrintedCell& printed) {
  std::vector<std::string> parts;
  const auto add = [&](std::string part) {
    if (!part.empty()) parts.push_back(std::move(part));
  };
  add(letters_in(table, cell));
  if (cell.against != 0) {
    const size_t times = two_levels && std::abs(cell.against) == 2 ? 2 : 1;
    add(std::string(times, cell.against > 0 ? '+' : '-'));
  }
  if (cell.arrow != Arrow::kNone) add(cell.arrow == Arrow::kUp ? "▲" : "▼");
  printed.letters = join(parts, " ");
  const bool higher = !cell.above.empty() || !cell.above_second.empty() || cell.against > 0 ||
                      cell.arrow == Arrow::kUp;
  const bool lower = cell.against < 0 || cell.arrow == Arrow::kDown;
  printed.direction = higher ? 1 : lower ? -1 : 0;
}

}  // namespace barometer
