// A plan against a codebook.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/plan_internal.h"
#include "barometer/data/expression.h"

namespace barometer {
namespace {

constexpr size_t kMostTables = 20'000;
constexpr size_t kMostColumns = 2'000;

void check_filter(const std::string& filter, const Codebook& codebook, const Place& place,
                  Diagnostics& problems) {
  if (filter.empty() || has_many(problems)) return;
  const auto parsed = Expression::parse(filter);
  const Status checked =
      parsed ? parsed->check(codebook) : Status(fail(ErrorCode::kInvalid, parsed.error().message));
  if (!checked) problems.error("plan-filter", place, checked.error().message);
}

size_t answers_of(const Variable& variable) {
  size_t answers = variable.categories.size();
  if (variable.kind != VariableKind::kScale) return answers;
  for (int code = *variable.scale_low; code <= *variable.scale_high; ++code) {
    if (variable.category(code) == nullptr) ++answers;
  }
  return answers;
}

bool same_answers(const Variable& a, const Variable& b) {
  const auto same = [](const Category& x, const Category& y) {
    return x.code == y.code && x.label == y.label;
  };
  return a.kind == b.kind && a.scale_low == b.scale_low && a.scale_high == b.scale_high &&
         std::ranges::equal(a.categories, b.categories, same);
}

class Resolver {
 public:
  explicit Resolver(const Codebook& codebook) : codebook_(codebook), names_(codebook_, problems_) {}
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  std::vector<RowsPlan> rows(const std::vector<RowsPlan>& written);
  std::vector<BannerGroup> banner(const std::vector<BannerGroup>& written);
  void check_weights(std::vector<std::string>& weights, const Place& place);
  [[nodiscard]] const Codebook& codebook() const& { return codebook_; }
  [[nodiscard]] Diagnostics& problems() & { return problems_; }

 private:
  void add_rows(const RowsPlan& written, std::vector<RowsPlan>& out);
  void add_grid(const RowsPlan& written, const std::vector<PlanNames::Found>& found,
                std::vector<RowsPlan>& out);
  bool check_kind(const Variable& variable, const RowsPlan& rows);
  size_t columns_of(BannerGroup& group);

