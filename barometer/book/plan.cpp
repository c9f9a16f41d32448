// The plan as YAML; docs/tables.md has every key.
#include "barometer/book/plan.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/yaml.h"
#include "barometer/book/plan_internal.h"
#include "barometer/data/expression.h"

namespace barometer {
namespace {

constexpr long long kMostCases = 1'000'000'000;

// One text, or a list of them.
std::vector<std::string> texts_of(const YamlNode& node) {
  if (!node.exists()) return {};
  if (node.is_list()) return node.as_text_list();
  return {node.as_text()};
}

// The parts of texts with commas in them: "q1, q2" is two names.
std::vector<std::string> names_of(const YamlNode& node) {
  std::vector<std::string> names;
  for (const std::string& text : texts_of(node)) {
    for (const std::string& part : split(text, ',')) {
      if (!trimmed(part).empty()) names.emplace_back(trimmed(part));
    }
  }
  if (names.empty() && (node.is_list() || node.is_scalar())) {
    node.error("plan-names", fmt::format("'{}' names nothing", node.path()));
  }
  return names;
}

std::string filter_of(const YamlNode& node) {
  if (!node.exists()) return {};
  const std::string text = node.as_text();
  if (text.empty()) return text;
  const auto parsed = Expression::parse(text);
  if (!parsed) node.error("plan-filter", parsed.error().message);
  return text;
}

void read_statistics(const YamlNode& node, RowsPlan& rows) {
  const std::vector<YamlNode> words =
      node.is_scalar() ? std::vector<YamlNode>{node} : node.elements();
  for (const YamlNode& word : words) {
    const std::string text = lowered(word.as_text());
    const auto statistic = statistic_named(text);
    if (!statistic) {
      word.error("unknown-value", fmt::format("'{}' is no statistic", printable(text)),
                 suggestion(text, statistic_words()));
    } else if (std::ranges::find(rows.statistics, *statistic) == rows.statistics.end()) {
      rows.statistics.push_back(*statistic);
    }
  }
}

void read_scores(const YamlNode& node, RowsPlan& rows) {
  if (!node.exists()) return;
  if (node.is_scalar() && lowered(node.as_text()) == "codes") {
    rows.written.codes_are_scores = true;
    return;
  }
  for (const auto& [answer, score] : node.entries()) {
    const auto number = score.as_number();
    if (number) rows.written.scores.emplace_back(answer, *number);
  }
}

RowsPlan::PlanNet net_of(const YamlNode& node) {
  node.only_keys({"id", "label", "answers", "within"});
  RowsPlan::PlanNet net;
  net.place = node.place();
  net.net.id = node.text("id");
  net.net.label = node.optional_text("label").value_or(net.net.id);
  net.within = node.optional_text("within").value_or("");
  net.answers = texts_of(node.child("answers"));
  if (net.answers.empty()) {
    node.error("missing-key", fmt::format("'{}.answers' is missing", node.path()),
               "answers: [Very likely, Fairly likely]");
  }
  return net;
}

RowOrder order_in(const YamlNode& node) {
  const std::string order = node.choice("order", {"questionnaire", "descending", "ascending"});
  if (order == "descending") return RowOrder::kDescending;
  return order == "ascending" ? RowOrder::kAscending : RowOrder::kQuestionnaire;
}

RowsPlan rows_of(const YamlNode& node) {
  node.only_keys({"variables", "grid", "nets", "codebook_nets", "statistics", "scores", "order",
                  "last", "rank", "hide", "responses", "filter", "title"});
  RowsPlan rows;
  rows.place = node.place();
  if (!node.has("variables")) {
    node.error("missing-key", fmt::format("'{}.variables' is missing", node.path()),
               "variables: [q1..q9, confidence]");
  }
  rows.variables = names_of(node.child("variables"));
  rows.grid = node.optional_bool("grid").value_or(false);
  for (const YamlNode& net : node.list("nets")) rows.nets.push_back(net_of(net));
  rows.codebook_nets = node.optional_bool("codebook_nets").value_or(true);
  read_statistics(node.child("statistics"), rows);
  read_scores(node.child("scores"), rows);
  rows.order = order_in(node);
  rows.written.last = texts_of(node.child("last"));
  rows.rank = node.optional_bool("rank").value_or(false);
  rows.written.hidden = texts_of(node.child("hide"));
  rows.responses = node.optional_bool("responses").value_or(false);
  rows.filter = filter_of(node.child("filter"));
  rows.title = node.optional_text("title").value_or("");
  return rows;
}

void read_rows(const YamlNode& root, BookPlan& plan, Diagnostics& problems) {
  const YamlNode node = root.child("rows");
  if (!node.exists()) {
    root.error("missing-key", "'rows' is missing", "rows: [confidence, q1..q9]");
    return;
  }
  const std::vector<YamlNode> entries =
      node.is_scalar() ? std::vector<YamlNode>{node} : node.elements();
  for (const YamlNode& entry : entries) {
    if (entry.is_map()) {
      plan.rows.push_back(rows_of(entry));
      continue;
    }
    const std::string text = entry.as_text();
    const auto read = rows_of_words({text, entry.place()}, problems);
    plan.rows.insert(plan.rows.end(), read.begin(), read.end());
  }
}

void read_banner(const YamlNode& root, BookPlan& plan, Diagnostics& problems) {
  const YamlNode node = root.child("banner");
  const std::vector<YamlNode> entries =
      node.is_scalar() ? std::vector<YamlNode>{node} : node.elements();
  for (const YamlNode& entry : entries) {
    if (!entry.is_map()) {
      const std::string text = entry.as_text();
      const auto read = banner_of_words({text, entry.place()}, problems);
      plan.banner.insert(plan.banner.end(), read.begin(), read.end());
      continue;
    }
    entry.only_keys({"variables", "rest", "sequence", "title"});
    BannerGroup group;
    group.place = entry.place();
    if (!entry.has("variables")) {
      entry.error("missing-key", fmt::format("'{}.variables' is missing", entry.path()),
                  "variables: [region, size] nests size in region");
    }
    group.variables = names_of(entry.child("variables"));
    group.rest = entry.optional_bool("rest").value_or(false);
    group.sequence = entry.optional_bool("sequence").value_or(false);
    group.title = entry.optional_text("title").value_or("");
    plan.banner.push_back(std::move(group));
  }
}

void read_multi(const YamlNode& root, BookPlan& plan) {
  for (const auto& [id, node] : root.child("multi").entries()) {
    node.only_keys({"label", "from", "value"});
    MultiSet set{.id = id, .label = node.optional_text("label").value_or(id)};
    set.place = node.place();
    if (!node.has("from")) {
      node.error("missing-key", fmt::format("'{}.from' is missing", node.path()), "from: [m1..m5]");
    }
    set.from = names_of(node.child("from"));
    const auto value = node.optional_integer("value");
    if (value && (*value < 1 || *value > kMaxCode)) {
      node.child("value").error("plan-multi",
                                fmt::format("{} is not a code from 1 to {}", *value, kMaxCode));
    } else if (value) {
      set.value = static_cast<int>(*value);
    }
    plan.multi.push_back(std::move(set));
  }
}

void read_levels(const YamlNode& node, SignificancePlan& plan) {
  if (!node.exists()) return;
  const std::vector<YamlNode> written =
      node.is_scalar() ? std::vector<YamlNode>{node} : node.elements();
  std::vector<double> levels;
  for (const YamlNode& level : written) {
    const auto number = level.as_number();
    if (!number) return;
    if (!(*number > 0 && *number < 0.5)) {
      level.error("plan-level", fmt::format("the level {} is not between 0 and a half", *number),
                  "0.05 is the level of 95% confidence");
      return;
    }
    levels.push_back(*number);
  }
  const bool ascending = levels.size() < 2 || levels[0] < levels[1];
  if (levels.empty() || levels.size() > 2 || !ascending) {
    node.error("plan-level", "levels are one or two numbers, the stricter first",
               "levels: [0.01, 0.05]");
    return;
  }
  plan.levels = levels;
}

void read_significance(const YamlNode& root, SignificancePlan& plan) {
  const YamlNode node = root.child("significance");
  if (!node.exists()) return;
  if (node.is_scalar()) {
    plan.on = node.as_bool().value_or(false);
    return;
  }
  node.only_keys({"convention", "levels", "adjust", "against", "least_base"});
  plan.on = true;
  const std::string convention = node.choice("convention", {"design", "spss", "quantum", "q"});
  plan.convention = parse_convention(convention).value_or(Convention::kDesign);
  plan.adjustment = usual_adjustment(plan.convention);
  if (node.has("adjust")) {
    const auto adjustment =
        parse_p_adjustment(node.choice("adjust", {"none", "bonferroni", "holm", "BH"}));
    if (adjustment) plan.adjustment = *adjustment;
  }
  const std::string against = node.choice("against", {"columns", "rest", "total"});
  plan.against_rest = against == "rest";
  plan.against_total = against == "total";
  read_levels(node.child("levels"), plan);
  const auto least = node.optional_integer("least_base");
  if (least && (*least < 0 || *least > kMostCases)) {
    node.child("least_base")
        .error("plan-base", fmt::format("{} is not a number of cases", *least), "least_base: 30");
  } else if (least) {
    plan.least_base = static_cast<int>(*least);
  }
}

void read_cells(const YamlNode& root, BookPlan& plan) {
  const YamlNode node = root.child("cells");
  if (node.exists()) {
    plan.measures.clear();
    for (const YamlNode& word : node.is_scalar() ? std::vector<YamlNode>{node} : node.elements()) {
      const std::string text = lowered(word.as_text());
      const auto measure = measure_named(text);
      if (!measure) {
        word.error("unknown-value", fmt::format("'{}' is nothing a cell can hold", printable(text)),
                   suggestion(text, measure_words()));
      } else if (std::ranges::find(plan.measures, *measure) == plan.measures.end()) {
        plan.measures.push_back(*measure);
      }
    }
    if (plan.measures.empty()) node.error("plan-cells", "'cells' is empty", "cells: [percent]");
  }
  const bool letters = std::ranges::find(plan.measures, Measure::kLetters) != plan.measures.end();
  if (letters && !root.has("significance")) plan.significance.on = true;
  if (!letters && plan.significance.on) plan.measures.push_back(Measure::kLetters);
}

void read_weights(const YamlNode& root, BookPlan& plan) {
  const YamlNode node = root.child("weights");
  if (!node.exists()) return;
  plan.weights = texts_of(node);
  for (std::string& weight : plan.weights) {
    if (lowered(weight) == "design") weight.clear();
  }
  if (plan.weights.empty()) node.error("plan-weights", "'weights' is empty", "weights: [design]");
}

void read_bases(const YamlNode& root, BookPlan& plan) {
  const YamlNode node = root.child("bases");
  if (!node.exists()) return;
  plan.weighted_base = false;
  for (const YamlNode& word : node.is_scalar() ? std::vector<YamlNode>{node} : node.elements()) {
    const std::string text = lowered(word.as_text());
    if (text == "weighted") {
      plan.weighted_base = true;
    } else if (text == "effective") {
      plan.effective_base = true;
    } else if (text != "unweighted") {
      word.error("unknown-value", fmt::format("'{}' is no base", printable(text)),
                 "known: unweighted (always printed), weighted, effective");
    }
  }
}

PercentBase percent_in(const YamlNode& root) {
  const std::string base = root.choice("percent", {"column", "row", "table"});
  if (base == "row") return PercentBase::kRow;
  return base == "table" ? PercentBase::kTable : PercentBase::kColumn;
}

}  // namespace

Result<BookPlan> parse_book_plan(std::string_view yaml, const std::string& file_name) {
  Diagnostics problems;
  const YamlNode root = load_yaml(yaml, file_name, problems);
  // Of what is no YAML nothing else need be said.
  if (!problems.ok() && root.entries().empty()) TRY_DONE(problems.status());
  root.only_keys({"title", "waves", "rows", "banner", "total", "weights", "filter", "multi",
                  "cells", "percent", "significance", "rao_scott", "bases", "print"});
  BookPlan plan;
  plan.title = root.optional_text("title").value_or("");
  if (const YamlNode waves = root.child("waves"); waves.exists()) plan.waves = texts_of(waves);
  read_rows(root, plan, problems);
  read_banner(root, plan, problems);
  plan.total = root.optional_bool("total").value_or(true);
  read_weights(root, plan);
  plan.filter = filter_of(root.child("filter"));
  if (root.has("filter")) plan.filter_place = root.child("filter").place();
  if (root.has("weights")) plan.weights_place = root.child("weights").place();
  read_multi(root, plan);
  read_significance(root, plan.significance);
  read_cells(root, plan);
  plan.percent = percent_in(root);
  plan.rao_scott = root.optional_bool("rao_scott").value_or(false);
  read_bases(root, plan);
  plan.print = read_print_rules(root.child("print"));
  plan.has_print = root.has("print");
  problems.sort();
  TRY_DONE(problems.status());
  return plan;
}

}  // namespace barometer
