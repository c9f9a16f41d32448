#include "barometer/protection/bridge_internal.h"

#include <algorithm>
#include <cmath>

namespace barometer {
namespace {

constexpr double kInEquation = 1e-6;  // smaller dual values are rounding errors
constexpr double kBroken = 1e-3;

ProgramRow row_of(const Terms& terms) {
  ProgramRow row;
  for (const auto& [atom, coefficient] : terms) {
    row.columns.push_back(static_cast<int>(atom));
    row.coefficients.push_back(static_cast<double>(coefficient));
  }
  return row;
}

// Equations alone: a statement that leaves room gives nothing away by itself.
Program program_of(const SuppressionModel& model, std::vector<int>& cell_of_column,
                   std::vector<int>& cell_of_row) {
  Program program;
  for (size_t j = 0; j < model.atom_least.size(); ++j) {
    program.add_column(-kInfinite, kInfinite, 0);
  }
  cell_of_column.assign(model.atom_least.size(), -1);
  for (const CountRow& row : model.rows) {
    if (row.least != row.most || row.terms.empty()) continue;
    program.rows.push_back(row_of(row.terms));
    cell_of_row.push_back(-1);
  }
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const Terms& terms = model.cells[i].terms;
    if (terms.size() == 1 && cell_of_column[terms.front().first] < 0) {
      cell_of_column[terms.front().first] = static_cast<int>(i);
    } else if (!terms.empty()) {
      program.rows.push_back(row_of(terms));
      cell_of_row.push_back(static_cast<int>(i));
    }
  }
  return program;
}

std::vector<int> turned(const std::vector<int>& cells, size_t size) {
  std::vector<int> places(size, -1);
  for (size_t at = 0; at < cells.size(); ++at) {
    if (cells[at] >= 0) places[static_cast<size_t>(cells[at])] = static_cast<int>(at);
  }
  return places;
}

}  // namespace

Bridges::Bridges(const SuppressionModel& model)
    : model_(&model),
      program_(program_of(model, cell_of_column_, cell_of_row_)),
      column_of_(turned(cell_of_column_, model.cells.size())),
      row_of_(turned(cell_of_row_, model.cells.size())),
      x_(model.cells.size(), 0),
      linear_(program_) {}

void Bridges::allow(size_t cell, double deviation) {
  if (column_of_[cell] >= 0) {
    const double scale = std::abs(static_cast<double>(model_->cells[cell].terms.front().second));
    linear_.bound_column(column_of_[cell], -deviation / scale, deviation / scale);
  } else if (row_of_[cell] >= 0) {
    linear_.bound_row(row_of_[cell], -deviation, deviation);
  }
}

void Bridges::choose(std::span<const double> x) {
  x_.assign(x.begin(), x.end());
  for (size_t i = 0; i < x_.size(); ++i) allow(i, x_[i]);
}

void Bridges::separate(size_t cell, Effort& effort, std::vector<SuppressionCut>& cuts) {
  std::vector<std::pair<int, double>> costs;
  for (const auto& [atom, coefficient] : model_->cells[cell].terms) {
    costs.emplace_back(static_cast<int>(atom), -static_cast<double>(coefficient));
  }
  allow(cell, 1);
  linear_.minimise(costs);
  const Outcome outcome = linear_.solve(effort);
  const double reached = outcome == Outcome::kSolved ? -linear_.value() : 1;
  if (reached < x_[cell] - kBroken) {
    std::vector<double> reduced(cell_of_column_.size(), 0);
    for (const auto& [column, cost] : costs) reduced[static_cast<size_t>(column)] = cost;
    SuppressionCut cut{{{cell, -1.0}}, 0};
    bool holds = true;
    const auto use = [&](int at) {
      const auto other = static_cast<size_t>(at);
      holds = holds && other != cell && !model_->cells[other].sensitive;
      if (model_->cells[other].free) cut.terms.emplace_back(other, 1.0);
    };
    const std::span<const double> prices = linear_.prices();
    for (size_t r = 0; r < prices.size(); ++r) {
      const ProgramRow& row = program_.rows[r];
      for (size_t i = 0; i < row.columns.size(); ++i) {
        reduced[static_cast<size_t>(row.columns[i])] -= prices[r] * row.coefficients[i];
      }
      if (cell_of_row_[r] >= 0 && std::abs(prices[r]) > kInEquation) use(cell_of_row_[r]);
    }
    for (size_t j = 0; j < reduced.size(); ++j) {
      if (std::abs(reduced[j]) <= kInEquation) continue;
      cell_of_column_[j] >= 0 ? use(cell_of_column_[j]) : void(holds = false);
    }
    if (holds) cuts.push_back(std::move(cut));
  }
  allow(cell, x_[cell]);
}

}  // namespace barometer
