#include "barometer/protection/presolve_internal.h"

#include <algorithm>
#include <deque>
#include <numeric>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr int64_t kMostNumber = 1'000'000'000'000;
constexpr int64_t kMostCoefficient = 1'000'000;
__extension__ using Wide = __int128;

bool in_limits(int64_t value, int64_t most = kMostNumber) {
  return value >= -most && value <= most;
}
bool is_limit(int64_t value) { return value == kNoLimit || value == -kNoLimit; }

Wide floor_div(Wide a, Wide b) {  // b > 0
  const Wide q = a / b;
  return q * b > a ? q - 1 : q;
}
Wide ceil_div(Wide a, Wide b) { return -floor_div(-a, b); }

// A sum over a box: its finite part, and how many of its terms have no limit.
struct Activity {
  Wide least = 0, most = 0;
  int least_open = 0, most_open = 0;

  void add(int64_t coefficient, int64_t low, int64_t high, int sign = 1) {
    const int64_t at_least = coefficient > 0 ? low : high;
    const int64_t at_most = coefficient > 0 ? high : low;
    at_least == kNoLimit ? void(least_open += sign)
                         : void(least += sign * static_cast<Wide>(coefficient) * at_least);
    at_most == kNoLimit ? void(most_open += sign)
                        : void(most += sign * static_cast<Wide>(coefficient) * at_most);
  }
};

Activity activity_of(const Terms& terms, const Bounds& bounds) {
  Activity activity;
  for (const auto& [atom, coefficient] : terms) {
    activity.add(coefficient, bounds.least[atom], bounds.most[atom]);
  }
  return activity;
}

int64_t clamped(Wide value) {
  if (value > Wide{kMostNumber} * 1000) return kNoLimit;
  if (value < -Wide{kMostNumber} * 1000) return -kNoLimit;
  return static_cast<int64_t>(value);
}

// What the row leaves for one of its atoms when all others take what helps most.
void narrow_atom(const CountRow& row, const Activity& all, std::pair<size_t, int64_t> term,
                 Bounds& bounds) {
  const auto [atom, coefficient] = term;
  int64_t& low = bounds.least[atom];
  int64_t& high = bounds.most[atom];
  Activity others = all;
  others.add(coefficient, low, high, -1);
  const Wide size = coefficient > 0 ? coefficient : -coefficient;
  if (row.most != kNoLimit && others.least_open == 0) {
    const Wide room = row.most - others.least;  // coefficient * x <= room
    if (coefficient > 0) {
      high = std::min(high, clamped(floor_div(room, size)));
    } else {
      low = std::max(low, clamped(ceil_div(-room, size)));
    }
  }
  if (row.least != -kNoLimit && others.most_open == 0) {
    const Wide need = row.least - others.most;  // coefficient * x >= need
    if (coefficient > 0) {
      low = std::max(low, clamped(ceil_div(need, size)));
    } else {
      high = std::min(high, clamped(floor_div(-need, size)));
    }
  }
}

bool can_hold(const CountRow& row, const Activity& activity) {
  return (activity.most_open > 0 || row.least == -kNoLimit || activity.most >= row.least) &&
         (activity.least_open > 0 || row.most == kNoLimit || activity.least <= row.most);
}

bool says_nothing(const CountRow& row, const Activity& activity) {
  return (row.least == -kNoLimit || (activity.least_open == 0 && activity.least >= row.least)) &&
         (row.most == kNoLimit || (activity.most_open == 0 && activity.most <= row.most));
}

// The row without the atoms that have one value.
CountRow reduced(const CountRow& row, const Bounds& bounds) {
  CountRow out{{}, row.least, row.most, row.statement};
  Wide known = 0;
  for (const auto& [atom, coefficient] : row.terms) {
    const int64_t low = bounds.least[atom];
    if (low != bounds.most[atom]) {
      out.terms.emplace_back(atom, coefficient);
      continue;
    }
    known += static_cast<Wide>(coefficient) * low;
  }
  if (out.least != -kNoLimit) out.least = clamped(out.least - known);
  if (out.most != kNoLimit) out.most = clamped(out.most - known);
  return out;
}

size_t root_of(std::vector<size_t>& parent, size_t at) {
  while (parent[at] != at) at = parent[at] = parent[parent[at]];
  return at;
}

}  // namespace

Result<Terms> merged_terms(const LinearSum& sum, size_t atoms, const std::string& what) {
  Terms terms = sum.terms;
  for (const auto& [atom, coefficient] : terms) {
    if (atom >= atoms) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} speaks of atom {} of a system of {}", what, atom, atoms));
    }
    if (!in_limits(coefficient, kMostCoefficient)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: the coefficient {} is beyond 10^6", what, coefficient));
    }
  }
  std::ranges::sort(terms, {}, &std::pair<size_t, int64_t>::first);
  Terms out;
  for (const auto& term : terms) {
    if (!out.empty() && out.back().first == term.first) {
      out.back().second += term.second;
    } else {
      out.push_back(term);
    }
  }
  std::erase_if(out, [](const auto& term) { return term.second == 0; });
  return out;
}

