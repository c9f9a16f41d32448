// barometer estimate: design-based estimates, tests and models of a data file.
#include "cli/estimate_request.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/data/expression.h"
#include "barometer/model/imputation.h"

namespace barometer::cli {
namespace {

struct Estimand {
  const char* name;
  EstimateHandler handler;
  size_t least_words;  // after the name
  const char* help;
  std::string_view takes;  // options that not all take: by df deff cv where
};

constexpr std::array<Estimand, 18> kEstimands = {{
    {"mean", answer_means, 1, "mean V…          of numbers; of categories one share a level",
     "by df deff cv where"},
    {"total", answer_totals, 1, "total V…         population totals", "by df deff cv where"},
    {"prop", answer_proportions, 1, "prop V…          shares of levels; a:b for joint levels",
     "by df deff cv where"},
    {"ratio", answer_ratio, 2, "ratio NUM DEN    ratio of two totals", "by df deff cv where"},
    {"quantile", answer_quantiles, 1, "quantile V…      --probs .25,.5,.75 --rule --interval",
     "by df where"},
    {"var", answer_variances, 1, "var V…           population variances and covariances",
     "by df cv where"},
    {"cor", answer_correlations, 2, "cor V W…         correlations", "by df cv where"},
    {"ciprop", answer_proportion_intervals, 1,
     "ciprop EXPR      a share with --method logit|likelihood|asin|beta|xlogit|wilson|mean",
     "by df where"},
    {"contrast", answer_contrasts, 1,
     "contrast EXPR…   of means (or --of total, prop): 'api00 - api99', 'E:api00 / H:api00'",
     "by df where"},
    {"standardize", answer_standardized, 1,
     "standardize V…   --standard-by AGE --population POP.csv [--by G]", "by df deff cv"},
    {"chisq", answer_table_test, 2,
     "chisq ROW COL    --statistic F|Chisq|Wald|adjWald|lincom|saddlepoint", "where"},
    {"gof", answer_fit_test, 1, "gof V            --expected SHARES.csv", "where"},
    {"ttest", answer_t_test, 1, "ttest 'y ~ g'    or ttest V --mu 0", "where"},
    {"ranktest", answer_rank_test, 1,
     "ranktest 'y ~ g' --test wilcoxon|vanderwaerden|median|kruskal", "where"},
    {"kappa", answer_kappa, 2, "kappa A B        agreement of two raters", "where"},
    {"alpha", answer_alpha, 2, "alpha V…         Cronbach's alpha of a scale", "where"},
    {"glm", answer_glm, 1,
     "glm 'y ~ x'      --family gaussian|binomial|poisson|gamma|ordinal [--terms] [--margins]",
     "df where"},
    {"loglin", answer_loglinear, 1, "loglin '~a+b'    log-linear model; a second formula is tested",
     "df where"},
}};

std::string estimands_help() {
  std::string text =
      "the estimand and its variables. A variable of levels gives one estimate a level.\n";
  for (const Estimand& estimand : kEstimands) text += fmt::format("  {}\n", estimand.help);
  return text;
}

// ---- what the file is ------------------------------------------------------------------------

constexpr std::array<double, 5> kCodesForMissing = {-1, -2, -7, -8, -9};

// Responses of a study code what is missing below 0, and here such codes would count as numbers.
void warn_of_codes_for_missing(const Dataset& data, const std::string& name, const Io& io) {
  if (!are_responses(data)) return;
  const auto index = data.codebook().index_of_written(name);
  const auto* numbers = index ? std::get_if<Numbers>(&data.column(*index)) : nullptr;
  if (numbers == nullptr) return;
  size_t found = 0;
  for (size_t row = 0; row < numbers->values.size(); ++row) {
    const bool code = std::ranges::count(kCodesForMissing, numbers->values[row]) > 0;
    if (code && numbers->missing[row] == Missing::kNone) ++found;
  }
  if (found == 0) return;
  io.err << fmt::format(
      "barometer estimate: warning: '{}' holds -1, -2, -7, -8 or -9 in {} rows, counted as "
      "numbers; if they mean a missing answer, leave them out: --where \"{} >= 0\"\n",
      name, found, name);
}

Result<std::optional<double>> parsed_df(const std::string& text) {
  if (text.empty()) return std::optional<double>();
  const auto numbers = numbers_in(text, "--df");
  constexpr double kLeast = 0.01;  // below, quantiles of t pass the largest number
  if (!numbers || numbers->size() != 1 || !(numbers->front() >= kLeast)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--df {}: a number above 0 (0.01 or more), or Inf, is needed", text));
  }
  return std::optional<double>(numbers->front());
}

// An option that an estimand cannot follow is refused: an answer to another question is none.
Status check_options(const EstimateArguments& a, const Estimand& estimand) {
  const bool organisations = !a.organisation.variable.empty();
  const std::pair<std::string_view, bool> given[] = {{"by", !a.by.empty()},
                                                     {"df", !a.df.empty()},
                                                     {"deff", !a.deff.empty()},
                                                     {"cv", a.cv},
                                                     {"where", !a.where.empty()}};
  for (const auto& [option, is_given] : given) {
    if (!is_given || estimand.takes.find(option) != std::string_view::npos) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("--{} does not go with {}{}", option, estimand.name,
                            option == "by"      ? "; ask once for each domain, with --where"
                            : option == "where" ? "; use --by, whose domains get the standard"
                                                : ""));
  }
  if (!organisations) return {};
  const SurveyOptions& s = a.survey;
  const std::pair<std::string_view, bool> of_people[] = {
      {"by", !a.by.empty()},
      {"weight", !s.weight.empty()},
      {"strata", !s.strata.empty()},
      {"id", !s.ids.empty()},
      {"fpc", !s.fpc.empty()},
      {"replicates", !s.replicates.empty()},
      {"replicate-file", !s.replicate_file.empty()},
      {"rake", !s.rake.empty()},
      {"poststratify", !s.poststratify.empty()},
      {"calibrate", !s.calibrate.empty()}};
  for (const auto& [option, is_given] : of_people) {
    if (!is_given) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("--{} does not go with --organisation: each organisation counts once, "
                            "with the same weight",
                            option));
  }
  return {};
}

