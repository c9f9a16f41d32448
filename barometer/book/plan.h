// The plan of a book of tables: what goes down the side, across the top, and into each cell.
//
// As YAML (docs/tables.md has every key), or from the words of the command line:
//   rows     'q1..q40'          every variable from q1 to q40, in the order of the data
//            'q*'               by pattern; several parts separated by commas
//            'confidence[mean,top2,nps]'     with statistics under its categories
//            'leave_*[grid]'    a battery as one table: its items down, its options across
//   banner   'role, region'     groups side by side; 'region > size' nests size in region
//            'role+rest'        each column has its rest beside it
//            'wave+sequence'    each column is compared with the one before
// In brackets: mean sd median nps topN bottomN dont_know, codes (they are amounts, and score
// themselves), grid responses rank descending ascending no_nets. Ranges and patterns leave open
// text out, and what stands in their brackets applies where it fits, at least once; with a name it
// must fit.
//
// A plan is read in two steps, because names mean something only in a codebook: the parsers keep
// what was written, with its place, and resolved() turns it into ids and codes. What is in
// RowsPlan::Written and in the words of `variables` is for resolved() alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/base/result.h"
#include "barometer/data/codebook.h"
#include "barometer/data/dataset.h"
#include "barometer/hypothesis/multiple_comparison.h"
#include "barometer/significance/convention.h"
#include "barometer/study/study.h"

namespace barometer {

// A row under the categories of a table. Boxes and NPS need a scale or scores; don't know that it
// is no answer of the base, and no grid; the others a scale, scores or a number.
enum class RowStatistic {
  kMean,
  kStandardDeviation,
  kMedian,
  kTopBoxes,     // the share of the highest `boxes` points
  kBottomBoxes,  // of the lowest
  kNps,          // promoters (the highest 2 of a 0 … 10 scale) less detractors (0 … 6), in points
  kDontKnow,     // those who said so and are not in the base, of them and the base together
};

struct StatisticPlan {
  RowStatistic kind = RowStatistic::kMean;
  int boxes = 2;

