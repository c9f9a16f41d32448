// Variances of entries from the cases of a sample: linearised with all its adjustments, or from
// the entries at each replicate's weights.
#include <algorithm>
#include <cmath>

#include "barometer/book/part_sample_internal.h"
#include "barometer/book/spread_internal.h"
#include "barometer/sample/functional.h"

namespace barometer {
namespace {

using Eigen::Index;

class CaseSpread {
 public:
  CaseSpread(const PartSample& part, const Cells& cells, const RowForms& forms,
             const GroupColumns& group, const Figures& figures)
      : part_(part), cells_(cells), forms_(forms), group_(group), figures_(figures) {
    const size_t entries = figures.rows * figures.columns;
    spread_.variance.assign(entries, 0.0);
    spread_.no_variance.assign(entries, 0);
    for (size_t k = 0; k < forms.bases.size(); ++k) {
      for (size_t g = 0; g < figures.columns; ++g) {
        domains_.push_back(domain_of(k, g));
        spread_.df.push_back(part.sample().df(domains_.back()));
      }
    }
  }

  Spread linearised(bool covariances) && {
    influence_ = influence_of(cells_.sums, forms_, group_.places, figures_);
    for (size_t k = 0; k < forms_.bases.size(); ++k) {
      for (size_t g = 0; g < figures_.columns; ++g) add_variances(k, g);
    }
    for (size_t row = 0; covariances && row < figures_.rows; ++row) add_covariance(row);
    return std::move(spread_);
  }

  Spread replicated(bool covariances) && {
    const Matrix thetas = replicate_figures();
    for (size_t row = 0; row < figures_.rows; ++row) {
      const auto first = static_cast<Index>(figures_.at(row, 0));
      const auto columns = static_cast<Index>(figures_.columns);
      const Vector full = Eigen::Map<const Vector>(figures_.value.data() + first, columns);
      const Matrix found = replicate_covariance(thetas.middleCols(first, columns), full,
                                                *part_.sample().replicates());
      for (Index g = 0; g < columns; ++g) {
        spread_.variance[static_cast<size_t>(first + g)] = found(g, g);
      }
      if (covariances) spread_.covariances.push_back(found);
    }
    return std::move(spread_);
  }

 private:
  [[nodiscard]] size_t domain_at(size_t base, size_t column) const {
    return base * figures_.columns + column;
  }

  [[nodiscard]] std::vector<uint8_t> domain_of(size_t base, size_t column) const {
    std::vector<uint8_t> cells(cells_.sums.cell_count, 0);
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      const bool in = forms_.bases[base].in[cell] != 0 &&
                      std::ranges::count(group_.places.of(cell), column) > 0;
      cells[cell] = in ? 1 : 0;
    }
    return part_.each(cells);
  }

  // Rows of this base: their influence on a column, a row a cell.
  [[nodiscard]] Matrix influence_on_column(const std::vector<size_t>& rows, size_t column) const {
    Matrix x =
        Matrix::Zero(static_cast<Index>(cells_.sums.cell_count), static_cast<Index>(rows.size()));
    for (size_t cell = 0; cell < cells_.sums.cell_count; ++cell) {
      for (size_t at = influence_.begin[cell]; at < influence_.begin[cell + 1]; ++at) {
        if (influence_.column[at] != column) continue;
        for (size_t j = 0; j < rows.size(); ++j) {
          x(static_cast<Index>(cell), static_cast<Index>(j)) =
              influence_.u[at * influence_.rows + rows[j]];
        }
      }
    }
    return x;
  }

  void add_variances(size_t base, size_t column) {
    for (const bool whole : {false, true}) {
      std::vector<size_t> rows;
      for (size_t row = 0; row < figures_.rows; ++row) {
        const RowForm& form = forms_.rows[row];
        if (form.base == base && (form.of != PercentBase::kColumn) == whole) rows.push_back(row);
      }
      if (rows.empty()) continue;
      const size_t of = domain_at(base, whole ? group_.total() : column);
      const auto found = linearised_covariance(
          part_.sample(), part_.each(influence_on_column(rows, column)), domains_[of]);
      for (size_t j = 0; j < rows.size(); ++j) {
        const size_t at = figures_.at(rows[j], column);
        if (found) {
          spread_.variance[at] = (*found)(static_cast<Index>(j), static_cast<Index>(j));
        } else {
          spread_.no_variance[at] = 1;
          spread_.why_none = found.error().message;
        }
      }
    }
  }

  void add_covariance(size_t row) {
    Matrix x = Matrix::Zero(static_cast<Index>(cells_.sums.cell_count),
                            static_cast<Index>(figures_.columns));
    for (size_t cell = 0; cell < cells_.sums.cell_count; ++cell) {
      for (size_t at = influence_.begin[cell]; at < influence_.begin[cell + 1]; ++at) {
        x(static_cast<Index>(cell), influence_.column[at]) =
            influence_.u[at * influence_.rows + row];
      }
    }
    const size_t of = domain_at(forms_.rows[row].base, group_.total());
    auto found = linearised_covariance(part_.sample(), part_.each(x), domains_[of]);
    spread_.covariances.push_back(found ? *std::move(found) : Matrix());
  }

  // A row a replicate, a column an entry. What a replicate leaves without a value has no variance.
  Matrix replicate_figures() {
    const Index count = cells_.replicates.cols();
    Matrix thetas(count, static_cast<Index>(figures_.value.size()));
    CellSums sums = cells_.sums;
    for (Index r = 0; r < count; ++r) {
      const auto weights = cells_.replicates.col(r);
      sums.w.assign(weights.begin(), weights.end());
      const Figures found = figures_of(sums, forms_, group_.places);
      for (size_t at = 0; at < found.value.size(); ++at) {
        thetas(r, static_cast<Index>(at)) = found.value[at];
        if (found.reason[at].empty() || !figures_.reason[at].empty()) continue;
        spread_.no_variance[at] = 1;
        spread_.why_none = "a replicate leaves no weight in the base";
      }
    }
    return thetas;
  }

  const PartSample& part_;
  const Cells& cells_;
  const RowForms& forms_;
  const GroupColumns& group_;
  const Figures& figures_;
  Influence influence_;
  std::vector<std::vector<uint8_t>> domains_;  // base * columns + column
  Spread spread_;
};

}  // namespace

Spread spread_of_cases(const PartSample& part, const Cells& cells, const Figures& figures,
                       const RowForms& forms, const GroupColumns& group, bool covariances) {
  CaseSpread spread(part, cells, forms, group, figures);
  return part.sample().replicates() != nullptr ? std::move(spread).replicated(covariances)
                                               : std::move(spread).linearised(covariances);
}

}  // namespace barometer