Result<const Estimand*> estimand_of(const EstimateArguments& arguments) {
  const std::string& word = arguments.words.front();
  std::vector<std::string> known;
  for (const Estimand& estimand : kEstimands) {
    known.emplace_back(estimand.name);
    if (word != estimand.name) continue;
    TRY_DONE(check_options(arguments, estimand));
    if (arguments.words.size() <= estimand.least_words) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: of which variables? It takes {}", word, estimand.help));
    }
    return &estimand;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no estimand; known: {}", word, fmt::join(known, ", ")));
}

Result<Answer> answered_by_engine(const EstimateArguments& arguments, const Estimand& estimand,
                                  const Io& io) {
  const std::optional<double> df = TRY(parsed_df(arguments.df));
  EstimateRequest request{
      arguments, TRY(open_survey(arguments.survey, TRY(asked_of(arguments)), io)), {}, df, io};
  request.mask = request.survey.where;
  for (const std::string& name : request.names()) {
    warn_of_codes_for_missing(request.data(), name, io);
  }
  Answer answer = TRY(arguments.organisation.variable.empty() ? estimand.handler(request)
                                                              : answer_organisations(request));
  for (const WeightStep& step : request.survey.report.steps) {
    if (step.converged) continue;
    answer.findings = true;
    answer.notes.push_back(fmt::format("{}: {}", step.kind, step.trouble));
  }
  return answer;
}

Result<Answer> answered(EstimateArguments arguments, const Estimand& estimand, const Io& io) {
  std::string& engine = arguments.survey.engine;
  if (is_database(engine)) arguments.converged = true;
  auto answer = answered_by_engine(arguments, estimand, io);
  if (answer || io.progress.stopped()) return answer;
  const ErrorCode code = answer.error().code;
  const bool of_the_data = code == ErrorCode::kInvalid || code == ErrorCode::kNotFound;
  if (engine == "memory" && of_the_data) {
    // What is wrong is told of cases, with the rows of the file.
    engine = "cases";
    return answered_by_engine(arguments, estimand, io);
  }
  Error error = std::move(answer).error();
  if (is_database(engine) && error.message.find("row ") != std::string::npos) {
    error.message += " (a row here is a combination of values, which may stand for many cases)";
  }
  return tl::unexpected(std::move(error));
}

