// An engine the slow, obvious way: a map from the values of the keys to sums, case by case. Only
// for comparison in tests, and as the memory engine of tests of what stands on an Engine.
//
// Its cells are those with a case, ordered by values of the keys, then missing kinds, the first key
// leading; cells inside come before cells outside. Representatives of numbers are ordered by row,
// then cell.
#pragma once

#include <array>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "barometer/engine/engine.h"
#include "barometer/engine/moments.h"

namespace barometer::testing {

class PlainEngine final : public Engine {
 public:
  using CaseMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  // The design is of the cases of the data; `replicates` has a row a case.
  PlainEngine(std::shared_ptr<const Dataset> data, std::shared_ptr<const Design> design,
              std::shared_ptr<const CaseMatrix> replicates = nullptr)
      : data_(std::move(data)), design_(std::move(design)), replicates_(std::move(replicates)) {
    CHECK(data_->case_count() == design_->case_count(), "a design of the cases of the data");
    row_of_.resize(design_->case_count());
    for (size_t row = 0; row < design_->row_count(); ++row) {
      for (size_t at = design_->row_begin()[row]; at < design_->row_begin()[row + 1]; ++at) {
        row_of_[design_->order()[at]] = row;
      }
    }
  }

  [[nodiscard]] const Design& design() const& override { return *design_; }
  [[nodiscard]] uint64_t case_count() const override { return data_->case_count(); }
  [[nodiscard]] const Codebook& codebook() const& override { return data_->codebook(); }

  Status answer(std::span<const CellQuery> queries, const Progress& progress,
                const std::function<Status(size_t query, Cells cells)>& use) const override {
    for (size_t q = 0; q < queries.size(); ++q) {
      if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while summing cases");
      progress.report("summing cases", q, queries.size());
      TRY_DONE(use(q, TRY(of(queries[q]))));
    }
    return {};
  }

 private:
  struct Value {
    int missing = 0;
    uint64_t bits = 0;  // a code, or chosen options
    double number = 0;
    auto operator<=>(const Value&) const = default;
  };
  using Values = std::vector<Value>;
  struct Sum {
    uint32_t n = 0, live = 0;
    double w = 0, w2 = 0;
    void add(double weight) {
      ++n;
      live += weight > 0 ? 1 : 0;
      w += weight;
      w2 += weight * weight;
    }
  };
  struct Group {
    Sum sum;
    std::vector<double> wv, wvv, w2v, w2vv;
  };
  struct Asked {
    const CellQuery& query;
    std::vector<size_t> keys, numbers;  // columns
    std::vector<uint8_t> mask;
  };

  static Value value_of(const Column& column, size_t row) {
    Value value{static_cast<int>(missing_at(column, row)), 0, 0};
    if (value.missing != 0) return value;
    if (const auto* numbers = std::get_if<Numbers>(&column)) {
      value.number = numbers->values[row] + 0.0;  // no -0
    } else if (const auto* sets = std::get_if<OptionSets>(&column)) {
      value.bits = sets->bits[row];
    } else {
      value.bits = static_cast<uint64_t>(code_at(column, row));
    }
    return value;
  }

  Result<Asked> ask(const CellQuery& query) const {
    Asked asked{query, {}, {}, {}};
    for (const std::string& id : query.keys) {
      TRY(data_->find(id));
      asked.keys.push_back(*data_->codebook().index_of(id));
      if (data_->codebook().variables()[asked.keys.back()].kind == VariableKind::kText) {
        return fail(ErrorCode::kUnsupported, "'" + id + "' is open text, and cannot be a key");
      }
    }
    for (const std::string& id : query.numbers) {
      TRY(data_->find(id));
      asked.numbers.push_back(*data_->codebook().index_of(id));
      if (data_->codebook().variables()[asked.numbers.back()].kind != VariableKind::kNumber) {
        return fail(ErrorCode::kInvalid, "'" + id + "' is not a number");
      }
    }
    if (query.replicates && (!replicates_ || !asked.numbers.empty())) {
      return fail(ErrorCode::kUnsupported, "there are no replicate weights to sum");
    }
    asked.mask.assign(data_->case_count(), 1);
    if (query.where) asked.mask = TRY(query.where->evaluate(*data_));
    if (!query.mask.empty()) asked.mask.assign(query.mask.begin(), query.mask.end());
    return asked;
  }

  Result<Cells> of(const CellQuery& query) const {
    const Asked asked = TRY(ask(query));
    return query.numbers.empty() ? of_keys(asked) : of_numbers(asked);
  }

