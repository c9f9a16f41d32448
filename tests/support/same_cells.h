// Whether two answers to a query say the same, whatever the order of the cells.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/engine/engine.h"

namespace barometer::testing {

// By the values of the keys (and the row, for sums by row): sums over the cells with them. Of
// numbers the weighted sums of values and of their products; these have no cells to compare.
using CellsByValue = std::map<std::string, std::vector<double>>;

inline std::string value_text(const Column& column, size_t row) {
  if (const Missing kind = missing_at(column, row); kind != Missing::kNone) {
    return fmt::format(" [{}]", name_of(kind));
  }
  if (const auto* numbers = std::get_if<Numbers>(&column)) {
    return fmt::format(" {:.17g}", numbers->values[row] + 0.0);
  }
  if (const auto* sets = std::get_if<OptionSets>(&column)) {
    return fmt::format(" {:b}", sets->bits[row]);
  }
  return fmt::format(" {}", code_at(column, row));
}

class CellsReader {
 public:
  CellsReader(const Cells& cells, const CellQuery& query, bool elements)
      : cells_(cells), keys_(query.keys.size()), elements_(elements) {
    for (size_t k = keys_; k < keys_ + query.numbers.size(); ++k) {
      numbers_.push_back(&std::get<Numbers>(cells.data.column(k)));
    }
  }

  CellsByValue read() {
    const CellSums& sums = cells_.sums;
    for (size_t cell = 0; cell < sums.cell_count; ++cell) {
      if (sums.n[cell] == 0 && numbers_.empty()) continue;
      add("total" + name(cell), cell, static_cast<double>(sums.n[cell]),
          static_cast<double>(sums.live[cell]), sums.w[cell], sums.w2[cell], elements_);
      for (Eigen::Index k = 0; k < cells_.replicates.cols(); ++k) {
        found_["total" + name(cell)].push_back(
            cells_.replicates(static_cast<Eigen::Index>(cell), k));
      }
    }
    if (sums.by_row()) read_rows();
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::string name(size_t cell) const {
    std::string text = cells_.inside.empty() || cells_.inside[cell] != 0 ? "" : " outside";
    for (size_t k = 0; k < keys_; ++k) text += value_text(cells_.data.column(k), cell);
    for (const Numbers* number : numbers_) text += " [" + kind_of(*number, cell) + "]";
    return text;
  }
  static std::string kind_of(const Numbers& numbers, size_t cell) {
    return std::string(name_of(numbers.missing[cell]));
  }

  void read_rows() {
    const CellSums& sums = cells_.sums;
    for (size_t row = 0; row < sums.row_count; ++row) {
      for (size_t at = sums.row_begin[row]; at < sums.row_begin[row + 1]; ++at) {
        const size_t cell = sums.cell_of(row, at);
        if (sums.row_n[at] == 0 && numbers_.empty()) continue;
        add(fmt::format("row {}{}", row, name(cell)), cell, sums.row_n[at],
            elements_ ? sums.row_live[at] : 0, sums.row_w[at], elements_ ? sums.row_w2[at] : 0,
            elements_);
      }
    }
  }

  void add(const std::string& key, size_t cell, double n, double live, double w, double w2,
           bool squares) {
    std::vector<double> sums{n, live, w, w2};
    for (const Numbers* a : numbers_) {
      for (const double mass : {w, squares ? w2 : 0}) {
        sums.push_back(mass * a->values[cell]);
        for (const Numbers* b : numbers_) sums.push_back(mass * a->values[cell] * b->values[cell]);
      }
    }
    std::vector<double>& to = found_[key];
    to.resize(std::max(to.size(), sums.size()), 0);
    for (size_t i = 0; i < sums.size(); ++i) to[i] += sums[i];
  }

  const Cells& cells_;
  size_t keys_;
  bool elements_;
  std::vector<const Numbers*> numbers_;
  CellsByValue found_;
};

inline CellsByValue cells_by_value(const Cells& cells, const CellQuery& query,
                                   const Design& design) {
  return CellsReader(cells, query, design.elements()).read();
}

// Sums of the same numbers in another order differ by rounding: 1e-12 of the sum, as all are of
// numbers above 0. Moments by way of representatives differ by some more.
inline ::testing::AssertionResult same_cells(const CellsByValue& found, const CellsByValue& wanted,
                                             double tolerance) {
  for (const auto& [key, sums] : wanted) {
    const auto at = found.find(key);
    if (at == found.end()) return ::testing::AssertionFailure() << "no cell " << key;
    if (at->second.size() != sums.size()) return ::testing::AssertionFailure() << key;
    for (size_t i = 0; i < sums.size(); ++i) {
      if (std::abs(at->second[i] - sums[i]) <= tolerance * std::abs(sums[i])) continue;
      return ::testing::AssertionFailure()
             << key << ", sum " << i << ": "
             << fmt::format("{} where {} is right", at->second[i], sums[i]);
    }
  }
  if (found.size() == wanted.size()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << found.size() << " cells where " << wanted.size() << " are right";
}

}  // namespace barometer::testing
