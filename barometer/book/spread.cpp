#include "barometer/book/spread_internal.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "barometer/book/unit_spread_internal.h"
#include "barometer/design/nested.h"
#include "barometer/sample/sampling_variance.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr const char* kNothingToAverage =
    "every stratum of a stage has one sampled unit, so there is no variance to average";

// z += w u, over the columns that the cell bears on.
void add_influence(const Influence& influence, size_t cell, double w, double* z) {
  const size_t rows = influence.rows;
  for (size_t at = influence.begin[cell]; at < influence.begin[cell + 1]; ++at) {
    const double* u = influence.u.data() + at * rows;
    double* to = z + influence.column[at] * rows;
    for (size_t r = 0; r < rows; ++r) to[r] += w * u[r];
  }
}

// PSUs - strata with live cases, by base and column.
class DfCount {
 public:
  DfCount(const RowForms& forms, const Places& places)
      : count_(forms.bases.size() * places.columns, 0.0), here_(count_), live_(count_) {
    for (size_t cell = 0; cell + 1 < places.begin.size(); ++cell) {
      begin_.push_back(slot_.size());
      for (size_t k = 0; k < forms.bases.size(); ++k) {
        if (forms.bases[k].in[cell] == 0) continue;
        for (const uint32_t g : places.of(cell)) slot_.push_back(k * places.columns + g);
      }
    }
    begin_.push_back(slot_.size());
  }

  void add_live(size_t cell, double live) {
    for (size_t at = begin_[cell]; at < begin_[cell + 1]; ++at) live_[slot_[at]] += live;
  }
  void end_cases() {
    std::swap(here_, live_);
    std::fill(live_.begin(), live_.end(), 0.0);
  }
  void end_stratum() {
    for (size_t i = 0; i < here_.size(); ++i) {
      if (here_[i] > 0) count_[i] += here_[i] - 1;
      here_[i] = 0;
    }
  }
  [[nodiscard]] std::vector<double> df() && { return std::move(count_); }

 private:
  std::vector<size_t> begin_, slot_;
  std::vector<double> count_, here_, live_;
};

// Cases drawn singly, a row of the sums for each stratum: Σ (x - c)² of the n cases of an entry is
// n (x̄ - c)² + (Σw² - (Σw)²/n) u², and cases outside every cell have x = 0.
class OfElements {
 public:
  OfElements(const CellSums& sums, const Influence& influence, bool covariances)
      : sums_(sums),
        influence_(influence),
        products_(influence.rows, influence.columns, covariances),
        here_(influence.rows, influence.columns, covariances) {}

  void add(size_t row, const Stratum& stratum, DfCount& df) {
    const size_t entries = influence_.rows * influence_.columns;
    centre_.assign(entries, 0.0);
    double outside = stratum.sampled();
    for (size_t at = sums_.row_begin[row]; at < sums_.row_begin[row + 1]; ++at) {
      const uint32_t cell = sums_.cell_of(row, at);
      add_influence(influence_, cell, sums_.row_w[at], centre_.data());
      df.add_live(cell, sums_.row_live[at]);
      outside -= sums_.row_n[at];
    }
    df.end_cases();
    df.end_stratum();
    const double scale = scale_of(stratum);
    if (scale == 0) return;
    for (double& c : centre_) c /= stratum.sampled();
    here_.clear();
    for (size_t at = sums_.row_begin[row]; at < sums_.row_begin[row + 1]; ++at) {
      add_entry(sums_.cell_of(row, at), at);
    }
    if (outside > 0) here_.add_square(centre_.data(), outside);
    here_.not_below_zero();
    products_.add(scale, here_);
  }
  [[nodiscard]] const RowProducts& products() const { return products_; }

 private:
  void add_entry(size_t cell, size_t at) {
    const double w = sums_.row_w[at];
    const double w2 = sums_.row_w2[at];
    const auto n = static_cast<double>(sums_.row_n[at]);
    double spread = w2;
    if (n > 0) {
      away_.assign(centre_.size(), 0.0);
      for (size_t j = 0; j < away_.size(); ++j) away_[j] = -centre_[j];
      add_influence(influence_, cell, w / n, away_.data());
      here_.add_square(away_.data(), n);
      spread = spread_of_weights(n, w, w2);
    }
    if (spread == 0 && w == 0) return;
    away_.assign(centre_.size(), 0.0);
    add_influence(influence_, cell, 1, away_.data());
    if (n == 0 && w != 0) here_.add_cross(away_.data(), centre_.data(), -w);
    if (spread != 0) here_.add_square(away_.data(), spread);
  }

