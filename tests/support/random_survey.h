// A random survey: every kind of column and of missing value, a design of one of several kinds, and
// queries about it. For comparing engines.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "barometer/engine/engine.h"

namespace barometer::testing {

enum class DesignKind { kElements, kStrata, kClusters, kTwoStages, kUnits };

struct RandomSurvey {
  std::shared_ptr<const Dataset> data;
  std::shared_ptr<const Design> design;
};

class RandomSurveys {
 public:
  explicit RandomSurveys(uint64_t seed) : random_(seed) {}

  // Variables: q (single), scale, wide, barriers (multi), size, share (numbers), words (text).
  RandomSurvey survey(size_t cases, DesignKind kind) {
    Codebook codebook;
    for (const Variable& variable : variables()) CHECK(codebook.add(variable), "a good variable");
    std::vector<Column> columns;
    columns.push_back(codes({1, 2, 3, 7}));
    columns.push_back(codes({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    columns.push_back(codes({1, 300, 2000}));
    columns.push_back(sets());
    columns.push_back(numbers(6, 0.5));
    columns.push_back(numbers(1 + cases / 2, 0.01));
    columns.push_back(Texts{});
    resize(columns, cases);
    auto data = Dataset::make(std::move(codebook), std::move(columns));
    CHECK(data, data ? "" : data.error().message);
    return {std::make_shared<const Dataset>(*std::move(data)), design(cases, kind)};
  }

  std::vector<uint8_t> mask(size_t cases) {
    std::vector<uint8_t> mask(cases);
    for (uint8_t& byte : mask) byte = chance(0.6) ? 1 : 0;
    return mask;
  }
  size_t below(size_t bound) { return static_cast<size_t>(random_() % bound); }
  bool chance(double share) { return std::uniform_real_distribution<>(0, 1)(random_) < share; }
  double weight() { return std::lognormal_distribution<>(0, 0.7)(random_); }
  std::mt19937_64& random() { return random_; }

 private:
  static std::vector<Variable> variables() {
    const auto named = [](const std::string& id, VariableKind kind, std::vector<int> codes) {
      Variable variable{.id = id, .kind = kind};
      for (const int code : codes)
        variable.categories.push_back({code, "c" + std::to_string(code)});
      return variable;
    };
    std::vector<Variable> all{named("q", VariableKind::kSingle, {1, 2, 3, 7, 9}),
                              named("scale", VariableKind::kScale, {}),
                              named("wide", VariableKind::kSingle, {1, 300, 2000}),
                              named("barriers", VariableKind::kMulti, {1, 2, 3, 4}),
                              named("size", VariableKind::kNumber, {}),
                              named("share", VariableKind::kNumber, {}),
                              named("words", VariableKind::kText, {})};
    all[1].scale_low = 0;
    all[1].scale_high = 10;
    return all;
  }

  // Columns are made as lists of possible values, from which cases are drawn.
  static Column codes(std::vector<int> codes) {
    for (const int missing : {-1, -2, -8}) codes.push_back(missing);
    return make_codes(codes);
  }
  static Column sets() {
    return OptionSets{
        {0, 1, 5, 15, 0},
        {Missing::kNone, Missing::kNone, Missing::kNone, Missing::kNone, Missing::kNotAsked}};
  }
  Column numbers(size_t distinct, double step) {
    Numbers numbers;
    for (size_t i = 0; i < distinct; ++i) {
      numbers.values.push_back(40 + step * static_cast<double>(below(4 * distinct)));
      numbers.missing.push_back(Missing::kNone);
    }
    for (const Missing kind : {Missing::kRefused, Missing::kDontKnow}) {
      numbers.values.push_back(0);
      numbers.missing.push_back(kind);
    }
    return numbers;
  }
  void resize(std::vector<Column>& columns, size_t cases) {
    for (Column& column : columns) {
      if (std::holds_alternative<Texts>(column)) {
        column = Texts{std::vector<std::string>(cases), std::vector<Missing>(cases)};
        continue;
      }
      std::vector<uint32_t> rows(cases);
      for (uint32_t& row : rows) row = static_cast<uint32_t>(below(length_of(column)));
      column = picked(column, rows);
    }
  }

  std::shared_ptr<const Design> design(size_t cases, DesignKind kind) {
    DesignSpec spec;
    spec.case_count = cases;
    spec.lonely_psu = LonelyPsu::kRemove;
    spec.nest = true;
    spec.weights.resize(cases);
    for (double& w : spec.weights) w = chance(0.1) ? 0 : weight();
    if (cases > 0) spec.weights[0] = 1;
    const auto ids = [&](size_t count) {
      std::vector<int32_t> codes(cases);
      for (int32_t& code : codes) code = static_cast<int32_t>(below(count));
      return codes;
    };
    if (kind != DesignKind::kElements) spec.strata.push_back(ids(3));
    if (kind == DesignKind::kClusters) spec.ids.push_back(ids(5));
    if (kind == DesignKind::kUnits) spec.ids.push_back(ids(1 + cases / 3));
    if (kind == DesignKind::kTwoStages) {
      spec.ids = {ids(4), ids(6)};
      spec.fpc = {std::vector<double>(cases, 40), std::vector<double>(cases, 400)};
    }
    auto design = Design::make(std::move(spec));
    CHECK(design, design ? "" : design.error().message);
    return std::make_shared<const Design>(*std::move(design));
  }

  std::mt19937_64 random_;
};

}  // namespace barometer::testing