bool has_covariance(const AnswerLine& line) { return line.estimate && line.in_covariance; }

// The lines with a row in the covariance, as Rubin's rules take them.
Estimated estimated_of(const Answer& answer) {
  Estimated estimated;
  std::vector<double> values;
  for (const AnswerLine& line : answer.lines) {
    if (has_covariance(line)) values.push_back(*line.estimate);
  }
  estimated.value =
      Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
  estimated.covariance = *answer.covariance;
  return estimated;
}

// Every line with its own degrees of freedom of the complete data.
Status set_imputed(Answer& answer, const std::vector<Estimated>& results, double level) {
  Eigen::Index at = 0;
  for (AnswerLine& line : answer.lines) {
    std::vector<Estimated> of_line;
    for (const Estimated& result : results) {
      Estimated one;
      one.value = result.value.segment(at, 1);
      one.covariance = result.covariance.block(at, at, 1, 1);
      of_line.push_back(std::move(one));
    }
    const Imputed combined = TRY(combine_imputations(of_line, {.complete_df = line.df}));
    line.estimate = combined.estimated.value(0);
    line.se = combined.estimated.se(0);
    line.df = combined.df.front();
    line.more = {{"missing_information", combined.missing_information.front()}};
    line.lower = line.upper = std::nullopt;
    set_t_interval(line, level, false);
    line.method =
        fmt::format("{} imputations by Rubin's rules; {}", combined.imputations, answer.design);
    ++at;
  }
  answer.df_rule = "Barnard and Rubin's";
  answer.numbers = {{"imputations", static_cast<double>(results.size())}};
  return {};
}

std::vector<std::string> labels_of(const Answer& answer) {
  std::vector<std::string> labels;
  for (const AnswerLine& line : answer.lines) labels.push_back(line.label);
  return labels;
}

// The same estimand of every completed file, combined.
Result<Answer> imputed(EstimateArguments arguments, const Estimand& estimand, const Io& io) {
  std::vector<std::string> files = names_in(arguments.imputations);
  files.insert(files.begin(), arguments.survey.data);
  const bool wanted = std::exchange(arguments.covariance, true);
  std::vector<Estimated> results;
  Answer answer;
  for (const std::string& file : files) {
    arguments.survey.data = file;
    Answer one = TRY(answered(arguments, estimand, io));
    if (!one.covariance || one.test) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--imputations: {} has no covariance to combine", estimand.name));
    }
    std::erase_if(one.lines, [](const AnswerLine& line) { return !has_covariance(line); });
    results.push_back(estimated_of(one));
    if (results.size() == 1)
      answer = std::move(one);
    else if (labels_of(one) != labels_of(answer)) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("--imputations: '{}' gives other estimates than '{}'", file, files.front()));
    }
  }
  const Imputed all = TRY(combine_imputations(results));
  TRY_DONE(set_imputed(answer, results, arguments.level));
  answer.covariance.reset();
  if (wanted) answer.covariance = all.estimated.covariance;
  return answer;
}

