// A book of tables: variables down the side, banner groups across the top, every cell an estimate
// with its design-based variance, and the tests between columns.
//
// All tables of one weight and filter come from one request to the engine (engine/engine.h). An
// entry is a ratio r = Σ w z / Σ w b over the cases of its column: z is 1 in a category (NET, box),
// a score, or the promoter's +1 and detractor's -1; b is 1 for those in the base of the row; of
// responses, the number of answers. Its influence is (z - r b) / Σ w b (Särndal, Swensson & Wretman
// 1992, 5.6-5.8), and the covariances of one row between columns are those of R's
// svyby(covmat=TRUE). Column percents have the column's base as their base; row percents all who
// gave the row's answer, whatever they said to the banner; table percents the base of the table.
// Statistics (means, NPS, …) are of their column whatever the percents are of, and so are tests.
//
// Of a sample that sums by unit do not describe (BookOptions::samples) the same influences go case
// by case through its adjustments or, of replicate weights, every entry is made again at each.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/book/plan.h"
#include "barometer/engine/engine.h"
#include "barometer/sample/sample.h"

namespace barometer {

enum class RowKind {
  kCategory,
  kNet,
  kTopBoxes,
  kBottomBoxes,
  kMean,
  kStandardDeviation,
  kMedian,
  kNps,
  kDontKnow,  // not in the table's base: a share of all in it and them together
};

bool is_share(RowKind kind);  // a part of its base, printed as a percentage

enum class ColumnKind { kTotal, kCategory, kRest, kOption };  // kOption: of a grid

struct BookColumn {
  ColumnKind kind = ColumnKind::kTotal;
  size_t group = 0;          // of the plan's banner; 0 for the total and grids
  std::vector<int> codes{};  // of the group's variables, outermost first; empty: total
  // All combinations of codes of a column that several were merged to, the first of which is
  // `codes`. Everything in it is made of its people, as of any other column.
  std::vector<std::vector<int>> merged{};
  std::vector<std::string> labels{};  // one a variable
  std::string letter{};  // "A" …, "AA" … after "Z"; each group starts at "A"; total and rests: none
  // Of a grid, what its cells are, as BookRow has it; the rows there are the items.
  RowKind figure = RowKind::kCategory;
  std::string answer{};
  double n = 0;  // unweighted base; of grids 0: each row has its own
  double weighted_base = 0;
  double effective_base = 0;  // Kish: (Σw)² / Σw²
  bool withheld = false;      // nothing prints its bases
};

struct BookRow {
  RowKind kind = RowKind::kCategory;
  std::string variable;  // of grids the item's own
  std::string answer;    // code as text, NET id, "mean", "sd", "median", "top2", "bottom2", "nps"
  std::string label;
  int level = 0;             // 1 under a NET, 2 under a sub-NET
  std::vector<int> codes{};  // that it is the sum of
  std::optional<int> rank{};
  bool hidden = false;  // in the base, not printed
};

enum class Arrow { kNone, kUp, kDown };

struct BookCell {
  std::optional<double> value{};  // share 0 … 1, mean, points of NPS (-100 … 100)
  std::string reason{};           // why there is none
  std::optional<double> se{}, lower{}, upper{}, df{};
  std::string no_interval{};
  double n = 0;      // unweighted base of this row (a mean's may leave out don't know)
  double count = 0;  // cases with the answer, unweighted
  double weighted_count = 0;
  double weighted_base = 0, effective_base = 0;
  // Places in BookTable::columns of those it is higher than: at the first level, and at the second
  // only those that are not in the first.
  std::vector<size_t> above{}, above_second{};
  // 1 higher, -1 lower than the rest of the group or the total, when these are compared; 2 and -2
  // at the first level.
  int against = 0;
  Arrow arrow = Arrow::kNone;  // in a sequence, from the column before
  bool suppressed = false;     // holds no numbers then
  // Its column is of a wave that did not ask the question so: nobody is in the base, though some
  // would have been. `reason` says it.
  bool not_available = false;
};

struct PairTest {
  size_t row = 0;
  size_t a = 0, b = 0;  // columns; b may be a rest or the total, and is `a` where that is not shown
  ColumnKind with = ColumnKind::kCategory;  // kRest: the rest of a's group, kTotal
  double difference = 0;
  double se = 0;
  double statistic = 0;
  double df = 0;  // infinite: normal
  double p = 1, p_adjusted = 1;
};

struct GroupTest {  // of a table by a banner group
  size_t group = 0;
  double statistic = 0, df = 0, df_denominator = 0, p = 1;
  std::string name{};    // "Rao-Scott F"
  std::string reason{};  // why there is none
};

// Covariances between the columns of one group, their rests and the total: of each row a matrix.
struct ColumnCovariances {
  size_t group = 0;
  std::vector<size_t> columns{};  // places in BookTable::columns
  std::vector<Matrix> of_rows{};  // each empty where the design gives no variance
};

struct BookTable {
  std::string id;  // "confidence", or with several weights "confidence@w2"; unique in the book
  std::string title, question, base_text, filter, weight;
  Variable variable;  // of a grid the first
  bool grid = false;
  // Of a number, where disclosure control takes it for one of whole values from 0 to this.
  std::optional<int> whole_to{};
  std::vector<BookColumn> columns;
  std::vector<BookRow> rows;
  std::vector<BookCell> cells;  // row by row
  std::vector<PairTest> tests;
  std::vector<GroupTest> group_tests;
  std::vector<ColumnCovariances> covariances;  // one a group; filled on request
  double not_asked = 0, no_answer = 0, refused = 0, dont_know = 0;  // cases, of the table's filter
  bool missing_withheld = false;  // these would give away a small count: nothing prints them
  bool dont_know_in_base = true;
  std::vector<std::string> notes;

