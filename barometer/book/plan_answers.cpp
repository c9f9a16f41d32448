// The answers of a table's plan: NETs, scores, statistics, hidden and last ones.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/plan_internal.h"

namespace barometer {
namespace {

constexpr size_t kMostHints = 200;

// A label, or a code.
std::optional<int> answer_named(const Variable& variable, std::string_view word) {
  if (const Category* category = variable.category_labelled(word)) return category->code;
  int code = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), code);
  const bool whole = problem == std::errc() && end == word.data() + word.size();
  if (whole && variable.has_code(code)) return code;
  return std::nullopt;
}

std::vector<std::string> labels_of(const Variable& variable) {
  std::vector<std::string> labels;
  for (const Category& category : variable.categories) {
    if (labels.size() == kMostHints) break;
    labels.push_back(category.label);
  }
  return labels;
}

bool has_answers(const Variable& variable) {
  return variable.kind != VariableKind::kNumber && variable.kind != VariableKind::kText;
}

// Points between the ends of a scale, in order.
std::vector<int> points_of(const Variable& variable) {
  std::vector<int> points;
  for (int code = variable.scale_low.value_or(1); code <= variable.scale_high.value_or(0); ++code) {
    points.push_back(code);
  }
  return points;
}

// Scored answers from low to high; of a scale without scores its points.
std::vector<std::pair<double, int>> ladder_of(const Variable& variable,
                                              const std::vector<std::pair<int, double>>& scores) {
  std::vector<std::pair<double, int>> ladder;
  for (const auto& [code, score] : scores) ladder.emplace_back(score, code);
  if (scores.empty() && variable.kind == VariableKind::kScale) {
    for (const int point : points_of(variable)) ladder.emplace_back(point, point);
  }
  std::ranges::stable_sort(ladder);
  return ladder;
}

constexpr double kNpsLow = 0, kNpsHigh = 10, kDetractor = 6, kPromoter = 9;

bool is_nps_ladder(const std::vector<std::pair<double, int>>& ladder) {
  if (ladder.empty() || ladder.front().first != kNpsLow || ladder.back().first != kNpsHigh) {
    return false;
  }
  return std::ranges::all_of(ladder,
                             [](const auto& step) { return step.first == std::round(step.first); });
}

// Why the statistic has no meaning for the variable; empty when it has one.
std::string misfit(const StatisticPlan& statistic, const Variable& variable,
                   const std::vector<std::pair<int, double>>& scores, bool grid) {
  if (statistic.kind == RowStatistic::kDontKnow) {
    const bool answer = variable.dont_know_in_base &&
                        std::ranges::any_of(variable.categories, &Category::dont_know);
    if (grid) return "an item of a grid has one base";
    return answer ? "it is an answer of its base" : "";
  }
  if (variable.kind == VariableKind::kNumber) {
    const bool shares = statistic.kind == RowStatistic::kTopBoxes ||
                        statistic.kind == RowStatistic::kBottomBoxes ||
                        statistic.kind == RowStatistic::kNps;
    return shares ? "a number has no answers to add" : "";
  }
  if (variable.kind == VariableKind::kMulti) return "several answers have no value";
  const auto ladder = ladder_of(variable, scores);
  if (ladder.empty()) return "its codes are names; it needs scores";
  if (statistic.kind == RowStatistic::kNps && !is_nps_ladder(ladder)) {
    return "it needs a scale from 0 to 10";
  }
  const bool boxes =
      statistic.kind == RowStatistic::kTopBoxes || statistic.kind == RowStatistic::kBottomBoxes;
  if (boxes && static_cast<size_t>(statistic.boxes) >= ladder.size()) {
    return fmt::format("{} of its {} points are all of it", statistic.boxes, ladder.size());
  }
  return {};
}

