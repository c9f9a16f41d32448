#include "barometer/panel/coverage.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using Places = std::map<std::string, size_t, std::less<>>;

Status check_sizes(const OrganisationSizes& frame, const std::vector<double>& sizes,
                   const char* what) {
  if (sizes.empty()) return {};
  if (sizes.size() != frame.ids.size()) {
    return fail(ErrorCode::kInvalid, fmt::format("{} {} sizes for {} organisations", sizes.size(),
                                                 what, frame.ids.size()));
  }
  double total = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (!(sizes[i] >= 0) || std::isinf(sizes[i])) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("organisation '{}': the {} {} is not a number of at least 0",
                              printable(frame.ids[i]), what, sizes[i]));
    }
    total += sizes[i];
  }
  if (total > 0) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the {} of the frame's organisations adds up to 0", what));
}

Result<Places> places_of(const OrganisationSizes& frame) {
  if (frame.ids.empty()) return fail(ErrorCode::kInvalid, "the frame has no organisations");
  TRY_DONE(check_sizes(frame, frame.population, "population"));
  TRY_DONE(check_sizes(frame, frame.budget, "budget"));
  Places places;
  for (size_t i = 0; i < frame.ids.size(); ++i) {
    if (places.emplace(frame.ids[i], i).second) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("organisation '{}' is in the frame twice", printable(frame.ids[i])));
  }
  return places;
}

// The place in the frame of each row of the collapsed data.
Result<std::vector<size_t>> frame_rows(const OrganisationSizes& frame,
                                       const CollapsedOrganisations& answers) {
  const Places places = TRY(places_of(frame));
  std::vector<size_t> rows;
  for (const std::string& id :
       std::get<Texts>(*TRY(answers.data.find(answers.organisation))).values) {
    const auto found = places.find(id);
    if (found == places.end()) {
      const std::string hint = suggestion(id, frame.ids);
      return fail(ErrorCode::kInvalid, fmt::format("organisation '{}' is not in the frame{}{}",
                                                   printable(id), hint.empty() ? "" : "; ", hint));
    }
    rows.push_back(found->second);
  }
  return rows;
}

struct Sums {
  double answered = 0, saying = 0, total = 0;
};

// By number where `sizes` is empty.
Sums sums_of(const Numbers& numbers, const std::vector<size_t>& rows,
             const std::vector<double>& sizes, size_t in_frame) {
  Sums sums;
  for (size_t i = 0; i < in_frame; ++i) sums.total += sizes.empty() ? 1 : sizes[i];
  for (size_t i = 0; i < rows.size(); ++i) {
    if (numbers.missing[i] != Missing::kNone) continue;
    const double size = sizes.empty() ? 1 : sizes[rows[i]];
    sums.answered += size;
    sums.saying += size * numbers.values[i];
  }
  return sums;
}

AnswerCoverage coverage_of(const OrganisationSizes& frame, const CollapsedVariable& variable,
                           const Numbers& numbers, const std::vector<size_t>& rows) {
  AnswerCoverage coverage{variable.id,
                          variable.source,
                          variable.answer,
                          variable.label,
                          variable.organisations,
                          frame.ids.size(),
                          {},
                          std::nullopt,
                          std::nullopt};
  FrameShares least, most;
  const auto set = [&](const std::vector<double>& sizes, auto member) {
    const Sums sums = sums_of(numbers, rows, sizes, frame.ids.size());
    coverage.answered.*member = sums.answered / sums.total;
    least.*member = sums.saying / sums.total;
    most.*member = std::min(1.0, (sums.saying + sums.total - sums.answered) / sums.total);
  };
  set({}, &FrameShares::organisations);
  if (!frame.population.empty()) set(frame.population, &FrameShares::population);
  if (!frame.budget.empty()) set(frame.budget, &FrameShares::budget);
  if (variable.of_option) {
    coverage.at_least = least;
    coverage.at_most = most;
  }
  return coverage;
}

}  // namespace

OrganisationSizes sizes_of(const Frame& frame) {
  OrganisationSizes sizes;
  bool populations = true;
  bool budgets = true;
  for (const Organisation& organisation : frame.organisations()) {
    sizes.ids.push_back(organisation.id);
    sizes.population.push_back(organisation.population.value_or(0));
    sizes.budget.push_back(organisation.budget.value_or(0));
    populations = populations && organisation.population.has_value();
    budgets = budgets && organisation.budget.has_value();
  }
  if (!populations) sizes.population.clear();
  if (!budgets) sizes.budget.clear();
  return sizes;
}

Result<std::vector<AnswerCoverage>> answer_coverage(const OrganisationSizes& frame,
                                                    const CollapsedOrganisations& answers) {
  const std::vector<size_t> rows = TRY(frame_rows(frame, answers));
  std::vector<AnswerCoverage> coverages;
  for (const CollapsedVariable& variable : answers.variables) {
    const auto& numbers = std::get<Numbers>(*TRY(answers.data.find(variable.id)));
    coverages.push_back(coverage_of(frame, variable, numbers, rows));
  }
  return coverages;
}

}  // namespace barometer
