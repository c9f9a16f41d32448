#include "barometer/sql/sql_design_internal.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

// One column of the design as it is read: its distinct values, and which of them each row has.
class Levels {
 public:
  explicit Levels(bool is_text) : is_text_(is_text) {}

  void add(const SqlCell& cell) {
    std::string key;
    append_key(key, cell);
    const auto [found, is_new] = index_.try_emplace(key, static_cast<int32_t>(index_.size()));
    if (is_new && is_text_) texts_.emplace_back(cell.text);
    if (is_new && !is_text_) numbers_.push_back(cell.number);
    rows_.push_back(found->second);
  }

  // Codes by order of the values; labels_ after that.
  std::vector<int32_t> codes() {
    const size_t count = index_.size();
    std::vector<int32_t> order(count), rank(count);
    for (size_t i = 0; i < count; ++i) order[i] = static_cast<int32_t>(i);
    std::ranges::sort(order, [&](int32_t a, int32_t b) {
      const auto i = static_cast<size_t>(a);
      const auto j = static_cast<size_t>(b);
      return is_text_ ? texts_[i] < texts_[j] : numbers_[i] < numbers_[j];
    });
    for (size_t i = 0; i < count; ++i) {
      const auto at = static_cast<size_t>(order[i]);
      rank[at] = static_cast<int32_t>(i);
      labels_.push_back(is_text_ ? texts_[at] : fmt::format("{}", numbers_[at]));
    }
    std::vector<int32_t> codes;
    for (const int32_t row : rows_) codes.push_back(rank[static_cast<size_t>(row)]);
    return codes;
  }
  [[nodiscard]] const std::vector<std::string>& labels() const& { return labels_; }

 private:
  bool is_text_;
  std::unordered_map<std::string, int32_t> index_;
  std::vector<std::string> texts_;
  std::vector<double> numbers_;
  std::vector<int32_t> rows_;
  std::vector<std::string> labels_;
};

struct DesignColumn {
  size_t column = 0;  // of the table
  size_t stage = 0;
  bool is_unit = false;
};

// The rows of the GROUP BY: combinations of strata and units, each of some cases.
struct Skeleton {
  std::vector<DesignColumn> columns;
  std::vector<std::string> keys;  // one a row
  std::vector<size_t> key_ends;   // row × columns: where in the key each column ends
  std::vector<uint64_t> counts;
  std::vector<std::vector<double>> fpc;  // by stage
  std::vector<double> weight_low, weight_high;
  std::vector<Levels> levels;
};

class DesignReader {
 public:
  DesignReader(SqlTable& table, const DesignColumns& columns, const SqlOptions& options,
               const Progress& progress)
      : table_(table), asked_(columns), options_(options), progress_(progress) {}

  Result<SqlDesign> read() {
    TRY_DONE(choose_columns());
    TRY_DONE(read_skeleton());
    TRY_DONE(check_weights());
    SqlDesign made{.design = TRY(make_design())};
    made.case_count = case_count_;
    made.weighted = weight_.has_value();
    made.weight_column = weight_.value_or(0);
    if (weight_) {
      made.weight_low = std::ranges::min(rows_.weight_low);
      made.weight_high = std::ranges::max(rows_.weight_high);
    }
    add_places(made);
    TRY_DONE(add_replicates(made));
    return made;
  }

 private:
  Result<size_t> number_column(const std::string& name, const char* what) const {
    const size_t column = TRY(table_.written(name));
    if (table_.columns()[column].type == FileType::kNumber) return column;
    return fail(ErrorCode::kInvalid, fmt::format("the {} '{}' is not a number", what, name));
  }

