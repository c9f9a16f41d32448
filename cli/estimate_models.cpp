// Regressions, tests of their terms, predictions and effects; log-linear models.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/student_t.h"
#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/model/criteria.h"
#include "barometer/model/glm.h"
#include "barometer/model/loglinear.h"
#include "barometer/model/margins.h"
#include "barometer/model/ordinal.h"
#include "barometer/model/term_test.h"
#include "cli/estimate_request.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

Result<Formula> formula_in(const EstimateRequest& request) {
  std::string text;
  for (const std::string& word : request.names()) text += (text.empty() ? "" : " ") + word;
  return Formula::parse(text);
}

Result<GlmOptions> glm_options(const EstimateArguments& arguments) {
  GlmOptions options;
  options.stop_as_r = !arguments.converged;
  if (!arguments.family.empty()) options.family = TRY(parse_glm_family(arguments.family));
  if (!arguments.link.empty()) options.link = TRY(parse_glm_link(arguments.link));
  return options;
}

Result<TermTestOptions> term_options(const EstimateRequest& request) {
  TermTestOptions options;
  options.df = request.df;
  const std::string& method = request.arguments.method;
  if (method == "LRT" || method == "lrt") {
    options.method = TermTestMethod::kLikelihoodRatio;
  } else if (method == "WorkingWald") {
    options.method = TermTestMethod::kWorkingWald;
  } else if (!method.empty() && method != "Wald") {
    return fail(ErrorCode::kInvalid,
                fmt::format("--method {}: Wald, LRT and WorkingWald test terms", method));
  }
  return options;
}

AnswerLine line_of(const TermTest& test, const std::string& term) {
  AnswerLine line;
  line.label = "term " + term;
  line.variable = term;
  line.df = test.denominator_df;
  line.more = {{"statistic", test.statistic},
               {"F", test.f},
               {"df1", static_cast<double>(test.df)},
               {"p", test.p}};
  return line;
}

Status add_term_tests(const EstimateRequest& request, const GlmFit& fit, Answer& answer) {
  const TermTestOptions options = TRY(term_options(request));
  for (const std::string& term : fit.terms) {
    answer.lines.push_back(line_of(TRY(test_terms(fit, {term}, options)), term));
  }
  return {};
}

AnswerLine line_of(const EstimateRequest& request, const Margins& margins, size_t j,
                   const std::string& what) {
  AnswerLine line;
  line.in_covariance = false;
  line.label = what + " " + margins.labels[j];
  line.variable = margins.labels[j];
  const auto at = static_cast<Eigen::Index>(j);
  line.estimate = margins.estimated.value(at);
  line.se = margins.estimated.se(at);
  line.df = request.df.value_or(margins.estimated.df);
  set_t_interval(line, request.arguments.level, false);
  return line;
}

void add_margins(const EstimateRequest& request, const Margins& margins, const std::string& what,
                 Answer& answer) {
  for (size_t j = 0; j < margins.labels.size(); ++j) {
    answer.lines.push_back(line_of(request, margins, j, what));
  }
}

// --at: a CSV file, a column a covariate, a row a point.
Result<std::vector<CovariatePoint>> points_in(const Dataset& data, const std::string& file) {
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(TRY(read_file(file)), file, problems);
  if (!problems.ok()) return fail(ErrorCode::kInvalid, problems.text());
  std::vector<CovariatePoint> points(table.row_count());
  for (size_t column = 0; column < table.header().size(); ++column) {
    const std::string id = TRY(variable_named(data, table.header()[column].text));
    const bool number = data.codebook().find(id)->kind == VariableKind::kNumber;
    for (size_t row = 0; row < points.size(); ++row) {
      const CsvCell& cell = table.row(row)[column];
      if (!number) {
        points[row][id] = cell.text;
        continue;
      }
      const auto value = number_in(cell.text, id);
      if (!value) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}', row {}: '{}' is not a number", file, row + 1, cell.text));
      }
      points[row][id] = *value;
    }
  }
  return points;
}

Status add_predictions(const EstimateRequest& request, const GlmFit& fit, Answer& answer) {
  const auto points = TRY(points_in(request.data(), request.arguments.at));
  const PredictionScale scale =
      request.arguments.statistic == "link" ? PredictionScale::kLink : PredictionScale::kResponse;
  add_margins(request, TRY(predict_at(fit, request.data(), points, scale)), "predicted", answer);
  return {};
}

Status add_effects(const EstimateRequest& request, const GlmFit& fit, Answer& answer) {
  for (const std::string& name : names_in(request.arguments.margins_of)) {
    const std::string id = TRY(variable_named(request.data(), name));
    if (request.data().codebook().find(id)->kind != VariableKind::kNumber) {
      add_margins(request,
                  TRY(marginal_means(request.sample(), request.data(), fit, id, {},
                                     MarginVariance::kSummed, request.io.progress)),
                  "mean at", answer);
    }
    add_margins(request,
                TRY(average_effects(request.sample(), request.data(), fit, id,
                                    MarginVariance::kCovariatesFixed, request.io.progress)),
                "effect of", answer);
  }
  return {};
}