  [[nodiscard]] const BookCell& at(size_t row, size_t column) const {
    return cells.at(row * columns.size() + column);
  }
  [[nodiscard]] BookCell& at(size_t row, size_t column) {
    return cells.at(row * columns.size() + column);
  }
};

// Whether its weights say something other than its counts: those that add up to the cases and still
// differ among them make the effective base smaller.
bool is_weighted(const BookTable& table);

struct Book {
  BookPlan plan;  // as resolved
  std::string method;
  std::vector<BookTable> tables;

  [[nodiscard]] const BookTable* find(std::string_view id) const;
};

struct BookOptions {
  bool covariances = false;                 // BookTable::covariances
  std::optional<double> df = std::nullopt;  // in place of PSUs - strata; may be infinite
  // One for each engine, or none at all: its sample, where the design says less than the variance
  // needs: replicate or calibrated weights, unequal probabilities, two phases, waves. The engines
  // are then those of engine_of_sample(); the samples outlive the call.
  std::vector<const Sample*> samples = {};
};

// An engine in memory of the cases of a sample and their final weights.
Result<std::shared_ptr<const Engine>> engine_of_sample(std::shared_ptr<const Dataset> data,
                                                       const Sample& sample, size_t threads);

// The codebook of an engine, with the categories of every variable that the plan names: a database
// knows those of a column of text only when it is asked. For resolved() and what is made of names
// before; the functions below do it themselves.
Result<Codebook> codebook_for(const Engine& engine, const BookPlan& plan, const Progress& progress);

// An engine for each weight of the plan, in its order, over the same cases.
// Errors of Engine::answer, of resolved(), and kUnsupported: what a database cannot give (medians).
Result<Book> make_book(const std::vector<const Engine*>& engines, const BookPlan& plan,
                       const BookOptions& options, const Progress& progress);

// Hands over each table when it is done, in order; nothing of it is kept. Large books.
Status each_table(const std::vector<const Engine*>& engines, const BookPlan& plan,
                  const BookOptions& options, const Progress& progress,
                  const std::function<Status(BookTable table)>& use);

}  // namespace barometer