Result<std::vector<CountRow>> rows_of(const CountSystem& system) {
  std::vector<CountRow> rows;
  for (size_t i = 0; i < system.statements.size(); ++i) {
    const CountStatement& statement = system.statements[i];
    const std::string what = fmt::format("'{}'", printable(statement.source));
    for (const int64_t end : {statement.least, statement.most}) {
      if (!in_limits(end) && !is_limit(end)) {
        return fail(ErrorCode::kInvalid, fmt::format("{}: {} is beyond 10^12", what, end));
      }
    }
    if (statement.least > statement.most) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: {} is more than {}", what, statement.least, statement.most));
    }
    rows.push_back(
        {TRY(merged_terms(statement.sum, system.atoms, what)), statement.least, statement.most, i});
  }
  return rows;
}

Result<Bounds> first_bounds(const CountSystem& system) {
  Bounds bounds;
  bounds.least.assign(system.atoms, 0);
  bounds.most.assign(system.atoms, kNoLimit);
  if (system.most.empty()) return bounds;
  if (system.most.size() != system.atoms) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} upper bounds for {} atoms", system.most.size(), system.atoms));
  }
  for (size_t atom = 0; atom < system.atoms; ++atom) {
    const int64_t most = system.most[atom];
    if (most < 0 || (!in_limits(most) && most != kNoLimit)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the upper bound {} of atom {} is not a count", most, atom));
    }
    bounds.most[atom] = most;
  }
  return bounds;
}

SumRange over_box(const Terms& terms, const Bounds& bounds) {
  const Activity activity = activity_of(terms, bounds);
  return {activity.least_open > 0 ? -kNoLimit : clamped(activity.least),
          activity.most_open > 0 ? kNoLimit : clamped(activity.most), true};
}

int64_t value_at(const Terms& terms, std::span<const int64_t> counts) {
  Wide value = 0;
  for (const auto& [atom, coefficient] : terms) {
    value += static_cast<Wide>(coefficient) * counts[atom];
  }
  return clamped(value);
}

bool narrow(std::span<const CountRow> rows, Bounds& bounds) {
  std::vector<std::vector<size_t>> rows_with(bounds.least.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const auto& [atom, coefficient] : rows[i].terms) rows_with[atom].push_back(i);
  }
  std::deque<size_t> queue(rows.size());
  std::iota(queue.begin(), queue.end(), size_t{0});
  std::vector<uint8_t> queued(rows.size(), 1);
  // Bounds that creep by one could go on for long; wherever this ends they are true.
  size_t left = 40 * rows.size() + 1000;
  while (!queue.empty() && left-- > 0) {
    const size_t i = queue.front();
    queue.pop_front();
    queued[i] = 0;
    const CountRow& row = rows[i];
    const Activity activity = activity_of(row.terms, bounds);
    if (!can_hold(row, activity)) return false;
    for (const auto& term : row.terms) {
      const auto [low, high] = std::pair(bounds.least[term.first], bounds.most[term.first]);
      narrow_atom(row, activity, term, bounds);
      const int64_t new_low = bounds.least[term.first];
      const int64_t new_high = bounds.most[term.first];
      if (new_low > new_high) return false;
      if (new_low == low && new_high == high) continue;
      for (const size_t other : rows_with[term.first]) {
        if (queued[other] == 0) queue.push_back(other);
        queued[other] = 1;
      }
    }
  }
  return std::ranges::all_of(
      rows, [&](const CountRow& row) { return can_hold(row, activity_of(row.terms, bounds)); });
}

Parts parts_of(std::span<const CountRow> rows, const Bounds& bounds) {
  std::vector<CountRow> kept;
  for (const CountRow& row : rows) {
    if (says_nothing(row, activity_of(row.terms, bounds))) continue;
    kept.push_back(reduced(row, bounds));
  }
  std::vector<size_t> parent(bounds.least.size());
  std::iota(parent.begin(), parent.end(), size_t{0});
  for (const CountRow& row : kept) {
    for (const auto& [atom, coefficient] : row.terms) {
      parent[root_of(parent, atom)] = root_of(parent, row.terms.front().first);
    }
  }
  Parts out;
  const size_t none = rows.size() + 1;
  std::vector<size_t> part_of_root(bounds.least.size(), none);
  for (CountRow& row : kept) {
    size_t& part = part_of_root[root_of(parent, row.terms.front().first)];
    if (part == none) {
      part = out.parts.size();
      out.parts.emplace_back();
    }
    out.parts[part].rows.push_back(std::move(row));
  }
  out.part_of.assign(bounds.least.size(), out.parts.size());
  for (size_t atom = 0; atom < bounds.least.size(); ++atom) {
    const size_t part = part_of_root[root_of(parent, atom)];
    if (part == none || bounds.least[atom] == bounds.most[atom]) continue;
    out.part_of[atom] = part;
    out.parts[part].atoms.push_back(atom);
  }
  return out;
}

}  // namespace barometer
