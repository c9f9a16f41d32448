// Means, totals, proportions, ratios, variances, correlations and standardised means.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/estimand/columns.h"
#include "barometer/estimand/deff.h"
#include "barometer/estimand/domains.h"
#include "barometer/estimand/spread.h"
#include "barometer/estimand/standardize.h"
#include "cli/estimate_request.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

std::vector<uint8_t> both(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  std::vector<uint8_t> mask = a;
  for (size_t i = 0; i < mask.size(); ++i) {
    if (b[i] == 0) mask[i] = 0;
  }
  return mask;
}

bool nobody(const std::vector<uint8_t>& mask) {
  return std::ranges::all_of(mask, [](uint8_t byte) { return byte == 0; });
}

SrsBase srs_base(const EstimateRequest& request) {
  return request.arguments.deff == "replace" ? SrsBase::kWithReplacement
                                             : SrsBase::kWithoutReplacement;
}

// What is estimated in every domain: its labels, and how it is made from the cases of a base.
struct Measured {
  std::string variable;
  std::vector<std::string> labels;
  std::vector<uint8_t> complete;
  std::function<FunctionalPtr(std::vector<uint8_t>)> make;
  std::function<Result<std::vector<DesignEffect>>(Domain, const Matrix&)> deff;
  bool shares = false;  // labels that name a level are shares of 0 … 1
};

std::string level_in(const std::string& label, const std::string& variable) {
  return label.size() > variable.size() && label.starts_with(variable + "=")
             ? label.substr(variable.size() + 1)
             : "";
}

EstimatePart part_of(const Measured& measured, const DomainCell& cell) {
  EstimatePart part;
  part.base = both(cell.mask, measured.complete);
  for (const std::string& label : measured.labels) {
    AnswerLine line;
    line.variable = measured.variable;
    line.level = level_in(label, measured.variable);
    line.domain = cell.label;
    line.label = domain_label(cell.label, label);
    part.proportion.push_back(measured.shares && !line.level.empty() ? 1 : 0);
    part.lines.push_back(std::move(line));
  }
  if (nobody(part.base)) {
    part.reason = "no one is in the base";
  } else {
    part.make = [make = measured.make, base = part.base] { return make(base); };
  }
  part.deff = measured.deff;
  return part;
}

// The domains of --by. A filter that leaves no one is one domain of no one: a value with its
// reason.
Result<std::vector<DomainCell>> domains_or_nobody(const EstimateRequest& request,
                                                  const std::vector<std::string>& by) {
  if (!request.mask.empty() && nobody(request.mask)) {
    return std::vector<DomainCell>{{"", {}, request.mask, 0}};
  }
  return domains_of(request.data(), by, request.mask);
}

Result<EstimatePlan> planned(const EstimateRequest& request, const std::vector<Measured>& all) {
  const auto by = names_in(request.arguments.by);
  const std::vector<DomainCell> cells = TRY(domains_or_nobody(request, by));
  EstimatePlan plan;
  for (const Measured& measured : all) {
    const size_t first = plan.parts.size();
    for (const DomainCell& cell : cells) plan.parts.push_back(part_of(measured, cell));
    for (size_t j = 0; j < measured.labels.size(); ++j) {
      for (size_t d = 0; d < cells.size(); ++d) plan.order.emplace_back(first + d, j);
    }
  }
  return plan;
}

// `prop` and `ciprop` make levels of numbers too.
Result<MeasureColumns> columns_of(const EstimateRequest& request, const std::string& name,
                                  bool levels) {
  const auto index = request.data().codebook().index_of_written(name);
  const bool number =
      index && request.data().codebook().variables()[*index].kind == VariableKind::kNumber;
  if (!levels || !number) return measure_columns(request.data(), name);
  MeasureColumns columns = TRY(measure_columns(request.data(), fmt::format("factor({})", name)));
  for (std::string& label : columns.labels) {
    label = name + label.substr(label.find('='));
  }
  return columns;
}

enum class Kind { kMean, kTotal };

