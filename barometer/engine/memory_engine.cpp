#include "barometer/engine/memory_engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/engine/code_mask_internal.h"
#include "barometer/engine/memory_answers_internal.h"
#include "barometer/engine/memory_columns_internal.h"
#include "barometer/engine/passes_internal.h"

namespace barometer {
namespace {

// Of so many combinations every one is a cell, when their sums by row are at most so many times the
// cases. More of them are looked for in the data first.
constexpr size_t kDenseCells = 1024;
constexpr size_t kDenseShare = 4;
constexpr size_t kDenseEntries = size_t{1} << 16;
// Entries by row of queries that are answered in one pass.
constexpr size_t kBatchEntries = size_t{1} << 23;
// A part of the design order is at least 1/64 of it.
constexpr size_t kMostParts = 64;

size_t dense_entries(const Design& design, const CellQuery& query, size_t cells) {
  return query.by_row ? design.row_count() * cells : cells;
}

// Cells of one number are looked for in each row, unless these have as many cases.
constexpr size_t kMomentCells = 64;

bool has_few_moments(const Design& design, const CellQuery& query, const CellPlan& plan) {
  if (query.numbers.size() != 1) return false;
  const size_t cells = plan.combinations(kDenseCells);
  const size_t cases = design.case_count() / std::max<size_t>(1, design.row_count());
  return cells <= std::min(kDenseCells, std::max(kMomentCells, query.by_row ? cases : kDenseCells));
}

// A table of every combination pays for more cases than it has entries.
bool is_whole(const Design& design, const CellQuery& query, const CellPlan& plan) {
  if (query.by_row || query.replicates || !query.numbers.empty()) return false;
  const size_t cells = plan.combinations(kMostWholeCells);
  return cells <= kMostWholeCells && cells <= design.case_count();
}

bool is_dense(const Design& design, const CellQuery& query, const CellPlan& plan) {
  if (!query.numbers.empty()) return false;
  const size_t cells = plan.combinations(kDenseCells);
  const size_t entries = dense_entries(design, query, cells);
  return cells <= kDenseCells && entries <= query.most_entries &&
         entries <= kDenseShare * design.case_count() + kDenseEntries;
}

QueryPlan::Way way_of(const Design& design, const CellQuery& query, const CellPlan& plan) {
  if (query.of_cases) return QueryPlan::Way::kGrouped;
  if (is_dense(design, query, plan)) return QueryPlan::Way::kDense;
  if (has_few_moments(design, query, plan)) return QueryPlan::Way::kMoments;
  if (is_whole(design, query, plan)) return QueryPlan::Way::kWhole;
  return QueryPlan::Way::kGrouped;
}

Result<size_t> column_of(const Codebook& codebook, const std::string& id) {
  if (const auto index = codebook.index_of(id)) return *index;
  const std::string hint = suggestion(id, codebook.ids());
  return fail(ErrorCode::kNotFound, fmt::format("there is no variable '{}'{}{}", printable(id),
                                                hint.empty() ? "" : "; ", hint));
}

}  // namespace

// One request: its queries, planned, and the way they are answered.
class MemoryEngine::Request {
 public:
  Request(const MemoryEngine& engine, std::span<const CellQuery> queries, const Progress& progress)
      : engine_(engine),
        columns_(*engine.columns_),
        queries_(queries),
        parts_(cut_parts(columns_.design(), std::max(engine.options_.part_cases,
                                                     columns_.design().case_count() / kMostParts))),
        input_{columns_.design(),       columns_.weights(),        parts_,
               engine.options_.threads, engine.options_.run_cases, progress} {}

  Status plan() {
    for (const CellQuery& query : queries_) plans_.push_back(TRY(plan_of(query)));
    return {};
  }

  Status answer(const std::function<Status(size_t, Cells)>& use) {
    for (size_t q = 0; q < queries_.size();) {
      const size_t end = end_of_batch(q);
      std::vector<Cells> cells = TRY(answer(q, end));
      for (Cells& found : cells) TRY_DONE(use(q++, std::move(found)));
    }
    return {};
  }