  const Codebook& codebook_;
  Diagnostics problems_;
  PlanNames names_;
};

bool Resolver::check_kind(const Variable& variable, const RowsPlan& rows) {
  if (variable.kind != VariableKind::kText) return true;
  problems_.error("plan-kind", rows.place,
                  fmt::format("'{}' is open text, which is not tabulated", variable.id));
  return false;
}

void Resolver::add_grid(const RowsPlan& written, const std::vector<PlanNames::Found>& found,
                        std::vector<RowsPlan>& out) {
  RowsPlan grid = written;
  grid.variables.clear();
  const Variable& first = codebook_.variables()[found.front().index];
  for (const PlanNames::Found& each : found) {
    const Variable& variable = codebook_.variables()[each.index];
    grid.variables.push_back(variable.id);
    const bool coded =
        variable.kind == VariableKind::kSingle || variable.kind == VariableKind::kScale;
    if (coded && same_answers(first, variable)) continue;
    if (!has_many(problems_)) {
      problems_.error(
          "plan-grid", written.place,
          coded ? fmt::format("'{}' has other answers than '{}': no grid", variable.id, first.id)
                : fmt::format("'{}' ({}) cannot be the row of a grid", variable.id,
                              name_of(variable.kind)));
    }
  }
  resolve_answers(grid, first, true, problems_);
  out.push_back(std::move(grid));
}

void Resolver::add_rows(const RowsPlan& written, std::vector<RowsPlan>& out) {
  const std::vector<PlanNames::Found> found = names_.all(written.variables, written.place);
  if (found.empty()) return;
  std::vector<const Variable*> variables;
  for (const PlanNames::Found& each : found) {
    variables.push_back(&codebook_.variables()[each.index]);
  }
  check_filter(written.filter, codebook_, written.place, problems_);
  check_answer_words(written, variables, problems_);
  if (written.grid) return add_grid(written, found, out);
  if (!written.title.empty() && found.size() > 1) {
    problems_.error("plan-title", written.place,
                    fmt::format("one title for {} tables", found.size()),
                    "leave it out: each table has the label of its variable");
  }
  const size_t start = out.size();
  for (size_t i = 0; i < found.size() && !has_many(problems_); ++i) {
    if (!check_kind(*variables[i], written)) continue;
    RowsPlan table = written;
    table.variables = {variables[i]->id};
    resolve_answers(table, *variables[i], found[i].named, problems_);
    out.push_back(std::move(table));
  }
  for (const StatisticPlan& statistic : written.statistics) {
    const bool fits = std::any_of(
        out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), [&](const RowsPlan& table) {
          return std::ranges::find(table.statistics, statistic) != table.statistics.end();
        });
    if (fits || has_many(problems_) || !problems_.ok()) continue;
    problems_.error("plan-statistic", written.place,
                    fmt::format("'{}' fits none of these variables", name_of(statistic)),
                    "boxes, NPS and means need a scale, scores or a number");
  }
}

std::vector<RowsPlan> Resolver::rows(const std::vector<RowsPlan>& written) {
  std::vector<RowsPlan> out;
  for (const RowsPlan& each : written) {
    if (has_many(problems_)) break;
    add_rows(each, out);
    if (out.size() <= kMostTables) continue;
    problems_.error("plan-size", each.place, fmt::format("more than {} tables", kMostTables));
    break;
  }
  return out;
}

size_t Resolver::columns_of(BannerGroup& group) {
  size_t columns = group.rest ? 2 : 1;
  std::vector<std::string> ids;
  for (const std::string& word : group.variables) {
    const auto index = names_.one(trimmed(word), group.place);
    if (!index) continue;
    const Variable& variable = codebook_.variables()[*index];
    if (variable.kind == VariableKind::kNumber || variable.kind == VariableKind::kText) {
      problems_.error("plan-banner", group.place,
                      fmt::format("'{}' ({}) has no categories to be columns", variable.id,
                                  name_of(variable.kind)));
    } else if (std::ranges::find(ids, variable.id) != ids.end()) {
      problems_.error("plan-banner", group.place,
                      fmt::format("'{}' is nested in itself", variable.id));
    }
    ids.push_back(variable.id);
    columns = std::min(columns * std::max<size_t>(1, answers_of(variable)), kMostColumns + 1);
  }
  group.variables = std::move(ids);
  return columns;
}

std::vector<BannerGroup> Resolver::banner(const std::vector<BannerGroup>& written) {
  std::vector<BannerGroup> out;
  size_t columns = 0;
  for (BannerGroup group : written) {
    if (has_many(problems_)) break;
    if (group.rest && group.sequence) {
      problems_.error("plan-banner", group.place,
                      "a sequence compares each column with the one before: no rests between them");
    }
    columns += columns_of(group);
    if (columns > kMostColumns) {
      problems_.error("plan-size", group.place,
                      fmt::format("the banner has more than {} columns", kMostColumns));
      break;
    }
    out.push_back(std::move(group));
  }
  return out;
}

void Resolver::check_weights(std::vector<std::string>& weights, const Place& place) {
  std::vector<std::string> ids;
  for (const std::string& weight : weights) {
    if (has_many(problems_)) break;
    std::string id;
    if (!weight.empty()) {
      const auto index = names_.one(weight, place);
      if (!index) continue;
      const Variable& variable = codebook_.variables()[*index];
      id = variable.id;
      if (variable.kind != VariableKind::kNumber) {
        problems_.error(
            "plan-weight", place,
            fmt::format("the weight '{}' is no number ({})", id, name_of(variable.kind)));
      }
    }
    if (std::ranges::find(ids, id) != ids.end()) {
      problems_.error("plan-weight", place,
                      fmt::format("the weight '{}' is there twice", id.empty() ? "design" : id));
    }
    ids.push_back(std::move(id));
  }
  weights = std::move(ids);
}

// Adds the sets to the codebook; their columns may be ranges and patterns.
Codebook with_sets(const Codebook& codebook, std::vector<MultiSet>& sets, Diagnostics& problems) {
  Codebook extended = codebook;
  PlanNames names(codebook, problems);
  for (MultiSet& set : sets) {
    if (has_many(problems)) break;
    const size_t before = problems.error_count();
    std::vector<std::string> ids;
    for (const PlanNames::Found& each : names.all(set.from, set.place)) {
      ids.push_back(codebook.variables()[each.index].id);
    }
    set.from = std::move(ids);
    if (problems.error_count() > before) continue;
    const auto made = variable_of(set, codebook, problems);
    if (!made) continue;
    const Variable* there = extended.find(set.id);
    if (there != nullptr && there->kind == VariableKind::kMulti) continue;
    const Status added = extended.add(*made);
    if (!added) problems.error("plan-multi", set.place, added.error().message);
  }
  return extended;
}

void name_place(Place& place) {
  if (place.file.empty()) place.file = "plan";
}

void check_whole(const BookPlan& plan, const Place& place, Diagnostics& problems) {
  const auto grid = [](const RowsPlan& rows) { return rows.grid; };
  if (plan.rows.empty() && problems.ok()) {
    problems.error("plan-empty", place, "the plan has no tables", "rows: [confidence]");
  }
  if (!plan.total && plan.banner.empty() && !std::ranges::all_of(plan.rows, grid)) {
    problems.error("plan-empty", place, "tables without total and banner have no columns");
  }
  if (plan.significance.against_rest && plan.significance.against_total) {
    problems.error("plan-significance", place, "columns are compared with rest or total, not both");
  }
  const bool against = plan.significance.against_rest || plan.significance.against_total;
  if (against && plan.banner.empty()) {
    problems.error("plan-significance", place,
                   fmt::format("columns are to be compared with the {}, but without a banner there "
                               "is no column beside it",
                               plan.significance.against_rest ? "rest" : "total"),
                   "banner: [role], or --banner role");
  }
  if (plan.significance.against_total && !plan.total) {
    problems.error("plan-significance", place,
                   "columns are to be compared with the total, but there is none");
  }
}

}  // namespace

