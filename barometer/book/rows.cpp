#include "barometer/book/rows_internal.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/answers_internal.h"

namespace barometer {
namespace {

constexpr size_t kTop = std::numeric_limits<size_t>::max();

bool holds(const std::vector<int>& codes, int code) { return std::ranges::count(codes, code) > 0; }
bool holds_all(const std::vector<int>& codes, const std::vector<int>& part) {
  return std::ranges::all_of(part, [&](int code) { return holds(codes, code); });
}
bool share_codes(const std::vector<int>& a, const std::vector<int>& b) {
  return std::ranges::any_of(a, [&](int code) { return holds(b, code); });
}

// A NET or an answer, and the NET that it stands under.
struct Node {
  BookRow row;
  size_t parent = kTop;
  bool heads = false;  // has its categories under it
  size_t place = 0;    // of its first answer in the questionnaire
  double weight = 0;
  bool last = false;
};

class RowTree {
 public:
  RowTree(const Variable& variable, const RowsPlan& plan, const WeightOfCodes& weight)
      : variable_(variable), plan_(plan), weight_(weight) {
    for (TableAnswer& answer : answers_of(variable)) {
      if (!outside_base(variable, answer)) answers_.push_back(std::move(answer));
    }
  }

  Result<std::vector<BookRow>> rows() {
    TRY_DONE(add_nets());
    for (size_t i = 0; i < answers_.size(); ++i) add_answer(i);
    if (plan_.rank) add_ranks();
    std::vector<BookRow> rows;
    add_below(kTop, 0, rows);
    for (const Node& node : nodes_) {
      if (node.row.kind == RowKind::kNet && !node.heads) rows.push_back(node.row);
    }
    return rows;
  }

 private:
  [[nodiscard]] Node node(RowKind kind, const std::string& answer, const std::string& label,
                          const std::vector<int>& codes) const {
    Node made;
    made.row.kind = kind;
    made.row.variable = variable_.id;
    made.row.answer = answer;
    made.row.label = label;
    made.row.codes = codes;
    const auto is_first = [&](const TableAnswer& a) { return holds(codes, a.code); };
    made.place = static_cast<size_t>(std::ranges::find_if(answers_, is_first) - answers_.begin());
    made.weight = weight_(codes);
    return made;
  }

  Status add_nets() {
    std::vector<std::pair<Net, std::string>> nets;
    if (plan_.codebook_nets) {
      for (const Net& net : variable_.nets) nets.emplace_back(net, "");
    }
    for (const RowsPlan::PlanNet& net : plan_.nets) nets.emplace_back(net.net, net.within);
    for (const auto& [net, within] : nets) {
      nodes_.push_back(node(RowKind::kNet, net.id, net.label, net.codes));
      nodes_.back().heads = can_head(nodes_.size() - 1);
    }
    for (size_t i = 0; i < nets.size(); ++i) {
      if (nets[i].second.empty()) {
        nodes_[i].parent = nodes_[i].heads ? smallest_over(i) : kTop;
      } else {
        nodes_[i].parent = TRY(net_named(nets[i].second, nets[i].first.id));
        nodes_[i].heads = nodes_[i].heads && nodes_[nodes_[i].parent].heads;
      }
    }
    return no_circle();
  }

  [[nodiscard]] Status no_circle() const {
    for (const Node& node : nodes_) {
      size_t above = node.parent;
      for (size_t steps = 0; above != kTop; ++steps) {
        if (steps > nodes_.size()) {
          return fail(ErrorCode::kInvalid, fmt::format("the NET '{}' of '{}' stands within itself",
                                                       printable(node.row.answer), variable_.id));
        }
        above = nodes_[above].parent;
      }
    }
    return {};
  }

  // Inside, around or apart from every earlier NET that heads.
  [[nodiscard]] bool can_head(size_t at) const {
    const std::vector<int>& codes = nodes_[at].row.codes;
    if (codes.empty()) return false;
    for (size_t i = 0; i < at; ++i) {
      const std::vector<int>& other = nodes_[i].row.codes;
      if (!nodes_[i].heads || !share_codes(codes, other)) continue;
      if (holds_all(codes, other) == holds_all(other, codes)) return false;
    }
    return true;
  }

  // Of the NET at `at`; of an answer, `at` is kTop and the codes are its own.
  [[nodiscard]] size_t smallest_over(size_t at) const {
    return smallest_over(nodes_[at].row.codes, at);
  }
  [[nodiscard]] size_t smallest_over(const std::vector<int>& codes, size_t self) const {
    size_t found = kTop;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const std::vector<int>& other = nodes_[i].row.codes;
      const bool net = nodes_[i].row.kind == RowKind::kNet && nodes_[i].heads;
      if (i == self || !net || !holds_all(other, codes)) continue;
      if (found == kTop || holds_all(nodes_[found].row.codes, other)) found = i;
    }
    return found;
  }