void keep_fitting_statistics(RowsPlan& rows, const Variable& variable, bool named,
                             Diagnostics& problems) {
  std::vector<StatisticPlan> kept;
  for (const StatisticPlan& statistic : rows.statistics) {
    const std::string why = misfit(statistic, variable, rows.scores, rows.grid);
    if (why.empty()) {
      kept.push_back(statistic);
    } else if (named && !has_many(problems)) {
      const bool scores = why.ends_with("scores");
      problems.error("plan-statistic", rows.place,
                     fmt::format("'{}' of '{}' ({}): {}", name_of(statistic), variable.id,
                                 name_of(variable.kind), why),
                     scores ? "scores: {Very good: 2, Good: 1}, or scores: codes" : "");
    }
  }
  // A number shows nothing else.
  if (variable.kind == VariableKind::kNumber && kept.empty()) kept.emplace_back();
  rows.statistics = std::move(kept);
}

void check_scores(const RowsPlan& rows, const Variable& variable, Diagnostics& problems) {
  for (const auto& [code, score] : rows.scores) {
    if (variable.has_code(code) || has_many(problems)) continue;
    problems.error("plan-score", rows.place,
                   fmt::format("the score {} is of code {}, which is no answer of '{}'", score,
                               code, variable.id));
  }
}

void resolve_scores(RowsPlan& rows, const Variable& variable) {
  if (!has_answers(variable) || variable.kind == VariableKind::kMulti) rows.scores.clear();
  if (variable.kind != VariableKind::kSingle && variable.kind != VariableKind::kScale) return;
  for (const auto& [word, score] : rows.written.scores) {
    if (const auto code = answer_named(variable, word)) rows.scores.emplace_back(*code, score);
  }
  if (rows.written.codes_are_scores && variable.kind == VariableKind::kSingle) {
    for (const Category& category : variable.categories) {
      if (!category.dont_know) rows.scores.emplace_back(category.code, category.code);
    }
  }
  std::ranges::stable_sort(rows.scores);
  // An answer named by its label and its code has the first score given.
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  const auto repeated = std::ranges::unique(rows.scores, same);
  rows.scores.erase(repeated.begin(), repeated.end());
}

void resolve_codes(const std::vector<std::string>& words, const Variable& variable,
                   std::vector<int>& codes) {
  for (const std::string& word : words) {
    const auto code = answer_named(variable, word);
    if (code && std::ranges::find(codes, *code) == codes.end()) codes.push_back(*code);
  }
}

// Ids share a space with codes and statistics: BookRow::answer.
std::string wrong_net_id(const RowsPlan::PlanNet& net, const RowsPlan& rows,
                         const Variable& variable) {
  const std::string& id = net.net.id;
  if (!is_variable_id(id)) return "cannot be an id: a letter, then letters, digits or '_'";
  if (statistic_named(lowered(id))) return "is the name of a statistic";
  const auto same = [&](const RowsPlan::PlanNet& other) { return other.net.id == id; };
  if (std::ranges::count_if(rows.nets, same) > 1) return "is there twice";
  if (rows.codebook_nets && variable.net(id) != nullptr) return "is a NET of the codebook already";
  return {};
}

void check_within(const RowsPlan::PlanNet& net, const RowsPlan& rows, const Variable& variable,
                  Diagnostics& problems) {
  if (net.within.empty()) return;
  const auto same = [&](const RowsPlan::PlanNet& other) { return other.net.id == net.within; };
  const auto declared = std::ranges::find_if(rows.nets, same);
  const bool here = declared != rows.nets.end();
  const Net* above = here ? &declared->net : nullptr;
  if (!here && rows.codebook_nets) above = variable.net(net.within);
  const auto wrong = [&](const std::string& message) {
    problems.error("plan-net", net.place, message);
  };
  if (above == nullptr || net.within == net.net.id) {
    wrong(fmt::format("the NET '{}' is within '{}', which is no NET above it",
                      printable(net.net.id), printable(net.within)));
  } else if (here && !declared->within.empty()) {
    wrong(fmt::format("the NET '{}' is within the sub-NET '{}': two levels are the most",
                      printable(net.net.id), printable(net.within)));
  } else {
    const bool holds = std::ranges::all_of(net.net.codes, [&](int code) {
      return std::ranges::find(above->codes, code) != above->codes.end();
    });
    if (!holds) {
      wrong(fmt::format("the NET '{}' has answers that '{}' above it does not have",
                        printable(net.net.id), printable(net.within)));
    }
  }
}

