#include "barometer/disclosure/attack.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "barometer/protection/primary.h"
#include "barometer/reconstruct/counts.h"

namespace barometer {
namespace {

int64_t count_of(const Cell& cell) { return static_cast<int64_t>(cell.estimate.numerator); }

bool is_outside(const Item& item, const Cell& cell) {
  const auto option = std::ranges::find_if(item.options, [&](const Category& category) {
    return std::to_string(category.code) == cell.answer;
  });
  return option != item.options.end() && option->dont_know && !item.dont_know_in_base;
}

bool add_options(const Item& item, const std::vector<Cell>& cells, CountedQuestion& out) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].kind != CellKind::kOption || is_outside(item, cells[i])) continue;
    if (!cells[i].estimate.value) return false;
    out.base = static_cast<int64_t>(cells[i].estimate.n);
    out.sums.push_back({i, {out.parts.size()}, count_of(cells[i])});
    out.parts.push_back(count_of(cells[i]));
  }
  const int64_t rest = out.base - std::accumulate(out.parts.begin(), out.parts.end(), int64_t{0});
  if (rest > 0) out.parts.push_back(rest);
  return rest >= 0 && !out.sums.empty() && out.base > 0;
}

bool add_net(const Net& net, const std::vector<Cell>& cells, size_t cell, CountedQuestion& out) {
  CountedQuestion::Sum sum{cell, {}, count_of(cells[cell])};
  int64_t total = 0;
  for (const CountedQuestion::Sum& option : out.sums) {
    const Cell& member = cells[option.cell];
    const bool inside = std::ranges::any_of(
        net.codes, [&](int code) { return std::to_string(code) == member.answer; });
    if (member.kind != CellKind::kOption || !inside) continue;
    sum.parts.push_back(option.parts.front());
    total += option.count;
  }
  if (total != sum.count) return false;
  out.sums.push_back(std::move(sum));
  return true;
}

using Parts = std::vector<size_t>;

std::vector<CountSum> small_sums(const CountedQuestion& question, int64_t k) {
  std::set<Parts> all;
  for (size_t part = 0; part < question.parts.size(); ++part) all.insert({part});
  for (const CountedQuestion::Sum& sum : question.sums) {
    all.insert(sum.parts);
    all.insert(question.outside(sum.parts));
  }
  std::vector<CountSum> out;
  for (const Parts& parts : all) {
    if (is_small(question.count_in(parts), k)) out.push_back({parts, false});
  }
  return out;
}

// How many of the parts the attacker knows to be at least 1.
int64_t known_present(const CountedQuestion& question, const Parts& parts, int64_t k) {
  return std::ranges::count_if(parts,
                               [&](size_t part) { return is_small(question.parts.at(part), k); });
}

void add_row(const Parts& parts, int64_t count, ItemProblem& problem) {
  PublishedRow row;
  row.kind = PublishedRow::Kind::kCount;
  row.sum = {parts, false};
  row.value = Decimal{count, 0};
  row.base = problem.respondents;
  problem.rows.push_back(std::move(row));
}

// Unknown are the counts less the 1 that is known of each small one.
ItemProblem problem_of(const CountedQuestion& question, const std::vector<bool>& shown, int64_t k) {
  const Parts everyone = question.outside({});
  ItemProblem problem;
  problem.respondents = question.base - known_present(question, everyone, k);
  problem.option_count = question.parts.size();
  problem.scores.assign(question.parts.size(), 0);
  problem.asked = small_sums(question, k);
  add_row(everyone, problem.respondents, problem);
  for (size_t i = 0; i < question.sums.size(); ++i) {
    const CountedQuestion::Sum& sum = question.sums[i];
    if (shown[i]) add_row(sum.parts, sum.count - known_present(question, sum.parts, k), problem);
  }
  return problem;
}

}  // namespace

int64_t CountedQuestion::count_in(const std::vector<size_t>& some) const {
  return std::accumulate(some.begin(), some.end(), int64_t{0},
                         [&](int64_t sum, size_t part) { return sum + parts.at(part); });
}

std::vector<size_t> CountedQuestion::outside(const std::vector<size_t>& some) const {
  std::vector<size_t> out;
  for (size_t part = 0; part < parts.size(); ++part) {
    if (std::ranges::find(some, part) == some.end()) out.push_back(part);
  }
  return out;
}

std::optional<CountedQuestion> counted_question(const Item& item, const std::vector<Cell>& cells) {
  if (item.kind() != VariableKind::kSingle && item.kind() != VariableKind::kScale) return {};
  CountedQuestion out;
  if (!add_options(item, cells, out)) return {};
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].kind != CellKind::kNet) continue;
    const auto net = std::ranges::find(item.nets, cells[i].answer, &Net::id);
    if (net == item.nets.end() || !cells[i].estimate.value) return {};
    if (!add_net(*net, cells, i, out)) return {};
  }
  return out;
}

AttackResult attack(const CountedQuestion& question, const std::vector<bool>& shown, int64_t k) {
  const ItemProblem problem = problem_of(question, shown, k);
  if (problem.asked.empty()) return {};
  if (problem.respondents < 1) return {false, 0};
  const auto ranges = asked_ranges(problem, Progress());
  if (!ranges) return {false, 0};
  AttackResult out;
  for (size_t i = 0; i < problem.asked.size(); ++i) {
    const WholeRange& range = (*ranges)[i];
    const int64_t most = range.high + known_present(question, problem.asked[i].options, k);
    out.safe = out.safe && most >= k && range.high - range.low >= k - 1;
    out.room += range.high - range.low;
  }
  return out;
}

}  // namespace barometer