  bool operator==(const StatisticPlan&) const = default;
};
// "mean", "sd", "median", "nps", "top2", "bottom3", "dont_know": in plans, and BookRow::answer.
std::string name_of(const StatisticPlan& statistic);

enum class RowOrder { kQuestionnaire, kDescending, kAscending };  // by the share in the total

struct RowsPlan {
  // Ids; a table each, or the rows of one with `grid`. Resolved, there is one without `grid`.
  std::vector<std::string> variables{};
  bool grid = false;  // the categories are the columns, in place of the banner
  // A NET declared here, beside those of the codebook.
  struct PlanNet {
    Net net{};
    std::string within{};  // id of the NET above it, which holds all its codes: a sub-NET
    std::vector<std::string> answers{};  // as written: labels or codes; empty when resolved
    Place place{};
  };
  std::vector<PlanNet> nets{};
  bool codebook_nets = true;
  std::vector<StatisticPlan> statistics{};
  // Code, score: for means of categories, whose codes are names. Answers without a score are not
  // in the base of the mean. Empty for scales and numbers: their values.
  std::vector<std::pair<int, double>> scores{};
  RowOrder order = RowOrder::kQuestionnaire;
  std::vector<int> last{};    // codes that stay at the end when sorted: "other"
  bool rank = false;          // a rank beside each label
  std::vector<int> hidden{};  // codes in the base that are not printed
  bool responses = false;     // multi: percent of responses in place of cases
  std::string filter{};       // expression; for these tables alone
  std::string title{};
  struct Written {  // labels or codes
    std::vector<std::pair<std::string, double>> scores{};
    std::vector<std::string> last{}, hidden{};
    bool codes_are_scores = false;
  };
  Written written{};
  Place place{};
};

// Columns of one group: the categories of a variable, or the combinations of nested ones.
struct BannerGroup {
  std::vector<std::string> variables{};  // outermost first
  bool rest = false;                     // each column is followed by all others of its group
  bool sequence = false;                 // waves: each is compared with the one before (arrows)
  std::string title{};                   // over the columns; empty: the outer variable's label
  // Columns put together (disclosure/recode_book.h; no plan file says it): of each column the
  // combinations of codes that are in it, every one in one column. Empty: each is its own.
  std::vector<std::vector<std::vector<int>>> merged{};
  Place place{};
};

// A multi-response variable made of 0/1 columns. Whoever has a value in one of the columns is in
// its base, also with nothing chosen.
struct MultiSet {
  std::string id{};
  std::string label{};
  std::vector<std::string> from{};  // ids, ranges and patterns; an option each
  int value = 1;                    // that counts as chosen
  Place place{};
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
std::string_view name_of(Measure measure);   // "percent", "count", "weighted_count", "se", …
std::string_view name_of(PercentBase base);  // "column", "row", "table"
// Words of --cells: 'percent, count, letters'.
Result<std::vector<Measure>> parse_measures(std::string_view words);

struct SignificancePlan {
  bool on = false;
  Convention convention = Convention::kDesign;
  // One or two, ascending: upper case for the first, lower for the second.
  std::vector<double> levels = {0.05};
  PAdjustment adjustment = PAdjustment::kNone;
  bool against_rest = false;   // each column with the rest of its group, in place of each other
  bool against_total = false;  // each column with the total it is part of
  int least_base = 30;         // columns of a smaller unweighted base are not tested
};

struct BookPlan {
  std::string title{};
  // Of a study its waves' ids, else "NAME=FILE": whoever opens the data stacks them, as the
  // variable "wave".
  std::vector<std::string> waves{};
  std::vector<RowsPlan> rows{};
  std::vector<BannerGroup> banner{};
  bool total = true;                        // a first column of all in the base
  std::vector<std::string> weights = {""};  // a book for each; "": the weight of the design
  std::string filter{};                     // of all tables
  // Where filter and weights were written, for messages.
  Place filter_place{}, weights_place{};
  std::vector<MultiSet> multi{};
  std::vector<Measure> measures = {Measure::kPercent};
  PercentBase percent = PercentBase::kColumn;
  SignificancePlan significance{};
  bool rao_scott = false;  // a test of each table by each banner group, second-order F
  PrintRules print{};
  bool has_print = false;  // `print` was written; else the rules of a study may take its place
  bool effective_base = false, weighted_base = true;  // rows under the unweighted base
};

// kInvalid with every mistake: file, line, column, the word, and what would be right.
Result<BookPlan> parse_book_plan(std::string_view yaml, const std::string& file_name);

// Words of --rows and --banner, resolved in a codebook. kInvalid with every mistake, as above; the
// file is then "--rows" or "--banner".
Result<std::vector<RowsPlan>> parse_rows(std::string_view words, const Codebook& codebook);
Result<std::vector<BannerGroup>> parse_banner(std::string_view words, const Codebook& codebook);

// Ranges and patterns of a plan replaced by ids, labels by codes, one RowsPlan a table; and all
// checked against the variables: unknown names, statistics that do not fit a kind, NETs of codes
// that are no answers, a banner of numbers, filters. kInvalid with every mistake. Resolving a
// resolved plan changes nothing. Multi-response sets that the codebook lacks are taken as declared:
// with_multi_sets makes their columns.
Result<BookPlan> resolved(const BookPlan& plan, const Codebook& codebook);

// The codes whose shares a row of boxes adds, and those that NPS takes off: by scores where there
// are some, else the points between the ends of the scale. Empty for the other statistics.
struct StatisticCodes {
  std::vector<int> added{}, taken{};
};
StatisticCodes codes_of(const StatisticPlan& statistic, const Variable& variable,
                        const std::vector<std::pair<int, double>>& scores);

// The data with a multi variable for each set of a resolved plan that it does not have yet.
// Any other code than the chosen one is "not chosen". kNotFound: a column that is not there;
// kInvalid: a number that is neither the chosen one nor 0.
Result<Dataset> with_multi_sets(const Dataset& data, const std::vector<MultiSet>& sets);

}  // namespace barometer