void resolve_nets(RowsPlan& rows, const Variable& variable, Diagnostics& problems) {
  std::vector<RowsPlan::PlanNet> kept;
  for (RowsPlan::PlanNet net : rows.nets) {
    resolve_codes(net.answers, variable, net.net.codes);
    const bool all = std::ranges::all_of(net.answers, [&](const std::string& word) {
      return answer_named(variable, word).has_value();
    });
    net.answers.clear();
    if (all && has_answers(variable)) kept.push_back(std::move(net));
  }
  rows.nets = std::move(kept);
  for (const RowsPlan::PlanNet& net : rows.nets) {
    if (has_many(problems)) return;
    const std::string wrong = wrong_net_id(net, rows, variable);
    if (!wrong.empty()) {
      problems.error(
          "plan-net", net.place,
          fmt::format("the NET '{}' of '{}' {}", printable(net.net.id), variable.id, wrong));
    }
    for (const int code : net.net.codes) {
      if (variable.has_code(code)) continue;
      problems.error("plan-net", net.place,
                     fmt::format("the NET '{}' holds code {}, which is no answer of '{}'",
                                 printable(net.net.id), code, variable.id));
    }
    check_within(net, rows, variable, problems);
  }
}

}  // namespace

StatisticCodes codes_of(const StatisticPlan& statistic, const Variable& variable,
                        const std::vector<std::pair<int, double>>& scores) {
  StatisticCodes codes;
  const auto ladder = ladder_of(variable, scores);
  const size_t boxes = std::min(static_cast<size_t>(statistic.boxes), ladder.size());
  for (size_t i = 0; i < ladder.size(); ++i) {
    const auto& [score, code] = ladder[i];
    switch (statistic.kind) {
      case RowStatistic::kTopBoxes:
        if (i + boxes >= ladder.size()) codes.added.push_back(code);
        break;
      case RowStatistic::kBottomBoxes:
        if (i < boxes) codes.added.push_back(code);
        break;
      case RowStatistic::kNps:
        if (score >= kPromoter) codes.added.push_back(code);
        if (score <= kDetractor) codes.taken.push_back(code);
        break;
      default:
        break;
    }
  }
  return codes;
}

void resolve_answers(RowsPlan& rows, const Variable& variable, bool named, Diagnostics& problems) {
  resolve_scores(rows, variable);
  check_scores(rows, variable, problems);
  keep_fitting_statistics(rows, variable, named, problems);
  resolve_nets(rows, variable, problems);
  if (has_answers(variable)) {
    resolve_codes(rows.written.last, variable, rows.last);
    resolve_codes(rows.written.hidden, variable, rows.hidden);
  }
  const bool responses = variable.kind == VariableKind::kMulti;
  if (rows.responses && !responses && named) {
    problems.error("plan-responses", rows.place,
                   fmt::format("'{}' ({}) has one answer a case: percent of responses is for "
                               "several answers",
                               variable.id, name_of(variable.kind)));
  }
  rows.responses = rows.responses && responses;
  rows.written = {};
}

void check_answer_words(const RowsPlan& rows, const std::vector<const Variable*>& variables,
                        Diagnostics& problems) {
  const auto check = [&](const std::string& word, const Place& place) {
    const bool known = std::ranges::any_of(variables, [&](const Variable* variable) {
      return has_answers(*variable) && answer_named(*variable, word).has_value();
    });
    if (known || has_many(problems)) return;
    const Variable& first = *variables.front();
    problems.error("unknown-answer", place,
                   fmt::format("'{}' is no answer of '{}'{}", printable(word), first.id,
                               variables.size() > 1 ? " or the others" : ""),
                   suggestion(word, labels_of(first)));
  };
  for (const auto& [word, score] : rows.written.scores) check(word, rows.place);
  for (const std::string& word : rows.written.last) check(word, rows.place);
  for (const std::string& word : rows.written.hidden) check(word, rows.place);
  for (const RowsPlan::PlanNet& net : rows.nets) {
    for (const std::string& word : net.answers) check(word, net.place);
  }
}

}  // namespace barometer