Measured measured_of(const EstimateRequest& request, const std::string& name,
                     const MeasureColumns& columns, Kind kind) {
  const auto y = std::make_shared<const Matrix>(columns.y);
  Measured measured{name, columns.labels, columns.complete, {}, {}, kind == Kind::kMean};
  if (kind == Kind::kMean) {
    measured.make = [y](std::vector<uint8_t> base) { return mean_of(*y, std::move(base)); };
  } else {
    measured.make = [y](std::vector<uint8_t> base) { return total_of(*y, std::move(base)); };
  }
  measured.deff = [y, kind, &request](Domain base, const Matrix& covariance) {
    return kind == Kind::kMean
               ? mean_design_effects(request.sample(), *y, base, covariance, srs_base(request))
               : total_design_effects(request.sample(), *y, base, covariance, srs_base(request));
  };
  return measured;
}

Result<std::vector<Measured>> measured_each(const EstimateRequest& request,
                                            const std::string& estimand,
                                            const std::vector<std::string>& names) {
  std::vector<Measured> all;
  for (const std::string& name : names) {
    const MeasureColumns columns = TRY(columns_of(request, name, estimand == "prop"));
    all.push_back(
        measured_of(request, name, columns, estimand == "total" ? Kind::kTotal : Kind::kMean));
  }
  if (request.arguments.listwise) {
    std::vector<uint8_t> complete = all.front().complete;
    for (const Measured& measured : all) complete = both(complete, measured.complete);
    for (Measured& measured : all) measured.complete = complete;
  }
  return all;
}

Result<Measured> measured_ratio(const EstimateRequest& request,
                                const std::vector<std::string>& names) {
  if (names.size() != 2) {
    return fail(ErrorCode::kInvalid, "a ratio is of two variables, numerator and denominator");
  }
  const MeasureColumns over = TRY(measure_columns(request.data(), names[0]));
  const MeasureColumns under = TRY(measure_columns(request.data(), names[1]));
  if (under.labels.size() != 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the denominator '{}' has {} levels; a number is needed", names[1],
                            under.labels.size()));
  }
  const auto y = std::make_shared<const Matrix>(over.y);
  const auto z = std::make_shared<const Matrix>(under.y.replicate(1, over.y.cols()));
  Measured measured{fmt::format("{}/{}", names[0], names[1]),
                    {},
                    both(over.complete, under.complete),
                    [y, z](std::vector<uint8_t> base) { return ratio_of(*y, *z, std::move(base)); },
                    [y, z, &request](Domain base, const Matrix& /*covariance*/) {
                      return ratio_design_effects(request.sample(), *y, *z, base,
                                                  srs_base(request));
                    }};
  for (const std::string& label : over.labels) {
    measured.labels.push_back(fmt::format("{}/{}", label, names[1]));
  }
  return measured;
}

// Picks entries of a functional.
FunctionalPtr entries_of(FunctionalPtr from, std::vector<Eigen::Index> entries) {
  const auto inner = static_cast<Eigen::Index>(from->size());
  Smooth smooth;
  smooth.size = entries.size();
  smooth.value = [entries](const Vector& all) -> Result<Vector> { return Vector(all(entries)); };
  smooth.jacobian = [entries, inner](const Vector& /*all*/) {
    return Matrix(Matrix::Identity(inner, inner)(entries, Eigen::all));
  };
  return derived(std::move(from), std::move(smooth));
}