 private:
  Result<QueryPlan> plan_of(const CellQuery& query) {
    QueryPlan plan;
    plan.query = &query;
    plan.cells.places = columns_.design().case_count();
    TRY_DONE(add_mask(query, plan.cells));
    const Codebook& codebook = columns_.data().codebook();
    for (const std::string& id : query.keys) {
      const size_t column = TRY(column_of(codebook, id));
      if (codebook.variables()[column].kind == VariableKind::kText) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("'{}' is open text, whose values are no cells", id));
      }
      plan.cells.keys.push_back(columns_.key(column));
      plan.key_columns.push_back(column);
    }
    for (const std::string& id : query.numbers) {
      const size_t column = TRY(column_of(codebook, id));
      if (codebook.variables()[column].kind != VariableKind::kNumber) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a number", id));
      }
      plan.numbers.push_back(columns_.number(column));
      plan.cells.keys.push_back(plan.numbers.back()->missing);
      plan.number_columns.push_back(column);
    }
    TRY_DONE(check_replicates(query));
    CHECK(!query.of_cases || query.numbers.empty(), "cells of cases have values, not moments");
    plan.way = way_of(columns_.design(), query, plan.cells);
    return plan;
  }

  Status check_replicates(const CellQuery& query) const {
    if (!query.replicates) return {};
    if (!engine_.options_.replicates) {
      return fail(ErrorCode::kUnsupported, "there are no replicate weights to sum");
    }
    if (query.numbers.empty()) return {};
    return fail(ErrorCode::kUnsupported,
                fmt::format("sums of replicate weights need '{}' as a key", query.numbers[0]));
  }

  Status add_mask(const CellQuery& query, CellPlan& plan) {
    CHECK(!query.where || query.mask.empty(), "a condition or a mask, not both");
    if (query.where) {
      plan.inside = TRY(truth_of(*query.where));
    } else if (!query.mask.empty()) {
      CHECK(query.mask.size() == plan.places, "one mask byte a case");
      plan.inside = std::make_shared<const std::vector<uint8_t>>(columns_.sorted(query.mask));
    }
    plan.masked = plan.inside && !query.outside;
    if (plan.inside && query.outside) {
      plan.keys.push_back(std::make_shared<const KeyColumn>(outside_key(*plan.inside)));
    }
    return {};
  }

  // Once for each text.
  Result<std::shared_ptr<const std::vector<uint8_t>>> truth_of(const Expression& where) {
    auto& truth = truths_[where.text()];
    if (truth) return truth;
    const BoundCondition condition = TRY(where.bind(columns_.data().codebook()));
    auto mask = code_mask(condition, columns_.design().case_count(),
                          [this](size_t column) { return columns_.key(column); });
    if (!mask) mask = columns_.sorted(TRY(where.evaluate(columns_.data())));
    truth = std::make_shared<const std::vector<uint8_t>>(std::move(*mask));
    return truth;
  }

  // The queries from `first` on that are answered in one pass, in the same way.
  [[nodiscard]] size_t end_of_batch(size_t first) const {
    const QueryPlan::Way way = plans_[first].way;
    size_t end = first + 1;
    if (way != QueryPlan::Way::kDense && way != QueryPlan::Way::kMoments) return end;
    size_t entries = entries_of(first);
    for (; end < plans_.size() && plans_[end].way == way; ++end) {
      entries += entries_of(end);
      if (entries > kBatchEntries) break;
    }
    return end;
  }
  [[nodiscard]] size_t entries_of(size_t q) const {
    return dense_entries(columns_.design(), queries_[q], cells_of(plans_[q]));
  }
  static size_t cells_of(const QueryPlan& plan) { return plan.cells.combinations(kDenseCells); }

  Result<std::vector<Cells>> dense(size_t first, size_t end) const {
    std::vector<Cells> cells(end - first);
    std::vector<DenseTask> tasks;
    std::vector<ReplicateTask> replicates;
    for (size_t q = first; q < end; ++q) {
      Cells& to = cells[q - first];
      const size_t count = cells_of(plans_[q]);
      tasks.push_back({&plans_[q].cells, count, queries_[q].by_row, &to.sums});
      if (queries_[q].replicates) {
        replicates.push_back({&plans_[q].cells, count, nullptr, &to.replicates});
      }
    }
    TRY_DONE(sum_dense(input_, tasks));
    TRY_DONE(add_replicates(replicates));
    for (size_t q = first; q < end; ++q) {
      TRY_DONE(add_dense_data(columns_.data(), plans_[q], cells[q - first]));
    }
    return cells;
  }

  Result<std::vector<Cells>> answer(size_t first, size_t end) const {
    if (plans_[first].way == QueryPlan::Way::kDense) return dense(first, end);
    if (plans_[first].way == QueryPlan::Way::kMoments) return moments(first, end);
    std::vector<Cells> cells;
    cells.push_back(TRY(grouped(first)));
    return cells;
  }

  Result<std::vector<Cells>> moments(size_t first, size_t end) const {
    std::vector<MomentTask> tasks;
    for (size_t q = first; q < end; ++q) {
      tasks.push_back({&plans_[q].cells, cells_of(plans_[q]), queries_[q].by_row,
                       plans_[q].numbers[0].get(), queries_[q].most_entries});
    }
    const std::vector<Groups> groups = TRY(sum_moments(input_, tasks));
    std::vector<Cells> cells;
    for (size_t q = first; q < end; ++q) {
      cells.push_back(TRY(representative_cells(columns_.data(), columns_.design(), plans_[q],
                                               nullptr, groups[q - first])));
    }
    return cells;
  }

  Result<Cells> grouped(size_t q) const {
    if (plans_[q].way == QueryPlan::Way::kWhole) {
      const std::vector<Quad> sums = TRY(sum_whole(input_, plans_[q].cells));
      return whole_cells(columns_.data(), columns_.design(), plans_[q], sums);
    }
    return queries_[q].numbers.empty() ? occurring(q) : represented(q);
  }

  [[nodiscard]] std::vector<uint32_t> in_case_order(const std::vector<uint32_t>& places) const {
    const std::span<const uint32_t> order = columns_.design().order();
    std::vector<uint32_t> cases(places.size());
    for (size_t place = 0; place < places.size(); ++place) cases[order[place]] = places[place];
    return cases;
  }

  // Cells are the combinations that occur.
  Result<Cells> occurring(size_t q) const {
    const QueryPlan& plan = plans_[q];
    const CellIds ids = TRY(ids_of(q));
    const Groups groups = TRY(sum_groups(input_, task_of(q, ids.count, &ids)));
    Cells cells;
    cells.sums = sums_of_groups(columns_.design(), groups, ids.count, queries_[q].by_row);
    if (queries_[q].replicates) {
      const ReplicateTask replicates{&plan.cells, ids.count, &ids, &cells.replicates};
      TRY_DONE(add_replicates({&replicates, 1}));
    }
    TRY_DONE(add_grouped_data(columns_.data(), plan, ids, cells));
    if (queries_[q].of_cases) cells.cell_of_case = in_case_order(ids.at);
    return cells;
  }

  Result<Cells> represented(size_t q) const {
    const QueryPlan& plan = plans_[q];
    std::optional<CellIds> ids;
    size_t count = cells_of(plan);
    if (count > kDenseCells) {
      ids = TRY(ids_of(q));
      count = ids->count;
    }
    const CellIds* found = ids ? &*ids : nullptr;
    const Groups groups = TRY(sum_groups(input_, task_of(q, count, found)));
    return representative_cells(columns_.data(), columns_.design(), plan, found, groups);
  }

  Result<CellIds> ids_of(size_t q) const {
    CellIds ids = cell_ids(plans_[q].cells);
    TRY_DONE(check_combinations(ids.count, queries_[q]));
    return ids;
  }
  [[nodiscard]] GroupTask task_of(size_t q, size_t cells, const CellIds* ids) const {
    GroupTask task{
        &plans_[q].cells,        cells, ids, queries_[q].by_row, columns_.design().elements(), {},
        queries_[q].most_entries};
    for (const auto& number : plans_[q].numbers) task.numbers.push_back(number.get());
    return task;
  }

  Status add_replicates(std::span<const ReplicateTask> tasks) const {
    if (tasks.empty()) return {};
    return sum_replicates(input_, *engine_.options_.replicates, tasks);
  }

  const MemoryEngine& engine_;
  const Columns& columns_;
  std::span<const CellQuery> queries_;
  std::vector<PartRange> parts_;
  PassInput input_;
  std::vector<QueryPlan> plans_;
  std::map<std::string, std::shared_ptr<const std::vector<uint8_t>>> truths_;
};

