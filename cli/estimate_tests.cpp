// Tests of tables, means and ranks; agreement and reliability.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/hypothesis/agreement.h"
#include "barometer/hypothesis/mean_test.h"
#include "barometer/hypothesis/rank_test.h"
#include "barometer/hypothesis/table_test.h"
#include "cli/estimate_request.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

Status only(const EstimateRequest& request, size_t words) {
  if (request.names().size() == words) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("{} takes {} {}, but {} were given", request.arguments.words.front(),
                          words, words == 1 ? "argument" : "arguments", request.names().size()));
}

AnswerTest test_of(const TestResult& result) {
  return {result.method, result.statistic, result.df, result.p};
}

// The difference or mean that a test is about, with its interval.
void add_estimate(Answer& answer, const TestResult& result) {
  if (!result.estimate) return;
  AnswerLine line;
  line.label = result.estimate_name;
  line.variable = result.estimate_name;
  line.estimate = result.estimate;
  line.se = result.se;
  if (result.interval) {
    line.lower = result.interval->lower;
    line.upper = result.interval->upper;
  }
  if (!result.df.empty()) line.df = result.df.back();
  line.n = result.cases;
  line.no_interval = result.reason;
  answer.lines.push_back(std::move(line));
}

Answer tested(const EstimateRequest& request, const TestResult& result) {
  Answer answer = request.answer();
  answer.test = test_of(result);
  add_estimate(answer, result);
  answer.numbers.emplace_back("n", static_cast<double>(result.cases));
  return answer;
}

// "y ~ g"; of a bare variable its mean: "y ~ 1".
Result<Formula> formula_of(const EstimateRequest& request) {
  const auto words = request.names();
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  if (text.find('~') == std::string::npos) text += " ~ 1";
  return Formula::parse(text);
}

// R's words, in any letter case; "kruskal" for short.
Result<RankScore> score_of(const std::string& word) {
  const std::string lower = lowered(word);
  if (lower.empty()) return RankScore::kWilcoxon;
  if (lower == "kruskal") return RankScore::kKruskalWallis;
  for (const RankScore score : {RankScore::kWilcoxon, RankScore::kVanDerWaerden, RankScore::kMedian,
                                RankScore::kKruskalWallis}) {
    if (lowered(name_of(score)) == lower) return score;
  }
  return parse_rank_score(word);
}

void add_table(Answer& answer, const TableTest& test) {
  double all = test.weighted.sum();
  for (Eigen::Index j = 0; j < test.weighted.cols(); ++j) {
    for (Eigen::Index i = 0; i < test.weighted.rows(); ++i) {
      AnswerLine line;
      line.label = fmt::format("{}:{}", test.row_levels[static_cast<size_t>(i)],
                               test.column_levels[static_cast<size_t>(j)]);
      line.variable = "cell";
      line.estimate = test.weighted(i, j) / all;
      line.more = {{"weighted", test.weighted(i, j)},
                   {"observed", test.observed(i, j)},
                   {"expected", test.expected(i, j)}};
      answer.lines.push_back(std::move(line));
    }
  }
}

Result<std::vector<ExpectedShare>> expected_shares(const std::string& file) {
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(TRY(read_file(file)), file, problems);
  table.require_columns({"level", "share"}, {}, problems);
  std::vector<ExpectedShare> shares;
  for (size_t row = 0; problems.ok() && row < table.row_count(); ++row) {
    const CsvCell& cell = table.cell(row, "share");
    const auto share = number_in(cell.text, "share");
    if (!share || !(*share > 0)) {
      problems.error("expected-share", cell.place,
                     fmt::format("'{}' is not a share above 0", cell.text));
      continue;
    }
    shares.push_back({table.cell(row, "level").text, *share});
  }
  if (!problems.ok()) return fail(ErrorCode::kInvalid, problems.text());
  return shares;
}

}  // namespace

Result<Answer> answer_table_test(const EstimateRequest& request) {
  TRY_DONE(only(request, 2));
  const auto names = request.names();
  const auto statistic = TRY(parse_table_statistic(
      request.arguments.statistic.empty() ? "F" : request.arguments.statistic));
  const TableTest test = TRY(table_test(request.sample(), request.data(), names[0], names[1],
                                        request.mask, statistic, request.io.progress));
  Answer answer = tested(request, test.result);
  add_table(answer, test);
  return answer;
}

Result<Answer> answer_fit_test(const EstimateRequest& request) {
  TRY_DONE(only(request, 1));
  if (request.arguments.expected.empty()) {
    return fail(ErrorCode::kInvalid,
                "gof: the expected shares are needed, --expected SHARES.csv with columns level and "
                "share");
  }
  const auto shares = TRY(expected_shares(request.arguments.expected));
  const TailMethod tail = request.arguments.statistic == "saddlepoint" ? TailMethod::kSaddlepoint
                                                                       : TailMethod::kSatterthwaite;
  const GoodnessOfFit fit =
      TRY(goodness_of_fit(request.sample(), request.data(), request.names()[0], shares,
                          request.mask, tail, request.io.progress));
  Answer answer = tested(request, fit.result);
  answer.numbers.emplace_back("scale", fit.scale);
  for (size_t i = 0; i < fit.levels.size(); ++i) {
    AnswerLine line;
    line.label = fit.levels[i];
    line.variable = request.names()[0];
    const auto at = static_cast<Eigen::Index>(i);
    line.estimate = fit.weighted(at) / fit.weighted.sum();
    line.more = {{"weighted", fit.weighted(at)}, {"expected", fit.expected(at)}};
    answer.lines.push_back(std::move(line));
  }
  return answer;
}

Result<Answer> answer_t_test(const EstimateRequest& request) {
  MeanTestOptions options;
  options.level = request.arguments.level;
  if (!request.arguments.mu.empty()) options.mu = TRY(number_in(request.arguments.mu, "--mu"));
  return tested(request, TRY(mean_test(request.sample(), request.data(), TRY(formula_of(request)),
                                       request.mask, options, request.io.progress)));
}

Result<Answer> answer_rank_test(const EstimateRequest& request) {
  const auto score = TRY(score_of(request.arguments.test));
  return tested(request,
                TRY(rank_test(request.sample(), request.data(), TRY(formula_of(request)),
                              request.mask, score, request.arguments.level, request.io.progress)));
}

namespace {

AnswerLine line_of(const std::string& label, const AgreementValue& value) {
  AnswerLine line;
  line.label = line.variable = label;
  line.estimate = value.value;
  line.se = value.se;
  line.df = value.df;
  if (value.interval) {
    line.lower = value.interval->lower;
    line.upper = value.interval->upper;
  }
  line.n = value.cases;
  line.no_interval = value.reason;
  return line;
}

}  // namespace

Result<Answer> answer_kappa(const EstimateRequest& request) {
  TRY_DONE(only(request, 2));
  const auto names = request.names();
  const Kappa found = TRY(cohen_kappa(request.sample(), request.data(), names[0], names[1],
                                      request.mask, request.arguments.level, request.io.progress));
  Answer answer = request.answer();
  answer.lines.push_back(line_of("kappa", found.kappa));
  answer.numbers = {{"observed_agreement", found.observed}, {"expected_agreement", found.expected}};
  return answer;
}

Result<Answer> answer_alpha(const EstimateRequest& request) {
  Answer answer = request.answer();
  answer.lines.push_back(line_of(
      "alpha", TRY(cronbach_alpha(request.sample(), request.data(), request.names(), request.mask,
                                  request.arguments.level, request.io.progress))));
  return answer;
}

}  // namespace barometer::cli
