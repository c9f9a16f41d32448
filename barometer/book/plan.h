// The plan of a book of tables: what goes down the side, across the top, and into each cell.
//
// As YAML (docs/tables.md has every key), or from the words of the command line:
//   rows     'q1..q40'          every variable from q1 to q40, in the order of the data
//            'q*'               by pattern; several parts separated by commas
//            'confidence[mean,top2,nps]'     with statistics under its categories
//            'leave_*[grid]'    a battery as one table: its items down, its options across
//   banner   'role, region'     groups side by side; 'region > size' nests size in region
//            'role+rest'        each column has its rest beside it
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/base/result.h"
#include "barometer/data/codebook.h"
#include "barometer/hypothesis/multiple_comparison.h"
#include "barometer/significance/convention.h"
#include "barometer/study/study.h"

namespace barometer {

// A row under the categories of a table. Boxes and NPS need a scale; the mean and standard
// deviation a scale, scores or a number.
enum class RowStatistic {
  kMean,
  kStandardDeviation,
  kMedian,
  kTopBoxes,     // the share of the highest `boxes` points
  kBottomBoxes,  // of the lowest
  kNps,          // promoters (the highest 2 of a 0 … 10 scale) less detractors (0 … 6), in points
};

struct StatisticPlan {
  RowStatistic kind = RowStatistic::kMean;
  int boxes = 2;
};

enum class RowOrder { kQuestionnaire, kDescending, kAscending };  // by the share in the total

struct RowsPlan {
  std::vector<std::string> variables;  // ids; a table each, or the rows of one with `grid`
  bool grid = false;                   // the categories are the columns, in place of the banner
  // Declared here, beside those of the codebook. `within` is the id of the NET above it: a sub-NET.
  struct PlanNet {
    Net net;
    std::string within{};
  };
  std::vector<PlanNet> nets{};
  bool codebook_nets = true;
  std::vector<StatisticPlan> statistics{};
  std::vector<std::pair<int, double>> scores{};  // code, score; for means of categories; empty: codes
  RowOrder order = RowOrder::kQuestionnaire;
  std::vector<int> last{};                       // codes that stay at the end when sorted: "other"
  bool rank = false;                             // a rank beside each label
  std::vector<int> hidden{};                     // codes in the base that are not printed
  bool responses = false;  // multi: percent of responses in place of cases
  std::string filter{};    // expression; for these tables alone
  std::string title{};
};

// Columns of one group: the categories of a variable, or the combinations of nested ones.
struct BannerGroup {
  std::vector<std::string> variables;  // outermost first
  bool rest = false;                   // each column is followed by all others of its group
  bool sequence = false;               // waves: each is compared with the one before (arrows)
  std::string title{};                 // over the columns; empty: the outer variable's label
};

enum class PercentBase { kColumn, kRow, kTable };

// What a cell holds, in the order they are printed.
enum class Measure {
  kPercent,
  kCount,          // unweighted
  kWeightedCount,  // Σw
  kStandardError,  // of the percent, in points; of a mean in its unit
  kInterval,
  kLetters,  // columns it is higher than; arrows in a sequence
};

struct SignificancePlan {
  bool on = false;
  Convention convention = Convention::kDesign;
  std::vector<double> levels = {0.05};  // one or two: upper case for the first, lower for the second
  PAdjustment adjustment = PAdjustment::kNone;
  bool against_rest = false;   // each column with the rest of its group, in place of each other
  bool against_total = false;  // each column with the total it is part of
  int least_base = 30;         // columns of a smaller unweighted base are not tested
};

struct BookPlan {
  std::string title{};
  std::vector<RowsPlan> rows{};
  std::vector<BannerGroup> banner{};
  bool total = true;                      // a first column of all in the base
  std::vector<std::string> weights = {""};  // a book for each; "": the weight of the design
  std::string filter{};                   // of all tables
  std::vector<Measure> measures = {Measure::kPercent};
  PercentBase percent = PercentBase::kColumn;
  SignificancePlan significance{};
  bool rao_scott = false;  // a test of each table by each banner group, second-order F
  PrintRules print{};
  bool effective_base = false, weighted_base = true;  // rows under the unweighted base
};

// kInvalid with every mistake: file, line, column, the word, and what would be right.
Result<BookPlan> parse_book_plan(std::string_view yaml, const std::string& file_name);

// Words of --rows and --banner, looked up in a codebook. kNotFound with the nearest names.
Result<std::vector<RowsPlan>> parse_rows(std::string_view words, const Codebook& codebook);
Result<std::vector<BannerGroup>> parse_banner(std::string_view words, const Codebook& codebook);

// Ranges and patterns of a plan replaced by ids, and all checked against the variables: unknown
// ids, statistics that do not fit a kind, NETs of codes that are no answers, a banner of numbers.
Result<BookPlan> resolved(const BookPlan& plan, const Codebook& codebook);

}  // namespace barometer
