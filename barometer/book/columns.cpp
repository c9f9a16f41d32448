#include <algorithm>

#include <fmt/format.h>

#include "barometer/book/columns_internal.h"
#include "barometer/significance/letters.h"

namespace barometer {
namespace {

constexpr size_t kMostColumns = 2000;

// The combinations of answers to several variables as numbers, the last variable fastest.
class Combinations {
 public:
  explicit Combinations(std::span<const Variable* const> variables) {
    for (const Variable* variable : variables) answers_.push_back(answers_of(*variable));
  }

  [[nodiscard]] size_t count() const {
    size_t count = 1;
    for (const auto& answers : answers_) count = std::min(count * answers.size(), kMostColumns + 1);
    return count;
  }

  [[nodiscard]] BookColumn column(size_t index) const {
    BookColumn column;
    column.kind = ColumnKind::kCategory;
    for (auto answers = answers_.rbegin(); answers != answers_.rend(); ++answers) {
      const Answer& answer = (*answers)[index % answers->size()];
      index /= answers->size();
      column.codes.insert(column.codes.begin(), answer.code);
      column.labels.insert(column.labels.begin(), answer.label);
    }
    return column;
  }

  // Of a cell that has an answer to every variable: those that it is in, ascending.
  [[nodiscard]] std::vector<uint32_t> of(std::span<const GivenAnswers> given, size_t cell) const {
    std::vector<uint32_t> found{0};
    for (size_t k = 0; k < answers_.size(); ++k) {
      std::vector<uint32_t> next;
      for (const uint32_t before : found) {
        for (size_t i = 0; i < answers_[k].size(); ++i) {
          if (std::ranges::count(given[k].codes[cell], answers_[k][i].code) == 0) continue;
          next.push_back(before * static_cast<uint32_t>(answers_[k].size()) +
                         static_cast<uint32_t>(i));
        }
      }
      found = std::move(next);
    }
    return found;
  }

 private:
  std::vector<std::vector<Answer>> answers_;
};

bool answered(std::span<const GivenAnswers> given, size_t cell) {
  return std::ranges::all_of(
      given, [&](const GivenAnswers& of) { return of.missing[cell] == Missing::kNone; });
}

void add_rests(std::vector<BookColumn>& columns) {
  const size_t categories = columns.size();
  for (size_t i = 0; i < categories; ++i) {
    BookColumn rest = columns[i];
    rest.kind = ColumnKind::kRest;
    for (std::string& label : rest.labels) label.clear();
    rest.labels.back() = "Rest";
    rest.letter.clear();
    columns.push_back(std::move(rest));
  }
}

// Columns of one cell; `in`: the categories that it is in, ascending.
void add_places(const std::vector<uint32_t>& in, bool rests, size_t categories, Places& places) {
  places.column.insert(places.column.end(), in.begin(), in.end());
  if (!rests) return;
  for (uint32_t g = 0; g < categories; ++g) {
    if (std::ranges::binary_search(in, g)) continue;
    places.column.push_back(static_cast<uint32_t>(categories) + g);
  }
}

}  // namespace

Result<GroupColumns> group_columns(std::span<const Variable* const> variables,
                                   std::span<const GivenAnswers> given, size_t cells, bool rests) {
  GroupColumns made;
  const Combinations combinations(variables);
  made.categories = variables.empty() ? 0 : combinations.count();
  if (made.categories > kMostColumns) {
    return fail(ErrorCode::kLimit, fmt::format("the banner of '{}' and what is nested in it has "
                                               "over {} columns",
                                               variables.front()->id, kMostColumns));
  }
  for (size_t i = 0; i < made.categories; ++i) {
    made.columns.push_back(combinations.column(i));
    made.columns.back().letter = column_letter(i);
  }
  made.rests = rests && made.categories > 0;
  if (made.rests) add_rests(made.columns);
  made.columns.push_back({.kind = ColumnKind::kTotal, .labels = {"Total"}});
  made.places.columns = made.columns.size();
  for (size_t cell = 0; cell < cells; ++cell) {
    made.places.begin.push_back(static_cast<uint32_t>(made.places.column.size()));
    if (made.categories > 0 && answered(given, cell)) {
      const std::vector<uint32_t> in = combinations.of(given, cell);
      made.exclusive = made.exclusive && in.size() <= 1;
      add_places(in, made.rests, made.categories, made.places);
    }
    made.places.column.push_back(static_cast<uint32_t>(made.total()));
  }
  made.places.begin.push_back(static_cast<uint32_t>(made.places.column.size()));
  return made;
}

}  // namespace barometer
