// What a plan's names mean where an engine does not know every category beforehand.
#include <algorithm>
#include <set>

#include "barometer/book/book.h"

namespace barometer {
namespace {

bool waits_for_categories(const Variable& variable) {
  return variable.kind == VariableKind::kSingle && variable.categories.empty();
}

void add_filter(const std::string& filter, const Codebook& codebook, std::set<std::string>& ids) {
  const auto parsed = Expression::parse(filter);
  if (!parsed) return;  // resolved() says what is wrong with it
  for (const std::string& name : parsed->variables()) {
    const auto index = codebook.index_of_written(name);
    if (index) ids.insert(codebook.variables()[*index].id);
  }
}

// Variables that the plan names in rows, banner and filters.
Result<std::set<std::string>> named_in(const BookPlan& plan, const Codebook& codebook) {
  BookPlan names;
  names.multi = plan.multi;
  for (const RowsPlan& rows : plan.rows) {
    names.rows.push_back({.variables = rows.variables, .place = rows.place});
  }
  names.banner = plan.banner;
  std::set<std::string> ids;
  const BookPlan found = TRY(resolved(names, codebook));
  for (const RowsPlan& rows : found.rows) ids.insert(rows.variables.begin(), rows.variables.end());
  for (const BannerGroup& group : found.banner) {
    ids.insert(group.variables.begin(), group.variables.end());
  }
  add_filter(plan.filter, codebook, ids);
  for (const RowsPlan& rows : plan.rows) add_filter(rows.filter, codebook, ids);
  return ids;
}

Result<Variable> with_categories(const Engine& engine, Variable variable,
                                 const Progress& progress) {
  const auto cells = engine.cells({.keys = {variable.id}, .by_row = false}, progress);
  if (cells) return cells->data.codebook().variables().front();
  if (cells.error().code != ErrorCode::kUnsupported) return tl::unexpected(cells.error());
  variable.kind = VariableKind::kText;
  return variable;
}

}  // namespace

Result<Codebook> codebook_for(const Engine& engine, const BookPlan& plan,
                              const Progress& progress) {
  const std::vector<Variable>& variables = engine.codebook().variables();
  if (std::ranges::none_of(variables, waits_for_categories)) return Codebook(engine.codebook());
  const std::set<std::string> ids = TRY(named_in(plan, engine.codebook()));
  Codebook codebook;
  for (const Variable& variable : variables) {
    const bool ask = waits_for_categories(variable) && ids.contains(variable.id);
    TRY_DONE(codebook.add(ask ? TRY(with_categories(engine, variable, progress)) : variable));
  }
  return codebook;
}

}  // namespace barometer