// Estimates with Wald intervals and tests.
void add_coefficients(const EstimateRequest& request, const Estimated& estimated,
                      const std::vector<std::string>& labels, double df, Answer& answer) {
  for (size_t j = 0; j < labels.size(); ++j) {
    AnswerLine line;
    line.label = line.variable = labels[j];
    const auto at = static_cast<Eigen::Index>(j);
    line.estimate = estimated.value(at);
    line.se = estimated.se(at);
    line.df = df;
    set_t_interval(line, request.arguments.level, false);
    std::optional<double> t, p;
    if (*line.se > 0 && df > 0) {
      t = *line.estimate / *line.se;
      p = t_two_sided(*t, df);
    }
    line.more = {{"t", t}, {"p", p}};
    answer.lines.push_back(std::move(line));
  }
  if (request.arguments.covariance) answer.covariance = estimated.covariance;
}

Result<OrdinalOptions> ordinal_options(const EstimateArguments& arguments) {
  OrdinalOptions options;
  if (arguments.link == "probit") {
    options.link = OrdinalLink::kProbit;
  } else if (!arguments.link.empty() && arguments.link != "logit") {
    return fail(ErrorCode::kInvalid,
                fmt::format("--link {}: of ordinal models logit and probit", arguments.link));
  }
  return options;
}

Result<Answer> answer_ordinal(const EstimateRequest& request, const Formula& formula) {
  const OrdinalFit fit =
      TRY(fit_ordinal(request.sample(), request.data(), formula, request.mask,
                      TRY(ordinal_options(request.arguments)), request.io.progress));
  Answer answer = request.answer();
  add_coefficients(request, fit.coefficients, fit.labels, request.df.value_or(fit.df_residual),
                   answer);
  if (!request.df) answer.df_rule = "of the design - slopes";
  answer.numbers = {{"df_residual", fit.df_residual},
                    {"deviance", fit.deviance},
                    {"n", static_cast<double>(fit.n)}};
  for (const std::string& term : fit.terms) {
    if (!request.arguments.terms) break;
    const TermTest test = TRY(test_ordinal_terms(fit, {term}, request.df));
    answer.lines.push_back(line_of(test, term));
  }
  return answer;
}

void add_tails(Answer& answer, const std::string& name, const RaoScottTails& tails) {
  answer.numbers.emplace_back(name, tails.statistic);
  answer.numbers.emplace_back(name + "_p_first_order", tails.first_order);
  answer.numbers.emplace_back(name + "_p_second_order", tails.second_order);
  answer.numbers.emplace_back(name + "_p_as_printed_by_r", tails.as_printed_by_r);
  answer.numbers.emplace_back(name + "_p_saddlepoint", tails.saddlepoint);
  answer.numbers.emplace_back(name + "_p_integration", tails.integration);
}

}  // namespace

Result<Answer> answer_glm(const EstimateRequest& request) {
  const Formula formula = TRY(formula_in(request));
  if (request.arguments.family == "ordinal") return answer_ordinal(request, formula);
  const GlmFit fit = TRY(fit_glm(request.sample(), request.data(), formula, request.mask,
                                 TRY(glm_options(request.arguments)), request.io.progress));
  Answer answer = request.answer();
  const double df = request.df.value_or(fit.df_residual);
  add_coefficients(request, fit.coefficients, fit.labels, df, answer);
  if (!request.df) answer.df_rule = "of the design + 1 - coefficients";
  answer.numbers = {
      {"df_residual", fit.df_residual}, {"dispersion", fit.dispersion}, {"deviance", fit.deviance}};
  if (fit.null_deviance) answer.numbers.emplace_back("null_deviance", *fit.null_deviance);
  if (request.survey.representatives) {
    answer.notes.emplace_back("AIC needs single cases, and is left out");
  } else if (const auto criteria = criteria_of(fit)) {
    answer.numbers.emplace_back("AIC", criteria->aic);
  }
  answer.numbers.emplace_back("n", static_cast<double>(fit.n));
  if (request.arguments.terms) TRY_DONE(add_term_tests(request, fit, answer));
  if (!request.arguments.at.empty()) TRY_DONE(add_predictions(request, fit, answer));
  if (!request.arguments.margins_of.empty()) TRY_DONE(add_effects(request, fit, answer));
  return answer;
}

Result<Answer> answer_loglinear(const EstimateRequest& request) {
  const auto words = request.names();
  if (words.size() > 2) {
    return fail(ErrorCode::kInvalid, "loglin takes a formula, and a larger one to compare with");
  }
  const LoglinearFit fit =
      TRY(fit_loglinear(request.sample(), request.data(), TRY(Formula::parse(words[0])),
                        request.mask, request.io.progress));
  Answer answer = request.answer();
  add_coefficients(request, fit.coefficients, fit.labels, request.df.value_or(fit.coefficients.df),
                   answer);
  answer.numbers = {{"deviance", fit.deviance}, {"n", static_cast<double>(fit.n)}};
  if (words.size() == 1) return answer;
  const LoglinearFit large =
      TRY(fit_loglinear(request.sample(), request.data(), TRY(Formula::parse(words[1])),
                        request.mask, request.io.progress));
  const LoglinearTest test = TRY(compare_loglinear(fit, large));
  answer.test = AnswerTest{"Rao-Scott comparison of log-linear models, second order",
                           test.deviance.statistic,
                           {static_cast<double>(test.df)},
                           test.deviance.second_order};
  add_tails(answer, "deviance_change", test.deviance);
  add_tails(answer, "score", test.score);
  return answer;
}

}  // namespace barometer::cli
