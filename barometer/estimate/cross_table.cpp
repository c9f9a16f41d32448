#include "barometer/estimate/cross_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/design/nested.h"
#include "barometer/estimate/cross_layout_internal.h"
#include "barometer/estimate/cross_variance_internal.h"
#include "barometer/estimate/replicate_sums.h"

namespace barometer {
namespace {

using Eigen::Index;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr const char* kNoOneInBase = "no one is in the base";
constexpr const char* kNoWeightInBase = "the weights in the base sum to 0";

Status check_variable(const Engine& engine, const std::string& id) {
  const Variable* variable = engine.codebook().find(id);
  if (variable == nullptr) return {};  // the engine names the nearest
  if (variable->kind == VariableKind::kNumber) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is a number; a cross table needs categories", printable(id)));
  }
  if (variable->kind == VariableKind::kText && variable->categories.empty()) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("'{}' is open text, which has no estimates", printable(id)));
  }
  return {};
}

bool same_variable(const Engine& engine, const CrossTable& table) {
  const auto index = engine.codebook().index_of(table.rows);
  return index && index == engine.codebook().index_of(table.columns);
}

Result<std::vector<CellQuery>> queries_of(const Engine& engine, std::span<const CrossTable> tables,
                                          const CrossTableOptions& options) {
  std::vector<CellQuery> queries;
  for (const CrossTable& table : tables) {
    TRY_DONE(check_variable(engine, table.rows));
    TRY_DONE(check_variable(engine, table.columns));
    CellQuery query;
    query.keys = {table.rows};
    if (!same_variable(engine, table)) query.keys.push_back(table.columns);
    query.where = options.filter.where;
    query.mask = options.filter.mask;
    query.replicates = options.replicates != nullptr;
    queries.push_back(std::move(query));
  }
  return queries;
}

Vector as_vector(const double* values, size_t count) {
  return Eigen::Map<const Vector>(values, static_cast<Index>(count));
}
Matrix as_matrix(const std::vector<double>& sheet, const CrossLayout& layout) {
  return Eigen::Map<const RowMajor>(sheet.data(), static_cast<Index>(layout.rows),
                                    static_cast<Index>(layout.width()));
}

// Counts, weights and shares.
CrossShares add_shares(const CellSums& sums, const CrossLayout& layout,
                       CrossTableEstimates& table) {
  const size_t width = layout.width();
  const std::vector<double> n = layout.sheet_of(sums.n);
  const std::vector<double> w = layout.sheet_of(sums.w);
  const std::vector<double> w2 = layout.sheet_of(sums.w2);
  const size_t base = layout.entries();
  CrossShares shares{std::vector<double>(base, 0.0), std::vector<double>(width, 0.0)};
  table.count = as_matrix(n, layout);
  table.n = as_vector(n.data() + base, width);
  table.weighted_base = as_vector(w.data() + base, width);
  table.effective_base = Vector::Zero(static_cast<Index>(width));
  table.row_reasons = layout.row_reasons;
  table.column_reasons.resize(width);
  for (size_t g = 0; g < width; ++g) {
    const double weight = w[base + g];
    if (!(weight > 0)) {
      table.column_reasons[g] = n[base + g] == 0 ? kNoOneInBase : kNoWeightInBase;
      continue;
    }
    shares.inverse[g] = 1 / weight;
    table.effective_base(static_cast<Index>(g)) = weight * weight / w2[base + g];
    for (size_t row = 0; row < layout.rows; ++row) {
      shares.share[row * width + g] = w[row * width + g] / weight;
    }
  }
  table.share = as_matrix(shares.share, layout);
  return shares;
}

// Shares of every replicate: replicates × entries. A column of no weight in one has no SE.
Matrix replicate_shares(const Matrix& sums, const CrossLayout& layout, const CrossShares& shares,
                        std::vector<std::string>& no_se) {
  const size_t width = layout.width();
  const size_t base = layout.entries();
  Matrix thetas = Matrix::Zero(sums.cols(), static_cast<Index>(base));
  for (Index r = 0; r < sums.cols(); ++r) {
    const std::vector<double> sheet = layout.sheet_of(sums.col(r));
    for (size_t j = 0; j < base; ++j) {
      const size_t g = j % width;
      if (shares.inverse[g] == 0) continue;
      if (sheet[base + g] != 0) {
        thetas(r, static_cast<Index>(j)) = sheet[j] / sheet[base + g];
      } else if (no_se[g].empty()) {
        no_se[g] = fmt::format("replicate {} has no weight in the column", r + 1);
      }
    }
  }
  return thetas;
}

// Of the shares of each row by themselves.
std::vector<Matrix> replicate_covariances(const Matrix& thetas, const CrossLayout& layout,
                                          const CrossShares& shares, const Replicates& replicates) {
  const auto width = static_cast<Index>(layout.width());
  std::vector<Matrix> found;
  for (size_t row = 0; row < layout.rows; ++row) {
    const Index first = static_cast<Index>(row) * width;
    found.push_back(replicate_covariance(thetas.middleCols(first, width),
                                         as_vector(shares.share.data() + first, layout.width()),
                                         replicates));
  }
  return found;
}