Result<std::vector<RowsPlan>> parse_rows(std::string_view words, const Codebook& codebook) {
  Resolver resolver(codebook);
  const PlanWords written{words, {"--rows", 1, 1}, true};
  auto rows = resolver.rows(rows_of_words(written, resolver.problems()));
  TRY_DONE(resolver.problems().status());
  return rows;
}

Result<std::vector<BannerGroup>> parse_banner(std::string_view words, const Codebook& codebook) {
  Resolver resolver(codebook);
  const PlanWords written{words, {"--banner", 1, 1}, true};
  auto banner = resolver.banner(banner_of_words(written, resolver.problems()));
  TRY_DONE(resolver.problems().status());
  return banner;
}

Result<BookPlan> resolved(const BookPlan& plan, const Codebook& codebook) {
  BookPlan out = plan;
  // A plan that a program made has no places.
  for (RowsPlan& rows : out.rows) {
    name_place(rows.place);
    for (RowsPlan::PlanNet& net : rows.nets) name_place(net.place);
  }
  for (BannerGroup& group : out.banner) name_place(group.place);
  for (MultiSet& set : out.multi) name_place(set.place);
  Diagnostics problems;
  const Codebook extended = with_sets(codebook, out.multi, problems);
  Resolver resolver(extended);
  Place whole{out.rows.empty() ? "" : out.rows.front().place.file, 0, 0};
  name_place(whole);
  out.rows = resolver.rows(out.rows);
  out.banner = resolver.banner(out.banner);
  const auto place_or_whole = [&](const Place& place) {
    return place.file.empty() ? whole : place;
  };
  check_filter(out.filter, extended, place_or_whole(out.filter_place), resolver.problems());
  resolver.check_weights(out.weights, place_or_whole(out.weights_place));
  problems.add(resolver.problems());
  check_whole(out, whole, problems);
  problems.sort();
  TRY_DONE(problems.status());
  return out;
}

}  // namespace barometer
