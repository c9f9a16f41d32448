#include "barometer/design/design.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "barometer/design/order_internal.h"

namespace barometer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Below this a stratum counts as fully sampled, as in R survey.
constexpr double kNothingUnsampled = 1e-7;

std::string in_quotes(const std::function<std::string(size_t, int32_t)>& label, size_t stage,
                      int32_t code) {
  return fmt::format("'{}'", label ? label(stage, code) : std::to_string(code));
}

Status check_codes(const std::vector<std::vector<int32_t>>& lists, size_t n, const char* what) {
  for (size_t k = 0; k < lists.size(); ++k) {
    if (lists[k].size() != n) {
      return fail(ErrorCode::kInvalid, fmt::format("stage {}: {} {} codes for {} cases", k + 1,
                                                   lists[k].size(), what, n));
    }
    const auto missing =
        std::find_if(lists[k].begin(), lists[k].end(), [](int c) { return c < 0; });
    if (missing != lists[k].end()) {
      return fail(ErrorCode::kInvalid, fmt::format("row {} has no {} at stage {}",
                                                   missing - lists[k].begin() + 1, what, k + 1));
    }
  }
  return {};
}

Status check_weights(const DesignSpec& spec) {
  if (spec.weights.empty()) return {};
  if (spec.weights_from_fpc) {
    return fail(ErrorCode::kInvalid,
                "weights are given, and asked for from the population sizes: choose one");
  }
  if (spec.weights.size() != spec.case_count) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} weights for {} cases", spec.weights.size(), spec.case_count));
  }
  double largest = 0;
  double sum = 0;
  double squares = 0;
  for (size_t i = 0; i < spec.weights.size(); ++i) {
    const double w = spec.weights[i];
    if (std::isnan(w)) return fail(ErrorCode::kInvalid, fmt::format("row {} has no weight", i + 1));
    if (w < 0 || std::isinf(w)) {
      return fail(ErrorCode::kInvalid, fmt::format("row {}: the weight {} is not a finite number "
                                                   "of at least 0",
                                                   i + 1, w));
    }
    largest = std::max(largest, w);
    sum += w;
    squares += w * w;
  }
  if (!std::isfinite(sum) || !std::isfinite(squares)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("weights up to {} are too large to be squared and added", largest));
  }
  if (largest == 0) return fail(ErrorCode::kInvalid, "every weight is 0");
  return {};
}

// All values are population sizes (at least 1) or all are fractions (at most 1), over all stages.
Result<bool> fpc_are_fractions(const DesignSpec& spec) {
  struct Seen {
    size_t stage, row;
    double value;
  };
  std::optional<Seen> over, under;
  for (size_t k = 0; k < spec.fpc.size(); ++k) {
    if (spec.fpc[k].size() != spec.case_count) {
      return fail(ErrorCode::kInvalid, fmt::format("stage {}: {} population sizes for {} cases",
                                                   k + 1, spec.fpc[k].size(), spec.case_count));
    }
    for (size_t i = 0; i < spec.fpc[k].size(); ++i) {
      const double value = spec.fpc[k][i];
      if (!(value >= 0)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("row {}, stage {}: {} is neither a population size nor a fraction",
                                i + 1, k + 1, value));
      }
      if (value > 1 && !over) over = Seen{k, i, value};
      if (value < 1 && !under) under = Seen{k, i, value};
    }
  }
  if (over && under) {
    return fail(ErrorCode::kInvalid,
                fmt::format("row {}, stage {} has the population size {}, but row {}, stage {} the "
                            "sampling fraction {}: give sizes everywhere or fractions everywhere",
                            over->row + 1, over->stage + 1, over->value, under->row + 1,
                            under->stage + 1, under->value));
  }
  return !over;
}

Status check_counts(const DesignSpec& spec) {
  if (spec.counts.empty()) return {};
  if (spec.counts.size() != spec.case_count) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} counts for {} rows", spec.counts.size(), spec.case_count));
  }
  const auto none = std::find(spec.counts.begin(), spec.counts.end(), uint64_t{0});
  if (none == spec.counts.end()) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("row {} stands for no case", none - spec.counts.begin() + 1));
}