  // Whether it is outside, then the keys.
  [[nodiscard]] Values values_of(const Asked& asked, size_t i) const {
    Values values{{0, asked.mask[i] != 0 ? uint64_t{0} : uint64_t{1}, 0}};
    for (const size_t key : asked.keys) values.push_back(value_of(data_->column(key), i));
    return values;
  }
  [[nodiscard]] static bool counts(const Asked& asked, size_t i) {
    return asked.mask[i] != 0 || asked.query.outside;
  }

  Result<Cells> of_keys(const Asked& asked) const {
    std::map<Values, Sum> totals;
    std::map<std::pair<size_t, Values>, Sum> by_row;
    for (size_t i = 0; i < data_->case_count(); ++i) {
      if (!counts(asked, i)) continue;
      const Values values = values_of(asked, i);
      totals[values].add(design_->weights()[i]);
      by_row[{row_of_[i], values}].add(design_->weights()[i]);
    }
    Cells cells;
    std::vector<Values> found;
    std::map<Values, uint32_t> cell_of;
    for (const auto& [values, sum] : totals) {
      cell_of[values] = static_cast<uint32_t>(found.size());
      found.push_back(values);
      add_total(cells.sums, sum);
    }
    cells.sums.row_count = design_->row_count();
    if (asked.query.by_row) {
      cells.sums.row_begin.assign(design_->row_count() + 1, 0);
      for (const auto& [where, sum] : by_row) {
        add_entry(cells.sums, where.first, cell_of.at(where.second), sum);
      }
      end_rows(cells.sums);
    }
    if (asked.query.replicates) add_replicates(asked, cell_of, cells);
    return with_data(asked, found, {}, {}, std::move(cells));
  }

  void add_replicates(const Asked& asked, const std::map<Values, uint32_t>& cell_of,
                      Cells& cells) const {
    cells.replicates = Matrix::Zero(static_cast<Eigen::Index>(cell_of.size()), replicates_->cols());
    for (size_t i = 0; i < data_->case_count(); ++i) {
      if (!counts(asked, i)) continue;
      cells.replicates.row(cell_of.at(values_of(asked, i))) +=
          replicates_->row(static_cast<Eigen::Index>(i));
    }
  }

  static void add_total(CellSums& sums, const Sum& sum) {
    ++sums.cell_count;
    sums.n.push_back(sum.n);
    sums.live.push_back(sum.live);
    sums.w.push_back(sum.w);
    sums.w2.push_back(sum.w2);
  }
  void add_entry(CellSums& sums, size_t row, uint32_t cell, const Sum& sum) const {
    ++sums.row_begin[row + 1];
    sums.cell.push_back(cell);
    sums.row_n.push_back(sum.n);
    sums.row_w.push_back(sum.w);
    if (!design_->elements()) return;
    sums.row_live.push_back(sum.live);
    sums.row_w2.push_back(sum.w2);
  }
  // From counts of entries to where they begin.
  static void end_rows(CellSums& sums) {
    for (size_t row = 0; row < sums.row_count; ++row) {
      sums.row_begin[row + 1] += sums.row_begin[row];
    }
  }

  [[nodiscard]] std::vector<double> centres(const Asked& asked) const {
    std::vector<double> centres;
    for (const size_t index : asked.numbers) {
      const auto& numbers = std::get<Numbers>(data_->column(index));
      double sum = 0;
      double count = 0;
      for (size_t i = 0; i < numbers.values.size(); ++i) {
        if (numbers.missing[i] != Missing::kNone) continue;
        sum += numbers.values[i];
        count += 1;
      }
      centres.push_back(count > 0 ? sum / count : 0);
    }
    return centres;
  }

  // Groups are told apart by row, keys and which numbers are missing, and why.
  Result<Cells> of_numbers(const Asked& asked) const {
    const std::vector<double> centre = centres(asked);
    std::map<std::pair<size_t, Values>, Group> groups;
    for (size_t i = 0; i < data_->case_count(); ++i) {
      if (!counts(asked, i)) continue;
      Values values = values_of(asked, i);
      std::vector<double> v;
      for (size_t k = 0; k < asked.numbers.size(); ++k) {
        const auto& numbers = std::get<Numbers>(data_->column(asked.numbers[k]));
        values.push_back({static_cast<int>(numbers.missing[i]), 0, 0});
        if (numbers.missing[i] == Missing::kNone) v.push_back(numbers.values[i] - centre[k]);
      }
      add(groups[{asked.query.by_row ? row_of_[i] : 0, values}], design_->weights()[i], v);
    }
    return cells_of(asked, groups, centre);
  }

