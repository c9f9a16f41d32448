// One query of an engine: the statements that ask it, and the cells made of their rows.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "barometer/engine/engine.h"
#include "barometer/engine/moments.h"
#include "barometer/sql/sql_design_internal.h"

namespace barometer {

class SqlAnswer {
 public:
  SqlAnswer(SqlTable& table, const SqlDesign& design, const CellQuery& query)
      : table_(table), design_(design), query_(query) {}

  // Looks up what the statements need: columns, categories, sizes of numbers.
  Status plan(const Progress& progress);
  [[nodiscard]] const SqlStatement& statement() const& { return statement_; }
  // Before the first row, and before those of another attempt.
  void begin();
  Status add(SqlRow row);
  // Of the query's replicates only. Its rows may come before, after or among those of the first;
  // begin_replicates() comes after begin().
  [[nodiscard]] const SqlStatement& replicate_statement() const& { return replicate_statement_; }
  void begin_replicates();
  Status add_replicates(SqlRow row);
  // Asks nothing more of the table.
  Result<Cells> take();

 private:
  struct Key {
    size_t column = 0;
    const Variable* variable = nullptr;
    std::unordered_map<std::string, int> codes{};  // of labels; text only
  };
  struct NumberPlan {
    size_t column = 0;
    double centre = 0;
    double largest = 0;  // of |x - centre|
  };
  struct Entry {
    uint32_t row = 0, cell = 0;
    double weight = 1;
    uint64_t n = 0, live = 0;
  };
  // Sums of an entry, as in engine/moments.h.
  struct Moments {
    uint64_t n = 0, live = 0;
    double w = 0, w2 = 0;
    std::vector<double> wv{}, wvv{}, w2v{}, w2vv{};
    void add(const Moments& other);
  };

  Status plan_keys(const Progress& progress);
  Status plan_numbers(const Progress& progress);
  Status plan_where(const Progress& progress);
  void write_statement();
  void write_replicate_statement();
  void add_measure(AggregateText& text, const std::string& expression, double largest);
  void add_moments(AggregateText& text, const std::string& weight, double largest_weight);
  [[nodiscard]] std::vector<std::string> cell_groups(std::vector<SqlType>& types) const;
  void restrict_to_where(AggregateText& text, std::vector<SqlType>& types, size_t groups) const;
  [[nodiscard]] bool by_place() const { return query_.by_row || design_.weights_differ; }
  // In three limbs (limbs.h): every measure but Σw.
  [[nodiscard]] bool is_fine(size_t measure) const { return !design_.weighted || measure > 0; }
  // The outside flag is a column of the answer.
  [[nodiscard]] bool flags_outside() const;
  [[nodiscard]] size_t key_count() const { return keys_.size() + numbers_.size() + 1; }

  Result<uint32_t> cell_of(SqlRow cells);
  [[nodiscard]] std::vector<uint32_t> rank_cells();
  void sort_entries(const std::vector<uint32_t>& rank);
  [[nodiscard]] Status check_count() const;
  [[nodiscard]] Status check_replicates() const;
  [[nodiscard]] tl::unexpected<Error> too_many() const;
  [[nodiscard]] Moments moments(size_t entry) const;
  [[nodiscard]] Moments moments_of(const Entry& entry, std::span<const LongWhole> sums) const;
  void fill_totals(CellSums& sums) const;
  void fill_entries(CellSums& sums) const;
  void add_entry(CellSums& sums, uint32_t cell, const Moments& moments) const;
  [[nodiscard]] Moments merged(size_t& at) const;
  [[nodiscard]] std::vector<Representative> points_of(const Moments& group, uint32_t cell) const;
  Result<Cells> of_keys(std::vector<uint32_t> rank);
  Result<Cells> of_numbers();
  Result<Cells> with_data(const std::vector<uint32_t>& found,
                          const std::vector<std::vector<double>>& points, Cells cells) const;

  SqlTable& table_;
  const SqlDesign& design_;
  const CellQuery& query_;
  std::vector<Key> keys_;
  std::vector<NumberPlan> numbers_;
  std::string inside_;  // condition; empty: none
  SqlStatement statement_, replicate_statement_;
  size_t place_columns_ = 0;
  bool has_live_ = false;
  std::vector<int> shifts_;  // of the measures; fine_shift() of those in three limbs
  int replicate_shift_ = 0;

  uint64_t seen_ = 0;
  std::vector<Entry> entries_;
  std::vector<LongWhole> sums_;  // entries × measures
  std::unordered_map<std::string, uint32_t> cells_;
  std::vector<double> values_;  // cells × key_count(): outside, keys, flags; missing is infinite
  std::vector<size_t> order_;   // of the entries, by row and cell
  std::vector<LongWhole> replicate_sums_;  // cells × replicates
  std::vector<uint64_t> replicate_n_;      // cases by cell
};

}  // namespace barometer
