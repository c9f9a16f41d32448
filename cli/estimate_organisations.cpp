// Estimates in which an organisation counts once, however many answered for it; and what share of
// the frame stands behind an answer, whatever the others would have said.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/panel/coverage.h"
#include "barometer/panel/organisations.h"
#include "cli/estimate_request.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

// id, and population and budget where these columns are.
Result<OrganisationSizes> sizes_in(const std::string& file) {
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(TRY(read_file(file)), file, problems);
  if (problems.ok() && !table.column("id")) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' has no column 'id'", file));
  }
  OrganisationSizes sizes;
  const auto add = [&](size_t row, const char* name, std::vector<double>& to) {
    if (!table.column(name)) return;
    const CsvCell& cell = table.cell(row, name);
    const auto number = number_in(cell.text, name);
    if (number) {
      to.push_back(*number);
    } else {
      problems.error("frame-number", cell.place, fmt::format("'{}' is not a number", cell.text));
    }
  };
  for (size_t row = 0; problems.ok() && row < table.row_count(); ++row) {
    sizes.ids.push_back(table.cell(row, "id").text);
    add(row, "population", sizes.population);
    add(row, "budget", sizes.budget);
  }
  if (!problems.ok()) return fail(ErrorCode::kInvalid, problems.text());
  return sizes;
}

// The organisations as a survey of their own: each drawn by itself, with the same weight.
Result<OpenSurvey> organisation_survey(CollapsedOrganisations collapsed) {
  DesignSpec spec;
  spec.case_count = collapsed.data.case_count();
  spec.lonely_psu = LonelyPsu::kRemove;  // one organisation alone: no degrees of freedom anyway
  Sample sample = Sample::of(TRY(Design::make(std::move(spec))));
  return OpenSurvey{std::make_shared<const Dataset>(std::move(collapsed.data)), std::move(sample),
                    WeightReport{}};
}

void add_counts(AnswerLine& line, const CollapsedVariable& variable) {
  line.variable = variable.source;
  line.level = variable.answer;
  line.label = variable.answer.empty() ? variable.source : variable.source + "=" + variable.answer;
  line.more.emplace_back("several", static_cast<double>(variable.several));
  line.more.emplace_back("disagreed", static_cast<double>(variable.disagreed));
  if (variable.ties > 0) line.more.emplace_back("ties", static_cast<double>(variable.ties));
}

void add_shares(AnswerLine& line, const std::string& what, const FrameShares& shares) {
  line.more.emplace_back(what, shares.organisations);
  if (shares.population) line.more.emplace_back(what + "_population", *shares.population);
  if (shares.budget) line.more.emplace_back(what + "_budget", *shares.budget);
}

}  // namespace

Result<Answer> answer_organisations(const EstimateRequest& request) {
  const EstimateArguments& arguments = request.arguments;
  const std::string& estimand = arguments.words.front();
  if (estimand != "mean" && estimand != "prop") {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: of organisations, mean and prop can be estimated", estimand));
  }
  CollapseOptions options = TRY(collapse_options(request.data(), arguments.organisation));
  options.mask = request.mask;
  const Dataset data =
      estimand == "prop" ? TRY(with_levels(request.data(), request.names())) : request.data();
  CollapsedOrganisations collapsed =
      TRY(collapse(data, arguments.organisation.variable, options, request.names()));
  std::vector<AnswerCoverage> coverage;
  if (!arguments.organisation.frame.empty()) {
    coverage = TRY(answer_coverage(TRY(sizes_in(arguments.organisation.frame)), collapsed));
  }
  const std::vector<CollapsedVariable> variables = collapsed.variables;
  std::vector<std::string> ids;
  for (const CollapsedVariable& variable : variables) ids.push_back(variable.id);
  EstimateRequest after{
      arguments, TRY(organisation_survey(std::move(collapsed))), {}, request.df, request.io};
  EstimatePlan plan = TRY(plan_of(after, "mean", ids));
  for (size_t i = 0; i < plan.parts.size(); ++i) {
    EstimatePart& part = plan.parts[i];
    add_counts(part.lines.front(), variables[i]);
    part.proportion.assign(1, variables[i].of_option ? 1 : 0);
    if (coverage.empty()) continue;
    add_shares(part.lines.front(), "answered", coverage[i].answered);
    if (coverage[i].at_least) add_shares(part.lines.front(), "at_least", *coverage[i].at_least);
    if (coverage[i].at_most) add_shares(part.lines.front(), "at_most", *coverage[i].at_most);
  }
  Answer answer = TRY(answer_parts(after, std::move(plan.parts)));
  answer.notes.push_back(
      fmt::format("each organisation counts once, by the rule '{}'", name_of(options.rule)));
  return answer;
}

}  // namespace barometer::cli