std::vector<uint64_t> cases_by_row(const Design& design, std::span<const uint64_t> counts) {
  std::vector<uint64_t> cases(design.row_count(), 0);
  for (size_t row = 0; row < cases.size(); ++row) {
    for (size_t at = design.row_begin()[row]; at < design.row_begin()[row + 1]; ++at) {
      cases[row] += counts[design.order()[at]];
    }
  }
  return cases;
}

// Cuts the sorted cases into strata and units, stage by stage, and checks each.
class Builder {
 public:
  Builder(const DesignSpec& spec, std::span<const uint32_t> order)
      : spec_(spec), order_(order), stages_(std::max<size_t>(1, spec.ids.size())) {}

  Status build(bool fractions) {
    cut();
    TRY_DONE(check_nesting());
    for (size_t k = 0; k < spec_.fpc.size(); ++k) TRY_DONE(set_populations(k, fractions));
    set_factors();
    for (size_t k = 0; k < stages_.size(); ++k) TRY_DONE(check_lonely(k));
    return {};
  }

  // Stages that can add to a variance, from the first.
  [[nodiscard]] size_t counted_stages() const {
    size_t count = 1;
    while (count < stages_.size() && matters(stages_[count].stage)) ++count;
    return count;
  }

  std::vector<Stage> take_stages(size_t count) {
    std::vector<Stage> kept;
    for (size_t k = 0; k < count; ++k) kept.push_back(std::move(stages_[k].stage));
    return kept;
  }
  [[nodiscard]] std::vector<size_t> unit_begins(size_t k) const { return stages_[k].unit_begin; }
  // Where each stratum of stage k begins in the design order, and the end.
  [[nodiscard]] std::vector<size_t> stratum_begins(size_t k) const {
    std::vector<size_t> begins = stages_[k].stratum_begin;
    begins.push_back(order_.size());
    return begins;
  }

  [[nodiscard]] std::vector<double> inverse_fractions() const {
    std::vector<double> weights(spec_.case_count, 1.0);
    for (const Cut& cut : stages_) {
      for (size_t s = 0; s < cut.stage.strata.size(); ++s) {
        const Stratum& stratum = cut.stage.strata[s];
        if (std::isinf(stratum.population)) continue;
        const double factor = stratum.population / stratum.sampled();
        const size_t end =
            s + 1 < cut.stratum_begin.size() ? cut.stratum_begin[s + 1] : order_.size();
        for (size_t i = cut.stratum_begin[s]; i < end; ++i) weights[order_[i]] *= factor;
      }
    }
    return weights;
  }

 private:
  struct Cut {
    Stage stage;
    std::vector<size_t> stratum_begin;  // places in the design order
    std::vector<size_t> unit_begin;     // and, once cut, the end
  };

  static bool matters(const Stage& stage) {
    return std::any_of(stage.group_factor.begin(), stage.group_factor.end(),
                       [](double factor) { return factor > 0; });
  }

  [[nodiscard]] bool differs(const std::vector<std::vector<int32_t>>& lists, size_t k,
                             size_t place) const {
    return k < lists.size() && lists[k][order_[place]] != lists[k][order_[place - 1]];
  }

  void cut() {
    for (size_t place = 0; place < order_.size(); ++place) {
      bool new_group = place == 0;
      for (size_t k = 0; k < stages_.size(); ++k) new_group = cut_at(k, place, new_group);
    }
    for (Cut& cut : stages_) {
      cut.stage.group_begin.push_back(cut.stage.strata.size());
      cut.stage.unit_count = cut.stage.strata.empty() ? 0 : cut.stage.strata.back().last;
      cut.unit_begin.push_back(order_.size());
    }
    if (order_.empty()) stages_[0].stage.group_begin = {0, 0};
  }

  // True when a unit of stage k begins here, so that a group begins below it.
  bool cut_at(size_t k, size_t place, bool new_group) {
    Cut& cut = stages_[k];
    if (new_group) cut.stage.group_begin.push_back(cut.stage.strata.size());
    const bool new_stratum = new_group || differs(spec_.strata, k, place);
    if (new_stratum) {
      const size_t first = cut.stage.strata.empty() ? 0 : cut.stage.strata.back().last;
      cut.stage.strata.push_back({first, first, kInfinity});
      cut.stratum_begin.push_back(place);
    }
    const bool new_unit = new_stratum || spec_.ids.empty() || differs(spec_.ids, k, place);
    if (new_unit) {
      cut.unit_begin.push_back(place);
      // Rows that stand for several cases, each of them a unit.
      const bool many = spec_.ids.empty() && !spec_.counts.empty();
      cut.stage.strata.back().last += many ? spec_.counts[order_[place]] : 1;
    }
    return new_unit;
  }

