// The engines of a book of tables: one for each weight.
#include <algorithm>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/book.h"
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

}  // namespace

size_t engine_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

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

namespace {

// What says more than strata, stages and finite populations; empty: nothing does.
std::string why_cases(const SurveyOptions& options) {
  if (const std::string why = why_single_cases(options); !why.empty()) return why;
  if (!options.replicates.empty() || !options.replicate_file.empty()) {
    return "a table with replicate weights";
  }
  return says_weighting(options) ? "a table with adjusted weights" : "";
}

// The same steps as those of an estimate, over single cases.
Result<OpenEngines> engines_of_samples(const SurveyOptions& options, const BookPlan& plan,
                                       const Io& io) {
  Asked asked;
  asked.single_cases = why_cases(options);
  OpenEngines open;
  open.source = source_in_print(options.data);
  for (const std::string& weight : plan.weights) {
    const OpenSurvey survey = TRY(open_survey(weighted_by(options, weight), asked, io));
    const auto data = std::make_shared<const Dataset>(TRY(with_sets_of(plan, *survey.data)));
    open.samples.push_back(std::make_shared<const Sample>(survey.sample));
    open.engines.push_back(TRY(engine_of_sample(data, survey.sample, engine_threads())));
  }
  return open;
}

Result<OpenEngines> engines_in_memory(const SurveyOptions& options, const BookPlan& plan) {
  const auto data =
      std::make_shared<const Dataset>(TRY(with_sets_of(plan, TRY(read_data(options.data)))));
  if (data->case_count() == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' holds no cases", options.data));
  }
  MemoryEngineOptions engine_options;
  engine_options.threads = engine_threads();
  OpenEngines open;
  open.source = source_in_print(options.data);
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
  open.source = fmt::format("{}, {}", source_in_print(options.data), source.name());
  for (const std::string& weight : plan.weights) {
    DesignColumns columns = design_columns(weighted_by(options, weight));
    columns.lonely_psu = TRY(parse_lonely_psu(options.lonely_psu));
    open.engines.push_back(TRY(open_sql_engine(source, columns, {}, io.progress)));
  }
  return open;
}

}  // namespace

std::string source_in_print(const std::string& data) {
  return std::filesystem::path(data).filename().string();
}

std::vector<const Engine*> OpenEngines::all() const {
  std::vector<const Engine*> pointers;
  for (const auto& engine : engines) pointers.push_back(engine.get());
  return pointers;
}

std::vector<const Sample*> OpenEngines::all_samples() const {
  std::vector<const Sample*> pointers;
  for (const auto& sample : samples) pointers.push_back(sample.get());
  return pointers;
}

Result<OpenEngines> open_engines(const TableArguments& arguments, const BookPlan& plan,
                                 const Io& io) {
  const SurveyOptions& options = arguments.survey;
  TRY_DONE(check_draw(options));
  if (!plan.waves.empty()) return open_waves(arguments, plan, io);
  if (options.data.empty()) {
    return fail(ErrorCode::kInvalid,
                "which data? A file, a table of --engine, or waves: --wave 2012-10=a.csv");
  }
  if (is_study(options.data)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is a study: of which waves? --wave 2012-10,2013-01",
                            printable(options.data)));
  }
  if (!why_cases(options).empty()) return engines_of_samples(options, plan, io);
  if (is_database(options.engine)) return engines_in_database(options, plan, io);
  return engines_in_memory(options, plan);
}

}  // namespace barometer::cli
