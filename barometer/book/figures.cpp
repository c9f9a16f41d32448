#include "barometer/book/figures_internal.h"

#include <algorithm>
#include <cmath>

namespace barometer {
namespace {

constexpr const char* kNoOneInBase = "no one is in the base";
constexpr const char* kNoWeightInBase = "the weights in the base sum to 0";
constexpr const char* kNoOneInRow = "no one gave this answer";
constexpr const char* kOneCase = "a standard deviation needs two cases";

class FigureMaker {
 public:
  FigureMaker(const CellSums& sums, const RowForms& forms, const Places& places)
      : sums_(sums), forms_(forms), places_(places), total_(places.columns - 1) {
    figures_.rows = forms.rows.size();
    figures_.columns = places.columns;
    const size_t entries = figures_.rows * figures_.columns;
    for (auto* list : {&figures_.value, &figures_.n, &figures_.count, &figures_.weighted_count,
                       &figures_.weighted_base, &figures_.effective_base}) {
      list->assign(entries, 0.0);
    }
    figures_.reason.resize(entries);
    figures_.inverse.assign(entries, 0.0);
    figures_.centre.assign(entries, 0.0);
    for (size_t cell = 0; cell < sums.cell_count; ++cell) {
      if (is_used(sums, cell)) used_.push_back(cell);
    }
  }

  Figures make() && {
    add_bases();
    for (size_t row = 0; row < figures_.rows; ++row) {
      if (forms_.rows[row].kind == RowKind::kMedian) continue;
      if (forms_.rows[row].kind == RowKind::kStandardDeviation) {
        add_deviation(row);
      } else {
        add_ratio(row);
      }
    }
    return std::move(figures_);
  }

 private:
  void add_bases() {
    const size_t entries = forms_.bases.size() * places_.columns;
    BaseSums& sums = figures_.bases;
    for (auto* list : {&sums.n, &sums.live, &sums.w, &sums.w2, &sums.b}) {
      list->assign(entries, 0.0);
    }
    for (size_t k = 0; k < forms_.bases.size(); ++k) {
      for (const size_t cell : used_) {
        if (forms_.bases[k].in[cell] == 0) continue;
        for (const uint32_t g : places_.of(cell)) {
          const size_t at = k * places_.columns + g;
          sums.n[at] += static_cast<double>(sums_.n[cell]);
          sums.live[at] += static_cast<double>(sums_.live[cell]);
          sums.w[at] += sums_.w[cell];
          sums.w2[at] += sums_.w2[cell];
          sums.b[at] += sums_.w[cell] * forms_.bases[k].b[cell];
        }
      }
    }
  }

  // Σ w z, cases and Σ w² with z other than 0.
  struct RowSums {
    std::vector<double> a, n, w2;
  };
  [[nodiscard]] RowSums sums_of(const RowForm& form) const {
    RowSums sums{std::vector<double>(places_.columns), std::vector<double>(places_.columns),
                 std::vector<double>(places_.columns)};
    for (const size_t cell : used_) {
      const double z = form.z[cell];
      if (z == 0) continue;
      for (const uint32_t g : places_.of(cell)) {
        sums.a[g] += sums_.w[cell] * z;
        sums.n[g] += static_cast<double>(sums_.n[cell]);
        sums.w2[g] += sums_.w2[cell];
      }
    }
    return sums;
  }

  void add_ratio(size_t row) {
    const RowForm& form = forms_.rows[row];
    const RowSums sums = sums_of(form);
    const size_t base = form.base * places_.columns;
    const BaseSums& bases = figures_.bases;
    for (size_t g = 0; g < places_.columns; ++g) {
      const size_t at = figures_.at(row, g);
      const size_t in = base + (form.of == PercentBase::kTable ? total_ : g);
      double weight = bases.b[in];
      figures_.n[at] = bases.n[in];
      figures_.weighted_base[at] = form.share() ? bases.b[in] : bases.w[in];
      double squares = bases.w2[in], whole = bases.w[in];
      if (form.of == PercentBase::kRow) {
        weight = whole = figures_.weighted_base[at] = sums.a[total_];
        figures_.n[at] = sums.n[total_];
        squares = sums.w2[total_];
      }
      if (squares > 0) figures_.effective_base[at] = whole * whole / squares;
      figures_.count[at] = form.share() ? sums.n[g] : bases.n[base + g];
      figures_.weighted_count[at] = form.share() ? sums.a[g] : bases.w[base + g];
      if (!(weight > 0)) {
        const char* none = form.of == PercentBase::kRow ? kNoOneInRow : kNoOneInBase;
        figures_.reason[at] = figures_.n[at] == 0 ? none : kNoWeightInBase;
        continue;
      }
      figures_.inverse[at] = 1 / weight;
      figures_.value[at] = sums.a[g] / weight;
    }
  }