  // The same id in two strata of one parent is two units only when `nest` says so.
  Status check_nesting() {
    if (spec_.nest) return {};
    for (size_t k = 0; k < std::min(spec_.strata.size(), spec_.ids.size()); ++k) {
      const Stage& stage = stages_[k].stage;
      std::vector<std::tuple<size_t, int32_t, size_t>> found;  // group, id, place
      for (size_t g = 0; g + 1 < stage.group_begin.size(); ++g) {
        for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
          for (size_t u = stage.strata[s].first; u < stage.strata[s].last; ++u) {
            const size_t place = stages_[k].unit_begin[u];
            found.emplace_back(g, spec_.ids[k][order_[place]], place);
          }
        }
      }
      std::sort(found.begin(), found.end());
      const auto twice = std::adjacent_find(found.begin(), found.end(), [](auto& a, auto& b) {
        return std::get<0>(a) == std::get<0>(b) && std::get<1>(a) == std::get<1>(b);
      });
      if (twice != found.end()) {
        return unnested(k, std::get<2>(*twice), std::get<2>(*std::next(twice)));
      }
    }
    return {};
  }

  [[nodiscard]] Status unnested(size_t k, size_t place, size_t other) const {
    const uint32_t a = order_[place];
    const uint32_t b = order_[other];
    return fail(ErrorCode::kInvalid,
                fmt::format("the unit {} of stage {} is in stratum {} (row {}) and in stratum {} "
                            "(row {}); if these are two units, ask for nested ids",
                            in_quotes(spec_.unit_label, k, spec_.ids[k][a]), k + 1,
                            in_quotes(spec_.stratum_label, k, spec_.strata[k][a]), a + 1,
                            in_quotes(spec_.stratum_label, k, spec_.strata[k][b]), b + 1));
  }

  // "stratum 'E'", "stage 2, unit '413'", "stage 1"
  [[nodiscard]] std::string name(size_t k, size_t stratum) const {
    const uint32_t row = order_[stages_[k].stratum_begin[stratum]];
    std::string text;
    if (k < spec_.strata.size()) {
      text = "stratum " + in_quotes(spec_.stratum_label, k, spec_.strata[k][row]);
    }
    if (k > 0 || text.empty()) {
      text = fmt::format("stage {}{}{}", k + 1, text.empty() ? "" : ", ", text);
    }
    if (k > 0) text += ", unit " + in_quotes(spec_.unit_label, k - 1, spec_.ids[k - 1][row]);
    return text;
  }

  Status set_populations(size_t k, bool fractions) {
    Cut& cut = stages_[k];
    for (size_t s = 0; s < cut.stage.strata.size(); ++s) {
      const size_t end =
          s + 1 < cut.stratum_begin.size() ? cut.stratum_begin[s + 1] : order_.size();
      const double given = spec_.fpc[k][order_[cut.stratum_begin[s]]];
      for (size_t place = cut.stratum_begin[s]; place < end; ++place) {
        const double here = spec_.fpc[k][order_[place]];
        if (here != given) {
          return fail(ErrorCode::kInvalid,
                      fmt::format("{}: the population size varies, {} in row {} and {} in row {}",
                                  name(k, s), given, order_[cut.stratum_begin[s]] + 1, here,
                                  order_[place] + 1));
        }
      }
      Stratum& stratum = cut.stage.strata[s];
      stratum.population = fractions ? stratum.sampled() / given : given;
      if (stratum.population < stratum.sampled()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: the population size is {}, but {} were sampled", name(k, s),
                                given, stratum.sampled()));
      }
    }
    return {};
  }

  // The factor of a group is that of the group its unit stands in, times n/N of its stratum.
  void set_factors() {
    stages_[0].stage.group_factor = {1.0};
    for (size_t k = 1; k < stages_.size(); ++k) {
      const Stage& above = stages_[k - 1].stage;
      for (size_t g = 0; g + 1 < above.group_begin.size(); ++g) {
        for (size_t s = above.group_begin[g]; s < above.group_begin[g + 1]; ++s) {
          const Stratum& stratum = above.strata[s];
          const double factor = above.group_factor[g] * stratum.sampled() / stratum.population;
          stages_[k].stage.group_factor.insert(stages_[k].stage.group_factor.end(),
                                               stratum.last - stratum.first, factor);
        }
      }
    }
  }

  [[nodiscard]] Status check_lonely(size_t k) const {
    if (spec_.lonely_psu != LonelyPsu::kFail) return {};
    const Stage& stage = stages_[k].stage;
    for (size_t g = 0; g + 1 < stage.group_begin.size(); ++g) {
      if (stage.group_factor[g] == 0) continue;
      for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
        const Stratum& stratum = stage.strata[s];
        if (stratum.last - stratum.first > 1 || stratum.unsampled_share() == 0) continue;
        return fail(ErrorCode::kInvalid,
                    fmt::format("{} has only one sampled unit{}, so it shows no variance; choose "
                                "how lonely units count: remove, certainty, adjust or average",
                                name(k, s),
                                std::isinf(stratum.population)
                                    ? std::string()
                                    : fmt::format(" of {}", stratum.population)));
      }
    }
    return {};
  }

  const DesignSpec& spec_;
  std::span<const uint32_t> order_;
  std::vector<Cut> stages_;
};

