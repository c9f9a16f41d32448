// The search for the cheapest safe choice: a linear master program of cuts, then the same in whole
// numbers, until neither the attacker's linear programs nor his whole numbers break a choice.
#pragma once

#include <functional>
#include <vector>

#include "barometer/protection/attacker_internal.h"
#include "barometer/protection/bridge_internal.h"
#include "barometer/protection/opening_internal.h"

namespace barometer {

class SuppressionSearch {
 public:
  // Says of a choice which sensitive cells it leaves open to an attacker in whole numbers. It takes
  // the steps it needs, and spends them of the effort.
  using Check = std::function<Result<std::vector<size_t>>(const std::vector<uint8_t>& hidden,
                                                          Effort& effort)>;

  SuppressionSearch(const SuppressionModel& model, Check check, int64_t steps,
                    const Progress& progress);

  Result<SuppressionResult> run();

 private:
  Status linear_rounds();
  Status whole_rounds();
  Status try_openings(const std::vector<uint8_t>& hidden);
  Status try_choice(const std::vector<uint8_t>& hidden);
  size_t separate(std::span<const double> x);
  size_t separate_bridges();
  Status hide_one_more(std::vector<uint8_t> hidden, size_t leak);
  void add_cut(const SuppressionCut& cut);
  double cost_of(const std::vector<uint8_t>& hidden) const;
  std::vector<double> point_of(std::span<const double> columns) const;
  double cutoff() const;
  bool settled() const;

  const SuppressionModel* model_;
  Check check_;
  Effort effort_;
  int64_t grace_;
  const Progress* progress_;
  std::vector<size_t> free_;    // the cell of each column
  std::vector<int> column_of_;  // one a cell, -1: not free
  double sensitive_cost_ = 0;
  bool whole_costs_ = true;
  Program master_;
  LinearSolver linear_;
  Attacker attacker_;
  Bridges bridges_;
  Openings openings_;
  std::vector<double> x_;  // the linear master's answer, one a cell
  SuppressionResult best_;
};

}  // namespace barometer