  void add_deviation(size_t row) {
    const RowForm& form = forms_.rows[row];
    const RowSums sums = sums_of(form);
    const BaseSums& bases = figures_.bases;
    std::vector<double> squares(places_.columns);
    for (size_t g = 0; g < places_.columns; ++g) {
      const double w = bases.w[form.base * places_.columns + g];
      if (w > 0) figures_.centre[figures_.at(row, g)] = sums.a[g] / w;
    }
    for (const size_t cell : used_) {
      if (forms_.bases[form.base].in[cell] == 0) continue;
      for (const uint32_t g : places_.of(cell)) {
        const double away = form.z[cell] - figures_.centre[figures_.at(row, g)];
        squares[g] += sums_.w[cell] * away * away;
      }
    }
    for (size_t g = 0; g < places_.columns; ++g) {
      const size_t in = form.base * places_.columns + g;
      const size_t at = figures_.at(row, g);
      figures_.n[at] = figures_.count[at] = bases.n[in];
      figures_.weighted_base[at] = figures_.weighted_count[at] = bases.w[in];
      if (bases.w2[in] > 0) figures_.effective_base[at] = bases.w[in] * bases.w[in] / bases.w2[in];
      if (!(bases.w[in] > 0) || bases.live[in] < 2) {
        figures_.reason[at] = bases.n[in] == 0   ? kNoOneInBase
                              : bases.w[in] == 0 ? kNoWeightInBase
                                                 : kOneCase;
        continue;
      }
      const double factor = bases.live[in] / (bases.live[in] - 1);
      figures_.value[at] = std::sqrt(factor * squares[g] / bases.w[in]);
      figures_.inverse[at] = 1 / bases.w[in];
    }
  }

  const CellSums& sums_;
  const RowForms& forms_;
  const Places& places_;
  size_t total_;
  std::vector<size_t> used_;
  Figures figures_;
};

class InfluenceMaker {
 public:
  InfluenceMaker(const CellSums& sums, const RowForms& forms, const Places& places,
                 const Figures& figures)
      : sums_(sums), forms_(forms), places_(places), figures_(figures) {}

  Influence make() {
    found_.rows = figures_.rows;
    found_.columns = figures_.columns;
    const bool across = std::ranges::any_of(
        forms_.rows, [](const RowForm& form) { return form.of != PercentBase::kColumn; });
    for (size_t cell = 0; cell < sums_.cell_count; ++cell) {
      found_.begin.push_back(static_cast<uint32_t>(found_.column.size()));
      if (is_used(sums_, cell)) add_cell(cell, across);
    }
    found_.begin.push_back(static_cast<uint32_t>(found_.column.size()));
    return std::move(found_);
  }

 private:
  void add_cell(size_t cell, bool across) {
    if (!across) {
      for (const uint32_t g : places_.of(cell)) add_column(cell, g, true);
      return;
    }
    std::vector<uint8_t> in(places_.columns, 0);
    for (const uint32_t g : places_.of(cell)) in[g] = 1;
    for (uint32_t g = 0; g < places_.columns; ++g) add_column(cell, g, in[g] != 0);
  }

  void add_column(size_t cell, uint32_t g, bool in) {
    found_.column.push_back(g);
    for (size_t row = 0; row < figures_.rows; ++row) {
      found_.u.push_back(influence_on(row, cell, g, in));
    }
  }

  [[nodiscard]] double influence_on(size_t row, size_t cell, size_t g, bool in) const {
    const RowForm& form = forms_.rows[row];
    const size_t at = figures_.at(row, g);
    if (figures_.inverse[at] == 0) return 0;
    const double p = figures_.value[at];
    const double b = forms_.bases[form.base].b[cell];
    const double z = form.z[cell];
    if (form.kind == RowKind::kStandardDeviation) {
      if (!in || forms_.bases[form.base].in[cell] == 0 || p == 0) return 0;
      const double live = figures_.bases.live[form.base * places_.columns + g];
      const double away = z - figures_.centre[at];
      return (live / (live - 1) * away * away - p * p) / (2 * p) * figures_.inverse[at];
    }
    switch (form.of) {
      case PercentBase::kColumn:
        return in ? (z - p * b) * figures_.inverse[at] : 0;
      case PercentBase::kRow:
        return ((in ? z : 0) - p * z) * figures_.inverse[at];
      case PercentBase::kTable:
        return ((in ? z : 0) - p * b) * figures_.inverse[at];
    }
    return 0;
  }

  const CellSums& sums_;
  const RowForms& forms_;
  const Places& places_;
  const Figures& figures_;
  Influence found_;
};

}  // namespace

bool is_used(const CellSums& sums, size_t cell) {
  return sums.n[cell] != 0 || sums.w[cell] != 0 || sums.w2[cell] != 0;
}

Figures figures_of(const CellSums& sums, const RowForms& forms, const Places& places) {
  return FigureMaker(sums, forms, places).make();
}

Influence influence_of(const CellSums& sums, const RowForms& forms, const Places& places,
                       const Figures& figures) {
  return InfluenceMaker(sums, forms, places, figures).make();
}

}  // namespace barometer
