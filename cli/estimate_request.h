// One run of `barometer estimate`: what was asked, and the survey it is asked of. Each estimand is
// a function from a request to an answer; estimate.cpp has the list.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "barometer/estimand/deff.h"
#include "barometer/sample/functional.h"
#include "cli/answer.h"
#include "cli/organisation.h"
#include "cli/survey.h"

namespace barometer::cli {

struct EstimateArguments {
  SurveyOptions survey;
  std::string where;
  double level = 0.95;
  std::string df;
  std::string format = "text";
  std::string by;
  bool covariance = false, cv = false, listwise = false, keep_missing = false;
  std::string deff;                // "", "wor" or "replace"
  std::vector<std::string> words;  // the estimand, then its variables
  std::string probs, rule = "math", interval = "mean", method, statistic, test, family, link, mu;
  std::string expected, standard_by, at, of, imputations, margins_of;
  OrganisationOptions organisation;
  bool terms = false, converged = false;
};

// What the run will look at.
Result<Asked> asked_of(const EstimateArguments& arguments);

struct EstimateRequest {
  const EstimateArguments& arguments;
  OpenSurvey survey;
  std::vector<uint8_t> mask;  // of --where; empty: all
  std::optional<double> df;   // of --df
  const Io& io;

  [[nodiscard]] const Dataset& data() const { return *survey.data; }
  [[nodiscard]] const Sample& sample() const { return survey.sample; }
  // The words after the estimand.
  [[nodiscard]] std::vector<std::string> names() const {
    return {arguments.words.begin() + 1, arguments.words.end()};
  }
  // An answer with what is common to all.
  [[nodiscard]] Answer answer() const;
};

using EstimateHandler = Result<Answer> (*)(const EstimateRequest&);

// estimate_values.cpp
Result<Answer> answer_means(const EstimateRequest& request);
Result<Answer> answer_totals(const EstimateRequest& request);
Result<Answer> answer_proportions(const EstimateRequest& request);
Result<Answer> answer_ratio(const EstimateRequest& request);
Result<Answer> answer_variances(const EstimateRequest& request);
Result<Answer> answer_correlations(const EstimateRequest& request);
Result<Answer> answer_standardized(const EstimateRequest& request);
// estimate_organisations.cpp
Result<Answer> answer_organisations(const EstimateRequest& request);
// estimate_contrasts.cpp
Result<Answer> answer_contrasts(const EstimateRequest& request);
// estimate_intervals.cpp
Result<Answer> answer_quantiles(const EstimateRequest& request);
Result<Answer> answer_proportion_intervals(const EstimateRequest& request);
// estimate_tests.cpp
Result<Answer> answer_table_test(const EstimateRequest& request);
Result<Answer> answer_fit_test(const EstimateRequest& request);
Result<Answer> answer_t_test(const EstimateRequest& request);
Result<Answer> answer_rank_test(const EstimateRequest& request);
Result<Answer> answer_kappa(const EstimateRequest& request);
Result<Answer> answer_alpha(const EstimateRequest& request);
// estimate_models.cpp
Result<Answer> answer_glm(const EstimateRequest& request);
Result<Answer> answer_loglinear(const EstimateRequest& request);

// Lines that share a functional and a base.
struct EstimatePart {
  std::function<FunctionalPtr()> make;  // none: nothing to estimate, and `reason` says why
  std::vector<AnswerLine> lines;        // one an entry of the functional: labels filled in
  std::vector<uint8_t> proportion;      // one a line: 1 for a share of 0 … 1
  std::vector<uint8_t> base;            // mask of the cases of the base
  std::string reason;
  // Design effects from the part's covariance; empty: there are none.
  std::function<Result<std::vector<DesignEffect>>(Domain, const Matrix&)> deff;
};
// Estimates every part, and the covariance across all when it was asked for. `order` lists (part,
// line of the part) as they are to be printed; empty: as they are.
Result<Answer> answer_parts(const EstimateRequest& request, std::vector<EstimatePart> parts,
                            const std::vector<std::pair<size_t, size_t>>& order = {});
// Parts by variable and, in each, by domain of --by; and the order in which R prints them:
// variable, then entry, then domain.
struct EstimatePlan {
  std::vector<EstimatePart> parts;
  std::vector<std::pair<size_t, size_t>> order;
};
// The plan of "mean", "total" or "prop" of some variables, or the "ratio" of two.
Result<EstimatePlan> plan_of(const EstimateRequest& request, const std::string& estimand,
                             const std::vector<std::string>& names);

// n, weighted and effective base of a line, over the cases of a mask (empty: all).
void set_base(AnswerLine& line, const EstimateRequest& request, Domain base);
// "E:api00"; without a domain the label itself.
std::string domain_label(const std::string& domain, const std::string& label);
// Sets the interval of a line from its estimate, SE and df; says why when there is none.
void set_t_interval(AnswerLine& line, double level, bool proportion);

}  // namespace barometer::cli
