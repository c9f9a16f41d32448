#include "barometer/protection/opening_internal.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace barometer {
namespace {

constexpr double kMoved = 1e-7;
constexpr int kSlopes = 4;

double as_double(int64_t value) {
  if (value == kNoLimit) return kInfinite;
  return value == -kNoLimit ? -kInfinite : static_cast<double>(value);
}

// Columns: the atoms, then for each cell how far it lies above and how far below its value.
int above(const SuppressionModel& model, size_t cell) {
  return static_cast<int>(model.atom_least.size() + 2 * cell);
}

Program program_of(const SuppressionModel& model) {
  Program program;
  for (size_t j = 0; j < model.atom_least.size(); ++j) {
    program.add_column(model.atom_least[j], model.atom_most[j], 0);
  }
  const auto add = [&](const Terms& terms, double least, double most) {
    ProgramRow row{{}, {}, least, most};
    for (const auto& [atom, coefficient] : terms) {
      row.columns.push_back(static_cast<int>(atom));
      row.coefficients.push_back(static_cast<double>(coefficient));
    }
    program.rows.push_back(std::move(row));
  };
  for (const CountRow& row : model.rows) add(row.terms, as_double(row.least), as_double(row.most));
  for (const ModelCell& cell : model.cells) {
    add(cell.terms, cell.value, cell.value);
    ProgramRow& row = program.rows.back();
    row.columns.push_back(program.add_column(0, 0, 0));
    row.columns.push_back(program.add_column(0, 0, 0));
    row.coefficients.insert(row.coefficients.end(), {-1, 1});
  }
  return program;
}

}  // namespace

Openings::Openings(const SuppressionModel& model) : model_(&model), linear_(program_of(model)) {}

void Openings::allow(const Move& move, std::span<const uint8_t> hidden, bool only_hidden) {
  for (size_t i = 0; i < model_->cells.size(); ++i) {
    const ModelCell& cell = model_->cells[i];
    const bool open = hidden[i] != 0 || (!only_hidden && cell.free);
    const int column = above(*model_, i);
    linear_.bound_column(column, 0, open ? cell.up : 0);
    linear_.bound_column(column + 1, 0, open ? cell.down : 0);
  }
  const int forced = above(*model_, move.cell) + (move.sign > 0 ? 0 : 1);
  const ModelCell& cell = model_->cells[move.cell];
  linear_.bound_column(forced, move.amount,
                       std::max(move.amount, move.sign > 0 ? cell.up : cell.down));
  linear_.bound_column(forced + (move.sign > 0 ? 1 : -1), 0, 0);
}

// A cell costs its price whether it moves far or little. The linear program charges by distance;
// asked again with the price divided by the distance it last moved, it charges the price (slope
// scaling, Kim & Pardalos, Operations Research Letters 24, 1999). The best of a few answers counts.
bool Openings::solve(Move& move, std::span<const uint8_t> hidden, std::span<const double> prices,
                     bool only_hidden, Effort& effort) {
  allow(move, hidden, only_hidden);
  // A touch for hidden cells too, so that of two ways the shorter is taken.
  std::vector<double> slopes(model_->cells.size(), 1e-4);
  for (size_t i = 0; i < slopes.size(); ++i) {
    if (hidden[i] == 0) slopes[i] = prices[i];
  }
  bool found = false;
  for (int round = 0; round < (only_hidden ? 1 : kSlopes); ++round) {
    std::vector<std::pair<int, double>> costs;
    for (size_t i = 0; i < slopes.size(); ++i) {
      costs.emplace_back(above(*model_, i), slopes[i]);
      costs.emplace_back(above(*model_, i) + 1, slopes[i]);
    }
    linear_.minimise(costs);
    if (linear_.solve(effort) != Outcome::kSolved) return found;
    const std::span<const double> point = linear_.point();
    double price = 0;
    std::vector<size_t> moved;
    for (size_t i = 0; i < slopes.size(); ++i) {
      const auto column = static_cast<size_t>(above(*model_, i));
      const double distance = point[column] + point[column + 1];
      if (i == move.cell || distance <= kMoved) continue;
      moved.push_back(i);
      if (hidden[i] != 0) continue;
      price += prices[i];
      slopes[i] = prices[i] / distance;
    }
    if (found && price >= move.price) continue;
    found = true;
    move.price = price;
    move.moved = std::move(moved);
  }
  return found;
}

bool Openings::open(std::vector<uint8_t>& hidden, std::span<const double> liked, Effort& effort,
                    const Progress& progress) {
  std::vector<double> prices;
  for (size_t i = 0; i < model_->cells.size(); ++i) {
    prices.push_back((model_->cells[i].cost + 1e-3) * (1.001 - liked[i]));
  }
  std::vector<Move> moves;
  for (const size_t at : model_->sensitive) {
    if (progress.stopped() || effort.left() <= 0) return false;
    const ModelCell& cell = model_->cells[at];
    std::vector<std::vector<Move>> wanted;  // of each list one
    if (cell.upper > 0) wanted.push_back({{at, 1, cell.upper}});
    if (cell.lower > 0) wanted.push_back({{at, -1, cell.lower}});
    if (cell.slide > cell.upper + cell.lower) {
      wanted.push_back({{at, 1, cell.slide - cell.lower}, {at, -1, cell.slide - cell.upper}});
    }
    for (std::vector<Move>& choices : wanted) {
      const Move* best = nullptr;
      for (Move& move : choices) {
        if (!solve(move, hidden, prices, false, effort)) continue;
        if (best == nullptr || move.price < best->price) best = &move;
      }
      // A slide that only both sides together give is left to the cuts.
      if (best == nullptr) continue;
      for (const size_t i : best->moved) hidden[i] = 1;
      moves.push_back(*best);
    }
  }
  trim(hidden, moves, effort, progress);
  return true;
}

void Openings::trim(std::vector<uint8_t>& hidden, std::vector<Move>& moves, Effort& effort,
                    const Progress& progress) {
  std::vector<size_t> order;
  for (size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i] != 0 && model_->cells[i].free) order.push_back(i);
  }
  std::ranges::stable_sort(
      order, [&](size_t a, size_t b) { return model_->cells[a].cost > model_->cells[b].cost; });
  const std::vector<double> nothing(hidden.size(), 0);
  for (const size_t i : order) {
    if (progress.stopped() || effort.left() <= 0) return;
    hidden[i] = 0;
    std::vector<Move> changed = moves;
    const bool stays_open = std::ranges::all_of(changed, [&](Move& move) {
      return std::ranges::find(move.moved, i) == move.moved.end() ||
             solve(move, hidden, nothing, true, effort);
    });
    stays_open ? moves.swap(changed) : void(hidden[i] = 1);
  }
}

}  // namespace barometer
