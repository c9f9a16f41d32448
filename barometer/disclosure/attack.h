// The attack on suppression inside one single-code question, in exact whole numbers.
//
// The attacker has the base, every count that is shown, and knows of every hidden count whether it
// is small (then it is at least 1). Z3 (reconstruct/counts.h) gives the least and the most that a
// sum of answers can be over all tables of counts that look so. A sum that is truly 1 … k - 1 is
// protected when the most is at least k and the range spans at least k - 1: the attacker can
// neither name it nor say that it is small.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "barometer/printed/printed.h"
#include "barometer/table/table.h"

namespace barometer {

// The counts of a single-code question: parts that sum to the base, and cells that are sums of
// parts. A last part without a cell holds those in the base who chose no option of the table.
struct CountedQuestion {
  struct Sum {
    size_t cell = 0;            // index in the list of cells
    std::vector<size_t> parts;  // ascending
    int64_t count = 0;
  };

  int64_t base = 0;
  std::vector<int64_t> parts;
  std::vector<Sum> sums;

  [[nodiscard]] int64_t count_in(const std::vector<size_t>& some) const;
  // The other parts, ascending.
  [[nodiscard]] std::vector<size_t> outside(const std::vector<size_t>& some) const;
};

// None when the cells are no such question: several answers allowed, a count not known, or NETs
// that are not the sum of their options.
std::optional<CountedQuestion> counted_question(const Item& item, const std::vector<Cell>& cells);

// What the attacker finds of everything small: options, NETs, and those outside each NET.
struct AttackResult {
  bool safe = true;
  int64_t room = 0;  // Σ of the ranges' spans: further hiding that helps makes it larger
};

// `shown[i]` says whether sums[i] is visible. When the solver gives up, nothing counts as safe.
AttackResult attack(const CountedQuestion& question, const std::vector<bool>& shown, int64_t k);

}  // namespace barometer
