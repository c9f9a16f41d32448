#include <algorithm>

#include <map>

#include <fmt/format.h>

#include "barometer/base/text.h"
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
      const TableAnswer& answer = (*answers)[index % answers->size()];
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
  std::vector<std::vector<TableAnswer>> answers_;
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

// "North + West"; of more in the words of a range, as neighbours have them: "18 to 24 … 65 to 74".
std::string label_of(const std::vector<std::string>& labels) {
  return labels.size() <= 2 ? join(labels, " + ") : labels.front() + " … " + labels.back();
}

BookColumn together(const std::vector<BookColumn>& columns) {
  BookColumn out = columns.front();
  if (columns.size() == 1) return out;
  std::vector<std::string> inner;
  for (const BookColumn& column : columns) {
    out.merged.push_back(column.codes);
    inner.push_back(column.labels.back());
  }
  out.labels.back() = label_of(inner);
  return out;
}

// The columns, and of each combination the place of its own.
struct Merging {
  std::vector<BookColumn> columns;
  std::vector<uint32_t> place_of;

  // Of a case in these combinations, ascending and each once.
  [[nodiscard]] std::vector<uint32_t> places(const std::vector<uint32_t>& in) const {
    std::vector<uint32_t> out;
    for (const uint32_t i : in) out.push_back(place_of[i]);
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }
};

Result<Merging> merging_of(const std::vector<BookColumn>& all,
                           const std::vector<std::vector<std::vector<int>>>& merged) {
  std::map<std::vector<int>, size_t> places;
  for (size_t i = 0; i < all.size(); ++i) places[all[i].codes] = i;
  Merging out{{}, std::vector<uint32_t>(all.size(), 0)};
  for (const auto& combinations : merged) {
    std::vector<BookColumn> parts;
    for (const std::vector<int>& codes : combinations) {
      const auto found = places.extract(codes);
      if (found.empty()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("merged columns: the combination {} is none of the banner's, or "
                                "stands in two",
                                fmt::join(codes, ":")));
      }
      out.place_of[found.mapped()] = static_cast<uint32_t>(out.columns.size());
      parts.push_back(all[found.mapped()]);
    }
    if (!parts.empty()) out.columns.push_back(together(parts));
  }
  if (places.empty()) return out;
  return fail(ErrorCode::kInvalid, fmt::format("merged columns: the combination {} is in none",
                                               fmt::join(places.begin()->first, ":")));
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
                                   std::span<const GivenAnswers> given, size_t cells, bool rests,
                                   const std::vector<std::vector<std::vector<int>>>& merged) {
  GroupColumns made;
  const Combinations combinations(variables);
  made.categories = variables.empty() ? 0 : combinations.count();
  if (made.categories > kMostColumns) {
    return fail(ErrorCode::kLimit, fmt::format("the banner of '{}' and what is nested in it has "
                                               "over {} columns",
                                               variables.front()->id, kMostColumns));
  }
  for (size_t i = 0; i < made.categories; ++i) made.columns.push_back(combinations.column(i));
  Merging merging;
  if (!merged.empty()) {
    merging = TRY(merging_of(made.columns, merged));
    made.columns = merging.columns;
    made.categories = made.columns.size();
  }
  for (size_t i = 0; i < made.categories; ++i) made.columns[i].letter = column_letter(i);
  made.rests = rests && made.categories > 0;
  if (made.rests) add_rests(made.columns);
  made.columns.push_back({.kind = ColumnKind::kTotal, .labels = {"Total"}});
  made.places.columns = made.columns.size();
  for (size_t cell = 0; cell < cells; ++cell) {
    made.places.begin.push_back(static_cast<uint32_t>(made.places.column.size()));
    if (made.categories > 0 && answered(given, cell)) {
      std::vector<uint32_t> in = combinations.of(given, cell);
      if (!merged.empty()) in = merging.places(in);
      made.exclusive = made.exclusive && in.size() <= 1;
      add_places(in, made.rests, made.categories, made.places);
    }
    made.places.column.push_back(static_cast<uint32_t>(made.total()));
  }
  made.places.begin.push_back(static_cast<uint32_t>(made.places.column.size()));
  return made;
}

}  // namespace barometer