  static void add(Group& group, double w, const std::vector<double>& v) {
    const size_t p = v.size();
    for (auto* sums : {&group.wv, &group.w2v}) sums->resize(p);
    for (auto* sums : {&group.wvv, &group.w2vv}) sums->resize(triangle_size(p));
    group.sum.add(w);
    for (size_t j = 0; j < p; ++j) {
      group.wv[j] += w * v[j];
      group.w2v[j] += w * w * v[j];
      for (size_t k = 0; k <= j; ++k) {
        group.wvv[triangle_at(j, k)] += w * v[j] * v[k];
        group.w2vv[triangle_at(j, k)] += w * w * v[j] * v[k];
      }
    }
  }

  Result<Cells> cells_of(const Asked& asked,
                         const std::map<std::pair<size_t, Values>, Group>& groups,
                         const std::vector<double>& centre) const {
    Cells cells;
    cells.sums.row_count = design_->row_count();
    if (asked.query.by_row) cells.sums.row_begin.assign(design_->row_count() + 1, 0);
    std::vector<Values> found;
    std::vector<std::vector<double>> numbers;
    for (const auto& [where, group] : groups) {
      GroupSums sums{group.sum.n, group.sum.live, group.sum.w, group.sum.w2,
                     group.wv,    group.wvv,      {},          {}};
      if (design_->elements()) sums.w2v = group.w2v, sums.w2vv = group.w2vv;
      for (const Representative& point : representatives(sums)) {
        found.push_back(where.second);
        numbers.push_back(point.v);
        const Sum sum{static_cast<uint32_t>(point.n), static_cast<uint32_t>(point.live), point.w,
                      point.w2};
        const auto cell = static_cast<uint32_t>(cells.sums.cell_count);
        add_total(cells.sums, sum);
        if (asked.query.by_row) add_entry(cells.sums, where.first, cell, sum);
      }
    }
    if (asked.query.by_row) end_rows(cells.sums);
    return with_data(asked, found, numbers, centre, std::move(cells));
  }

  // `found`: one a cell, as values_of, then the kinds of missing of the numbers.
  Result<Cells> with_data(const Asked& asked, const std::vector<Values>& found,
                          const std::vector<std::vector<double>>& numbers,
                          const std::vector<double>& centre, Cells cells) const {
    Codebook codebook;
    std::vector<Column> columns;
    for (size_t k = 0; k < asked.keys.size(); ++k) {
      TRY_DONE(codebook.add(data_->codebook().variables()[asked.keys[k]]));
      columns.push_back(key_column(data_->column(asked.keys[k]), found, k + 1));
    }
    std::vector<size_t> next(found.size(), 0);
    for (size_t k = 0; k < asked.numbers.size(); ++k) {
      TRY_DONE(codebook.add(data_->codebook().variables()[asked.numbers[k]]));
      Numbers column;
      for (size_t cell = 0; cell < found.size(); ++cell) {
        column.missing.push_back(
            static_cast<Missing>(found[cell][1 + asked.keys.size() + k].missing));
        const bool known = column.missing.back() == Missing::kNone;
        column.values.push_back(known ? centre[k] + numbers[cell][next[cell]++] : 0);
      }
      columns.emplace_back(std::move(column));
    }
    if (asked.query.outside) {
      for (const Values& values : found) cells.inside.push_back(values[0].bits == 0 ? 1 : 0);
    }
    cells.data = TRY(Dataset::make(std::move(codebook), std::move(columns)));
    return cells;
  }

  template <class T>
  static Column codes_column(const std::vector<Values>& found, size_t at) {
    std::vector<T> codes;
    for (const Values& values : found) {
      codes.push_back(values[at].missing == 0
                          ? static_cast<T>(values[at].bits)
                          : missing_code<T>(static_cast<Missing>(values[at].missing)));
    }
    return codes;
  }
  static Column key_column(const Column& like, const std::vector<Values>& found, size_t at) {
    if (std::holds_alternative<NarrowCodes>(like)) return codes_column<uint8_t>(found, at);
    if (std::holds_alternative<WideCodes>(like)) return codes_column<uint16_t>(found, at);
    Numbers numbers;
    OptionSets sets;
    for (const Values& values : found) {
      numbers.values.push_back(values[at].number);
      sets.bits.push_back(values[at].bits);
      numbers.missing.push_back(static_cast<Missing>(values[at].missing));
    }
    sets.missing = numbers.missing;
    if (std::holds_alternative<Numbers>(like)) return numbers;
    return sets;
  }

  std::shared_ptr<const Dataset> data_;
  std::shared_ptr<const Design> design_;
  std::shared_ptr<const CaseMatrix> replicates_;
  std::vector<size_t> row_of_;
};

}  // namespace barometer::testing