  [[nodiscard]] Result<size_t> net_named(const std::string& id, const std::string& inner) const {
    std::vector<std::string> known;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].row.answer == id && id != inner) return i;
      known.push_back(nodes_[i].row.answer);
    }
    const std::string hint = suggestion(id, known);
    return fail(ErrorCode::kNotFound,
                fmt::format("'{}' has no NET '{}' for '{}' to stand in{}{}", variable_.id,
                            printable(id), printable(inner), hint.empty() ? "" : "; ", hint));
  }

  void add_answer(size_t i) {
    const TableAnswer& answer = answers_[i];
    Node made = node(RowKind::kCategory, std::to_string(answer.code), answer.label, {answer.code});
    made.parent = smallest_over(made.row.codes, kTop);
    made.row.hidden = holds(plan_.hidden, answer.code);
    made.last = holds(plan_.last, answer.code);
    nodes_.push_back(std::move(made));
  }

  // 1 + the answers that more people gave; those that stay last have none.
  void add_ranks() {
    for (Node& node : nodes_) {
      if (node.row.kind != RowKind::kCategory || node.last || node.row.hidden) continue;
      node.row.rank = 1;
      for (const Node& other : nodes_) {
        const bool counts =
            other.row.kind == RowKind::kCategory && !other.last && !other.row.hidden;
        if (counts && other.weight > node.weight) ++*node.row.rank;
      }
    }
  }

  void add_below(size_t parent, int level, std::vector<BookRow>& rows) const {
    std::vector<size_t> here;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const bool loose = nodes_[i].row.kind == RowKind::kNet && !nodes_[i].heads;
      if (nodes_[i].parent == parent && !loose) here.push_back(i);
    }
    std::ranges::stable_sort(here,
                             [&](size_t a, size_t b) { return before(nodes_[a], nodes_[b]); });
    for (const size_t i : here) {
      rows.push_back(nodes_[i].row);
      rows.back().level = level;
      if (nodes_[i].heads) add_below(i, level + 1, rows);
    }
  }

  [[nodiscard]] bool before(const Node& a, const Node& b) const {
    if (a.last != b.last) return b.last;
    if (plan_.order == RowOrder::kQuestionnaire || a.last || a.weight == b.weight) {
      return a.place < b.place;
    }
    return plan_.order == RowOrder::kDescending ? a.weight > b.weight : a.weight < b.weight;
  }

  const Variable& variable_;
  const RowsPlan& plan_;
  const WeightOfCodes& weight_;
  std::vector<TableAnswer> answers_;
  std::vector<Node> nodes_;  // NETs, then answers
};

Result<BookRow> boxes_row(const Variable& variable, const RowsPlan& plan,
                          const StatisticPlan& statistic) {
  const bool top = statistic.kind == RowStatistic::kTopBoxes;
  BookRow row;
  row.kind = top ? RowKind::kTopBoxes : RowKind::kBottomBoxes;
  row.answer = name_of(statistic);
  row.label = fmt::format("{} {}", top ? "Top" : "Bottom", statistic.boxes);
  row.codes = codes_of(statistic, variable, plan.scores).added;
  std::ranges::sort(row.codes);
  if (!row.codes.empty()) return row;
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' has no boxes: it is no scale, and its answers have no scores",
                          printable(variable.id)));
}

RowKind kind_of(RowStatistic statistic) {
  switch (statistic) {
    case RowStatistic::kStandardDeviation:
      return RowKind::kStandardDeviation;
    case RowStatistic::kMedian:
      return RowKind::kMedian;
    case RowStatistic::kNps:
      return RowKind::kNps;
    default:
      return RowKind::kMean;
  }
}

const char* label_of(RowKind kind) {
  switch (kind) {
    case RowKind::kStandardDeviation:
      return "Standard deviation";
    case RowKind::kMedian:
      return "Median";
    case RowKind::kNps:
      return "Net promoter score";
    default:
      return "Mean";
  }
}

Result<BookRow> statistic_row(const Variable& variable, const RowsPlan& plan,
                              const StatisticPlan& statistic) {
  if (statistic.kind == RowStatistic::kTopBoxes || statistic.kind == RowStatistic::kBottomBoxes) {
    return boxes_row(variable, plan, statistic);
  }
  if (statistic.kind == RowStatistic::kDontKnow) {
    BookRow row;
    row.kind = RowKind::kDontKnow;
    row.answer = name_of(statistic);
    row.label = "Don't know (of all who answered)";
    return row;
  }
  const bool scored = variable.kind == VariableKind::kScale ||
                      variable.kind == VariableKind::kNumber || !plan.scores.empty();
  if (variable.kind == VariableKind::kMulti || !scored) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has no {}: it is no scale or number, and its answers have no "
                            "scores",
                            printable(variable.id), name_of(statistic)));
  }
  BookRow row;
  row.kind = kind_of(statistic.kind);
  row.answer = name_of(statistic);
  row.label = label_of(row.kind);
  return row;
}

}  // namespace

Result<std::vector<BookRow>> rows_of(const Variable& variable, const RowsPlan& plan,
                                     const WeightOfCodes& weight) {
  std::vector<BookRow> rows = TRY(RowTree(variable, plan, weight).rows());
  std::vector<StatisticPlan> statistics = plan.statistics;
  if (variable.kind == VariableKind::kNumber && statistics.empty()) statistics.emplace_back();
  for (const StatisticPlan& statistic : statistics) {
    rows.push_back(TRY(statistic_row(variable, plan, statistic)));
    rows.back().variable = variable.id;
  }
  return rows;
}

std::optional<double> score_of(const Variable& variable, const RowsPlan& plan, int code) {
  const Category* category = variable.category(code);
  if (category != nullptr && category->dont_know) return std::nullopt;
  for (const auto& [scored, score] : plan.scores) {
    if (scored == code) return score;
  }
  if (!plan.scores.empty()) return std::nullopt;
  if (variable.kind == VariableKind::kScale &&
      (code < *variable.scale_low || code > *variable.scale_high)) {
    return std::nullopt;
  }
  return code;
}

}  // namespace barometer
