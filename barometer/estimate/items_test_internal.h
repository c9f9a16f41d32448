// Small data sets of every kind of variable, and estimates of one of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "barometer/estimate/estimator.h"

namespace barometer {

inline constexpr int kNotAsked = -1, kBlank = -2, kRefused = -7, kDontKnow = -8;

inline Variable single(const std::string& id) {
  Variable variable;
  variable.id = id;
  variable.categories = {{1, "likely", false}, {2, "unlikely", false}, {9, "don't know", true}};
  variable.nets = {{"any", "likely or unlikely", {1, 2}}};
  return variable;
}

inline Variable scale(const std::string& id) {
  Variable variable;
  variable.id = id;
  variable.kind = VariableKind::kScale;
  variable.scale_low = 1;
  variable.scale_high = 10;
  for (int code = 1; code <= 10; ++code) {
    variable.categories.push_back({code, std::to_string(code), false});
  }
  variable.nets = {{"high", "8 to 10", {8, 9, 10}}};
  return variable;
}

inline Variable number(const std::string& id) {
  Variable variable;
  variable.id = id;
  variable.kind = VariableKind::kNumber;
  return variable;
}

inline Variable multi(const std::string& id) {
  Variable variable;
  variable.id = id;
  variable.kind = VariableKind::kMulti;
  variable.categories = {{1, "money", false}, {2, "time", false}, {3, "none of these", true}};
  variable.nets = {{"any", "money or time", {1, 2}}};
  return variable;
}

inline Column numbers(const std::vector<double>& values) {
  return Numbers{values, std::vector<Missing>(values.size(), Missing::kNone)};
}

inline std::shared_ptr<const Dataset> dataset(std::vector<std::pair<Variable, Column>> columns) {
  Codebook codebook;
  std::vector<Column> values;
  for (auto& [variable, column] : columns) {
    CHECK(codebook.add(std::move(variable)).has_value(), "a sound variable");
    values.push_back(std::move(column));
  }
  return std::make_shared<const Dataset>(
      std::move(Dataset::make(std::move(codebook), std::move(values)).value()));
}

inline DesignSpec simple(size_t cases) {
  DesignSpec spec;
  spec.case_count = cases;
  spec.lonely_psu = LonelyPsu::kRemove;
  return spec;
}

inline ItemEstimates item(const Estimator& from, const std::string& id,
                          Unit unit = Unit::kRespondent, const CaseFilter& filter = {}) {
  const std::vector<std::string> ids{id};
  return std::move(from.items(ids, unit, filter, Progress()).value().front());
}

inline CaseFilter where(const std::string& text) {
  return {.where = Expression::parse(text).value()};
}

}  // namespace barometer
