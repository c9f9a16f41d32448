// How the cases were drawn: strata, sampled units by stage, population sizes, weights.
//
// Stage 1 draws primary sampling units (PSUs) within strata, stage 2 draws units within each PSU,
// and so on. A Design keeps the cases in design order: sorted by stratum and unit, stage by stage,
// so that a stratum is a run of units and a unit is a run of cases. Variances are the nested
// formula of Särndal, Swensson & Wretman, "Model Assisted Survey Sampling", result 4.3.1, as in
// R survey's svyrecvar: stage 1 counts with its (N-n)/N, stage 2 with n1/N1 times its own, …; so
// stages below one without a population size add nothing, and are dropped once they are checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

// What a stratum with one sampled unit, out of several in the population, adds to the variance.
enum class LonelyPsu {
  kFail,       // the design is refused
  kRemove,     // nothing
  kCertainty,  // nothing: the unit was sure to be drawn
  kAdjust,     // its squared distance from the mean of all units of stage 1; below, from 0
  kAverage,    // the mean of what the other strata add
};
std::string_view name_of(LonelyPsu rule);  // "fail", "remove", "certainty", "adjust", "average"
Result<LonelyPsu> parse_lonely_psu(std::string_view word);

struct DesignSpec {
  size_t case_count = 0;
  // One list a stage, one code ≥ 0 a case. No list at all: every case was drawn by itself.
  std::vector<std::vector<int32_t>> ids;
  // Strata of stage 1, stage 2, …; shorter than `ids` when later stages have none.
  std::vector<std::vector<int32_t>> strata;
  // Of each stage, a case: population size of its stratum (in units of that stage), or, when no
  // value is over 1, the sampling fraction. Shorter than `ids`: later stages with replacement.
  std::vector<std::vector<double>> fpc;
  std::vector<double> weights;    // empty: each 1. A missing weight is NaN, and refused
  bool weights_from_fpc = false;  // weight = product over stages of N/n; `weights` is then empty
  bool nest = false;              // the same id in two strata means two units
  LonelyPsu lonely_psu = LonelyPsu::kFail;
  // A stratum with one unit in the domain, out of several drawn, counts as lonely too (kAdjust and
  // kAverage only; R's survey.adjust.domain.lonely).
  bool domain_lonely = false;

  // Where each row stands for several cases of the same unit, as in sums from a database: how many,
  // at least 1 each. Empty: every row is one case.
  std::vector<uint64_t> counts;

  // For messages; codes are shown where these are absent. Stages count from 0.
  std::function<std::string(size_t stage, int32_t code)> stratum_label;
  std::function<std::string(size_t stage, int32_t code)> unit_label;
  std::vector<std::string> stage_words;  // {"organisations", "people"}, for description()
};

struct Stratum {
  size_t first = 0, last = 0;  // its units among those of the stage: [first, last)
  double population = std::numeric_limits<double>::infinity();  // units of this stage in it

  [[nodiscard]] double sampled() const { return static_cast<double>(last - first); }
  [[nodiscard]] double unsampled_share() const;  // (N - n)/N; 1 for an infinite population
};

struct Stage {
  std::vector<Stratum> strata;
  // Strata of the i-th unit of the stage above (of the whole, at stage 1):
  // [group_begin[i], group_begin[i+1]), which counts in the variance with group_factor[i].
  std::vector<size_t> group_begin;
  std::vector<double> group_factor;
  size_t unit_count = 0;
};

class Design {
 public:
  // kInvalid, with row (from 1) or stratum and the value: lists of another length than the cases;
  // weights missing, negative or all zero; a population below its sample, or varying within the
  // stratum; sizes mixed with fractions; a missing or unnested id; a lonely unit under kFail.
  static Result<Design> make(DesignSpec spec);

  // The same design of cases that are put in design order: order() is then 0, 1, 2, …
  [[nodiscard]] Design in_design_order() &&;

  [[nodiscard]] size_t case_count() const { return case_count_; }
  [[nodiscard]] std::span<const double> weights() const& { return weights_; }  // in case order
  [[nodiscard]] bool unweighted() const { return unweighted_; }                // each weight is 1
  [[nodiscard]] LonelyPsu lonely_psu() const { return lonely_psu_; }
  [[nodiscard]] bool domain_lonely() const { return domain_lonely_; }
  // The case at each place of the design order.
  [[nodiscard]] std::span<const uint32_t> order() const& { return order_; }
  [[nodiscard]] const std::vector<Stage>& stages() const& { return stages_; }

  // Sums are kept by row. A row is a unit of the last stage or, where these are single cases
  // (elements()), a stratum of the last stage. Row r holds the places [row_begin[r],
  // row_begin[r+1]) of the design order.
  [[nodiscard]] bool elements() const { return elements_; }
  [[nodiscard]] size_t row_count() const { return row_begin_.size() - 1; }
  [[nodiscard]] std::span<const size_t> row_begin() const& { return row_begin_; }
  // Cases in the row; more than its places when the design was made of counts.
  [[nodiscard]] uint64_t cases_in_row(size_t row) const {
    return row_cases_.empty() ? row_begin_[row + 1] - row_begin_[row] : row_cases_[row];
  }

  // PSUs - strata, over the rows' counts of live cases (in the domain, with a weight above 0);
  // R survey's degf on a subset.
  [[nodiscard]] double df(std::span<const size_t> live_in_row) const;
  // "stratified two-stage design, organisations then people, with finite population correction"
  [[nodiscard]] const std::string& description() const& { return description_; }

 private:
  Design() = default;

  size_t case_count_ = 0;
  std::vector<double> weights_;
  bool unweighted_ = true;
  LonelyPsu lonely_psu_ = LonelyPsu::kFail;
  bool domain_lonely_ = false;
  std::vector<uint32_t> order_;
  std::vector<Stage> stages_;
  bool elements_ = false;
  std::vector<size_t> row_begin_;
  std::vector<uint64_t> row_cases_;
  std::string description_;
};

}  // namespace barometer