  // Stages below the first without a population size are not read.
  Status choose_columns() {
    const size_t drawn = std::max<size_t>(1, asked_.ids.size());
    if (asked_.strata.size() > drawn || asked_.fpc.size() > drawn) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} strata and {} population sizes for {} stages of the draw",
                              asked_.strata.size(), asked_.fpc.size(), drawn));
    }
    if (asked_.weights_from_fpc && (asked_.fpc.empty() || !asked_.weight.empty())) {
      return fail(ErrorCode::kInvalid,
                  "weights from population sizes need these, and no column of weights");
    }
    const size_t read = std::min(drawn, asked_.fpc.size() + 1);
    for (size_t k = 0; k < read; ++k) {
      if (k < asked_.strata.size()) {
        rows_.columns.push_back({TRY(table_.written(asked_.strata[k])), k, false});
      }
      if (k < asked_.ids.size()) {
        rows_.columns.push_back({TRY(table_.written(asked_.ids[k])), k, true});
      }
    }
    for (const std::string& name : asked_.fpc) {
      fpc_.push_back(TRY(number_column(name, "population size")));
    }
    if (!asked_.weight.empty()) weight_ = TRY(number_column(asked_.weight, "weight"));
    return {};
  }

  SqlStatement statement() const {
    const Dialect& dialect = table_.dialect();
    AggregateText text{.from = table_.from()};
    SqlStatement statement;
    for (const DesignColumn& column : rows_.columns) {
      text.groups.push_back(table_.value(column.column));
      statement.types.push_back(type_of(column));
    }
    const auto add = [&](std::string sum, SqlType type) {
      text.sums.push_back(std::move(sum));
      statement.types.push_back(type);
    };
    const auto whole = [&](const std::string& of) {
      return fmt::format(fmt::runtime(dialect.whole), of);
    };
    add(whole("count(*)"), SqlType::kWhole);
    for (const size_t column : fpc_) {
      add(whole(fmt::format("count({})", table_.value(column))), SqlType::kWhole);
      add(fmt::format("min({})", table_.value(column)), SqlType::kNumber);
      add(fmt::format("max({})", table_.value(column)), SqlType::kNumber);
    }
    if (weight_) {
      add(whole(fmt::format("count({})", table_.value(*weight_))), SqlType::kWhole);
      add(fmt::format("min({})", table_.value(*weight_)), SqlType::kNumber);
      add(fmt::format("max({})", table_.value(*weight_)), SqlType::kNumber);
    }
    statement.text = sql_aggregate(text);
    return statement;
  }

  [[nodiscard]] SqlType type_of(const DesignColumn& column) const {
    const bool text = table_.columns()[column.column].type == FileType::kText;
    return text ? SqlType::kText : SqlType::kNumber;
  }

  void begin() {
    rows_.keys.clear();
    rows_.key_ends.clear();
    rows_.counts.clear();
    rows_.fpc.assign(fpc_.size(), {});
    rows_.weight_low.clear();
    rows_.weight_high.clear();
    rows_.levels.clear();
    for (const DesignColumn& column : rows_.columns) {
      rows_.levels.emplace_back(type_of(column) == SqlType::kText);
    }
    case_count_ = weightless_ = 0;
  }

  Status read_skeleton() {
    TRY_DONE(table_.run(
        statement(), progress_, [&] { begin(); }, [&](SqlRow row) { return add_row(row); }));
    if (case_count_ == 0) {
      return fail(ErrorCode::kInvalid, fmt::format("{}: there is no case", table_.name()));
    }
    return {};
  }

  Status add_row(SqlRow row) {
    const auto count = static_cast<uint64_t>(row[rows_.columns.size()].whole);
    if (count == 0) return {};  // of no cases, without a group
    if (rows_.counts.size() == options_.max_rows) {
      return fail(
          ErrorCode::kLimit,
          fmt::format("the design has over {} combinations of strata and units; where every "
                      "case was drawn by itself, name no units",
                      with_thousands(static_cast<long long>(options_.max_rows))));
    }
    std::string key;
    for (size_t i = 0; i < rows_.columns.size(); ++i) {
      if (!row[i].known) return no_value(rows_.columns[i], count);
      append_key(key, row[i]);
      rows_.key_ends.push_back(key.size());
      rows_.levels[i].add(row[i]);
    }
    rows_.keys.push_back(std::move(key));
    rows_.counts.push_back(count);
    case_count_ += count;
    return add_amounts(row.subspan(rows_.columns.size() + 1), row, count);
  }

  Status add_amounts(SqlRow amounts, SqlRow row, uint64_t count) {
    for (size_t k = 0; k < fpc_.size(); ++k) {
      const SqlRow size = amounts.subspan(3 * k, 3);
      if (static_cast<uint64_t>(size[0].whole) != count) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{} have no population size in '{}'{}",
                                cases(count - static_cast<uint64_t>(size[0].whole)), asked_.fpc[k],
                                place(row)));
      }
      if (size[1].number != size[2].number) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the population size '{}' varies{}: {} and {}", asked_.fpc[k],
                                place(row), size[1].number, size[2].number));
      }
      rows_.fpc[k].push_back(size[1].number);
    }
    if (!weight_) return {};
    const SqlRow weight = amounts.subspan(3 * fpc_.size(), 3);
    const uint64_t without = count - static_cast<uint64_t>(weight[0].whole);
    weightless_ += without;
    for (const double end : {weight[1].number, weight[2].number}) {
      if (without == count || (end >= 0 && std::isfinite(end))) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("the weight '{}' is {}{}, which is not a finite number of at least 0",
                              asked_.weight, end, place(row)));
    }
    rows_.weight_low.push_back(weight[1].number);
    rows_.weight_high.push_back(weight[2].number);
    return {};
  }

  static std::string cases(uint64_t count) {
    return count == 1 ? "1 case" : with_thousands(static_cast<long long>(count)) + " cases";
  }
  [[nodiscard]] const std::string& written_name(const DesignColumn& column) const {
    return table_.columns()[column.column].name;
  }
  // " where district = 'a', school = 'b'"
  [[nodiscard]] std::string place(SqlRow row) const {
    std::string text;
    for (size_t i = 0; i < rows_.columns.size(); ++i) {
      text += fmt::format(
          "{} {} = '{}'", i == 0 ? " where" : ",", printable(written_name(rows_.columns[i])),
          type_of(rows_.columns[i]) == SqlType::kText ? printable(row[i].text)
                                                      : fmt::format("{}", row[i].number));
    }
    return text;
  }
  [[nodiscard]] Status no_value(const DesignColumn& column, uint64_t count) const {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} have no {} in '{}' (stage {})", cases(count),
                            column.is_unit ? "unit" : "stratum", printable(written_name(column)),
                            column.stage + 1));
  }

  [[nodiscard]] Status check_weights() const {
    if (!weight_) return {};
    if (weightless_ > 0) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} have no weight in '{}'", cases(weightless_), asked_.weight));
    }
    const double largest = std::ranges::max(rows_.weight_high);
    if (largest == 0) return fail(ErrorCode::kInvalid, "every weight is 0");
    if (!std::isfinite(largest * largest * static_cast<double>(case_count_))) {
      return fail(ErrorCode::kInvalid, fmt::format("weights up to {} are too large to be squared "
                                                   "and added",
                                                   largest));
    }
    return {};
  }

  Result<Design> make_design() {
    DesignSpec spec;
    spec.case_count = rows_.counts.size();
    spec.counts = rows_.counts;
    spec.fpc = rows_.fpc;
    spec.nest = asked_.nest;
    spec.lonely_psu = asked_.lonely_psu;
    spec.domain_lonely = asked_.domain_lonely;
    spec.weights_from_fpc = asked_.weights_from_fpc;
    std::vector<std::vector<std::string>> units, strata;
    for (size_t i = 0; i < rows_.columns.size(); ++i) {
      const bool unit = rows_.columns[i].is_unit;
      (unit ? spec.ids : spec.strata).push_back(rows_.levels[i].codes());
      (unit ? units : strata).push_back(rows_.levels[i].labels());
    }
    // Stages that are not read: one unit each, of a draw that adds nothing.
    while (spec.ids.size() < asked_.ids.size()) {
      spec.ids.emplace_back(spec.case_count, 0);
      units.push_back({"0"});
    }
    const auto label = [](std::vector<std::vector<std::string>> labels) {
      return [labels = std::move(labels)](size_t stage, int32_t code) {
        return printable(labels[stage][static_cast<size_t>(code)]);
      };
    };
    spec.unit_label = label(std::move(units));
    spec.stratum_label = label(std::move(strata));
    // Of weights that differ within a row the design asks only whether each is 1.
    for (size_t i = 0; i < rows_.weight_high.size(); ++i) {
      spec.weights.push_back(rows_.weight_high[i] != 1 ? rows_.weight_high[i]
                                                       : rows_.weight_low[i]);
    }
    return Design::make(std::move(spec));
  }

  // The columns that tell rows of the design apart: those of its last stage and above, without the
  // units of a last stage of single cases. Where weights come from population sizes, all of them.
  void add_places(SqlDesign& made) {
    const Design& design = made.design;
    const size_t last = design.stages().size() - 1;
    std::vector<size_t> used;
    for (size_t i = 0; i < rows_.columns.size(); ++i) {
      const DesignColumn& column = rows_.columns[i];
      const bool tells =
          column.stage < last || (column.stage == last && !(column.is_unit && design.elements()));
      if (tells || asked_.weights_from_fpc) used.push_back(i);
    }
    for (const size_t i : used) made.columns.push_back(rows_.columns[i].column);
    made.weights_differ = asked_.weights_from_fpc;
    for (size_t row = 0; row < design.row_count(); ++row) {
      for (size_t at = design.row_begin()[row]; at < design.row_begin()[row + 1]; ++at) {
        const size_t i = design.order()[at];
        const double weight = asked_.weights_from_fpc ? design.weights()[i] : 1;
        made.places.try_emplace(key_of(i, used),
                                SqlDesign::Place{static_cast<uint32_t>(row), weight});
      }
    }
  }

  [[nodiscard]] std::string key_of(size_t row, const std::vector<size_t>& used) const {
    std::string key;
    for (const size_t column : used) {
      const size_t at = row * rows_.columns.size() + column;
      const size_t begin = column == 0 ? 0 : rows_.key_ends[at - 1];
      key += std::string_view(rows_.keys[row]).substr(begin, rows_.key_ends[at] - begin);
    }
    return key;
  }

  Status add_replicates(SqlDesign& made) const {
    for (const std::string& name : asked_.replicates) {
      made.replicates.push_back(TRY(number_column(name, "replicate weight")));
    }
    const auto facts = TRY(table_.number_facts(made.replicates, progress_));
    for (size_t r = 0; r < facts.size(); ++r) {
      if (facts[r].known != case_count_) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{} have no replicate weight in '{}'",
                                cases(case_count_ - std::min(case_count_, facts[r].known)),
                                asked_.replicates[r]));
      }
      made.replicate_largest = std::max(made.replicate_largest, facts[r].largest());
    }
    return {};
  }

  SqlTable& table_;
  const DesignColumns& asked_;
  const SqlOptions& options_;
  const Progress& progress_;
  Skeleton rows_;
  std::vector<size_t> fpc_;
  std::optional<size_t> weight_;
  uint64_t case_count_ = 0;
  uint64_t weightless_ = 0;
};

}  // namespace

void append_key(std::string& key, const SqlCell& cell) {
  if (cell.text.data() != nullptr) {
    const auto length = static_cast<uint32_t>(cell.text.size());
    key.append(reinterpret_cast<const char*>(&length), sizeof length);
    key += cell.text;
    return;
  }
  const double number = cell.number + 0.0;  // no -0
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

Result<SqlDesign> read_design(SqlTable& table, const DesignColumns& columns,
                              const SqlOptions& options, const Progress& progress) {
  return DesignReader(table, columns, options, progress).read();
}

}  // namespace barometer
