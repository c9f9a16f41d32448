#include "barometer/protection/attacker_internal.h"

#include <algorithm>
#include <cmath>

namespace barometer {
namespace {

constexpr double kBroken = 1e-6;  // a cut is worth adding when it is missed by more
constexpr double kNothing = 1e-9;

double as_double(int64_t value) {
  if (value == kNoLimit) return kInfinite;
  return value == -kNoLimit ? -kInfinite : static_cast<double>(value);
}

ProgramRow row_of(const Terms& terms, double least, double most) {
  ProgramRow row{{}, {}, least, most};
  for (const auto& [atom, coefficient] : terms) {
    row.columns.push_back(static_cast<int>(atom));
    row.coefficients.push_back(static_cast<double>(coefficient));
  }
  return row;
}

std::vector<int> cells_of_columns(const SuppressionModel& model) {
  std::vector<int> out(model.atom_least.size(), -1);
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const Terms& terms = model.cells[i].terms;
    if (terms.size() != 1 || terms.front().second != 1) continue;
    int& cell = out[terms.front().first];
    if (cell < 0) cell = static_cast<int>(i);
  }
  return out;
}

Program program_of(const SuppressionModel& model, const std::vector<int>& cell_of_column,
                   std::vector<int>& cell_of_row) {
  Program program;
  for (size_t j = 0; j < model.atom_least.size(); ++j) {
    program.add_column(model.atom_least[j], model.atom_most[j], 0);
  }
  for (const CountRow& row : model.rows) {
    program.rows.push_back(row_of(row.terms, as_double(row.least), as_double(row.most)));
    cell_of_row.push_back(-1);
  }
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const ModelCell& cell = model.cells[i];
    const bool column =
        cell.terms.size() == 1 && cell_of_column[cell.terms.front().first] == static_cast<int>(i);
    if (column || cell.terms.empty()) continue;
    program.rows.push_back(row_of(cell.terms, cell.value, cell.value));
    cell_of_row.push_back(static_cast<int>(i));
  }
  return program;
}

}  // namespace

Attacker::Attacker(const SuppressionModel& model)
    : model_(&model),
      cell_of_column_(cells_of_columns(model)),
      x_(model.cells.size(), 0),
      linear_(program_ = program_of(model, cell_of_column_, cell_of_row_)) {}

void Attacker::choose(std::span<const double> x) {
  x_.assign(x.begin(), x.end());
  const auto room = [&](int at) {
    const ModelCell& cell = model_->cells[static_cast<size_t>(at)];
    const double share = x_[static_cast<size_t>(at)];
    return std::pair(cell.value - cell.down * share, cell.value + cell.up * share);
  };
  for (size_t j = 0; j < cell_of_column_.size(); ++j) {
    if (cell_of_column_[j] < 0) continue;
    const auto [least, most] = room(cell_of_column_[j]);
    linear_.bound_column(static_cast<int>(j), least, most);
  }
  for (size_t r = 0; r < cell_of_row_.size(); ++r) {
    if (cell_of_row_[r] < 0) continue;
    const auto [least, most] = room(cell_of_row_[r]);
    linear_.bound_row(static_cast<int>(r), least, most);
  }
}

Attacker::Bound Attacker::bound(size_t cell, int sign, Effort& effort) {
  std::vector<std::pair<int, double>> costs;
  for (const auto& [atom, coefficient] : model_->cells[cell].terms) {
    costs.emplace_back(static_cast<int>(atom), static_cast<double>(sign * coefficient));
  }
  linear_.minimise(costs);
  if (linear_.solve(effort) != Outcome::kSolved) return {};
  const std::span<const double> prices = linear_.prices();
  return by_duality(model_->cells[cell], sign, {prices.begin(), prices.end()});
}

// min c·a >= Σ prices · sides of the rows + Σ reduced costs · sides of the columns, for any prices
// (weak duality): a rounding error of the solver makes the bound looser, never false.
Attacker::Bound Attacker::by_duality(const ModelCell& cell, int sign,
                                     std::vector<double> prices) const {
  Bound out;
  out.solved = true;
  out.reach.assign(model_->cells.size(), 0);
  std::vector<double> reduced(cell_of_column_.size(), 0);
  for (const auto& [atom, coefficient] : cell.terms) {
    reduced[atom] += static_cast<double>(sign * coefficient);
  }
  const auto use_cell = [&](int at, double price) {
    const ModelCell& with = model_->cells[static_cast<size_t>(at)];
    out.constant += price * with.value;
    out.reach[static_cast<size_t>(at)] += price > 0 ? price * with.down : -price * with.up;
  };
  for (size_t r = 0; r < prices.size(); ++r) {
    const ProgramRow& row = program_.rows[r];
    double price = prices[r];
    const double side = price > 0 ? row.least : row.most;
    if (std::abs(price) < kNothing || std::isinf(side)) continue;
    for (size_t i = 0; i < row.columns.size(); ++i) {
      reduced[static_cast<size_t>(row.columns[i])] -= price * row.coefficients[i];
    }
    cell_of_row_[r] < 0 ? void(out.constant += price * side) : use_cell(cell_of_row_[r], price);
  }
  for (size_t j = 0; j < reduced.size(); ++j) {
    if (cell_of_column_[j] >= 0) {
      use_cell(cell_of_column_[j], reduced[j]);
    } else {
      out.constant += reduced[j] * (reduced[j] > 0 ? model_->atom_least[j] : model_->atom_most[j]);
    }
  }
  out.value = out.constant;
  for (size_t i = 0; i < out.reach.size(); ++i) out.value -= out.reach[i] * x_[i];
  return out;
}

// Σ reach_i x_i >= need, with the sensitive cells hidden, and no coefficient above what is needed.
void Attacker::add_cut(const std::vector<double>& reach, double need,
                       std::vector<SuppressionCut>& cuts) const {
  for (const size_t cell : model_->sensitive) need -= reach[cell];
  double dropped = 0;
  for (size_t i = 0; i < reach.size(); ++i) {
    if (model_->cells[i].free && reach[i] < kNothing) dropped += reach[i];
  }
  need -= dropped;
  if (need < kBroken) return;
  SuppressionCut cut;
  double met = 0;
  for (size_t i = 0; i < reach.size(); ++i) {
    if (!model_->cells[i].free || reach[i] < kNothing) continue;
    cut.terms.emplace_back(i, std::min(1.0, reach[i] / need));
    met += cut.terms.back().second * x_[i];
  }
  if (!cut.terms.empty() && met < 1 - kBroken) cuts.push_back(std::move(cut));
}

void Attacker::separate(size_t at, Effort& effort, std::vector<SuppressionCut>& cuts) {
  const ModelCell& cell = model_->cells[at];
  if (cell.lower + cell.upper + cell.slide == 0) return;
  const Bound least = bound(at, 1, effort);
  const Bound most = bound(at, -1, effort);  // of the negative sum
  if (!least.solved || !most.solved) return;
  if (cell.lower > 0) add_cut(least.reach, least.constant - cell.value + cell.lower, cuts);
  if (cell.upper > 0) add_cut(most.reach, most.constant + cell.value + cell.upper, cuts);
  if (cell.slide > 0) {
    std::vector<double> reach = least.reach;
    for (size_t i = 0; i < reach.size(); ++i) reach[i] += most.reach[i];
    add_cut(reach, cell.slide + least.constant + most.constant, cuts);
  }
}

}  // namespace barometer
