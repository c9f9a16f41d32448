// A system of counts made small: merged terms, bounds of atoms drawn from the statements,
// statements that say nothing more left out, and the rest split into parts that share no atom.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/protection/count_system.h"

namespace barometer {

using Terms = std::vector<std::pair<size_t, int64_t>>;  // ascending by atom, none of them 0

struct CountRow {
  Terms terms;
  int64_t least = -kNoLimit, most = kNoLimit;
  size_t statement = 0;  // its place in the system
};

struct Bounds {
  std::vector<int64_t> least, most;  // one an atom; most may be kNoLimit
};

// kInvalid: an atom that does not exist, a number beyond 10^12. `what` names it in the message.
Result<Terms> merged_terms(const LinearSum& sum, size_t atoms, const std::string& what);
Result<std::vector<CountRow>> rows_of(const CountSystem& system);
Result<Bounds> first_bounds(const CountSystem& system);

// The least and most of a sum over a box; -kNoLimit and kNoLimit where there is none.
SumRange over_box(const Terms& terms, const Bounds& bounds);
int64_t value_at(const Terms& terms, std::span<const int64_t> counts);

// Narrows the bounds as far as single rows allow. False: no system of counts meets them.
bool narrow(std::span<const CountRow> rows, Bounds& bounds);

struct SystemPart {
  std::vector<size_t> atoms;
  std::vector<CountRow> rows;  // without their known atoms, and without rows that say nothing
};
struct Parts {
  std::vector<SystemPart> parts;
  std::vector<size_t> part_of;  // one an atom; parts.size(): bound by no row (or known)
};
Parts parts_of(std::span<const CountRow> rows, const Bounds& bounds);

}  // namespace barometer
