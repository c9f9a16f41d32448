// What a run of `barometer estimate` will look at, and whether sums by cell will do.
#include <algorithm>

#include "barometer/base/text.h"
#include "barometer/weights/margins.h"
#include "cli/estimate_request.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::count(words, word) > 0;
}

// Quantiles by these rules depend on the cumulative weights of distinct values alone.
bool by_distinct_values(const EstimateArguments& a) {
  return is_one_of(a.rule, {"math", "school", "hf1", "hf2", "hf3"}) && a.interval != "score";
}

std::string why_single_cases(const EstimateArguments& a) {
  const std::string& estimand = a.words.front();
  if (const std::string why = why_single_cases(a.survey); !why.empty()) return why;
  if (!a.organisation.variable.empty()) return "the answer of an organisation";
  if (estimand == "ranktest") return "a rank test";
  if (estimand == "quantile" && !by_distinct_values(a)) {
    return "quantile rule " + a.rule + (a.interval == "score" ? " with a score interval" : "");
  }
  const std::string method = lowered(a.method);
  if (estimand == "ciprop" && method == "likelihood") return "a likelihood interval";
  return "";
}

// R stops fitting by a rule that looks at single cases; sums lead to the last digit.
bool stops_early(const EstimateArguments& a) {
  const std::string family = lowered(a.family);
  return a.words.front() == "glm" && !a.converged && !family.empty() && family != "gaussian";
}

bool is_linear(const EstimateArguments& a) {
  const std::string& estimand = a.words.front();
  const bool means = is_one_of(estimand, {"mean", "total", "ratio"}) ||
                     (estimand == "contrast" && split(a.of, ' ').front() != "prop");
  return means && a.survey.rake.empty();
}

// y of "y ~ x", where the answer is linear in it: t-tests, and least squares but for their AIC,
// which a database does without.
bool is_linear_in_response(const EstimateArguments& a) {
  const std::string family = lowered(a.family);
  const bool squares = a.words.front() == "glm" && (family.empty() || family == "gaussian") &&
                       (a.link.empty() || a.link == "identity") && a.at.empty();
  return (squares || a.words.front() == "ttest") && a.survey.rake.empty();
}

void add_words(const EstimateArguments& a, const std::vector<std::string>& words, Asked& asked) {
  if (is_linear(a)) {
    if (a.words.front() != "contrast") {
      asked.linear = words;
      return;
    }
    asked.labels = words;
    for (const std::string& word : split(a.of, ' ')) asked.linear.push_back(word);
    return;
  }
  std::string text = join(words, " ");
  const size_t tilde = text.find('~');
  if (is_linear_in_response(a)) {
    asked.linear.push_back(text.substr(0, tilde));
    text = tilde == std::string::npos ? "" : text.substr(tilde);
  }
  asked.texts.push_back(text);
  asked.texts.push_back(a.of);
}

// A file that cannot be read is told of where it is used.
void add_margins(const SurveyOptions& survey, Asked& asked) {
  std::vector<std::string> files = survey.poststratify;
  files.insert(files.end(), survey.rake.begin(), survey.rake.end());
  for (const std::string& file : files) {
    const auto margins = read_margins(file);
    if (!margins) continue;
    for (const Margin& margin : *margins) {
      asked.texts.insert(asked.texts.end(), margin.variables.begin(), margin.variables.end());
    }
  }
}

}  // namespace

Result<Asked> asked_of(const EstimateArguments& a) {
  Asked asked;
  const std::vector<std::string> words(a.words.begin() + 1, a.words.end());
  add_words(a, words, asked);
  const SurveyOptions& s = a.survey;
  for (const std::string& text :
       {a.by, a.standard_by, a.margins_of, s.calibrate, s.calibrate_variance}) {
    asked.texts.push_back(text);
  }
  add_margins(s, asked);
  if (!a.where.empty()) asked.where = TRY(Expression::parse(a.where));
  asked.single_cases = why_single_cases(a);
  asked.prefer_cases = stops_early(a) || !s.replicates.empty() || !s.replicate_file.empty();
  return asked;
}

}  // namespace barometer::cli
