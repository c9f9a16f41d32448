#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/assemble_internal.h"
#include "barometer/book/book.h"
#include "barometer/engine/memory_engine.h"

namespace barometer {
namespace {

constexpr uint64_t kValueCells = uint64_t{1} << 16;

// One table, and the answers that it is made of.
struct TablePlan {
  size_t rows = 0;  // of the plan
  std::string variable;
  size_t parts = 0;
};
// An answer and its table: of a group of the banner, or an item of a grid.
struct PartPlan {
  size_t table = 0;
  size_t part = 0;
};

Result<std::optional<Expression>> filter_of(const BookPlan& plan, const RowsPlan& rows) {
  if (plan.filter.empty() && rows.filter.empty()) return std::optional<Expression>();
  std::string text = plan.filter.empty() ? rows.filter : plan.filter;
  if (!plan.filter.empty() && !rows.filter.empty()) {
    text = fmt::format("({}) and ({})", plan.filter, rows.filter);
  }
  return std::optional<Expression>(TRY(Expression::parse(text)));
}

Result<const Variable*> variable_named(const Codebook& codebook, const std::string& id) {
  if (const Variable* found = codebook.find(id)) return found;
  const std::string hint = suggestion(id, codebook.ids());
  return fail(ErrorCode::kNotFound, fmt::format("there is no variable '{}'{}{}", printable(id),
                                                hint.empty() ? "" : "; ", hint));
}

// Whether the rows need a number's values, not their sums alone.
bool needs_values(const RowsPlan& rows, uint64_t cases) {
  return std::ranges::any_of(rows.statistics, [&](const StatisticPlan& statistic) {
    return statistic.kind == RowStatistic::kMedian ||
           (statistic.kind == RowStatistic::kStandardDeviation && cases <= kValueCells);
  });
}

class Questions {
 public:
  Questions(const Engine& engine, const BookPlan& plan, const Sample* sample)
      : engine_(engine), plan_(plan), sample_(sample) {}

  Status add_all() {
    for (size_t i = 0; i < plan_.rows.size(); ++i) {
      const RowsPlan& rows = plan_.rows[i];
      if (rows.grid) {
        TRY_DONE(add_grid(i));
        continue;
      }
      for (const std::string& id : rows.variables) TRY_DONE(add_table(i, id));
    }
    return {};
  }

  [[nodiscard]] const std::vector<CellQuery>& queries() const { return queries_; }
  [[nodiscard]] const std::vector<PartPlan>& parts() const { return parts_; }
  [[nodiscard]] const std::vector<TablePlan>& tables() const { return tables_; }

 private:
  Status add_table(size_t rows, const std::string& id) {
    const size_t groups = std::max<size_t>(1, plan_.banner.size());
    tables_.push_back({rows, id, groups});
    for (size_t part = 0; part < groups; ++part) {
      const bool banner = part < plan_.banner.size();
      TRY_DONE(add_query(rows, id, banner ? &plan_.banner[part] : nullptr, part));
    }
    return {};
  }

  Status add_grid(size_t rows) {
    const std::vector<std::string>& items = plan_.rows[rows].variables;
    if (items.empty()) return {};
    tables_.push_back({rows, items.front(), items.size()});
    for (size_t part = 0; part < items.size(); ++part) {
      TRY_DONE(add_query(rows, items[part], nullptr, part));
    }
    return {};
  }

  Status add_query(size_t rows, const std::string& id, const BannerGroup* group, size_t part) {
    const Variable* variable = TRY(variable_named(engine_.codebook(), id));
    CellQuery query;
    const bool sums = variable->kind == VariableKind::kNumber && sample_ == nullptr &&
                      !needs_values(plan_.rows[rows], engine_.case_count());
    (sums ? query.numbers : query.keys).push_back(variable->id);
    for (const std::string& name :
         group != nullptr ? group->variables : std::vector<std::string>()) {
      const Variable* column = TRY(variable_named(engine_.codebook(), name));
      if (column->kind == VariableKind::kNumber) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is a number; a banner needs categories", column->id));
      }
      if (std::ranges::count(query.keys, column->id) == 0) query.keys.push_back(column->id);
    }
    query.where = TRY(filter_of(plan_, plan_.rows[rows]));
    if (sample_ != nullptr) {
      query.by_row = false;
      query.of_cases = true;
      query.replicates = sample_->replicates() != nullptr;
    }
    queries_.push_back(std::move(query));
    parts_.push_back({tables_.size() - 1, part});
    return {};
  }

  const Engine& engine_;
  const BookPlan& plan_;
  const Sample* sample_;
  std::vector<CellQuery> queries_;
  std::vector<PartPlan> parts_;
  std::vector<TablePlan> tables_;
};

// "q", then "q_2" for a second table of it; with several weights "q@w".
class TableIds {
 public:
  std::string next(const std::string& variable, const std::string& weight, bool several) {
    const std::string id = several ? fmt::format("{}@{}", variable, weight) : variable;
    const size_t count = ++count_[id];
    return count == 1 ? id : fmt::format("{}_{}", id, count);
  }

