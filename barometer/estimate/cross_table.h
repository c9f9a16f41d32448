// Tables of one variable by another, for books of them: one query a table, then arithmetic that is
// linear in design rows × cells.
//
// An entry is the share p = Σ_cell w / Σ_column w of a row's category among the cases of a column
// that are in the base of the row variable (don't know by its rule, see estimate.h), a ratio with
// the influence (1[cell] - p 1[column]) / Σ_column w. Särndal, Swensson & Wretman (1992), 5.6-5.8.
// The shares of a table with its standard errors are those that Estimator gives for each column as
// a filter.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/data/codebook.h"
#include "barometer/engine/engine.h"
#include "barometer/estimate/case_filter.h"
#include "barometer/sample/make_replicates.h"

namespace barometer {

struct CrossTable {
  std::string rows, columns;  // ids of single, scale or multi variables
};

struct CrossTableOptions {
  CaseFilter filter = {};
  bool covariances = false;  // CrossTableEstimates::covariances too
  // Standard errors from replicates in place of linearisation; at most one of the two. The weights
  // that the engine holds, of which these are scale, rscales and mse (`weights` is not read):
  const Replicates* replicates = nullptr;
  // or replicates made from the design: factors times sums by row, without a pass over the cases.
  std::optional<ReplicateRequest> make = std::nullopt;
  // Sees the cells of each table before its estimates are made, for a test of the table, say.
  std::function<Status(size_t table, const Cells& cells)> cells = nullptr;
};

// Rows are the row variable's categories, then its NETs; columns the column variable's categories
// (options of a multi variable overlap), then the total: all cases in the base of the row variable,
// whatever they said to the column variable. Matrices are rows × columns, vectors have an entry a
// column.
struct CrossTableEstimates {
  Variable rows, columns;
  Matrix share;  // 0 … 1; 0 where there is none
  Matrix se;     // 0 where there is none
  Matrix count;  // cases with the row's category, unweighted
  Vector n;      // unweighted base
  Vector weighted_base;
  Vector effective_base;  // Kish: (Σw)² / Σw²
  // PSUs - strata of the column's cases; of the engine's replicate weights their number less 1.
  Vector df;
  std::vector<std::string> row_reasons;     // why a row has no shares; else empty
  std::vector<std::string> column_reasons;  // why a column has none
  std::vector<std::string> no_se;           // why a column has shares without standard errors
  // One a row: covariances of its shares in the columns, of meaning where both have standard
  // errors; empty unless asked for, and where there is no variance.
  std::vector<Matrix> covariances;
};

// Hands the tables to `use` in their order, from one request. Errors are those of
// Engine::answer; kInvalid also: a number as a variable, both kinds of replicates, rscales of
// another number than the engine has replicates; what replicate_factors() refuses; kUnsupported:
// open text, replicates that tell cases of one design row apart.
Status cross_tables(
    const Engine& engine, std::span<const CrossTable> tables, const CrossTableOptions& options,
    const Progress& progress,
    const std::function<Status(size_t table, const CrossTableEstimates& estimates)>& use);

}  // namespace barometer