Result<int> run(const EstimateArguments& arguments, const Io& io) {
  const Estimand* estimand = TRY(estimand_of(arguments));
  if (!(arguments.level > 0) || !(arguments.level < 1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--level {}: it must lie between 0 and 1", arguments.level));
  }
  Answer answer = TRY(arguments.imputations.empty() ? answered(arguments, *estimand, io)
                                                    : imputed(arguments, *estimand, io));
  if (const std::string note = note_of_data(arguments.survey.data); !note.empty()) {
    if (arguments.format == "csv") io.err << fmt::format("barometer estimate: note: {}\n", note);
    answer.notes.insert(answer.notes.begin(), note);
  }
  io.out << (arguments.format == "json"  ? json_text(answer)
             : arguments.format == "csv" ? csv_text(answer)
                                         : plain_text(answer));
  return answer.findings ? kFindings : kFine;
}

void add_answer_options(CLI::App& verb, EstimateArguments& a) {
  verb.add_option("--where", a.where, "only cases for which this is true, as a domain");
  verb.add_option("--by", a.by, "variables whose levels make domains: V[,V]");
  verb.add_option("--level", a.level, "confidence level")->capture_default_str();
  verb.add_option("--df", a.df, "degrees of freedom in place of the design's; or Inf");
  verb.add_flag("--covariance", a.covariance, "the covariance matrix of all estimates");
  verb.add_flag("--deff{wor}", a.deff,
                "design effects, against simple random sampling without (or with, --deff=replace) "
                "replacement");
  verb.add_flag("--cv", a.cv, "coefficients of variation");
  verb.add_flag("--listwise", a.listwise, "only cases with every one of the variables");
  verb.add_option("--format", a.format, "text, json or csv")
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->capture_default_str();
}

void add_estimand_options(CLI::App& verb, EstimateArguments& a) {
  const char* group = "Of single estimands";
  verb.add_option("--probs", a.probs, "quantile: probabilities (.25,.5,.75)")->group(group);
  verb.add_option("--rule", a.rule, "quantile: math, school, hf1 … hf9, shahvaish")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--interval", a.interval, "quantile: mean, beta, xlogit, asin, score, quantile")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--method", a.method, "ciprop: the interval; glm --terms: Wald or LRT")
      ->group(group);
  verb.add_option("--statistic", a.statistic, "chisq, gof: the statistic")->group(group);
  verb.add_option("--test", a.test, "ranktest: the scores")->group(group);
  verb.add_option("--mu", a.mu, "ttest: the mean to test against")->group(group);
  verb.add_option("--expected", a.expected, "gof: CSV file of levels and shares")->group(group);
  verb.add_option("--standard-by", a.standard_by, "standardize: variables of the standard")
      ->group(group);
  verb.add_flag("--keep-missing", a.keep_missing,
                "standardize: cases without the variables keep their part of the standard")
      ->group(group);
  verb.add_option("--of", a.of,
                  "contrast: mean (the default), total, prop or ratio, and its variables")
      ->group(group);
  verb.add_option("--family", a.family,
                  "glm: gaussian, binomial, quasibinomial, poisson, quasipoisson, gamma, ordinal")
      ->group(group);
  verb.add_option("--link", a.link, "glm: identity, logit, probit, cloglog, log, inverse")
      ->group(group);
  verb.add_flag("--terms", a.terms, "glm: a test of every term")->group(group);
  verb.add_flag("--converged", a.converged,
                "glm: go on to the last digit, where R stops at 1e-8 of the deviance")
      ->group(group);
  verb.add_option("--at", a.at, "glm: CSV file of covariates to predict at")->group(group);
  verb.add_option("--margins", a.margins_of, "glm: variables whose average effect is asked for")
      ->group(group);
  verb.add_option("--imputations", a.imputations,
                  "further files of the same cases with other imputed values: a.csv,b.csv")
      ->group(group);
}

}  // namespace

void add_estimate(CLI::App& app, Action& chosen) {
  auto arguments = std::make_shared<EstimateArguments>();
  CLI::App* verb = app.add_subcommand(
      "estimate", "Estimates, tests and models of a data file, with design-based errors");
  verb->add_option("data", arguments->survey.data,
                   "CSV, TSV, Parquet or SPSS file; of a database the name of a table")
      ->required();
  verb->add_option(
          "--engine", arguments->survey.engine,
          "what sums the data: memory; cases (case by case); duckdb (a CSV or Parquet file "
          "larger than memory); duckdb:FILE, postgresql://…, clickhouse://… (a table)")
      ->capture_default_str();
  verb->add_option("estimand", arguments->words, estimands_help())->required();
  add_answer_options(*verb, *arguments);
  add_draw_options(*verb, arguments->survey);
  add_weighting_options(*verb, arguments->survey);
  add_estimand_options(*verb, *arguments);
  add_organisation_options(*verb, arguments->organisation);
  verb->callback(
      [arguments, &chosen] { chosen = [arguments](const Io& io) { return run(*arguments, io); }; });
}

}  // namespace barometer::cli