 private:
  std::map<std::string, size_t> count_;
};

// What makes the tables of one weight.
struct Source {
  const Engine& engine;
  const Sample* sample = nullptr;
  const std::string& weight;
};

Status tables_of(const Source& source, const BookPlan& plan, const BookOptions& options,
                 TableIds& ids, const Progress& progress,
                 const std::function<Status(BookTable table)>& use) {
  Questions questions(source.engine, plan, source.sample);
  TRY_DONE(questions.add_all());
  std::optional<TableAssembly> table;
  return source.engine.answer(
      questions.queries(), progress, [&](size_t query, Cells cells) -> Status {
        // A case without weight may have one in a replicate, and counts in a spread's n / (n - 1).
        if (source.sample != nullptr && source.sample->replicates() != nullptr) {
          cells.sums.live = cells.sums.n;
        }
        const PartPlan& part = questions.parts()[query];
        const TablePlan& planned = questions.tables()[part.table];
        const RowsPlan& rows = plan.rows[planned.rows];
        if (part.part == 0) {
          table.emplace(source.engine.design(), source.sample, plan, rows, options);
          table->table().id = ids.next(planned.variable, source.weight, plan.weights.size() > 1);
          table->table().weight = source.weight;
        }
        const std::string& id = rows.grid ? rows.variables[part.part] : planned.variable;
        TRY_DONE(table->add(part.part, *cells.data.codebook().find(id), cells));
        if (part.part + 1 < planned.parts) return {};
        return use(std::move(*table).finished());
      });
}

std::string variance_of(const Engine& engine, const Sample* sample) {
  if (sample == nullptr) {
    return engine.design().description() + "; linearised variance; df PSUs - strata";
  }
  const char* variance = sample->replicates() != nullptr ? "" : "; linearised variance";
  return fmt::format("{}{}; df {}", sample->description(), variance, sample->df_rule());
}

std::string method_of(const Engine& engine, const Sample* sample, const BookPlan& plan) {
  std::string method = fmt::format("{}; {:g}% intervals, of shares logit, of means t",
                                   variance_of(engine, sample), 100 * plan.print.level);
  if (plan.significance.on) {
    method += fmt::format("; tests between columns by the convention '{}'",
                          name_of(plan.significance.convention));
  }
  return method;
}

}  // namespace

Result<std::shared_ptr<const Engine>> engine_of_sample(std::shared_ptr<const Dataset> data,
                                                       const Sample& sample, size_t threads) {
  CHECK(sample.case_count() == data->case_count() && sample.cells() == nullptr,
        "a sample of the cases of the data");
  DesignSpec spec;
  spec.case_count = data->case_count();
  spec.weights.assign(sample.weights().begin(), sample.weights().end());
  spec.lonely_psu = LonelyPsu::kRemove;  // no variance is made of it
  auto design = std::make_shared<const Design>(TRY(Design::make(std::move(spec))));
  MemoryEngineOptions options;
  options.threads = threads;
  if (const Replicates* replicates = sample.replicates()) {
    options.replicates =
        std::make_shared<const MemoryEngineOptions::CaseMatrix>(replicates->weights);
  }
  return MemoryEngine::make(std::move(data), std::move(design), std::move(options));
}

Status each_table(const std::vector<const Engine*>& engines, const BookPlan& plan,
                  const BookOptions& options, const Progress& progress,
                  const std::function<Status(BookTable table)>& use) {
  if (engines.size() != plan.weights.size() || engines.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} engines for {} weights", engines.size(), plan.weights.size()));
  }
  CHECK(options.samples.empty() || options.samples.size() == engines.size(),
        "a sample an engine, or none");
  TableIds ids;
  for (size_t w = 0; w < engines.size(); ++w) {
    const BookPlan checked = TRY(resolved(plan, TRY(codebook_for(*engines[w], plan, progress))));
    const Sample* sample = options.samples.empty() ? nullptr : options.samples[w];
    TRY_DONE(
        tables_of({*engines[w], sample, plan.weights[w]}, checked, options, ids, progress, use));
  }
  return {};
}

Result<Book> make_book(const std::vector<const Engine*>& engines, const BookPlan& plan,
                       const BookOptions& options, const Progress& progress) {
  Book book;
  const auto keep = [&](BookTable table) -> Status {
    book.tables.push_back(std::move(table));
    return {};
  };
  TRY_DONE(each_table(engines, plan, options, progress, keep));
  book.plan = TRY(resolved(plan, TRY(codebook_for(*engines.front(), plan, progress))));
  const Sample* sample = options.samples.empty() ? nullptr : options.samples.front();
  book.method = method_of(*engines.front(), sample, plan);
  return book;
}

}  // namespace barometer