// Variances: every pair of the variables, in the order of a matrix by columns. Correlations: each
// pair of two variables once.
Result<Answer> answer_pairs(const EstimateRequest& request, bool correlation) {
  const auto names = request.names();
  const MeasureColumns columns = TRY(measure_columns(request.data(), names));
  const auto y = std::make_shared<const Matrix>(columns.y);
  Measured measured;
  measured.complete = columns.complete;
  std::vector<Eigen::Index> entries;
  const size_t p = columns.labels.size();
  for (size_t b = 0; b < p; ++b) {
    for (size_t a = 0; a < p; ++a) {
      if (correlation && a >= b) continue;
      entries.push_back(static_cast<Eigen::Index>(a + p * b));
      measured.labels.push_back(p == 1 ? columns.labels[a]
                                       : columns.labels[a] + ":" + columns.labels[b]);
    }
  }
  measured.make = [y, correlation, entries, &request](std::vector<uint8_t> base) {
    const size_t n = spread_cases(request.sample(), base);
    return correlation ? entries_of(correlations_of(*y, std::move(base), n), entries)
                       : covariances_of(*y, std::move(base), n);
  };
  EstimatePlan plan = TRY(planned(request, {measured}));
  for (EstimatePart& part : plan.parts) {
    for (size_t j = 0; j < part.lines.size(); ++j) part.lines[j].variable = measured.labels[j];
  }
  return answer_parts(request, std::move(plan.parts), plan.order);
}

// --population of standardize: variables, then a column of counts or shares.
Result<StandardPopulation> standard_population(const std::string& file,
                                               const std::vector<std::string>& by) {
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(TRY(read_file(file)), file, problems);
  StandardPopulation population;
  if (problems.ok() && table.header().size() != by.size() + 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has {} columns; {} are needed: {} and the counts", file,
                            table.header().size(), by.size() + 1, fmt::join(by, ", ")));
  }
  for (size_t row = 0; problems.ok() && row < table.row_count(); ++row) {
    std::vector<std::string> parts;
    for (size_t k = 0; k < by.size(); ++k) parts.push_back(table.row(row)[k].text);
    const CsvCell& cell = table.row(row).back();
    const auto count = number_in(cell.text, "the count");
    if (!count) {
      problems.error("population-number", cell.place,
                     fmt::format("'{}' is not a number", cell.text));
      continue;
    }
    population.cells.push_back(fmt::format("{}", fmt::join(parts, ".")));
    population.counts.push_back(*count);
  }
  if (!problems.ok()) return fail(ErrorCode::kInvalid, problems.text());
  return population;
}

Result<Answer> answer_of(const EstimateRequest& request, const std::string& estimand,
                         const std::vector<std::string>& names) {
  EstimatePlan plan = TRY(plan_of(request, estimand, names));
  return answer_parts(request, std::move(plan.parts), plan.order);
}

}  // namespace

Result<EstimatePlan> plan_of(const EstimateRequest& request, const std::string& estimand,
                             const std::vector<std::string>& names) {
  if (estimand == "ratio") return planned(request, {TRY(measured_ratio(request, names))});
  return planned(request, TRY(measured_each(request, estimand, names)));
}

Result<Answer> answer_means(const EstimateRequest& request) {
  return answer_of(request, "mean", request.names());
}

Result<Answer> answer_totals(const EstimateRequest& request) {
  return answer_of(request, "total", request.names());
}

Result<Answer> answer_proportions(const EstimateRequest& request) {
  return answer_of(request, "prop", request.names());
}

Result<Answer> answer_ratio(const EstimateRequest& request) {
  return answer_of(request, "ratio", request.names());
}

Result<Answer> answer_variances(const EstimateRequest& request) {
  return answer_pairs(request, false);
}

Result<Answer> answer_correlations(const EstimateRequest& request) {
  return answer_pairs(request, true);
}

Result<Answer> answer_standardized(const EstimateRequest& request) {
  const EstimateArguments& arguments = request.arguments;
  if (arguments.standard_by.empty() || arguments.survey.population.empty()) {
    return fail(ErrorCode::kInvalid,
                "standardize: --standard-by and --population are needed, the variables that make "
                "the standard and a CSV file of its counts");
  }
  Standardization standard;
  standard.by = names_in(arguments.standard_by);
  standard.over = names_in(arguments.by);
  standard.population = TRY(standard_population(arguments.survey.population, standard.by));
  if (!arguments.keep_missing) standard.excluding_missing = request.names();
  EstimateRequest after = request;
  after.survey.sample = TRY(standardise(request.sample(), request.data(), standard));
  return answer_means(after);
}

}  // namespace barometer::cli