std::string describe(const DesignSpec& spec, const std::vector<Stage>& stages, bool elements) {
  const bool finite = std::any_of(stages.begin(), stages.end(), [](const Stage& stage) {
    return std::any_of(stage.strata.begin(), stage.strata.end(),
                       [](const Stratum& s) { return !std::isinf(s.population); });
  });
  const size_t drawn = std::max<size_t>(1, spec.ids.size());
  static constexpr const char* kNumber[] = {"", "one", "two", "three", "four", "five"};
  std::string text = spec.strata.empty() ? "" : "stratified ";
  if (drawn > 1) {
    text += (drawn < 6 ? std::string(kNumber[drawn]) : std::to_string(drawn)) + "-stage design";
  } else if (!elements) {
    text += "cluster design";
  } else {
    text += spec.strata.empty() ? "simple random sample" : "random sample";
  }
  for (size_t k = 0; k < spec.stage_words.size(); ++k) {
    text += (k == 0 ? ", " : " then ") + spec.stage_words[k];
  }
  return text + (finite ? ", with finite population correction"
                        : ", without finite population correction");
}

std::vector<std::span<const int32_t>> sort_keys(const DesignSpec& spec) {
  std::vector<std::span<const int32_t>> keys;
  for (size_t k = 0; k < std::max(spec.ids.size(), spec.strata.size()); ++k) {
    if (k < spec.strata.size()) keys.emplace_back(spec.strata[k]);
    if (k < spec.ids.size()) keys.emplace_back(spec.ids[k]);
  }
  return keys;
}

Status check_shape(const DesignSpec& spec) {
  if (spec.case_count > std::numeric_limits<uint32_t>::max()) {
    return fail(ErrorCode::kLimit, fmt::format("{} cases; the limit is 2^32 - 1", spec.case_count));
  }
  const size_t stages = std::max<size_t>(1, spec.ids.size());
  if (spec.strata.size() > stages || spec.fpc.size() > stages) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} of strata and {} of population sizes for {}",
                            fmt::format("{} stages", spec.strata.size()), spec.fpc.size(),
                            stages == 1 ? "one stage" : fmt::format("{} stages", stages)));
  }
  if (spec.weights_from_fpc && spec.fpc.empty()) {
    return fail(ErrorCode::kInvalid,
                "weights are asked for from the population sizes, but there are none");
  }
  TRY_DONE(check_counts(spec));
  TRY_DONE(check_codes(spec.ids, spec.case_count, "unit"));
  TRY_DONE(check_codes(spec.strata, spec.case_count, "stratum"));
  return check_weights(spec);
}

size_t count_in(const Stratum& stratum, size_t index, std::span<const size_t> live,
                bool rows_are_strata) {
  if (rows_are_strata) return live[index];
  const auto units = live.subspan(stratum.first, stratum.last - stratum.first);
  return std::accumulate(units.begin(), units.end(), size_t{0});
}

}  // namespace

