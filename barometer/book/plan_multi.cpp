// Multi-response sets of 0/1 columns.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/plan_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxOptions = 64;

// One column of a set, at one case.
struct Mark {
  bool chosen = false;
  Missing missing = Missing::kNone;
  bool odd = false;  // a number that is neither the value nor 0
};

Mark mark_at(const Column& column, size_t row, int value) {
  Mark mark{.missing = missing_at(column, row)};
  if (mark.missing != Missing::kNone) return mark;
  if (const auto* numbers = std::get_if<Numbers>(&column)) {
    mark.chosen = numbers->values[row] == value;
    mark.odd = !mark.chosen && numbers->values[row] != 0;
  } else {
    mark.chosen = code_at(column, row) == value;
  }
  return mark;
}

Result<Column> column_of(const Dataset& data, const MultiSet& set) {
  std::vector<const Column*> columns;
  for (const std::string& id : set.from) columns.push_back(TRY(data.find(id)));
  OptionSets out;
  out.bits.resize(data.case_count());
  out.missing.resize(data.case_count(), Missing::kSystem);
  for (size_t row = 0; row < data.case_count(); ++row) {
    bool answered = false;
    for (size_t i = 0; i < columns.size(); ++i) {
      const Mark mark = mark_at(*columns[i], row, set.value);
      if (mark.odd) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' of the set '{}' is neither {} nor 0 in case {}", set.from[i],
                                set.id, set.value, row + 1));
      }
      if (mark.chosen) out.bits[row] |= uint64_t{1} << i;
      answered = answered || mark.missing == Missing::kNone;
    }
    out.missing[row] = answered ? Missing::kNone : missing_at(*columns.front(), row);
  }
  return Column(std::move(out));
}

bool fits(const Variable& variable, int value) {
  if (variable.kind == VariableKind::kNumber) return true;
  const bool coded =
      variable.kind == VariableKind::kSingle || variable.kind == VariableKind::kScale;
  return coded && variable.has_code(value);
}

}  // namespace

std::optional<Variable> variable_of(const MultiSet& set, const Codebook& codebook,
                                    Diagnostics& problems) {
  const size_t before = problems.error_count();
  const auto wrong = [&](const std::string& message, const std::string& hint = {}) {
    problems.error("plan-multi", set.place, message, hint);
  };
  if (!is_variable_id(set.id)) {
    wrong(fmt::format("'{}' cannot be an id", printable(set.id)),
          "a letter, then letters, digits or '_', at most 32");
  }
  if (set.from.empty() || set.from.size() > kMaxOptions) {
    wrong(fmt::format("the set '{}' has {} columns, not 1 to {}", printable(set.id),
                      set.from.size(), kMaxOptions));
  }
  Variable made{.id = set.id, .kind = VariableKind::kMulti, .label = set.label};
  for (const std::string& id : set.from) {
    const Variable* variable = codebook.find(id);
    CHECK(variable != nullptr, "the columns of a set were looked up");
    if (!fits(*variable, set.value)) {
      wrong(fmt::format("'{}' ({}) of the set '{}' has no answer {}", variable->id,
                        name_of(variable->kind), printable(set.id), set.value),
            "value: the code that counts as chosen");
    }
    made.categories.push_back({.code = static_cast<int>(made.categories.size()) + 1,
                               .label = variable->label.empty() ? variable->id : variable->label});
    if (made.question.empty()) made.question = variable->question;
  }
  if (problems.error_count() > before) return std::nullopt;
  return made;
}

Result<Dataset> with_multi_sets(const Dataset& data, const std::vector<MultiSet>& sets) {
  Dataset out = data;
  for (const MultiSet& set : sets) {
    if (out.codebook().find(set.id) != nullptr) continue;
    Diagnostics problems;
    for (const std::string& id : set.from) TRY(out.find(id));
    const auto variable = variable_of(set, out.codebook(), problems);
    TRY_DONE(problems.status());
    out = TRY(out.with(*variable, TRY(column_of(out, set))));
  }
  return out;
}

}  // namespace barometer
