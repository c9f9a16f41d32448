// The engines of a book of tables: one for each weight.
#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "barometer/engine/memory_engine.h"
#include "barometer/io/io.h"
#include "cli/survey_internal.h"
#include "cli/table.h"

namespace barometer::cli {
namespace {

SurveyOptions weighted_by(const SurveyOptions& options, const std::string& weight) {
  SurveyOptions changed = options;
  if (!weight.empty()) changed.weight = weight;
  return changed;
}

// Ranges and patterns mean something in the data's codebook: a plan of the sets alone has them
// looked up.
Result<Dataset> with_sets_of(const BookPlan& plan, Dataset data) {
  if (plan.multi.empty()) return data;
  BookPlan sets;
  sets.multi = plan.multi;
  for (const MultiSet& set : sets.multi) {
    RowsPlan rows;
    rows.variables = {set.id};
    rows.place = set.place;
    sets.rows.push_back(std::move(rows));
  }
  return with_multi_sets(data, TRY(resolved(sets, data.codebook())).multi);
}

Result<OpenEngines> engines_in_memory(const SurveyOptions& options, const BookPlan& plan) {
  const auto data =
      std::make_shared<const Dataset>(TRY(with_sets_of(plan, TRY(read_data(options.data)))));
  if (data->case_count() == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' holds no cases", options.data));
  }
  MemoryEngineOptions engine_options;
  engine_options.threads = std::max(1U, std::thread::hardware_concurrency());
  OpenEngines open;
  open.source = options.data;
  for (const std::string& weight : plan.weights) {
    DesignSpec spec = TRY(drawn_design(*data, weighted_by(options, weight)));
    auto design = std::make_shared<const Design>(TRY(Design::make(std::move(spec))));
    open.engines.push_back(TRY(MemoryEngine::make(data, std::move(design), engine_options)));
  }
  return open;
}

Result<OpenEngines> engines_in_database(const SurveyOptions& options, const BookPlan& plan,
                                        const Io& io) {
  if (!plan.multi.empty()) {
    return fail(ErrorCode::kUnsupported,
                "multi-response sets of columns need the data in memory: use --engine memory");
  }
  const SqlSource source = TRY(parse_sql_source(options.engine, options.data));
  OpenEngines open;
  open.source = fmt::format("{}, {}", options.data, source.name());
  for (const std::string& weight : plan.weights) {
    DesignColumns columns = design_columns(weighted_by(options, weight));
    columns.lonely_psu = TRY(parse_lonely_psu(options.lonely_psu));
    open.engines.push_back(TRY(open_sql_engine(source, columns, {}, io.progress)));
  }
  return open;
}

}  // namespace

std::vector<const Engine*> OpenEngines::all() const {
  std::vector<const Engine*> pointers;
  for (const auto& engine : engines) pointers.push_back(engine.get());
  return pointers;
}

Result<OpenEngines> open_engines(const SurveyOptions& options, const BookPlan& plan, const Io& io) {
  TRY_DONE(check_draw(options));
  if (is_database(options.engine)) return engines_in_database(options, plan, io);
  return engines_in_memory(options, plan);
}

}  // namespace barometer::cli
