#include "barometer/book/unit_spread_internal.h"

#include <cmath>

namespace barometer {
namespace {

// The sums of one unit by feature and column: a sheet. A feature is Σ w z of a row, Σ w of those in
// a base, Σ w b of a base of responses, or Σ w (y - c)² of a deviation. A unit's influence on an
// entry is linear in them, so that a cell is added to the few that it is in, and to no entry.
//
// Where every cell is in one category at most, it is added to this or to a column of those outside,
// and the total is their sum. The sheet is column by column: column * features + feature.
class Sheets {
 public:
  Sheets(const CellSums& sums, const RowForms& forms, const GroupColumns& group,
         const Figures& figures)
      : sums_(sums), forms_(forms), group_(group), figures_(figures) {
    folded_ = group.exclusive && !group.rests;
    make_features();
    make_slots();
    make_entries();
    sheet_.assign((columns() + 1) * features_.size(), 0.0);
  }

  [[nodiscard]] size_t rows() const { return forms_.rows.size(); }
  [[nodiscard]] size_t columns() const { return figures_.columns; }

  // Through pointers: the loops are most of a book's time, and indices are checked in every build.
  void fill(size_t row) {
    std::fill(sheet_.begin(), sheet_.end(), 0.0);
    double* sheet = sheet_.data();
    const uint32_t* begin = begin_.data();
    const uint32_t* slot = slot_.data();
    const double* z = z_.data();
    const double* w = sums_.row_w.data();
    const uint32_t* cells = sums_.cell.empty() ? nullptr : sums_.cell.data();
    const size_t first = sums_.row_begin[row], last = sums_.row_begin[row + 1];
    for (size_t at = first; at < last; ++at) {
      const size_t cell = cells == nullptr ? at - first : cells[at];
      const double weight = w[at];
      for (uint32_t i = begin[cell]; i < begin[cell + 1]; ++i) sheet[slot[i]] += weight * z[i];
    }
    if (folded_) fold();
  }

  // Entries column * rows + row.
  void influence(double* z) const {
    const double* sheet = sheet_.data();
    const Entry* entry = entries_.data();
    double* to = z;
    const size_t count = rows();
    for (size_t g = 0; g < columns(); ++g) {
      const double* a = sheet + g * features_.size();
      for (size_t r = 0; r < count; ++r, ++entry, ++to) {
        *to = (a[r] - entry->value * sheet[entry->divisor]) * entry->inverse;
      }
    }
    for (const Deviation& deviation : deviations_) add_deviation(deviation, z);
  }

  // Whether the unit has weight in a base, in a column.
  [[nodiscard]] bool lives(size_t base, size_t column) const {
    return sheet_[column * features_.size() + rows() + base] > 0;
  }

 private:
  struct Entry {
    double value = 0, inverse = 0;
    size_t divisor = 0;  // its slot
  };
  struct Deviation {
    size_t row = 0, squares = 0;  // features
    double shift = 0;             // values are counted from it
  };

  // One value a cell and feature.
  void make_features() {
    for (size_t r = 0; r < rows(); ++r) {
      const RowForm& form = forms_.rows[r];
      features_.push_back(form.z);
      if (form.kind != RowKind::kStandardDeviation) continue;
      deviations_.push_back({.row = r, .shift = figures_.centre[figures_.at(r, columns() - 1)]});
      for (size_t cell = 0; cell < form.z.size(); ++cell) {
        if (in(form.base, cell)) features_.back()[cell] -= deviations_.back().shift;
      }
    }
    for (const RowBase& base : forms_.bases) {
      features_.emplace_back(base.in.begin(), base.in.end());
    }
    for (size_t k = 0; k < forms_.bases.size(); ++k) {
      divisor_.push_back(rows() + k);
      if (features_[divisor_[k]] == forms_.bases[k].b) continue;
      divisor_[k] = features_.size();
      features_.push_back(forms_.bases[k].b);
    }
    for (Deviation& deviation : deviations_) {
      deviation.squares = features_.size();
      features_.push_back(features_[deviation.row]);
      for (double& y : features_.back()) y *= y;
    }
  }
  [[nodiscard]] bool in(size_t base, size_t cell) const { return forms_.bases[base].in[cell] != 0; }

  void make_slots() {
    for (size_t cell = 0; cell < sums_.cell_count; ++cell) {
      begin_.push_back(static_cast<uint32_t>(slot_.size()));
      if (!is_used(sums_, cell)) continue;
      const auto places = group_.places.of(cell);
      if (!folded_) {
        for (const uint32_t g : places) add_slots(cell, g);
      } else {
        add_slots(cell, places.size() > 1 ? places.front() : columns());
      }
    }
    begin_.push_back(static_cast<uint32_t>(slot_.size()));
  }
  void add_slots(size_t cell, size_t column) {
    for (size_t f = 0; f < features_.size(); ++f) {
      if (features_[f][cell] == 0) continue;
      slot_.push_back(static_cast<uint32_t>(column * features_.size() + f));
      z_.push_back(features_[f][cell]);
    }
  }

