#include "cli/waves.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

constexpr size_t kMostAnswers = 1000;

// Numbers by size, then other labels in byte order.
bool label_before(const std::string& a, const std::string& b) {
  const double none = std::numeric_limits<double>::infinity();
  const double x = number_in(a, "").value_or(none);
  const double y = number_in(b, "").value_or(none);
  return x == y ? a < b : x < y;
}

std::vector<std::string> labels_of(const Variable& variable) {
  std::vector<std::string> labels;
  for (const Category& category : variable.categories) labels.push_back(category.label);
  return labels;
}

// The data with the categories of one variable numbered as in `labels`, which has them all.
Result<Dataset> with_categories(const Dataset& data, const std::string& id,
                                const std::vector<std::string>& labels) {
  Codebook codebook;
  std::vector<Column> columns;
  for (size_t v = 0; v < data.codebook().variables().size(); ++v) {
    Variable variable = data.codebook().variables()[v];
    columns.push_back(data.column(v));
    if (variable.id == id) {
      std::map<int, int> code_of;
      for (const Category& category : variable.categories) {
        const auto at = std::ranges::find(labels, category.label) - labels.begin();
        code_of[category.code] = static_cast<int>(at) + 1;
      }
      std::vector<int> codes;
      for (size_t row = 0; row < data.case_count(); ++row) {
        const Missing missing = missing_at(data.column(v), row);
        codes.push_back(missing == Missing::kNone ? code_of.at(code_at(data.column(v), row))
                                                  : file_code(missing));
      }
      variable.categories.clear();
      for (const std::string& label : labels) {
        variable.categories.push_back(
            {static_cast<int>(variable.categories.size()) + 1, label, false});
      }
      columns.back() = make_codes(codes);
    }
    TRY_DONE(codebook.add(std::move(variable)));
  }
  return Dataset::make(std::move(codebook), std::move(columns));
}

}  // namespace

Result<NamedFile> named_file(const std::string& text) {
  const size_t at = text.find('=');
  if (at == std::string::npos || at == 0 || at + 1 == text.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--wave {}: a name and a file are needed, as in 2013-01=b.csv", text));
  }
  return NamedFile{text.substr(0, at), text.substr(at + 1)};
}

Status add_draw(SurveyWave& wave, const Dataset& data, const SurveyOptions& options) {
  wave.spec = TRY(drawn_design(data, options));
  wave.replicates = TRY(drawn_replicates(data, options));
  if (!wave.replicates) return {};
  const Sample sample = TRY(drawn_sample(data, options));  // weights that the replicates may give
  wave.spec.weights.assign(sample.weights().begin(), sample.weights().end());
  return {};
}

Status unite_answers(std::vector<ReadWave>& waves, const Variable& asked) {
  std::set<std::string> seen;
  bool differ = false;
  const Variable model = *waves.front().data.codebook().find(asked.id);
  for (const ReadWave& wave : waves) {
    const Variable& here = *wave.data.codebook().find(asked.id);
    if (here.kind != model.kind) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("variable '{}' is of one kind (numbers, answers or open text) in wave "
                      "'{}' and of another in '{}'",
                      asked.label, waves.front().wave.name, wave.wave.name));
    }
    const auto labels = labels_of(here);
    differ = differ || labels != labels_of(model);
    seen.insert(labels.begin(), labels.end());
  }
  if (model.kind != VariableKind::kSingle || !differ) return {};
  if (seen.size() > kMostAnswers) {
    return fail(ErrorCode::kInvalid,
                fmt::format("variable '{}' has {} different answers in the waves; at most {} can "
                            "be followed",
                            asked.label, seen.size(), kMostAnswers));
  }
  std::vector<std::string> labels(seen.begin(), seen.end());
  std::ranges::sort(labels, label_before);
  for (ReadWave& wave : waves) wave.data = TRY(with_categories(wave.data, asked.id, labels));
  return {};
}

}  // namespace barometer::cli
