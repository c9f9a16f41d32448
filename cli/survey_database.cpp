// A survey whose cases stay in a database.
#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/sql/sql_engine.h"
#include "cli/survey_internal.h"

namespace barometer::cli {

DesignColumns design_columns(const SurveyOptions& options) {
  DesignColumns columns;
  columns.weight = options.weight;
  columns.strata = stage_names(options.strata);
  columns.ids = stage_names(options.ids);
  columns.fpc = stage_names(options.fpc);
  columns.nest = options.nest;
  columns.domain_lonely = options.domain_lonely;
  columns.weights_from_fpc = !columns.fpc.empty() && options.weight.empty() && !options.unweighted;
  return columns;
}

namespace {

Status check_for_database(const SqlSource& source, const SurveyOptions& options,
                          const Asked& asked) {
  if (!asked.single_cases.empty()) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{} needs single cases, and {} sends sums: use --engine memory",
                            asked.single_cases, source.name()));
  }
  if (options.replicate_file.empty() && !options.replicate_factors) return {};
  return fail(ErrorCode::kUnsupported,
              "--replicate-file and --replicate-factors need single cases: use --engine memory, or "
              "replicate weights in columns of the data (--replicates)");
}

// The design is of no use to replicates, and may be that of everyone.
Result<OpenSurvey> replicated_in_database(const Engine& engine, const SurveyOptions& options,
                                          CellQuery query, const Io& io) {
  query.replicates = true;
  // Representatives have the sums of one weight only.
  query.keys.insert(query.keys.end(), query.numbers.begin(), query.numbers.end());
  query.numbers.clear();
  query.by_row = false;
  Cells cells = TRY(engine.cells(query, io.progress));
  const bool weighted = !options.weight.empty() || options.unweighted;
  const Sample sample = TRY(replicated_sample(options, std::move(cells.replicates),
                                              weighted ? cells.sums.w : std::vector<double>{}));
  return OpenSurvey{std::make_shared<const Dataset>(std::move(cells.data)),
                    sample.counted(std::make_shared<const CellSums>(std::move(cells.sums))),
                    {},
                    std::move(cells.inside)};
}

}  // namespace

Result<OpenSurvey> survey_in_database(const SurveyOptions& options, const Asked& asked,
                                      const Io& io) {
  const SqlSource source = TRY(parse_sql_source(options.engine, options.data));
  TRY_DONE(check_for_database(source, options, asked));
  DesignColumns columns = design_columns(options);
  columns.lonely_psu = TRY(parse_lonely_psu(options.lonely_psu));
  if (!options.replicates.empty()) {
    // Patterns need the names of the columns first.
    const auto plain = TRY(open_sql_engine(source, {}, {}, io.progress));
    columns.replicates =
        TRY(replicate_columns(plain->codebook(), options.replicates, options.weight, false));
  }
  const auto engine = TRY(open_sql_engine(source, columns, {}, io.progress));
  CellQuery query = query_of(engine->codebook(), asked, true);
  if (query.keys.empty() && query.numbers.empty()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("nothing that was asked is a variable of '{}'; it has {}", options.data,
                            join(engine->codebook().ids(), ", ")));
  }
  if (!options.replicates.empty()) {
    return replicated_in_database(*engine, options, std::move(query), io);
  }
  // The engine goes, its design stays.
  const auto design = std::make_shared<const Design>(engine->design());
  return survey_of(*engine, design, TRY(engine->cells(query, io.progress)), !query.numbers.empty());
}

}  // namespace barometer::cli