std::string_view name_of(LonelyPsu rule) {
  switch (rule) {
    case LonelyPsu::kFail:
      return "fail";
    case LonelyPsu::kRemove:
      return "remove";
    case LonelyPsu::kCertainty:
      return "certainty";
    case LonelyPsu::kAdjust:
      return "adjust";
    case LonelyPsu::kAverage:
      return "average";
  }
  return "";
}

Result<LonelyPsu> parse_lonely_psu(std::string_view word) {
  for (const LonelyPsu rule : {LonelyPsu::kFail, LonelyPsu::kRemove, LonelyPsu::kCertainty,
                               LonelyPsu::kAdjust, LonelyPsu::kAverage}) {
    if (name_of(rule) == word) return rule;
  }
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is no rule for lonely units; fail, remove, "
                                               "certainty, adjust and average are",
                                               word));
}

double Stratum::unsampled_share() const {
  if (std::isinf(population)) return 1;
  const double share = (population - sampled()) / population;
  return share < kNothingUnsampled ? 0 : share;
}

Result<Design> Design::make(DesignSpec spec) {
  TRY_DONE(check_shape(spec));
  const bool fractions = TRY(fpc_are_fractions(spec));

  Design design;
  design.case_count_ = spec.case_count;
  design.lonely_psu_ = spec.lonely_psu;
  design.domain_lonely_ = spec.domain_lonely;
  design.order_ = stable_order(spec.case_count, sort_keys(spec));
  Builder builder(spec, design.order_);
  TRY_DONE(builder.build(fractions));

  design.weights_ = spec.weights_from_fpc  ? builder.inverse_fractions()
                    : spec.weights.empty() ? std::vector<double>(spec.case_count, 1.0)
                                           : std::move(spec.weights);
  design.unweighted_ =
      std::all_of(design.weights_.begin(), design.weights_.end(), [](double w) { return w == 1; });
  const size_t last = builder.counted_stages() - 1;
  std::vector<size_t> unit_begins = builder.unit_begins(last);
  const bool several =
      std::any_of(spec.counts.begin(), spec.counts.end(), [](uint64_t count) { return count > 1; });
  design.elements_ = unit_begins.size() == spec.case_count + 1 && (spec.ids.empty() || !several);
  design.row_begin_ = design.elements_ ? builder.stratum_begins(last) : std::move(unit_begins);
  if (!spec.counts.empty()) design.row_cases_ = cases_by_row(design, spec.counts);
  design.stages_ = builder.take_stages(last + 1);
  design.description_ = describe(spec, design.stages_, design.elements_);
  return design;
}

Design Design::in_design_order() && {
  Design sorted = std::move(*this);
  std::vector<double> weights;
  weights.reserve(sorted.order_.size());
  for (const uint32_t i : sorted.order_) weights.push_back(sorted.weights_[i]);
  sorted.weights_ = std::move(weights);
  std::iota(sorted.order_.begin(), sorted.order_.end(), 0U);
  return sorted;
}

double Design::df(std::span<const size_t> live_in_row) const {
  CHECK(live_in_row.size() == row_count(), "one count a row");
  std::vector<size_t> live(live_in_row.begin(), live_in_row.end());
  bool rows_are_strata = elements_;  // else units
  for (size_t k = stages_.size(); k-- > 1; rows_are_strata = false) {
    const Stage& stage = stages_[k];
    std::vector<size_t> above(stages_[k - 1].unit_count, 0);
    for (size_t g = 0; g < above.size(); ++g) {
      for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
        above[g] += count_in(stage.strata[s], s, live, rows_are_strata);
      }
    }
    live = std::move(above);
  }
  // Of stage 1: a live element is a live PSU; of clusters, those with any live case.
  if (!rows_are_strata) {
    std::replace_if(live.begin(), live.end(), [](size_t count) { return count > 0; }, size_t{1});
  }
  size_t psus = 0;
  size_t strata = 0;
  for (size_t s = 0; s < stages_[0].strata.size(); ++s) {
    const size_t here = count_in(stages_[0].strata[s], s, live, rows_are_strata);
    psus += here;
    if (here > 0) ++strata;
  }
  return static_cast<double>(psus) - static_cast<double>(strata);
}

}  // namespace barometer