MemoryEngine::MemoryEngine(Token /*token*/, std::unique_ptr<const Columns> columns,
                           MemoryEngineOptions options)
    : columns_(std::move(columns)), options_(std::move(options)) {}
MemoryEngine::~MemoryEngine() = default;

Result<std::shared_ptr<const MemoryEngine>> MemoryEngine::make(std::shared_ptr<const Dataset> data,
                                                               std::shared_ptr<const Design> design,
                                                               MemoryEngineOptions options) {
  if (design->case_count() != data->case_count()) {
    return fail(ErrorCode::kInvalid, fmt::format("a design of {} cases for data of {}",
                                                 design->case_count(), data->case_count()));
  }
  const auto rows =
      options.replicates ? static_cast<size_t>(options.replicates->rows()) : data->case_count();
  if (rows != data->case_count()) {
    return fail(ErrorCode::kInvalid, fmt::format("replicate weights of {} cases for data of {}",
                                                 rows, data->case_count()));
  }
  CHECK(options.run_cases > 0 && options.part_cases > 0, "a run and a part hold cases");
  options.threads = std::max<size_t>(1, options.threads);
  auto columns = std::make_unique<const Columns>(std::move(data), std::move(design));
  return std::shared_ptr<const MemoryEngine>(
      std::make_shared<MemoryEngine>(Token(), std::move(columns), std::move(options)));
}

Result<std::shared_ptr<const MemoryEngine>> MemoryEngine::make_sorted(Dataset&& data,
                                                                      Design&& design,
                                                                      MemoryEngineOptions options) {
  if (design.case_count() != data.case_count()) {
    return fail(ErrorCode::kInvalid, fmt::format("a design of {} cases for data of {}",
                                                 design.case_count(), data.case_count()));
  }
  auto sorted = std::make_shared<const Dataset>(std::move(data).reordered(design.order()));
  return make(std::move(sorted),
              std::make_shared<const Design>(std::move(design).in_design_order()),
              std::move(options));
}

const Design& MemoryEngine::design() const& { return columns_->design(); }
uint64_t MemoryEngine::case_count() const { return columns_->data().case_count(); }
const Codebook& MemoryEngine::codebook() const& { return columns_->data().codebook(); }
const Dataset& MemoryEngine::data() const& { return columns_->data(); }

Status MemoryEngine::answer(std::span<const CellQuery> queries, const Progress& progress,
                            const std::function<Status(size_t query, Cells cells)>& use) const {
  Request request(*this, queries, progress);
  TRY_DONE(request.plan());
  return request.answer(use);
}

}  // namespace barometer