  const CellSums& sums_;
  const Influence& influence_;
  RowProducts products_, here_;
  std::vector<double> centre_, away_;
};

// Weight times influence of each cell on one row, in each column.
Matrix influence_on(const CellSums& sums, const Influence& influence, size_t row) {
  Matrix x =
      Matrix::Zero(static_cast<Index>(sums.cell_count), static_cast<Index>(influence.columns));
  for (size_t cell = 0; cell < sums.cell_count; ++cell) {
    for (size_t at = influence.begin[cell]; at < influence.begin[cell + 1]; ++at) {
      x(static_cast<Index>(cell), influence.column[at]) =
          sums.w[cell] * influence.u[at * influence.rows + row];
    }
  }
  return x;
}

std::vector<uint8_t> domain_of(const RowBase& base, const Places& places, size_t column) {
  std::vector<uint8_t> domain(base.in.size(), 0);
  for (size_t cell = 0; cell < domain.size(); ++cell) {
    const auto in = places.of(cell);
    domain[cell] = base.in[cell] != 0 && std::ranges::count(in, column) > 0 ? 1 : 0;
  }
  return domain;
}

// Any other design. A variance is that of its column as a domain, which a design may look at for
// its lonely units.
Spread spread_of_any(const SamplingVariance& sampling, const CellSums& sums,
                     const Influence& influence, const RowForms& forms, const Places& places,
                     bool covariances) {
  Spread spread;
  const size_t columns = places.columns;
  spread.variance.assign(forms.rows.size() * columns, 0.0);
  spread.no_se.resize(columns);
  for (const RowBase& base : forms.bases) {
    for (size_t g = 0; g < columns; ++g) {
      spread.df.push_back(sampling.df(sums.w, domain_of(base, places, g)));
    }
  }
  for (size_t row = 0; row < forms.rows.size(); ++row) {
    const Matrix x = influence_on(sums, influence, row);
    const RowForm& form = forms.rows[row];
    for (size_t g = 0; g < columns; ++g) {
      const size_t in = form.of == PercentBase::kColumn ? g : columns - 1;
      const std::vector<uint8_t> domain = domain_of(forms.bases[form.base], places, in);
      const auto variance = sampling.covariance(x.col(static_cast<Index>(g)), domain);
      if (!variance) spread.no_se[g] = kNothingToAverage;
      if (variance) spread.variance[row * columns + g] = (*variance)(0, 0);
    }
    if (!covariances) continue;
    const auto total = domain_of(forms.bases[form.base], places, columns - 1);
    auto matrix = sampling.covariance(x, total);
    if (matrix) spread.covariances.push_back(*std::move(matrix));
  }
  if (spread.covariances.size() < forms.rows.size()) spread.covariances.clear();
  return spread;
}

}  // namespace

Spread spread_of(const Design& design, const CellSums& sums, const Figures& figures,
                 const RowForms& forms, const GroupColumns& group, bool covariances) {
  if (is_plain(design) && !design.elements()) {
    return spread_of_units(design, sums, figures, forms, group, covariances);
  }
  const Places& places = group.places;
  const Influence influence = influence_of(sums, forms, places, figures);
  if (!is_plain(design)) {
    const std::shared_ptr<void> none;
    const auto sampling = cell_sampling(std::shared_ptr<const Design>(none, &design),
                                        std::shared_ptr<const CellSums>(none, &sums));
    return spread_of_any(*sampling, sums, influence, forms, places, covariances);
  }
  DfCount df(forms, places);
  OfElements elements(sums, influence, covariances);
  const std::vector<Stratum>& strata = design.stages()[0].strata;
  for (size_t row = 0; row < strata.size(); ++row) elements.add(row, strata[row], df);
  Spread spread;
  spread.variance = elements.products().variances();
  spread.covariances = elements.products().covariances();
  spread.df = std::move(df).df();
  spread.no_se.resize(places.columns);
  return spread;
}

}  // namespace barometer
