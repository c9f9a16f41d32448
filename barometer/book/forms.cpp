#include "barometer/book/forms_internal.h"

#include <algorithm>

#include "barometer/book/rows_internal.h"

namespace barometer {
namespace {

constexpr double kPoints = 100;

size_t given_of(const std::vector<int>& given, const std::vector<int>& codes) {
  const auto wanted = [&](int code) { return std::ranges::count(codes, code) > 0; };
  return static_cast<size_t>(std::ranges::count_if(given, wanted));
}

// Of shares: 1 for those with one of the codes; of responses, how many of these they gave.
std::vector<double> shares(const RowVariable& row, const std::vector<int>& codes, bool responses) {
  std::vector<double> z(row.in_base.size(), 0.0);
  for (size_t cell = 0; cell < z.size(); ++cell) {
    if (row.in_base[cell] == 0) continue;
    const size_t count = given_of(row.given.codes[cell], codes);
    z[cell] = responses ? static_cast<double>(count) : (count > 0 ? 1 : 0);
  }
  return z;
}

RowBase share_base(const RowVariable& row, bool responses) {
  RowBase base{row.in_base, std::vector<double>(row.in_base.size(), 0.0)};
  for (size_t cell = 0; cell < base.in.size(); ++cell) {
    if (base.in[cell] == 0) continue;
    base.b[cell] = responses ? static_cast<double>(row.given.codes[cell].size()) : 1;
  }
  return base;
}

// What a cell counts in a mean.
std::optional<double> measured(const RowVariable& row, const RowsPlan& plan, size_t cell) {
  if (row.given.missing[cell] != Missing::kNone) return std::nullopt;
  if (const auto* numbers = std::get_if<Numbers>(&row.column)) return numbers->values[cell];
  if (row.given.codes[cell].empty()) return std::nullopt;
  return score_of(row.variable, plan, row.given.codes[cell].front());
}

// z and the base of a statistic, whose base is those with a score.
RowBase add_statistic(const RowVariable& row, const BookRow& planned, const RowsPlan& plan,
                      std::vector<double>& z) {
  const size_t cells = row.in_base.size();
  RowBase base{std::vector<uint8_t>(cells, 0), std::vector<double>(cells, 0.0)};
  z.assign(cells, 0.0);
  const bool nps = planned.kind == RowKind::kNps;
  const StatisticCodes codes =
      nps ? codes_of({RowStatistic::kNps}, row.variable, plan.scores) : StatisticCodes();
  for (size_t cell = 0; cell < cells; ++cell) {
    const auto value = measured(row, plan, cell);
    if (!value) continue;
    base.in[cell] = 1;
    base.b[cell] = 1;
    z[cell] = *value;
    if (!nps) continue;
    const std::vector<int>& given = row.given.codes[cell];
    z[cell] = given_of(given, codes.added) > 0   ? kPoints
              : given_of(given, codes.taken) > 0 ? -kPoints
                                                 : 0;
  }
  return base;
}

// Of all who answered: those in the base and those who do not know, whose z is 1.
RowBase add_dont_know(const RowVariable& row, std::vector<double>& z) {
  const std::vector<uint8_t> says = cells_of_dont_know(row.variable, row.given);
  RowBase base{row.in_base, std::vector<double>(says.size(), 0.0)};
  z.assign(says.size(), 0.0);
  for (size_t cell = 0; cell < says.size(); ++cell) {
    if (says[cell] != 0) base.in[cell] = 1;
    if (says[cell] != 0) z[cell] = 1;
    base.b[cell] = base.in[cell];
  }
  return base;
}

size_t place_of(RowBase base, std::vector<RowBase>& bases) {
  const auto found = std::ranges::find(bases, base);
  if (found != bases.end()) return static_cast<size_t>(found - bases.begin());
  bases.push_back(std::move(base));
  return bases.size() - 1;
}

}  // namespace

RowVariable row_variable(const Variable& variable, const Column& column,
                         const GivenAnswers& given) {
  return {variable, column, given, cells_in_base(variable, given)};
}

double weight_of_codes(const RowVariable& row, const std::vector<int>& codes, bool responses,
                       const std::vector<double>& w) {
  const std::vector<double> z = shares(row, codes, responses);
  double sum = 0;
  for (size_t cell = 0; cell < z.size(); ++cell) sum += w[cell] * z[cell];
  return sum;
}

RowForms forms_of(const RowVariable& row, const std::vector<BookRow>& rows, const RowsPlan& plan,
                  PercentBase percent) {
  const bool responses = plan.responses && row.variable.kind == VariableKind::kMulti;
  RowForms forms;
  forms.bases.push_back(share_base(row, responses));
  for (const BookRow& planned : rows) {
    RowForm form;
    form.kind = planned.kind;
    if (planned.kind == RowKind::kDontKnow) {
      RowBase base = add_dont_know(row, form.z);
      form.base = place_of(std::move(base), forms.bases);
    } else if (form.share()) {
      form.of = percent;
      form.z = shares(row, planned.codes, responses);
    } else {
      RowBase base = add_statistic(row, planned, plan, form.z);
      form.base = place_of(std::move(base), forms.bases);
    }
    forms.rows.push_back(std::move(form));
  }
  return forms;
}

}  // namespace barometer