class Finisher {
 public:
  static Result<Finisher> make(const Engine& engine, const CrossTableOptions& options) {
    Finisher made(engine, options);
    if (options.replicates != nullptr && options.make) {
      return fail(ErrorCode::kInvalid,
                  "standard errors come from the engine's replicate weights or from replicates "
                  "made from the design, not from both");
    }
    if (options.replicates != nullptr) {
      made.scales_ = {options.replicates->type,  {},
                      options.replicates->scale, options.replicates->rscales,
                      options.replicates->mse,   0};
    }
    if (options.make) {
      const ReplicateFactors factors = TRY(replicate_factors(engine.design(), *options.make));
      made.rows_ = TRY(RowReplicates::make(engine.design(), factors));
      made.scales_ = {options.make->type, {}, factors.scale, factors.rscales, options.make->mse, 0};
    }
    return made;
  }

  [[nodiscard]] Result<CrossTableEstimates> operator()(Cells cells) const {
    const std::vector<Variable>& variables = cells.data.codebook().variables();
    const size_t columns = variables.size() - 1;
    const CrossLayout layout = TRY(cross_layout(cells, 0, columns));
    CrossTableEstimates table;
    table.rows = variables[0];
    table.columns = variables[columns];
    const CrossShares shares = add_shares(cells.sums, layout, table);
    CrossErrors errors = TRY(errors_of(std::move(cells), layout, shares));
    for (size_t j = 0; j < errors.variance.size(); ++j) {
      const bool known = errors.no_se[j % layout.width()].empty();
      errors.variance[j] = known ? std::sqrt(std::max(0.0, errors.variance[j])) : 0;
    }
    table.se = as_matrix(errors.variance, layout);
    table.df = as_vector(errors.df.data(), errors.df.size());
    table.no_se = std::move(errors.no_se);
    table.covariances = std::move(errors.covariances);
    return table;
  }

 private:
  Finisher(const Engine& engine, const CrossTableOptions& options)
      : engine_(engine), covariances_(options.covariances), plain_(is_plain(engine.design())) {}

  [[nodiscard]] Result<CrossErrors> errors_of(Cells cells, const CrossLayout& layout,
                                              const CrossShares& shares) const {
    const Design& design = engine_.design();
    if (plain_ && !scales_ && !design.elements()) {
      return errors_of_units(design, cells.sums, layout, shares, covariances_);
    }
    const auto sums = std::make_shared<const CellSums>(std::move(cells.sums));
    const auto sampling =
        cell_sampling(std::shared_ptr<const Design>(std::shared_ptr<void>(), &design), sums);
    if (scales_) {
      const Matrix replicates = rows_ ? TRY(rows_->sums(*sums)) : std::move(cells.replicates);
      return errors_of_replicates(replicates, *sampling, *sums, layout, shares);
    }
    CrossErrors errors = plain_ ? errors_of_elements(design, *sums, layout, shares)
                                : errors_of_any(*sampling, *sums, layout, shares);
    if (covariances_) errors.covariances = covariances_of_any(*sampling, *sums, layout, shares);
    return errors;
  }

  [[nodiscard]] Result<CrossErrors> errors_of_replicates(const Matrix& replicates,
                                                         const SamplingVariance& sampling,
                                                         const CellSums& sums,
                                                         const CrossLayout& layout,
                                                         const CrossShares& shares) const {
    if (static_cast<size_t>(replicates.cols()) != scales_->rscales.size()) {
      return fail(ErrorCode::kInvalid, fmt::format("{} rscales for {} replicates",
                                                   scales_->rscales.size(), replicates.cols()));
    }
    CrossErrors errors;
    errors.variance.assign(layout.entries(), 0.0);
    errors.no_se.resize(layout.width());
    const Matrix thetas = replicate_shares(replicates, layout, shares, errors.no_se);
    const std::vector<Matrix> found = replicate_covariances(thetas, layout, shares, *scales_);
    for (size_t j = 0; j < errors.variance.size(); ++j) {
      const auto g = static_cast<Index>(j % layout.width());
      errors.variance[j] = found[j / layout.width()](g, g);
    }
    for (size_t g = 0; g < layout.width(); ++g) {
      errors.df.push_back(rows_ ? sampling.df(sums.w, cells_in(layout, g))
                                : static_cast<double>(replicates.cols()) - 1);
    }
    if (covariances_) errors.covariances = found;
    return errors;
  }

  const Engine& engine_;
  bool covariances_;
  bool plain_;
  std::optional<Replicates> scales_;  // of replicates; their weights are left empty
  std::optional<RowReplicates> rows_;
};

}  // namespace

Status cross_tables(
    const Engine& engine, std::span<const CrossTable> tables, const CrossTableOptions& options,
    const Progress& progress,
    const std::function<Status(size_t table, const CrossTableEstimates& estimates)>& use) {
  const std::vector<CellQuery> queries = TRY(queries_of(engine, tables, options));
  const Finisher finish = TRY(Finisher::make(engine, options));
  return engine.answer(queries, progress, [&](size_t query, Cells cells) -> Status {
    if (options.cells) TRY_DONE(options.cells(query, cells));
    return use(query, TRY(finish(std::move(cells))));
  });
}

}  // namespace barometer