  void make_entries() {
    const size_t total = columns() - 1;
    for (size_t g = 0; g < columns(); ++g) {
      for (size_t r = 0; r < rows(); ++r) {
        const RowForm& form = forms_.rows[r];
        const size_t at = figures_.at(r, g);
        const size_t column = form.of == PercentBase::kColumn ? g : total;
        const size_t feature = form.of == PercentBase::kRow ? r : divisor_[form.base];
        entries_.push_back(
            {figures_.value[at], figures_.inverse[at], column * features_.size() + feature});
      }
    }
  }

  void fold() {
    const size_t count = features_.size();
    double* total = sheet_.data() + (columns() - 1) * count;
    const double* outside = total + count;
    for (size_t f = 0; f < count; ++f) total[f] = outside[f];
    for (const double* column = sheet_.data(); column != total; column += count) {
      for (size_t f = 0; f < count; ++f) total[f] += column[f];
    }
  }

  // (n/(n-1) (y - ȳ)² - V) / (2 √V), of values counted from the shift.
  void add_deviation(const Deviation& deviation, double* z) const {
    const size_t count = features_.size();
    for (size_t g = 0; g < columns(); ++g) {
      double& entry = z[g * rows() + deviation.row];
      entry = 0;
      const size_t at = figures_.at(deviation.row, g);
      const double value = figures_.value[at];
      if (figures_.inverse[at] == 0 || value == 0) continue;
      const size_t base = forms_.rows[deviation.row].base;
      const double live = figures_.bases.live[base * columns() + g];
      const double* sums = sheet_.data() + g * count;
      const double w = sums[rows() + base];
      const double mean = figures_.centre[at] - deviation.shift;
      const double squares =
          sums[deviation.squares] - 2 * mean * sums[deviation.row] + mean * mean * w;
      entry =
          (live / (live - 1) * squares - value * value * w) / (2 * value) * figures_.inverse[at];
    }
  }

  const CellSums& sums_;
  const RowForms& forms_;
  const GroupColumns& group_;
  const Figures& figures_;
  bool folded_ = false;
  std::vector<std::vector<double>> features_;
  std::vector<size_t> divisor_;  // feature of Σ w b, by base
  std::vector<Deviation> deviations_;
  std::vector<uint32_t> begin_, slot_;  // of cell c: [begin[c], begin[c + 1])
  std::vector<double> z_;
  std::vector<Entry> entries_;
  std::vector<double> sheet_;
};

// PSUs - strata with live cases, by base and column.
class UnitDf {
 public:
  UnitDf(size_t bases, size_t columns)
      : bases_(bases), columns_(columns), count_(bases * columns, 0.0), here_(count_) {}

  void add_unit(const Sheets& sheets) {
    for (size_t k = 0; k < bases_; ++k) {
      for (size_t g = 0; g < columns_; ++g) {
        here_[k * columns_ + g] += sheets.lives(k, g) ? 1 : 0;
      }
    }
  }
  void end_stratum() {
    for (size_t i = 0; i < here_.size(); ++i) {
      count_[i] += here_[i] > 0 ? here_[i] - 1 : 0;
      here_[i] = 0;
    }
  }
  [[nodiscard]] std::vector<double> df() && { return std::move(count_); }

 private:
  size_t bases_, columns_;
  std::vector<double> count_, here_;
};

// z: units × entries. Distances from their mean are added.
void add_stratum(std::vector<double>& z, std::vector<double>& mean, double scale,
                 RowProducts& products) {
  const size_t entries = mean.size();
  std::fill(mean.begin(), mean.end(), 0.0);
  double* m = mean.data();
  for (size_t i = 0; i < z.size(); i += entries) {
    const double* unit = z.data() + i;
    for (size_t j = 0; j < entries; ++j) m[j] += unit[j];
  }
  const double units = static_cast<double>(z.size()) / static_cast<double>(entries);
  for (double& each : mean) each /= units;
  for (size_t i = 0; i < z.size(); i += entries) {
    double* unit = z.data() + i;
    for (size_t j = 0; j < entries; ++j) unit[j] -= m[j];
    products.add_square(unit, scale);
  }
}

}  // namespace

Spread spread_of_units(const Design& design, const CellSums& sums, const Figures& figures,
                       const RowForms& forms, const GroupColumns& group, bool covariances) {
  Sheets sheets(sums, forms, group, figures);
  const size_t entries = sheets.rows() * sheets.columns();
  RowProducts products(sheets.rows(), sheets.columns(), covariances);
  UnitDf df(forms.bases.size(), sheets.columns());
  std::vector<double> z, mean(entries);
  for (const Stratum& stratum : design.stages()[0].strata) {
    const size_t units = stratum.last - stratum.first;
    z.resize(units * entries);
    for (size_t unit = 0; unit < units; ++unit) {
      sheets.fill(stratum.first + unit);
      sheets.influence(z.data() + unit * entries);
      df.add_unit(sheets);
    }
    df.end_stratum();
    const double scale = scale_of(stratum);
    if (scale != 0 && entries > 0) add_stratum(z, mean, scale, products);
  }
  return {.variance = products.variances(),
          .covariances = products.covariances(),
          .df = std::move(df).df(),
          .no_variance = std::vector<uint8_t>(entries, 0)};
}

}  // namespace barometer
