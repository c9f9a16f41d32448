#include <algorithm>
#include <set>

#include "barometer/disclosure/cheapest_internal.h"
#include "barometer/protection/primary.h"
#include "barometer/protection/suppression.h"

namespace barometer {
namespace {

using Parts = std::vector<size_t>;

LinearSum sum_of(const Parts& parts) {
  LinearSum out;
  for (const size_t part : parts) out.terms.emplace_back(part, 1);
  return out;
}

// A small one must stay possible up to k, over a range of k - 1.
void protect(SuppressibleCell& cell, int64_t k) {
  cell.sensitive = true;
  cell.upper = k - cell.value;
  cell.slide = k - 1;
}

double loss_of(const CountedQuestion& question, const CountedQuestion::Sum& sum) {
  const auto base = static_cast<double>(question.base);
  const double net = sum.parts.size() == 1 ? 0 : base / 2;
  return 1 + static_cast<double>(sum.count) + net + (sum.count == 0 ? 2 * base : 0);
}

// The base, and that what is small is at least 1: the attacker of attack.h.
CountSystem known_of(const CountedQuestion& question, int64_t k) {
  CountSystem out;
  out.atoms = question.parts.size();
  for (size_t part = 0; part < question.parts.size(); ++part) {
    if (!is_small(question.parts[part], k)) continue;
    CountStatement present;
    present.sum = sum_of({part});
    present.least = 1;
    present.most = question.base;
    out.statements.push_back(std::move(present));
  }
  CountStatement base;
  base.sum = sum_of(question.outside({}));
  base.least = base.most = question.base;
  out.statements.push_back(std::move(base));
  return out;
}

// Small numbers of people that no cell says: those outside a sum, those who chose no option.
void add_unsaid(const CountedQuestion& question, int64_t k, SuppressionProblem& problem) {
  std::set<Parts> wanted;
  for (size_t part = 0; part < question.parts.size(); ++part) wanted.insert({part});
  for (const CountedQuestion::Sum& sum : question.sums) {
    wanted.insert(question.outside(sum.parts));
  }
  for (const CountedQuestion::Sum& sum : question.sums) wanted.erase(sum.parts);
  for (const Parts& parts : wanted) {
    SuppressibleCell cell;
    cell.sum = sum_of(parts);
    cell.value = question.count_in(parts);
    cell.cost = 0;
    if (!is_small(cell.value, k)) continue;
    protect(cell, k);
    problem.cells.push_back(std::move(cell));
  }
}

}  // namespace

std::vector<size_t> cheapest_to_hide(const CountedQuestion& question,
                                     const std::vector<bool>& shown, int64_t k) {
  SuppressionProblem problem;
  problem.known = known_of(question, k);
  std::vector<size_t> places;
  bool any = false;
  for (size_t i = 0; i < question.sums.size(); ++i) {
    const CountedQuestion::Sum& sum = question.sums[i];
    SuppressibleCell cell;
    cell.sum = sum_of(sum.parts);
    cell.value = sum.count;
    cell.cost = loss_of(question, sum);
    if (is_small(sum.count, k)) protect(cell, k);
    // What is hidden already and not small says nothing, and needs nothing.
    if (!shown[i] && !cell.sensitive) continue;
    any = any || cell.sensitive;
    places.push_back(i);
    problem.cells.push_back(std::move(cell));
  }
  add_unsaid(question, k, problem);
  if (!any && problem.cells.size() == places.size()) return {};
  SuppressionOptions options;
  options.steps = 5 * kStepsPerSecond;
  const auto result = suppress_cells(problem, options, Progress());
  std::vector<size_t> out;
  for (size_t i = 0; result && i < places.size(); ++i) {
    if (result->hidden[i] != 0 && shown[places[i]]) out.push_back(places[i]);
  }
  return out;
}

}  // namespace barometer
